"""How far apart the two most different of many models are under random signs, without a look at every pair.

Of a thousand models half a million pairs would have to be compared under every draw. Only one order statistic of the
largest differences is wanted, though, and most pairs cannot reach it: a few outer models give a bar from below, and a
model is compared with a block of others only where it is further from the block's end, measured by the smallest standard
error of the two, than the bar. What comes out is the number that all pairs would give, bit for bit (branch and bound,
Land and Doig 1960, doi:10.2307/1910129).
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Singles = npt.NDArray[np.float32]

_OUTER = 16
"""Models at either end of a draw that are compared first."""


def farthest(moved: Singles, scale: Singles, place: int) -> float:
    """The largest absolute studentised difference over all pairs, under the draw at which it is the ``place``-th smallest.

    Args:
        moved: [models, draws] the sum of each model under each draw. Where models that stand together in rows are alike, fewer
            pairs are looked at; the number is the same in any order.
        scale: [models, models] standard error of each pair's difference, symmetric and above 0.
        place: from 0.
    """
    inverse: Singles = np.reciprocal(scale)
    largest = _among_outer(moved, inverse)
    bar = np.maximum(largest, np.partition(largest, place)[place])
    width, reach = max(1, math.isqrt(len(moved))), np.empty_like(moved)
    for first in range(0, len(moved), width):
        block = slice(first, first + width)
        np.subtract(moved, moved[block].min(axis=0), out=reach)
        reach *= inverse[:, block].max(axis=1)[:, None]
        models, draws = np.divmod(np.flatnonzero(reach > bar), moved.shape[1])
        apart = moved[models, draws][:, None] - moved[block].T[draws]
        apart *= inverse[models, block]
        np.maximum.at(largest, draws, apart.max(axis=1, initial=0))
    return float(np.partition(largest, place)[place])


def _among_outer(moved: Singles, inverse: Singles) -> Singles:
    """The largest difference between a model of the one end and one of the other, [draws]."""
    count = min(_OUTER, len(moved))
    order = np.argpartition(moved, (count - 1, len(moved) - count), axis=0)
    low, high = order[:count], order[-count:]
    draws = np.arange(moved.shape[1])
    apart = moved[high, draws][:, None] - moved[low, draws]
    apart *= inverse[high[:, None], low]
    return np.asarray(apart.max(axis=(0, 1), initial=0))
