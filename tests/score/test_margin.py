"""The tests against a margin, held to exact distributions and to likelihoods maximised by brute force."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from robustx.score.margin import (
    effective_counts,
    fallen_beyond_p,
    fallen_short_of_p,
    sign_flip_below,
    skellam_above,
    typical_change,
)

counts = st.integers(0, 40)
margins = st.floats(0, 0.2)


def cell(n: int, lost: int, won: int) -> np.ndarray:
    """One cell of n examples, right or wrong, as shares of its difference."""
    return np.concatenate([-np.ones(lost), np.ones(won), np.zeros(n - lost - won)]) / n


@pytest.mark.parametrize(
    ("first", "second"), [(0.5, 0.0), (3, 0.0), (40, 0.0), (0.5, 0.2), (1, 3), (10, 3), (40, 40), (3, 40)]
)
def test_the_skellam_tail_is_that_of_scipy_within_a_tenth_where_it_decides_anything(
    first: float, second: float
) -> None:
    exact = stats.skellam(first, second) if second else stats.poisson(first)
    checked = 0
    for count in range(-60, 120):
        tail = float(exact.sf(count - 1))
        if 0.001 <= tail <= 0.999:
            checked += 1
            assert skellam_above(count - 0.5, first, second) == pytest.approx(tail, rel=0.16, abs=0.012)
        if 1e-5 <= tail <= 0.01:
            assert skellam_above(count - 0.5, first, second) >= 0.97 * tail, "far out it errs upwards"
    assert checked >= 3


def test_the_skellam_tail_is_smooth_through_the_mean_and_falls() -> None:
    points = np.linspace(-10, 30, 4001)
    tails = [skellam_above(float(at), 9.0, 4.0) for at in points]
    assert max(abs(np.diff(tails))) < 0.002
    assert all(a >= b - 1e-9 for a, b in itertools.pairwise(tails))
    assert skellam_above(0.5, 0.0, 0.0) == 0.0
    assert skellam_above(-0.5, 0.0, 0.0) == 1.0


@given(counts, counts, margins)
def test_expected_counts_are_the_likeliest_ones_the_margin_apart(lost: int, won: int, margin: float) -> None:
    n = 100
    made = effective_counts(cell(n, lost, won), 1 / n, margin)
    assert made.fallen == pytest.approx(lost - won)
    assert made.lost - made.won == pytest.approx(margin * n, abs=1e-9)

    def unlikely(expected: float) -> float:
        return -float(stats.poisson.logpmf(lost, expected + margin * n) + stats.poisson.logpmf(won, expected))

    found = optimize.minimize_scalar(unlikely, bounds=(1e-9, 100), method="bounded")
    assert unlikely(max(made.won, 1e-9)) <= found.fun + 1e-5


@pytest.mark.parametrize(("lost", "won"), [(0, 0), (1, 0), (5, 5), (12, 4), (4, 12), (30, 30)])
def test_for_one_cell_the_standard_error_is_that_of_the_trinomial_score_test(lost: int, won: int) -> None:
    n, margin = 300, 0.01
    ours, wanted = effective_counts(cell(n, lost, won), 1 / n, margin).error, reference(n, lost, won, margin)
    assert ours == pytest.approx(wanted, rel=0.02)


def reference(n: int, lost: int, won: int, margin: float) -> float:
    """Tango's restricted standard error by brute force: the trinomial likelihood, maximised where lost - won is the margin."""

    def unlikely(q: float) -> float:
        return -(lost * math.log(q + margin) + won * math.log(q) + (n - lost - won) * math.log(1 - 2 * q - margin))

    q = optimize.minimize_scalar(unlikely, bounds=(1e-12, (1 - margin) / 2 - 1e-9), method="bounded").x
    return math.sqrt((2 * q + margin - margin**2) / n)


def test_a_sample_in_which_nothing_changed_shows_no_more_than_the_rule_of_three() -> None:
    """If one in a hundred were lost, none of 96 would be lost with probability exp(-0.96)."""
    nothing = np.zeros(96)
    assert fallen_short_of_p(nothing, 1 / 96, 0.01) == pytest.approx(math.exp(-0.96), abs=0.03)
    assert fallen_short_of_p(np.zeros(500), 1 / 500, 0.01) == pytest.approx(math.exp(-5), abs=0.002)
    assert fallen_beyond_p(nothing, 1 / 96, 0.01) > 0.9
    assert fallen_beyond_p(nothing, 1 / 96, 0.0) == 1.0


@given(counts, counts, margins, margins)
def test_a_wider_margin_is_harder_to_fall_beyond_and_easier_to_stay_within(
    lost: int, won: int, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    shares = cell(100, lost, won)
    assert fallen_beyond_p(shares, 0.01, high) >= fallen_beyond_p(shares, 0.01, low) - 0.01
    if low > 0:
        assert fallen_short_of_p(shares, 0.01, high) <= fallen_short_of_p(shares, 0.01, low) + 0.01


@given(counts, counts, st.integers(2, 30))
def test_cells_that_say_the_same_of_every_example_count_as_one(lost: int, won: int, copies: int) -> None:
    """The mean over languages of one and the same answer: an example has one vote, whatever the number of cells."""
    alone = cell(100, lost, won)
    together = sum((alone / copies for _ in range(copies)), np.zeros(100))
    assert fallen_beyond_p(together, 0.01, 0.01) == pytest.approx(fallen_beyond_p(alone, 0.01, 0.01))


def test_a_typical_change_is_that_of_the_changes_there_are() -> None:
    assert typical_change(cell(50, 3, 4), 1 / 50) == pytest.approx(1 / 50)
    assert typical_change(np.array([0.02, -0.02, 0.0]), 0.5) == pytest.approx(0.02)
    assert typical_change(np.zeros(5), 0.2) == 0.2


def test_one_sided_sign_flips_agree_with_the_binomial_and_with_enumeration() -> None:
    values = np.array([-3.0, -2, -2, -1, 1, 0.5, -0.25])
    signs = np.array(list(itertools.product([-1, 1], repeat=7)))
    enumerated = (signs @ np.abs(values) <= values.sum() + 1e-9).mean()
    both = np.zeros((60, 3))
    both[:7, 0], both[:, 1] = values, cell(60, 14, 4) * 60
    made = sign_flip_below(both)
    assert made[0] == pytest.approx(enumerated, abs=0.015)
    assert made[1] == pytest.approx(stats.binomtest(4, 18, 0.5, alternative="less").pvalue, abs=0.006)
    assert made[2] == 1.0
