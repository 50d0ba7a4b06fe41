"""The worst case by budget, for a terminal: a row an attack and script."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from rich.table import Table

from robustx.text.scripts import script_name

Percent = Callable[[float | None], str]
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
    if certified:
        table.add_column("certified", justify="right", no_wrap=True)
    table.add_column("queries", justify="right", no_wrap=True)
    table.add_column("felled by", justify="left")
    for attack, scripts in search["attacks"].items():
        for script, row in scripts.items():
            table.add_row(*map(safe, _row(attack, script, row, budgets, certified, percent)))
    note = (
        f"accuracy of the worst text found with at most so many edits ({search['strategy']}); queries: texts asked about an "
        "example that was right, on the mean. "
    )
    if certified:
        note += f"certified: right under every set of {search['budget']} edits; a range where sets were sampled. "
    return safe(note)


def _row(
    attack: str, script: str, row: dict[str, Any], budgets: list[str], certified: bool, percent: Percent
) -> list[str]:
    shown = row["budgets"]
    last = shown[max(shown, key=float)]
    cells = [attack, script_name(script), percent(last["clean"]["value"])]
    cells += [percent(shown[budget]["worst"]["value"]) if budget in shown else "" for budget in budgets]
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
