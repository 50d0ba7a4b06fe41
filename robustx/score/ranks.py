"""Ranks with their uncertainty: which of many models differ, simultaneously over all pairs, and the ranks that follow.

All pairs of models are compared at once by a randomisation test: the signs of whole source examples are flipped for all
models together, and the largest studentised difference over all pairs (max-t) sets the bar. The familywise error of all
"this one is better" claims together is at most the level. From the claims follow, for every model, a rank interval (1 +
how many are better, to all less how many are worse), which holds every true rank at the same time with the stated
confidence, and tie groups. Of two models it is the paired sign-flip test that ``robustx compare`` uses.

References: Mogstad, Romano, Shaikh and Wilhelm 2024, doi:10.1093/restud/rdad006 (confidence sets for ranks); Westfall and
Young 1993 and Romano and Wolf 2005, doi:10.1198/016214504000000539 (max-t by resampling); Phipson and Smyth 2010,
doi:10.2202/1544-6115.1585 (the +1); Tusher, Tibshirani and Chu 2001, doi:10.1073/pnas.091062498 (a floor under standard
errors).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from robustx.score.farthest import farthest
from robustx.score.resample import DRAWS, LEVEL, SEED, Floats

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

FLOOR = 0.5
"""No pair's standard error is taken below this share of the median pair's: two models that differ in three examples
would otherwise set the bar for all, since so few signs make few different sums."""

FEWEST = 200
"""Draws that set the bar at least. With so many pairs the largest difference varies little from draw to draw: at 200 the
bar's Monte Carlo error is about 1.5%."""

_PAIR_DRAWS = 2e8


@dataclass(frozen=True)
class Ranking:
    """Models ranked by a score, best first.

    Attributes:
        order: indices of the models, best first; equal scores in the order given.
        low, high: rank interval of each model, in the order given: 1 is best.
        groups: tie groups as (first, last) positions in ``order``: the longest runs of neighbours in which no two differ.
    """

    order: Ints
    low: Ints
    high: Ints
    groups: tuple[tuple[int, int], ...]


def ranking(values: Floats, contributions: npt.NDArray[np.floating], level: float = LEVEL) -> Ranking:
    """Rank models by a score.

    Args:
        values: [models] the score as measured; higher is better.
        contributions: [models, units] what each source example adds to each model's score. The sums of two models must
            differ by as much as their scores; what is the same for all models does not matter.
        level: confidence that all rank intervals hold at once.
    """
    better = significantly_better(values, contributions, level)
    order = np.argsort(-values, kind="stable")
    low = 1 + better.sum(axis=0)
    high = len(values) - better.sum(axis=1)
    return Ranking(order, low.astype(np.int64), high.astype(np.int64), tie_groups(better[np.ix_(order, order)]))


def significantly_better(values: Floats, contributions: npt.NDArray[np.floating], level: float = LEVEL) -> Bools:
    """Whether the model of each row is better than that of each column, [models, models], over all pairs at once."""
    models, units = contributions.shape
    if models < 2:
        return np.zeros((models, models), dtype=np.bool_)
    # what all models share would only cost digits
    own = (contributions - contributions.mean(axis=0)).astype(np.float32)
    scale, draws = _scale(own), draws_for(models)
    # alike ones together, which makes the search quick
    order = np.argsort(values)
    moved, errors = (own @ _signs(units, draws))[order], scale[np.ix_(order, order)]
    bar = farthest(moved, errors, min(draws, math.ceil(level * (draws + 1))) - 1)
    apart = values[:, None] - values[None, :]
    # single precision: what is as large as the bar to its last digits is not beyond it
    return np.asarray(apart > np.maximum(bar * scale * (1 + 1e-4), 1e-9))


def draws_for(models: int) -> int:
    """How many random signs set the bar: the work of each grows with the square of the models."""
    return int(min(DRAWS, max(FEWEST, _PAIR_DRAWS / models**2)))


def tie_groups(better: Bools) -> tuple[tuple[int, int], ...]:
    """The longest runs of neighbours without a difference, in a matrix whose models stand in rank order."""
    count = len(better)
    if not count:
        return ()
    apart = better | better.T
    # the last one before j that differs from j; a run that holds j begins after it
    places = np.arange(count)
    before = places[:, None] < places[None, :]
    last = np.where(apart & before, places.astype(np.int32)[:, None], -1).max(axis=0)
    start = np.maximum.accumulate(last) + 1
    ends = np.flatnonzero(np.append(np.diff(start) > 0, True))
    return tuple((int(start[end]), int(end)) for end in ends)


def _signs(units: int, draws: int) -> npt.NDArray[np.float32]:
    """Random signs of source examples, [units, draws]."""
    bits = np.random.default_rng(SEED).integers(0, 2, (units, draws), dtype=np.int8)
    return np.asarray(2 * bits - 1, dtype=np.float32)


def _scale(contributions: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Standard error of every pair's difference under random signs, whose mean is 0; none below the floor."""
    # in place: with many models most of the time went into fresh memory
    error = contributions @ contributions.T
    own = np.diag(error).copy()
    both = own[:, None] + own
    error *= 2
    np.subtract(both, error, out=error)
    # a difference that is nothing but rounding is none
    both *= 1e-5
    error[error <= both] = 0
    np.sqrt(error, out=error)
    pairs = np.concatenate([row[:i] for i, row in enumerate(error)])
    floor = FLOOR * float(np.median(pairs, overwrite_input=True))
    least = floor if floor > 0 else float(pairs.max()) or 1.0
    np.maximum(error, np.float32(least), out=error)
    return error
