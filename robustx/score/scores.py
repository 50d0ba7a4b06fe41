"""Scores of a run: every task's own, and their mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from robustx.score.average import average
from robustx.score.beside import metrics_beside
from robustx.score.single import Measured, measured, score_table
from robustx.score.table import read_tables
from robustx.score.worst import search_figures

SCHEMA = 1


def score_run(folder: Path) -> dict[str, Any]:
    """Every figure of a run, as it stands in ``scores.json``.

    Raises:
        RunError: the run is unfinished or damaged.
    """
    tables = read_tables(folder)
    tasks = [measured(table) for table in tables]
    facts = tables[0].facts
    return {
        "schema": SCHEMA,
        "signature": tables[0].facts["signature"],
        "model": tables[0].facts["model"],
        "suite": tables[0].facts["suite"],
        "languages": tables[0].facts["languages"],
        "left_out": tables[0].facts.get("left_out", {}),
        "tasks": {one.table.task: _task(folder, facts, one) for one in tasks},
        "average": average(tasks),
    }


def _task(folder: Path, facts: dict[str, Any], one: Measured) -> dict[str, Any]:
    """Every figure of one task; of a searched run, what was found and how far it can be trusted."""
    scored = score_table(one) | {"beside": metrics_beside(folder, facts, one.table.task)}
    if facts.get("search") is None:
        return scored
    figures, flags = search_figures(one.table, one.resampled)
    scored["flags"] += [flag._asdict() for flag in flags]
    return scored | {"search": figures}
