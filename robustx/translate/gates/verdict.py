"""Kept, doubtful or rejected, why, and every figure that says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from robustx.translate.gates.pair import Figures
from robustx.translate.gates.thresholds import Bound, Thresholds

VERDICTS = ("kept", "doubtful", "rejected")


@dataclass(frozen=True)
class Verdict:
    """How far one translation can be trusted.

    Attributes:
        verdict: kept, doubtful or rejected; a row is never dropped for it.
        reasons: one for each figure that is beyond a bound, with the figure and the bound.
        figures: every figure that was measured, by name.
    """

    verdict: Literal["kept", "doubtful", "rejected"]
    reasons: tuple[str, ...]
    figures: Figures


def judged(figures: Figures, thresholds: Thresholds) -> Verdict:
    """The verdict on one row's figures: the worst that any of them asks for."""
    worst = 0
    reasons = []
    for name, figure in figures.items():
        for bound in thresholds.bounds.get(name, ()):
            level = 2 if bound.reached(figure, bound.rejected) else int(bound.reached(figure, bound.doubtful))
            if level:
                reasons.append(_reason(name, figure, bound, level))
                worst = max(worst, level)
    return Verdict(VERDICTS[worst], tuple(reasons), figures)  # type: ignore[arg-type]


def worst_of(verdicts: Iterable[Verdict], fields: Iterable[str]) -> Verdict:
    """The verdict on a row of several fields: the worst of theirs, with the field's name before reasons and figures."""
    found = list(zip(fields, verdicts, strict=True))
    worst = max((VERDICTS.index(one.verdict) for _, one in found), default=0)
    return Verdict(
        VERDICTS[worst],  # type: ignore[arg-type]
        tuple(f"{field}: {reason}" for field, one in found for reason in one.reasons),
        {f"{field}.{name}": figure for field, one in found for name, figure in one.figures.items()},
    )


def _reason(name: str, figure: float, bound: Bound, level: int) -> str:
    at = bound.rejected if level == 2 else bound.doubtful
    way = "or more" if bound.bad == "above" else "or less"
    return f"{bound.reason} ({name} is {figure:.3g}; {VERDICTS[level]} at {at:g} {way})"
