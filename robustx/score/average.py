"""The mean over tasks, as XTREME prints it (Hu et al. 2020, arXiv:2003.11080, table 2), with what drives it.

A task's figure is the mean over its languages, English among them; the average is the mean over tasks. Tasks have examples
of their own, so each is drawn independently of the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from robustx.score.arrays import mean_weights, measured_and_resampled, weighted
from robustx.score.pair import clean_sums
from robustx.score.resample import SEED, Figure, interval
from robustx.score.single import Measured, as_json
from robustx.score.table import Floats

XTREME = ("xnli", "pawsx", "udpos", "panx", "xquad", "mlqa", "tydiqa", "bucc2018", "tatoeba")
"""The nine tasks."""


def average(tasks: Sequence[Measured]) -> dict[str, Any] | None:
    """The mean over the tasks of a run; None where there is but one.

    ``accuracy`` is each task's own metric over all clean examples; ``clean``, ``robust`` and ``gap`` are over what the
    attacks changed, and of those tasks alone that were attacked. ``drives`` lists tasks by their share of the mean gap.
    """
    if len(tasks) < 2:
        return None
    draws = {one.table.task: _draws(one, position) for position, one in enumerate(tasks)}
    attacked = [task for task, made in draws.items() if np.isfinite(made["gap"][0])]
    names = {one.table.task: one.table.metric for one in tasks}
    rows = {
        task: {"metric": names[task]} | {what: as_json(_figure(values)) for what, values in made.items()}
        for task, made in draws.items()
    }
    mean: dict[str, Any] = {"accuracy": as_json(_figure(_mean(draws, list(draws), "accuracy")))}
    for what in ("clean", "robust", "gap"):
        mean[what] = as_json(_figure(_mean(draws, attacked, what)))
    drives = sorted(attacked, key=lambda task: -abs(float(draws[task]["gap"][0])))
    return {
        "whole": set(draws) == set(XTREME),
        "tasks": rows,
        **mean,
        "attacked": attacked,
        "drives": {task: float(draws[task]["gap"][0]) / len(attacked) for task in drives},
    }


def _draws(one: Measured, position: int) -> dict[str, Floats]:
    """Each figure of a task, measured and under each draw; the draws are shuffled so that no two tasks share theirs."""
    keys, usable = one.resampled.stack.keys, one.resampled.stack.usable
    weights = mean_weights(keys, usable, lambda key: True)
    clean, robust = (weighted(values, weights) for values in (one.resampled.clean, one.resampled.robust))
    whole = measured_and_resampled(one.weights, *clean_sums(one.table, one.table.languages)).mean(axis=1)
    order = 1 + np.random.default_rng((SEED, position)).permutation(len(whole) - 1)
    made = {"accuracy": whole, "clean": clean, "robust": robust, "gap": robust - clean}
    return {what: np.concatenate([values[:1], values[order]]) for what, values in made.items()}


def _mean(draws: dict[str, dict[str, Floats]], tasks: list[str], what: str) -> Floats:
    if not tasks:
        return np.full(2, np.nan)
    return np.asarray(np.mean([draws[task][what] for task in tasks], axis=0))


def _figure(values: Floats) -> Figure:
    return Figure(float(values[0]), *interval(values[1:]), 0)
