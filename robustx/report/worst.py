"""The worst case by budget, for a terminal: a row an attack and script."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from rich.table import Table

from robustx.text.scripts import script_name

_MOST = 3
Percent = Callable[[float | None], str]
Figured = Callable[[dict[str, Any]], str]
Safe = Callable[[str], str]


def fill(table: Table, search: dict[str, Any], percent: Percent, safe: Safe) -> str:
    """Add the columns and rows to an empty table; what stands below it.

    Args:
        percent: writes a share of 1.
        safe: makes text of unknown origin inert.
    """
    budgets = _budgets(search)
    certified = bool(search.get("certificate"))
    for header, justify in (("worst case", "left"), ("script", "left"), ("clean", "right")):
        table.add_column(header, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    for budget in budgets:
        table.add_column(budget, justify="right", no_wrap=True)
    table.add_column("95%", justify="right", no_wrap=True)
    if certified:
        table.add_column("certified", justify="right", no_wrap=True)
    table.add_column("queries", justify="right", no_wrap=True)
    table.add_column("felled by", justify="left")
    for attack, scripts in search["attacks"].items():
        for script, row in scripts.items():
            table.add_row(*map(safe, _row(attack, script, row, budgets, certified, percent)))
    note = (
        f"accuracy of the worst text found with at most so many edits ({search['strategy']}); 95%: of the most edits; "
        "queries: texts asked about an example that was right, on the mean. "
    )
    if certified:
        note += f"certified: right under every set of {search['budget']} edits; a range where sets were sampled. "
    return safe(note)


def fill_both(table: Table, search: dict[str, Any], figure: Figured, percent: Percent, safe: Safe) -> str:
    """Add the columns and rows of a comparison of two searched runs; what stands below it.

    Args:
        figure: writes a difference with its interval.
    """
    budgets = _few(_steps([*search["groups"].values(), *_of_scripts(search)]))
    for header, justify in (("worst case, A > B", "left"), ("script", "left")):
        table.add_column(header, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    for budget in budgets:
        table.add_column(budget, justify="right", no_wrap=True)
    table.add_column("B-A", justify="right", no_wrap=True)
    rows = [(attack, script_name(code), row) for attack, of in search["attacks"].items() for code, row in of.items()]
    rows += [("all attacks", group, steps) for group, steps in search["groups"].items()]
    for attack, where, steps in rows:
        sides = {budget: steps[budget]["robust"] for budget in steps}
        shown = [_both(sides.get(budget), percent) for budget in budgets]
        last = sides[max(sides, key=float)]["difference"] if sides else None
        table.add_row(*map(safe, (attack, where, *shown, figure(last) if last else "")))
    return safe(
        f"accuracy of the worst text found with at most so many edits ({search['strategy']}), of both; B-A: with the most. "
    )


def _both(robust: dict[str, Any] | None, percent: Percent) -> str:
    return "" if robust is None else f"{percent(robust['baseline']['value'])} > {percent(robust['candidate']['value'])}"


def _of_scripts(search: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for scripts in search["attacks"].values() for row in scripts.values()]


def _steps(found: list[dict[str, Any]]) -> list[str]:
    return sorted({budget for steps in found for budget in steps}, key=float)


def _few(budgets: list[str]) -> list[str]:
    """At most three of them, for the width of a terminal: the first, one in the middle and the last."""
    return budgets if len(budgets) <= _MOST else [budgets[0], budgets[len(budgets) // 2], budgets[-1]]


def _row(
    attack: str, script: str, row: dict[str, Any], budgets: list[str], certified: bool, percent: Percent
) -> list[str]:
    shown = row["budgets"]
    last = shown[max(shown, key=float)]
    cells = [attack, script_name(script), percent(last["clean"]["value"])]
    most = max(shown, key=float)
    cells += [percent(shown[budget]["worst"]["value"]) if budget in shown else "" for budget in budgets]
    cells.append(f"{percent(shown[most]['worst']['low'])} to {percent(shown[most]['worst']['high'])}")
    if certified:
        low, high = last["certificate"]["low"], last["certificate"]["high"]
        cells.append(percent(low) if low == high else f"{percent(low)} to {percent(high)}")
    queries = row["queries"]
    cells.append("" if queries is None or math.isnan(queries) else f"{queries:,.0f}")
    cells.append(
        ", ".join(f"{label.removeprefix(f'{attack} by ')} {count:,}" for label, count in row["felled_by"].items())
    )
    return cells


def _budgets(search: dict[str, Any]) -> list[str]:
    found = {budget for scripts in search["attacks"].values() for row in scripts.values() for budget in row["budgets"]}
    return sorted(found, key=float)
