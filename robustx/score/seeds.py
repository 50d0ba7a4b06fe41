"""Several pairs of runs that differ in the seed of training alone, as one: seeds are a level of the bootstrap above examples.

Every draw takes as many seeds as there are, with replacement, and in each the same draw of examples. With few seeds that
understates how much seeds differ by (S - 1) / S, so their spread is scaled up by the root of the inverse (Rao and Wu 1988,
doi:10.1080/01621459.1988.10478591).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

import numpy as np

from robustx.score.arrays import Resampled, Stack
from robustx.score.pair import Pair
from robustx.score.resample import SEED
from robustx.score.table import Floats


def joined(pairs: Sequence[Pair]) -> Pair:
    """The mean over seeds of aligned pairs, measured and under each draw of seeds and examples."""
    if len(pairs) == 1:
        return pairs[0]
    draws = len(pairs[0].clean_all[0]) - 1
    drawn = _draws_of_seeds(len(pairs), draws)

    def side(resampled: Sequence[Resampled]) -> Resampled:
        robust, clean = (_mean([getattr(one, name) for one in resampled], drawn) for name in ("robust", "clean"))
        return Resampled(_common([one.stack for one in resampled]), robust, clean)

    first, second = side([pair.first for pair in pairs]), side([pair.second for pair in pairs])
    clean_all = tuple(_mean([pair.clean_all[i] for pair in pairs], drawn) for i in (0, 1))
    return Pair(pairs[0].tables, first, second, (clean_all[0], clean_all[1]), tuple(pairs))


def bootstrap_p(values: Floats) -> float:
    """Two-sided p-value that a difference is 0, by where 0 lies among its draws; NaN where there are none.

    Args:
        values: the difference as measured, and under each draw.
    """
    draws = values[1:][np.isfinite(values[1:])]
    if draws.size == 0:
        return float("nan")
    beyond = min(int((draws <= 0).sum()), int((draws >= 0).sum()))
    return min(1.0, 2 * (beyond + 1) / (draws.size + 1))


def _draws_of_seeds(count: int, draws: int) -> Floats:
    """The share of each seed in each draw, [draws, seeds]."""
    rng = np.random.default_rng((SEED, count))
    return np.asarray(rng.multinomial(count, [1 / count] * count, size=draws) / count)


def _mean(values: Sequence[Floats], drawn: Floats) -> Floats:
    """[1 + draws, columns]: the mean over seeds in row 0, and of the seeds drawn in the others."""
    every = np.stack(values)
    made = every.mean(axis=0)
    spread = np.einsum("ds,sdc->dc", drawn, every[:, 1:]) - made[1:]
    made[1:] += np.sqrt(len(values) / (len(values) - 1)) * spread
    return np.asarray(made)


def _common(stacks: Sequence[Stack]) -> Stack:
    """The first, on the examples that count in all."""
    return replace(stacks[0], mask=reduce(np.logical_and, [one.mask for one in stacks]))
