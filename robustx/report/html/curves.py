"""Severity curves as small panels, one an attack, all on one scale: the places of points and whiskers, for SVG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from robustx.report.html.scale import Scale, covering, ends
from robustx.report.words import known, signed, span

WIDTH, HEIGHT = 260, 180
_LEFT, _RIGHT, _TOP, _BOTTOM = 42, 14, 12, 34
_APART = 2.5
"""Half the distance of two series at one severity, so that neither hides the other's whisker."""


class Point(NamedTuple):
    """One severity of one series, in SVG units."""

    x: float
    y: float
    low: float
    high: float
    told: str


@dataclass(frozen=True)
class Series:
    """One group of languages: where its gap lies at each severity, from nothing at severity 0."""

    name: str
    mark: str
    points: tuple[Point, ...]

    @property
    def line(self) -> str:
        """The points of an SVG polyline."""
        return " ".join(f"{point.x:.1f},{point.y:.1f}" for point in self.points)


class Tick(NamedTuple):
    """A mark on an axis."""

    place: float
    label: str


@dataclass(frozen=True)
class Panel:
    """One attack's curves."""

    attack: str
    series: tuple[Series, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]

    @property
    def told(self) -> str:
        """The panel in words, for those who do not see it."""
        lines = [f"{one.name}: {'; '.join(point.told for point in one.points[1:])}" for one in self.series]
        return f"{self.attack}, gap in points by severity. {'. '.join(lines)}."


def panels(attacks: dict[str, Any]) -> list[Panel]:
    """A panel for each attack with more than one severity; they share their vertical scale."""
    chosen = {
        attack: groups
        for attack, groups in attacks.items()
        if any(len(row["severities"]) > 1 for row in groups.values())
    }
    gaps = [step["gap"] for groups in chosen.values() for row in groups.values() for step in row["severities"].values()]
    return [_panel(attack, groups, covering([0.0, *ends(gaps)])) for attack, groups in chosen.items()]


def _panel(attack: str, groups: dict[str, Any], scale: Scale) -> Panel:
    severities = sorted({float(severity) for row in groups.values() for severity in row["severities"]})
    top = severities[-1] or 1.0

    def x(severity: float) -> float:
        return _LEFT + severity / top * (WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        return HEIGHT - _BOTTOM - scale.share(value) * (HEIGHT - _TOP - _BOTTOM)

    series = []
    for i, (name, row) in enumerate(groups.items()):
        aside = (2 * i - 1) * _APART if len(groups) > 1 else 0.0
        points = [Point(x(0), y(0), y(0), y(0), "0 at severity 0")]
        for severity, step in row["severities"].items():
            gap = step["gap"]
            if known(gap["value"]):
                told = f"{signed(gap['value'])} ({span(gap, sign=True)}) at {severity}"
                place = (x(float(severity)) + aside, y(gap["value"]), y(gap["low"]), y(gap["high"]))
                points.append(Point(*place, told))
        series.append(Series(name, "first" if name == "non-Latin" else "second", tuple(points)))
    x_ticks = tuple(Tick(x(severity), f"{severity:g}") for severity in (0.0, *severities))
    y_ticks = tuple(Tick(y(tick), signed(tick).removesuffix(".0") if tick else "0") for tick in scale.ticks)
    return Panel(attack, tuple(series), x_ticks, y_ticks)
