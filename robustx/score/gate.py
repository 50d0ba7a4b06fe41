"""The regression gate: is the candidate worse than the baseline by more than a tolerance, anywhere, beyond chance?

Two ways to ask. *Regression*: the gate fails where the figures support a fall beyond the tolerance, one-sided and after
Holm over every question (Holm 1979, jstor:4615733), so it raises a false alarm in at most ``alpha`` of all checks.
*Non-inferiority*: the gate fails unless every question shows a fall short of the tolerance; as all must, none needs a
correction for the wrong "passed" to stay under ``alpha`` (Berger 1982, doi:10.1080/00401706.1982.10487790).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from robustx.errors import RunError, UsageError
from robustx.score.arrays import weighted
from robustx.score.finding import SCHEMA, Finding, Gate, Mode, Outcome, Side, blind_spots, holds, verdict
from robustx.score.hunted import how_searched
from robustx.score.margin import (
    FLIPS,
    Sight,
    effective_counts,
    fallen_beyond_p,
    fallen_short_of_p,
    sight_beyond,
    sight_short,
    sign_flip_below,
    supposed_change,
    typical_change,
)
from robustx.score.pair import Pair, flags_of_both, paired, read_both
from robustx.score.questions import CLEAN, Question, questions
from robustx.score.resample import holm, interval
from robustx.score.table import aligned

TOLERANCE = 0.01
ALPHA = 0.05


class Judged(NamedTuple):
    """What a test said of one question, and what it could have seen."""

    outcome: Outcome
    p: float
    p_holm: float
    sight: Sight


def check_runs(
    baseline: Path, candidate: Path, tolerance: float = TOLERANCE, alpha: float = ALPHA, mode: Mode = "regression"
) -> Gate:
    """Judge a candidate run against a baseline run of the same texts.

    Args:
        tolerance: the fall that does not matter, as a share of 1 (0.01 is one point).
        alpha: how often the gate may err: alarms without a cause, or in ``non-inferiority`` passes without one.

    Raises:
        UsageError: a tolerance or alpha that cannot be used.
        RunError: a run is unfinished or damaged, or the two are not of the same suite and texts.
    """
    _check_settings(tolerance, alpha, mode)
    first, second = read_both(baseline, candidate)
    others = {table.task: table for table in second}
    pairs = [paired(table, aligned(others[table.task], table)) for table in first]
    asked = [(pair, question) for pair in pairs for question in questions(*pair.tables, pair.stacks)]
    judged = JUDGES[mode]([question for _, question in asked], tolerance, alpha)
    if not any(question.judged for _, question in asked):
        raise RunError(f"{candidate}: there is no example by which the two runs could be judged")
    findings = tuple(_finding(*one, said) for one, said in zip(asked, judged, strict=True))
    passed = all(holds(finding, mode) for finding in findings)
    examples = {pair.tables[0].task: len(pair.tables[0].uids) for pair in pairs}
    facts = first[0].facts, second[0].facts
    return Gate(
        schema=SCHEMA,
        mode=mode,
        tolerance=tolerance,
        alpha=alpha,
        passed=passed,
        verdict=verdict(findings, passed, tolerance, alpha, mode),
        baseline=_side(baseline, facts[0]),
        candidate=_side(candidate, facts[1]),
        examples=examples,
        findings=findings,
        warnings=(
            *_searched(candidate, facts[1]),
            *_other_settings(*facts),
            *blind_spots(findings, tolerance, examples),
        ),
        flags=tuple(flag for pair in pairs for flag in flags_of_both(pair)),
    )


def regressions(asked: Sequence[Question], tolerance: float, alpha: float) -> list[Judged]:
    """``failed`` where a fall beyond the tolerance is supported after Holm over all questions.

    A fall beyond the tolerance is a fall, so both must be supported: by the score test at the tolerance, and by the
    sign-flip test at no difference, which is exact where the models are exchangeable.
    """
    if not asked:
        return []
    tests = sum(one.judged for one in asked)
    enough = max(FLIPS, math.ceil(4 * tests / alpha))  # or Holm could never reject the smallest p that flips can give
    flips = sign_flip_below(np.stack([one.shares for one in asked], axis=1), enough)
    p_values = [
        max(fallen_beyond_p(one.shares, one.largest, tolerance), float(flip)) if one.judged else math.nan
        for one, flip in zip(asked, flips, strict=True)
    ]
    made = []
    for one, p, adjusted in zip(asked, p_values, holm(p_values), strict=True):
        counts = effective_counts(one.shares, typical_change(one.shares, one.largest), tolerance)
        sight = sight_beyond(counts, tolerance, alpha / max(1, tests))
        made.append(Judged(_outcome(one, adjusted <= alpha), p, adjusted, sight))
    return made


def not_inferior(asked: Sequence[Question], tolerance: float, alpha: float) -> list[Judged]:
    """``failed`` unless a fall short of the tolerance is shown, at ``alpha`` each; Holm's figure is for reading one alone."""
    p_values = [fallen_short_of_p(one.shares, one.largest, tolerance) if one.judged else math.nan for one in asked]
    made = []
    for one, p, adjusted in zip(asked, p_values, holm(p_values), strict=True):
        counts = effective_counts(one.shares, supposed_change(one.shares, one.largest), tolerance)
        made.append(Judged(_outcome(one, not p <= alpha), p, adjusted, sight_short(counts, tolerance, alpha)))
    return made


JUDGES: dict[Mode, Callable[[Sequence[Question], float, float], list[Judged]]] = {
    "regression": regressions,
    "non-inferiority": not_inferior,
}


def _check_settings(tolerance: float, alpha: float, mode: str) -> None:
    if mode not in JUDGES:
        raise UsageError(f"mode {mode!r}: expected {' or '.join(JUDGES)}")
    if not 0 <= tolerance < 1:
        raise UsageError(f"--tolerance {tolerance:g}: expected a share from 0 to 1, such as 0.01 for one point")
    if not 0 < alpha < 0.5:
        raise UsageError(f"--alpha {alpha:g}: expected a level above 0 and below 0.5, such as 0.05")
    if mode == "non-inferiority" and tolerance == 0:
        raise UsageError(
            "--tolerance 0: no sample can show a model not worse by anything; give a size that does not matter"
        )


def _outcome(one: Question, failed: bool) -> Outcome:
    if not one.judged:
        return "not judged"
    return "failed" if failed else "held"


def _finding(pair: Pair, question: Question, said: Judged) -> Finding:
    values = pair.clean_all if question.name.family.measure == CLEAN else (pair.first.robust, pair.second.robust)
    before, after = (weighted(side, question.weights) for side in values)
    difference = after - before
    low, high = interval(difference[1:])
    task, measure, by, metric = question.name.family
    needed = len(pair.tables[0].uids) * said.sight.times
    return Finding(
        task=task,
        measure=measure,
        by=by,
        metric=metric,
        about=question.name.about,
        outcome=said.outcome,
        examples=question.examples,
        baseline=_number(before[0]),
        candidate=_number(after[0]),
        difference=_number(difference[0]),
        low=_number(low),
        high=_number(high),
        p=_number(said.p),
        p_holm=_number(said.p_holm),
        detectable=_number(said.sight.distance),
        needed=math.ceil(needed) if math.isfinite(needed) else None,
    )


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _side(folder: Path, facts: dict[str, Any]) -> Side:
    model = facts.get("model")
    name, signature = model.get("name") if isinstance(model, dict) else None, facts.get("signature")
    if not (isinstance(name, str) and isinstance(signature, str)):
        raise RunError(
            f"{folder / 'run.json'}: lacks the model's name or the signature; expected what `robustx attack` writes"
        )
    return Side(name, signature)


def _searched(folder: Path, facts: dict[str, Any]) -> list[str]:
    """What robust means where both runs were searched, and what a search cannot show."""
    how = how_searched(folder, facts)
    if how is None:
        return []
    said = f"both runs were searched ({how.words}): robust is the worst text found with the most edits"
    return [said if how.certificate else f"{said}; a model that is only harder to search seems sturdier"]


def _other_settings(first: dict[str, Any], second: dict[str, Any]) -> list[str]:
    """What was set otherwise for the two runs and moves figures by itself."""
    made = []
    for name in ("dtype", "max_length", "layer", "defence"):
        a, b = (dict(facts.get("settings") or {}).get(name) for facts in (first, second))
        if a != b:
            told = ["none" if one is None else one for one in (a, b)]
            made.append(
                f"the runs differ in {name} (baseline {told[0]}, candidate {told[1]}), which moves figures by itself"
            )
    return made
