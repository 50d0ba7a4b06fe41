"""Bootstrap clustered on the source example, sign-flip permutation tests, Holm's correction, exact McNemar, power.

References: Efron and Tibshirani 1993 (percentile intervals); Berg-Kirkpatrick et al. 2012 (paired tests in NLP);
McNemar 1947, doi:10.1007/BF02295996; Holm 1979, jstor:4615733; Phipson and Smyth 2010, doi:10.2202/1544-6115.1585 (the
+1 in Monte Carlo p-values).
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

DRAWS = 2000
FLIPS = 9999
SEED = 20
LEVEL = 0.95
POWER = 0.8
_BLOCK = 500


class Figure(NamedTuple):
    """An estimate with its interval and the number of examples behind it; NaN where there is nothing to estimate."""

    value: float
    low: float
    high: float
    n: int


def bootstrap_weights(units: int, draws: int = DRAWS, seed: int = SEED) -> npt.NDArray[np.float32]:
    """How often each of ``units`` source examples is drawn, [draws, units]; each row sums to ``units``."""
    rng = np.random.default_rng(seed)
    weights = np.empty((draws, units), dtype=np.float32)
    for row in range(draws):
        weights[row] = np.bincount(rng.integers(0, units, units), minlength=units)
    return weights


def resampled_ratios(weights: npt.NDArray[np.float32], numerator: Floats, denominator: Floats) -> Floats:
    """Ratio of sums of each column under each draw, [draws, columns]; NaN where a draw has nothing to divide by.

    Args:
        numerator, denominator: [units, columns].
    """
    top, bottom = weights @ numerator.astype(np.float32), weights @ denominator.astype(np.float32)
    return ratios(top, bottom)


def ratios(top: npt.NDArray[Any], bottom: npt.NDArray[Any]) -> Floats:
    """``top / bottom`` in double precision; NaN where there is nothing to divide by."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(bottom > 0, top.astype(np.float64) / bottom, np.nan))


def interval(draws: Floats, level: float = LEVEL) -> tuple[float, float]:
    """Percentile interval of bootstrap draws, NaN ones left out."""
    good = draws[np.isfinite(draws)]
    if good.size == 0:
        return float("nan"), float("nan")
    low, high = np.quantile(good, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def sign_flip_p(contributions: Floats, flips: int = FLIPS, seed: int = SEED) -> float:
    """Two-sided p-value that paired contributions are symmetric about zero, by random sign flips.

    Under the hypothesis that the two conditions are exchangeable within each source example. Examples that contribute
    nothing are left out, which changes no p-value.
    """
    values = contributions[np.abs(contributions) > 1e-15]
    if values.size == 0:
        return 1.0
    rng = np.random.default_rng(seed)
    total, slack = values.sum(), 1e-10 * np.abs(values).sum()
    at_least, done = 0, 0
    while done < flips:
        count = min(_BLOCK, flips - done)
        bits = rng.integers(0, 256, (count, -(-values.size // 8)), dtype=np.uint8)
        kept = np.unpackbits(bits, axis=1, count=values.size).astype(np.float64)
        flipped = 2 * (kept @ values) - total
        at_least += int((np.abs(flipped) >= abs(total) - slack).sum())
        done += count
    return (at_least + 1) / (flips + 1)


def mcnemar_exact(only_first: int, only_second: int) -> float:
    """Exact two-sided McNemar p-value from the two discordant counts."""
    from scipy.special import bdtr

    return min(1.0, 2 * float(bdtr(min(only_first, only_second), only_first + only_second, 0.5)))


def holm(p_values: list[float]) -> list[float]:
    """Holm's step-down adjusted p-values, in the order given; NaN stands for no test and is no part of the family."""
    tests = np.flatnonzero(np.isfinite(p_values))
    order = tests[np.argsort(np.array(p_values)[tests], kind="stable")]
    adjusted = np.full(len(p_values), np.nan)
    running = 0.0
    for rank, i in enumerate(order):
        running = max(running, (len(order) - rank) * p_values[i])
        adjusted[i] = min(1.0, running)
    return [float(value) for value in adjusted]


def standard_error(draws: Floats) -> float:
    """Standard deviation of bootstrap draws."""
    good = draws[np.isfinite(draws)]
    return float(good.std(ddof=1)) if good.size > 1 else float("nan")


def detectable(error: float, tests: int = 1, level: float = LEVEL, power: float = POWER) -> float:
    """Smallest true difference that a two-sided test would find with the given power (normal approximation).

    Args:
        error: standard error of the difference; 0 says that nothing varied, from which no size can be told (NaN).
        tests: size of the family; the level of one test is divided by it.
    """
    quantile = NormalDist().inv_cdf
    return (quantile(1 - (1 - level) / 2 / tests) + quantile(power)) * error if error > 0 else float("nan")
