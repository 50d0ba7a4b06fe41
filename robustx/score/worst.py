"""Figures of a searched run: worst-case accuracy by budget, who felled what, queries, and certificates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from robustx.errors import RunError
from robustx.score.arrays import Resampled, mean_weights
from robustx.score.certificate import certified
from robustx.score.flags import Flag
from robustx.score.hunted import How, Hunted, felled_by, how_searched, mean_queries, read_hunted, right
from robustx.score.search_flags import search_flags
from robustx.score.single import groups_of
from robustx.score.table import CellKey, RunTable


class Worst(NamedTuple):
    """Figures of a search as they stand in ``scores.json``, and what makes them doubtful."""

    figures: dict[str, Any]
    flags: list[Flag]


def search_figures(table: RunTable, resampled: Resampled) -> Worst:
    """How the worst case was looked for, and what was found: by group over all attacks, and by attack and script.

    Raises:
        RunError: the run was not searched, or a cell lacks what a search writes.
    """
    how = how_searched(table.folder, table.facts)
    if how is None:
        raise RunError(f"{table.folder / 'run.json'}: was not searched")
    hunted = read_hunted(table)
    attacks: dict[str, Any] = {}
    for attack in dict.fromkeys(cell.key.attack for cell in table.cells):
        scripts = dict.fromkeys(table.scripts[cell.key.language] for cell in table.cells if cell.key.attack == attack)
        attacks[attack] = {script: _script(table, resampled, how, hunted, attack, script) for script in scripts}
    groups = {name: by_budget(resampled, keep) for name, members, keep in groups_of(table) if members}
    found = {"groups": groups, "attacks": attacks}
    return Worst(how._asdict() | found, search_flags(table, hunted))


def by_budget(resampled: Resampled, keep: Callable[[CellKey], bool]) -> dict[str, Any]:
    """Clean metric and that of the worst text with at most so many edits, macro mean over some cells, by budget."""
    keys, usable = resampled.stack.keys, resampled.stack.usable
    made = {}
    for budget in sorted({key.severity for key in keys if keep(key)}):
        weights = mean_weights(keys, usable, lambda key, budget=budget: key.severity == budget and keep(key))  # type: ignore[misc]
        made[f"{budget:g}"] = {
            "clean": resampled.figure(weights, lambda clean, robust: clean)._asdict(),
            "worst": resampled.figure(weights, lambda clean, robust: robust)._asdict(),
        }
    return made


def _script(
    table: RunTable, resampled: Resampled, how: How, hunted: dict[CellKey, Hunted], attack: str, script: str
) -> dict[str, Any]:
    cells = [cell for cell in table.cells if cell.key.attack == attack and table.scripts[cell.key.language] == script]
    keys = {cell.key for cell in cells}
    most = max(key.severity for key in keys)
    last = [cell for cell in cells if cell.key.severity == most]
    budgets = by_budget(resampled, keys.__contains__)
    if how.certificate:
        for severity in sorted({key.severity for key in keys}):
            mine = [cell for cell in cells if cell.key.severity == severity]
            budgets[f"{severity:g}"]["certificate"] = certified(table, hunted, mine)
    return {
        "languages": [cell.key.language for cell in last],
        "budgets": budgets,
        "queries": mean_queries(table, hunted, last),
        "felled_by": dict(felled_by(table, hunted, last).most_common()),
        "stand": sum(int((right(table, cell) & cell.effective & ~hunted[cell.key].fallen).sum()) for cell in last),
    }
