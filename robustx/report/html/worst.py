"""Worst-case accuracy by edits as small panels, one a script, all on one scale; and who felled what as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from robustx.report.html.curves import Point, Tick
from robustx.report.words import edits, known, points, span
from robustx.text.scripts import script_name

WIDTH, HEIGHT = 220, 150
LEFT, RIGHT = 34, 212
_TOP, _BOTTOM = 10, 32
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
_MOST_LABELS = 6
"""Budgets that are named on an axis at most: more would run into one another."""


@dataclass(frozen=True)
class WorstPanel:
    """One script's curve under one attack: from the clean metric at no edit to the worst text at each budget."""

    script: str
    points: tuple[Point, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    chance: float
    told: str

    @property
    def line(self) -> str:
        """The points of an SVG polyline."""
        return " ".join(f"{point.x:.1f},{point.y:.1f}" for point in self.points)

    @property
    def band(self) -> str:
        """The points of an SVG polygon: the intervals of all budgets."""
        ends = [(point.x, point.high) for point in self.points] + [(p.x, p.low) for p in reversed(self.points)]
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in ends)


class Felled(NamedTuple):
    """How many examples of each script one attack and strategy felled, or what still stands, and of all together."""

    label: str
    counts: tuple[int, ...]
    total: int
    stands: bool


def worst_panels(search: dict[str, Any], chance: float) -> dict[str, list[WorstPanel]]:
    """By attack, a panel a script that has figures."""
    made = {}
    for attack, scripts in search["attacks"].items():
        panels = [_panel(attack, script, row["budgets"], chance) for script, row in scripts.items()]
        made[attack] = [panel for panel in panels if len(panel.points) > 1]
    return {attack: panels for attack, panels in made.items() if panels}


def budgets_of(search: dict[str, Any]) -> list[str]:
    """Every budget that was searched, the fewest edits first."""
    found = {budget for scripts in search["attacks"].values() for row in scripts.values() for budget in row["budgets"]}
    return sorted(found, key=float)


def scripts_of(search: dict[str, Any]) -> list[str]:
    """Every script that was searched, in the order of the run."""
    return list(dict.fromkeys(script for scripts in search["attacks"].values() for script in scripts))


def felled(search: dict[str, Any]) -> list[Felled]:
    """Who felled what, by attack, each followed by what still stands under it."""
    scripts = scripts_of(search)
    made = []
    for attack, rows in search["attacks"].items():
        labels = dict.fromkeys(label for row in rows.values() for label in row["felled_by"])
        by_label = {
            label: [rows.get(s, {"felled_by": {}})["felled_by"].get(label, 0) for s in scripts] for label in labels
        }
        for label, counts in sorted(by_label.items(), key=lambda item: -sum(item[1])):
            made.append(Felled(label, tuple(counts), sum(counts), stands=False))
        left = [rows.get(script, {"stand": 0})["stand"] for script in scripts]
        made.append(Felled(f"stand under {attack}", tuple(left), sum(left), stands=True))
    return made


def _panel(attack: str, script: str, budgets: dict[str, Any], chance: float) -> WorstPanel:
    ordered = sorted(budgets, key=float)
    most = float(ordered[-1])

    def x(budget: float) -> float:
        return LEFT + budget / most * (RIGHT - LEFT)

    def y(value: float) -> float:
        return HEIGHT - _BOTTOM - value * (HEIGHT - _TOP - _BOTTOM)

    steps = [("0", budgets[ordered[-1]]["clean"]), *((budget, budgets[budget]["worst"]) for budget in ordered)]
    points_ = tuple(
        Point(x(float(budget)), y(one["value"]), y(one["low"]), y(one["high"]), _told(budget, one))
        for budget, one in steps
        if all(known(one[key]) for key in ("value", "low", "high"))
    )
    every = -(-len(steps) // _MOST_LABELS)
    x_ticks = tuple(Tick(x(float(budget)), budget) for budget, _ in steps[::every])
    y_ticks = tuple(Tick(y(tick), f"{tick * 100:.0f}") for tick in _TICKS)
    told = f"{attack}, {script_name(script)}: {'; '.join(point.told for point in points_)}."
    return WorstPanel(script, points_, x_ticks, y_ticks, y(chance), told)


def _told(budget: str, one: dict[str, Any]) -> str:
    return f"{points(one['value'])} ({span(one)}) at {edits(budget)}"
