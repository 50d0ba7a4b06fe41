"""The figures a submission claims, and whether its own numbers bear them out."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from robustx.errors import RunError
from robustx.score.arrays import mean_weights, measured_and_resampled, resample
from robustx.score.packed import pack
from robustx.score.resample import Figure, Floats, bootstrap_weights, interval
from robustx.score.single import LATIN, within
from robustx.score.submission import Submission, Task, Told, cell_keys, clean_sums, read_submission, stacked
from robustx.score.table import CellKey
from robustx.score.units import units

Claims = dict[str, dict[str, dict[str, Told]]]
"""Figures by kind (languages, groups), name and figure."""

TOLERANCE = 1e-4
"""Sums of single-precision products differ in their last digits from machine to machine."""


def claims(task: Task, name: str, scripts: dict[str, str]) -> Claims:
    """Accuracy, robust accuracy and gap of every language and group, with intervals, from the packed numbers alone.

    A searched task has robust accuracy and gap by budget (``robust at 3``), as the mean over budgets is of no adversary.

    Intervals are bootstrap percentiles over source examples in the order of the submission; a run's own report draws them
    in another order, so ends of intervals may differ from it by Monte Carlo error.
    """
    weights = bootstrap_weights(task.examples)
    drawn = resample(stacked(task, name), weights)
    accuracy = measured_and_resampled(weights, *clean_sums(task))
    codes = list(task.clean)
    severities = [key.severity for key in drawn.stack.keys]
    latin = [code for code in codes if scripts[code] == LATIN]
    other = [code for code in codes if scripts[code] != LATIN]

    def block(members: list[str]) -> dict[str, Told]:
        columns = accuracy[:, [codes.index(code) for code in members]].mean(axis=1)
        figures = {"accuracy": told(_figure(columns, task.examples))}
        for label, step in _steps(task).items():
            keep = within(members)
            chosen = mean_weights(drawn.stack.keys, drawn.stack.usable & np.isin(severities, step), keep)
            figures[f"robust{label}"] = told(drawn.figure(chosen, lambda clean, robust: robust))
            figures[f"gap{label}"] = told(drawn.figure(chosen, lambda clean, robust: robust - clean))
        return figures

    return {
        "languages": {code: block([code]) for code in codes},
        "groups": {group: block(members) for group, members in (("non-Latin", other), ("Latin", latin)) if members},
    }


def _steps(task: Task) -> dict[str, list[float]]:
    """The severities that figures are the mean over: all together, or of a search each by itself."""
    severities = sorted({cell.severity for cell in task.cells})
    if any(cell.queries is not None for cell in task.cells):
        return {f" at {severity:g}": [severity] for severity in severities}
    return {"": severities}


def _figure(draws: Floats, n: int) -> Figure:
    return Figure(float(draws[0]), *interval(draws[1:]), n)


def told(figure: Figure) -> Told:
    """A figure as a submission states it."""
    value, low, high = (one if math.isfinite(one) else None for one in figure[:3])
    return Told(value=value, low=low, high=high, n=figure.n)


def verify_submission(path: Path) -> Submission:
    """Read a submission and hold it against itself: schema, signature, and every figure computed again.

    That its numbers come from the model it names, only running the model again can show.

    Raises:
        RunError: what does not fit, and where.
    """
    made = read_submission(path)
    expected = signature_of(made)
    if made.signature != expected:
        raise RunError(f"{path}: the signature is\n  {made.signature}\nbut its parts make\n  {expected}")
    for name, task in made.tasks.items():
        scripts = {code: made.languages[code].script for code in task.clean}
        _same(f"{path}: {name}", task.scores, claims(task, name, scripts))
    return made


def signature_of(made: Submission) -> str:
    """The signature that the parts of a submission make, as ``robustx attack`` writes it."""
    model, suite = made.model, made.suite
    parts = suite.signature.split("|")
    stated = [part for part in parts if not part.startswith(("suite:", "texts:"))]
    signed = "|".join([f"suite:{suite.id}@{suite.version}", *stated, f"texts:{suite.content_sha256[:8]}"])
    signed += "" if made.search is None else f"|{made.search.signature}"
    tail = f"model:{model.name}@{model.fingerprint[:8]}|tok:{model.tokenizer_fingerprint[:8]}|{model.dtype}"
    asked = "" if model.layer is None else f"|layer:{model.layer}"
    asked += "" if model.defence is None else f"|defence:{model.defence}"
    return f"robustx|{signed}|{tail}|len:{model.max_length}{asked}|v:{made.robustx}"


def check_texts(where: str, made: Submission, name: str, texts: dict[CellKey, dict[str, bool]]) -> None:
    """Hold a task of a submission against the suite it was run on.

    Args:
        texts: for every cell of the task, clean ones too, which examples it has by uid, and whether their text was changed.

    Raises:
        RunError: the submission has other examples or cells, or other texts were changed.
    """
    task = _task_of(where, made, name)
    there = _Examples(f"{where}: {name}", task, texts)
    attacked = {key: cell for key, cell in texts.items() if key.attack != "clean"}
    keys = cell_keys(task, name)
    if set(keys) != set(attacked):
        raise RunError(f"{where}: {name}: has other cells than the suite")
    for key, cell in zip(keys, task.cells, strict=True):
        changed = [uid for uid, edited in attacked[key].items() if edited]
        there.check(f"{key.attack} on {key.language}", key.language, cell.changed, changed)


def check_searched(
    where: str, made: Submission, name: str, texts: dict[CellKey, dict[str, bool]], able: set[tuple[str, str]]
) -> None:
    """Hold a task of a searched submission against the suite whose attacks were searched: the texts are the model's own, so
    it is the examples and the attacks that can be held against it.

    Args:
        texts: as in ``check_texts``; only the clean cells are looked at.
        able: each attack of the suite with each language that it applies to, as (language, attack).

    Raises:
        RunError: the submission has other examples, or other attacks were searched.
    """
    task = _task_of(where, made, name)
    _Examples(f"{where}: {name}", task, texts)
    found = {(cell.language, cell.attack) for cell in task.cells}
    wanted = {(language, attack) for language, attack in able if language in task.clean}
    if found not in (wanted, {(language, CASCADE) for language, _ in wanted}):
        raise RunError(f"{where}: {name}: other attacks were searched than the suite has")


CASCADE = "cascade"
"""The cells of a search over all attacks of a suite together."""


def _task_of(where: str, made: Submission, name: str) -> Task:
    task = made.tasks.get(name)
    if task is None:
        raise RunError(f"{where}: lacks the task {name}")
    return task


class _Examples:
    """The examples of a task of a suite, which a submission must have in every clean cell.

    Raises:
        RunError: it has others.
    """

    def __init__(self, where: str, task: Task, texts: dict[CellKey, dict[str, bool]]) -> None:
        clean = {key.language: cell for key, cell in texts.items() if key.attack == "clean"}
        self._where = where
        self._names, self._index = units(clean)
        self._uids = sorted(self._names)
        digest = hashlib.sha256("\n".join(self._uids).encode()).hexdigest()
        if task.examples != len(self._uids) or task.uids_sha256 != digest:
            raise RunError(f"{where}: has other examples than the suite")
        if set(task.clean) != set(clean):
            raise RunError(f"{where}: has other cells than the suite")
        for code, cell in clean.items():
            self.check(f"clean on {code}", code, task.clean[code].present, cell)

    def check(self, cell: str, language: str, packed: str, expected: Iterable[str]) -> None:
        """Whether a packed mask of a cell is of these examples and no others, by uid."""
        wanted = {self._names[self._index[language][uid]] for uid in expected}
        if pack(np.array([uid in wanted for uid in self._uids])) != packed:
            raise RunError(f"{self._where}: {cell}: counts other texts as there or as changed than the suite has")


def _same(where: str, said: Claims, found: Claims) -> None:
    flat, again = _flat(said), _flat(found)
    if set(flat) != set(again):
        raise RunError(f"{where}: claims other figures than its cells give")
    for key, told_figure in again.items():
        claim = flat[key]
        pairs = [(claim.value, told_figure.value), (claim.low, told_figure.low), (claim.high, told_figure.high)]
        if claim.n != told_figure.n or not all(_near(a, b) for a, b in pairs):
            raise RunError(
                f"{where}: {' '.join(key)} is claimed as {_shown(claim)}, and its own numbers give {_shown(told_figure)}"
            )


def _flat(figures: Claims) -> dict[tuple[str, str, str], Told]:
    return {(a, b, c): one for a, rows in figures.items() for b, row in rows.items() for c, one in row.items()}


def _near(a: float | None, b: float | None) -> bool:
    return a is b if a is None or b is None else abs(a - b) <= TOLERANCE


def _shown(one: Told) -> str:
    if one.value is None or one.low is None or one.high is None:
        return "nothing"
    return f"{one.value:.4f} ({one.low:.4f} to {one.high:.4f}, n={one.n})"
