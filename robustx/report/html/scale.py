"""A linear scale from a figure to a place on a chart, with round ticks."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from robustx.report.words import known

_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)
_INTERVALS = 6
"""At most so many steps between the ends: more labels than that run into one another on a phone."""


@dataclass(frozen=True)
class Scale:
    """Values from ``low`` to ``high``, with ticks at the multiples of ``step``; what lies outside is put at the end."""

    low: float
    high: float
    step: float

    @property
    def ticks(self) -> list[float]:
        """The values to be marked."""
        first, last = round(self.low / self.step), round(self.high / self.step)
        return [i * self.step for i in range(first, last + 1)]

    def share(self, value: float) -> float:
        """Where a value lies, from 0 at the low end to 1 at the high end."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))

    def at(self, value: float) -> str:
        """Where a value lies in percent of the width, for SVG: a chart of any width needs no script."""
        return f"{self.share(value) * 100:.2f}%"


def covering(values: Iterable[float | None], least: float = 0.1) -> Scale:
    """The tightest round scale that holds all values, at least ``least`` wide."""
    real = [value for value in values if value is not None and known(value)] or [0.0, 1.0]
    low, high = min(real), max(real)
    step = next((step for step in _STEPS if (max(high - low, least)) / step <= _INTERVALS), _STEPS[-1])
    start = math.floor(low / step + 1e-9) * step
    end = math.ceil(high / step - 1e-9) * step
    return Scale(start, max(end, start + step), step)


def ends(figures: Iterable[dict[str, Any]]) -> list[float | None]:
    """The values and both ends of the intervals of some figures."""
    return [figure[key] for figure in figures for key in ("value", "low", "high")]
