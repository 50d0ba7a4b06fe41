"""The colours of a heat map: a difference falls into one of a few named steps, which a legend can show."""

from __future__ import annotations

from typing import NamedTuple

from robustx.report.words import MINUS, known

_EDGES = (0.01, 0.03, 0.06, 0.10, 0.15, 0.25)
_GAINS = 3
"""Gains are few and small; past the third edge they share one colour."""


class Step(NamedTuple):
    """One colour of the map: its CSS class and what it stands for, in points."""

    name: str
    meaning: str


def shade(gap: float | None) -> str:
    """The CSS class of a difference: ``loss1`` to ``loss6``, ``gain1`` to ``gain3``, ``still``, or ``none``."""
    if gap is None or not known(gap):
        return "none"
    size = sum(abs(round(gap, 6)) >= edge for edge in _EDGES)
    if size == 0:
        return "still"
    return f"loss{size}" if gap < 0 else f"gain{min(size, _GAINS)}"


def legend() -> list[Step]:
    """Every colour with its range, from the greatest loss to the greatest gain."""
    edges = [f"{edge * 100:.0f}" for edge in _EDGES]
    losses = [Step(f"loss{i}", f"{MINUS}{edges[i - 1]} to {MINUS}{edges[i]}") for i in range(len(edges) - 1, 0, -1)]
    gains = [Step(f"gain{i}", f"+{edges[i - 1]} to +{edges[i]}") for i in range(1, _GAINS)]
    most = Step(f"loss{len(edges)}", f"{MINUS}{edges[-1]} or more")
    best = Step(f"gain{_GAINS}", f"+{edges[_GAINS - 1]} or more")
    return [most, *losses, Step("still", "within 1"), *gains, best]
