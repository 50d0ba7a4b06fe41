"""One-sided tests of a paired difference against a margin: has it fallen by more than that, or surely by less?

As in the score test of Tango 1998 (Statistics in Medicine 17:891-908), chance is judged as it would be if the true
difference were the margin, so a sample in which nothing changed proves nothing by itself. Pairs lost and won are taken
as Poisson counts, and their difference as Skellam (1946, doi:10.2307/2981372), whose tail is skewed where the normal's
is not. Where a source example stands in several cells, its contributions become effective counts (Rao and Scott 1992,
doi:10.2307/2532311): what is lost and won, divided by the size of a typical change.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FLIPS = 9999
POWER = 0.8
SEED = 20
_BLOCK = 500
_NORMAL = NormalDist()
_HALF_A_PAIR = 0.5


class Counts(NamedTuple):
    """Effective counts of pairs, and what they would be expected to be if the true difference were the margin.

    Attributes:
        change: the size of one, in units of the difference.
        fallen: lost less won.
        lost, won: expected ones, the likeliest with ``lost - won`` equal to the margin.
    """

    change: float
    fallen: float
    lost: float
    won: float

    @property
    def error(self) -> float:
        """Standard error of the difference if its true value were the margin."""
        return self.change * math.sqrt(self.lost + self.won)


def fallen_beyond_p(shares: Floats, largest: float, margin: float) -> float:
    """p-value of the hypothesis that the true difference is ``-margin`` or more, against its being less.

    Args:
        shares: what each source example adds to the difference; they sum to it.
        largest: the most that one example could add.
        margin: 0 or more, in the units of the difference.
    """
    counts = effective_counts(shares, typical_change(shares, largest), margin)
    return skellam_above(counts.fallen - _HALF_A_PAIR, counts.lost, counts.won)


def fallen_short_of_p(shares: Floats, largest: float, margin: float) -> float:
    """p-value of the hypothesis that the true difference is ``-margin`` or less, against its being more.

    It rests on what was not seen, so one change of the largest size is supposed beside those that were.
    """
    counts = effective_counts(shares, supposed_change(shares, largest), margin)
    return 1 - skellam_above(counts.fallen + _HALF_A_PAIR, counts.lost, counts.won)


def typical_change(shares: Floats, largest: float) -> float:
    """The size of a typical change: sum of squares over sum of sizes, as in a compound Poisson sum."""
    sizes = float(np.abs(shares).sum())
    return float((shares**2).sum()) / sizes if sizes > 0 else largest


def supposed_change(shares: Floats, largest: float) -> float:
    """``typical_change`` as if one example more had changed by the largest size."""
    return float((shares**2).sum() + largest**2) / float(np.abs(shares).sum() + largest)


def effective_counts(shares: Floats, change: float, margin: float) -> Counts:
    """Counts of pairs, where one pair is a change of the given size: 1/n for one cell of n examples."""
    lost, won = (float(side.sum()) / change for side in (np.maximum(-shares, 0), np.maximum(shares, 0)))
    apart = margin / change
    rest = lost + won - 2 * apart
    expected_won = (rest + math.sqrt(rest**2 + 8 * won * apart)) / 4
    return Counts(change, lost - won, expected_won + apart, expected_won)


class Sight(NamedTuple):
    """What a test of given level finds with 80% power.

    Attributes:
        distance: how far beyond (or short of) the margin a true difference must lie; NaN where nothing varied.
        times: how many times as many examples would bring ``distance`` down to the margin; NaN for a margin of 0.
    """

    distance: float
    times: float


def sight_beyond(counts: Counts, margin: float, level: float) -> Sight:
    """What ``fallen_beyond_p`` finds.

    A larger fall means more pairs lost, and so more chance as well: the variance at a distance ``d`` beyond the margin
    is taken as ``error**2 + change * (d - (margin + d)**2)``, and ``d`` as the solution of ``d = reach * its root``.
    """
    if not counts.error > 0:
        return _BLIND
    reach = _reach(level) ** 2
    step, chance = reach * counts.change, reach * counts.error**2
    half = step * (1 - 2 * margin) / 2
    distance = (half + math.sqrt(half**2 + (1 + step) * max(0.0, chance - step * margin**2))) / (1 + step)
    times = max(0.0, chance + step * margin * (1 - 4 * margin)) / margin**2 if margin > 0 else math.nan
    return Sight(distance, times)


def sight_short(counts: Counts, margin: float, level: float) -> Sight:
    """What ``fallen_short_of_p`` finds."""
    distance = _reach(level) * counts.error
    return Sight(distance, (distance / margin) ** 2 if margin > 0 else math.nan) if distance > 0 else _BLIND


_BLIND = Sight(math.nan, math.nan)


def _reach(level: float) -> float:
    """Standard errors between a hypothesis and what a one-sided test against it finds with 80% power."""
    return _NORMAL.inv_cdf(1 - level) + _NORMAL.inv_cdf(POWER)


def skellam_above(count: float, first: float, second: float) -> float:
    """Probability that one Poisson count less another is above ``count``, which need be no whole number.

    The saddlepoint approximation of Lugannani and Rice 1980 (Advances in Applied Probability 12:475-490); halfway
    between two whole numbers it is close to the exact tail.

    Args:
        first, second: their expected values.
    """
    if first == 0 or (second == 0 and count <= 0):
        return 1.0 if count < 0 or first > 0 else 0.0
    tilt = math.log((count + math.sqrt(count**2 + 4 * first * second)) / (2 * first))
    up, down = first * math.exp(tilt), second * math.exp(-tilt)
    depth = tilt * count - (up - first) - (down - second)
    spread = math.sqrt(up + down)
    if abs(tilt * spread) < 1e-3:  # at the mean the formula below is 0/0; this is its limit
        return 0.5 - (up - down) / (6 * math.sqrt(2 * math.pi) * spread**3)
    root = math.copysign(math.sqrt(2 * max(0.0, depth)), tilt)
    return min(1.0, max(0.0, _NORMAL.cdf(-root) + _NORMAL.pdf(root) * (1 / (tilt * spread) - 1 / root)))


def sign_flip_below(shares: Floats, flips: int = FLIPS, seed: int = SEED) -> Floats:
    """One-sided p-value of each column that its sum is below 0 by more than chance, by random sign flips of whole rows.

    Exact where baseline and candidate are exchangeable within each source example; the +1 is that of Phipson and Smyth
    2010, doi:10.2202/1544-6115.1585.

    Args:
        shares: [examples, columns].
    """
    moved = shares[(np.abs(shares) > 1e-15).any(axis=1)]
    total, slack = moved.sum(axis=0), 1e-10 * np.abs(moved).sum(axis=0)
    rng = np.random.default_rng(seed)
    as_low, done = np.zeros(shares.shape[1]), 0
    while done < flips:
        count = min(_BLOCK, flips - done)
        bits = rng.integers(0, 256, (count, -(-len(moved) // 8)), dtype=np.uint8)
        kept = np.unpackbits(bits, axis=1, count=len(moved)).astype(np.float64)
        as_low += (2 * (kept @ moved) - total <= total + slack).sum(axis=0)
        done += count
    return np.asarray((as_low + 1) / (flips + 1))
