"""Which rows every step trains on, laid down before the first step, so that a run can be taken up anywhere.

One optimiser step takes one task, as in jiant. How many steps each task gets is exact; their order, and the order of
a task's rows, is keyed by the seed. Rows of like length are put together, which wastes little on padding.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]

Mixing = Literal["proportional", "capped", "uniform"]

_POOL = 32
"""Batches among which rows are sorted by length."""


class Step(NamedTuple):
    """One optimiser step: a task, and its rows (features)."""

    task: str
    rows: Rows


def total_steps(sizes: Mapping[str, int], batch: int, epochs: float, most: int | None) -> int:
    """Optimiser steps of a phase: its epochs over the rows of all tasks, unless a number of steps is given."""
    return most if most is not None else max(1, math.ceil(epochs * sum(sizes.values()) / batch))


def shares(sizes: Mapping[str, int], mixing: Mixing, cap: int) -> dict[str, float]:
    """Each task's share of the steps."""
    weights = {
        name: {"proportional": size, "capped": min(size, cap), "uniform": 1}[mixing] for name, size in sizes.items()
    }
    return {name: weight / sum(weights.values()) for name, weight in weights.items()}


def counts(share: Mapping[str, float], steps: int) -> dict[str, int]:
    """Steps of each task, by largest remainders; each task gets one at least if there are enough."""
    exact = {name: one * steps for name, one in share.items()}
    made = {name: math.floor(one) for name, one in exact.items()}
    left = sorted(exact, key=lambda name: (made[name] > 0, made[name] - exact[name]))
    for name in left[: steps - sum(made.values())]:
        made[name] += 1
    return made


def schedule(lengths: Mapping[str, Sequence[int]], steps: Mapping[str, int], batch: int, seed: int) -> list[Step]:
    """Every step in order.

    Args:
        lengths: of each task's features, in tokens.
        steps: of each task.
    """
    order = [name for name in sorted(steps) for _ in range(steps[name])]
    np.random.default_rng([seed, 0]).shuffle(order)
    streams = {name: _batches(np.asarray(lengths[name]), batch, [seed, 1 + i]) for i, name in enumerate(sorted(steps))}
    return [Step(name, next(streams[name])) for name in order]


def _batches(lengths: Rows, batch: int, key: list[int]) -> Iterator[Rows]:
    """Batches without end: epoch after epoch, each in a fresh order; the last of an epoch is filled from the next."""
    rng = np.random.default_rng(key)
    rows = np.empty(0, dtype=np.int64)
    while True:
        while len(rows) < batch * _POOL and len(rows) < max(batch, len(lengths)):
            rows = np.concatenate([rows, rng.permutation(len(lengths))])
        pool, rows = np.split(rows, [min(len(rows), batch * _POOL) // batch * batch])
        cut = pool[np.argsort(lengths[pool], kind="stable")].reshape(-1, batch)
        yield from cut[rng.permutation(len(cut))]
