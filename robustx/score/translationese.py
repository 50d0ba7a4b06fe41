"""How much of a drop on translated data is the translation: runs of one checkpoint on the same rows, translated in two ways.

A checkpoint that does worse on translated adversarial data than on the English original loses for three reasons: the data
is in another language, a machine translated it, and the two together are worse on adversarial rows. XNLI has human
translations, so the first two can be told there: English against the human translation, and that against the machine's.
What the adversarial rows lose beyond both is what the translation cannot account for (Artetxe et al. 2020,
arXiv:2004.04721, on artefacts of translation in such comparisons).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from robustx.errors import RunError
from robustx.score.resample import DRAWS, SEED, Figure, Floats, bootstrap_weights, interval, mcnemar_exact
from robustx.score.table import RunTable, read_tables


@dataclass(frozen=True)
class Step:
    """One checkpoint on the same rows before and after something was done to them.

    Attributes:
        task: whose rows.
        what: what was done, such as ``human to machine``.
        language: of the rows afterwards.
        before, after: the metric on the rows that both runs have.
        change: after less before, paired by uid, with its 95% bootstrap interval.
        p: exact McNemar, two-sided; NaN where an example may be right in part.
        draws: the change under each bootstrap draw.
    """

    task: str
    what: str
    language: str
    before: float
    after: float
    change: Figure
    p: float
    draws: Floats


@dataclass(frozen=True)
class Control:
    """All steps, and what is left of each adversarial drop once those of the control are taken from it.

    Attributes:
        steps: of the control first: English to human where the human run has English, then human to machine.
        beyond: for each adversarial task and language, its change less the sum of the control's changes there.
    """

    steps: tuple[Step, ...]
    beyond: Mapping[tuple[str, str], Figure]


def control(human: Path, machine: Path, english: Path | None = None, translated: Path | None = None) -> Control:
    """Runs of one checkpoint, side by side; the clean cells are compared.

    Args:
        human, machine: the control (XNLI) in its human translations, and as the engine made it.
        english, translated: the adversarial data as it was, and as the same engine made it; both or neither.

    Raises:
        RunError: a run is unfinished or damaged, they are of several checkpoints, or have no rows in common.
    """
    folders = [folder for folder in (human, machine, english, translated) if folder is not None]
    runs = {folder: read_tables(folder) for folder in folders}
    _one_checkpoint(runs)
    steps = [step for one in runs[human] for other in runs[machine] for step in _control_steps(one, other)]
    if not steps:
        raise RunError(f"{human} and {machine} have no task and language in common")
    if english is None or translated is None:
        return Control(tuple(steps), {})
    adversarial = [step for one in runs[english] for other in runs[translated] for step in _from_english(one, other)]
    if not adversarial:
        raise RunError(f"{english} and {translated} have no task in common, or {english} has no English")
    beyond = {(step.task, step.language): _beyond(step, steps) for step in adversarial}
    return Control((*steps, *adversarial), beyond)


def _control_steps(human: RunTable, machine: RunTable) -> list[Step]:
    if human.task != machine.task:
        return []
    common = [code for code in machine.clean if code in human.clean and code != "en"]
    made = []
    for code in common:
        if "en" in human.clean:
            made.append(_step("English to human", human, "en", human, code))
        made.append(_step("human to machine", human, code, machine, code))
    return made


def _from_english(english: RunTable, translated: RunTable) -> list[Step]:
    if english.task != translated.task or "en" not in english.clean:
        return []
    return [_step("English to machine", english, "en", translated, code) for code in translated.clean if code != "en"]


def _step(what: str, first: RunTable, before: str, second: RunTable, after: str) -> Step:
    """Paired by uid over the rows that both have."""
    ours, theirs = _values(first, before), _values(second, after)
    shared = [uid for uid in ours if uid in theirs]
    if not shared:
        raise RunError(f"{first.task}: {before} and {after} have no row in common")
    left, right = (np.array([values[uid] for uid in shared]) for values in (ours, theirs))
    draws = bootstrap_weights(len(shared)).astype(np.float64) @ (right - left) / len(shared)
    whole = bool(np.isin(np.concatenate([left, right]), (0.0, 1.0)).all())
    p = mcnemar_exact(int((left > right).sum()), int((right > left).sum())) if whole else float("nan")
    value = float((right - left).mean())
    change = Figure(value, *interval(draws), len(shared))
    return Step(first.task, what, after, float(left.mean()), float(right.mean()), change, p, draws)


def _values(table: RunTable, language: str) -> dict[str, float]:
    """What each example is worth: its share of the metric's denominator."""
    cell = table.clean[language]
    return {
        uid: float(cell.numerator[i] / cell.denominator[i])
        for i, uid in enumerate(table.uids)
        if cell.present[i] and cell.denominator[i] > 0
    }


def _beyond(step: Step, control_steps: list[Step]) -> Figure:
    """The rows of control and adversarial set are others, so their draws are independent; the order of one is turned."""
    mine = [one for one in control_steps if one.language == step.language]
    if not any(one.what == "human to machine" for one in mine):
        return Figure(float("nan"), float("nan"), float("nan"), 0)
    rng = np.random.default_rng(SEED)
    order = rng.permutation(DRAWS)
    draws = step.draws - sum((one.draws for one in mine), np.zeros(DRAWS))[order]
    value = step.change.value - sum(one.change.value for one in mine)
    return Figure(value, *interval(draws), step.change.n)


def _one_checkpoint(runs: Mapping[Path, list[RunTable]]) -> None:
    """All runs are of one checkpoint.

    Raises:
        RunError: they are not.
    """
    models = {folder: str(tables[0].facts["model"]["fingerprint"]) for folder, tables in runs.items()}
    if len(set(models.values())) > 1:
        said = "; ".join(f"{folder}: {model}" for folder, model in models.items())
        raise RunError(f"the runs are of several checkpoints, so nothing is the translation's doing alone: {said}")
