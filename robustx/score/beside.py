"""Metrics shown beside a task's own, such as token accuracy beside F1, or exact match and F1 beside their mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from robustx.score.arrays import mean_figure, mean_weights, ratio_figure
from robustx.score.single import Measured, as_json, groups_of, measured, three, within
from robustx.score.table import read_table


def metrics_beside(folder: Path, facts: dict[str, Any], task: str) -> dict[str, Any]:
    """For each metric: clean over all examples, then clean, robust and gap over judged ones, by language and group.

    Raises:
        RunError: a cell file lacks the metric's columns.
    """
    names = facts["tasks"][task].get("beside", [])
    return {name: _figures(measured(read_table(folder, facts, task, name))) for name in names}


def _figures(one: Measured) -> dict[str, Any]:
    table, keys, usable = one.table, one.resampled.stack.keys, one.resampled.stack.usable
    languages = {}
    for code in table.languages:
        clean = table.clean[code]
        whole = as_json(ratio_figure(one.weights, clean.numerator, clean.denominator))
        languages[code] = {"accuracy": whole} | three(one.resampled, mean_weights(keys, usable, within([code])))
    groups = {
        name: {"accuracy": as_json(mean_figure(one.weights, [table.clean[code] for code in members]))}
        | three(one.resampled, mean_weights(keys, usable, keep))
        for name, members, keep in groups_of(table)
        if members
    }
    return {"languages": languages, "groups": groups}
