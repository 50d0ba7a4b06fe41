"""The statistics against independent implementations: SciPy, statsmodels, full enumeration, closed forms."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import NormalIndPower

from robustx.score.resample import (
    bootstrap_weights,
    detectable,
    holm,
    interval,
    mcnemar_exact,
    resampled_ratios,
    sign_flip_p,
    standard_error,
)

probabilities = st.floats(0, 1, allow_subnormal=False)


@given(st.integers(0, 300), st.integers(0, 300))
@settings(max_examples=80, deadline=None)
def test_mcnemar_agrees_with_statsmodels_and_scipy(lost: int, won: int) -> None:
    p = mcnemar_exact(lost, won)
    if lost + won == 0:
        assert p == 1.0
        return
    assert p == pytest.approx(mcnemar([[5, lost], [won, 7]], exact=True).pvalue, rel=1e-9)
    assert p == pytest.approx(stats.binomtest(lost, lost + won, 0.5).pvalue, rel=1e-9)


@pytest.mark.parametrize("discordant", [1, 5, 6, 9, 20, 41, 96, 300])
def test_exact_mcnemar_never_rejects_too_often_whatever_the_number_of_discordant_pairs(discordant: int) -> None:
    rejected = [k for k in range(discordant + 1) if mcnemar_exact(k, discordant - k) <= 0.05]
    assert sum(math.comb(discordant, k) for k in rejected) / 2**discordant <= 0.05


@given(st.lists(probabilities, min_size=1, max_size=12))
@settings(max_examples=20, deadline=None)  # multipletests collects garbage at every call
def test_holm_agrees_with_statsmodels(values: list[float]) -> None:
    assert holm(values) == pytest.approx(multipletests(values, method="holm")[1], abs=1e-12)


def test_holm_gives_tied_p_values_the_same_adjusted_value() -> None:
    values = [0.01, 0.02, 0.01, 0.02, 0.5]
    adjusted = holm(values)
    assert adjusted == pytest.approx(multipletests(values, method="holm")[1])
    assert adjusted[0] == adjusted[2] == pytest.approx(0.05)
    assert adjusted[1] == adjusted[3]


def test_holm_leaves_a_single_p_value_as_it_is_and_an_empty_family_empty() -> None:
    assert holm([0.03]) == [0.03]
    assert holm([]) == []


@given(st.lists(probabilities, min_size=1, max_size=6), st.integers(0, 6))
@settings(max_examples=30, deadline=None)
def test_what_was_not_tested_is_no_member_of_the_holm_family(values: list[float], at: int) -> None:
    place = min(at, len(values))
    adjusted = holm([*values[:place], math.nan, *values[place:]])
    assert math.isnan(adjusted.pop(place))
    assert adjusted == holm(values)


def enumerated(values: np.ndarray) -> float:
    """Share of all sign patterns whose sum is as far from zero."""
    signs = np.array(list(itertools.product([-1, 1], repeat=len(values))))
    return float((np.abs(signs @ values) >= abs(values.sum()) * (1 - 1e-9)).mean())


@pytest.mark.parametrize("seed", range(6))
def test_the_sign_flip_p_value_is_that_of_full_enumeration_within_monte_carlo_error(seed: int) -> None:
    values = np.random.default_rng(seed).normal(0.4, 1, 11)
    exact = enumerated(values)
    assert sign_flip_p(values) == pytest.approx(exact, abs=4 * math.sqrt(exact * (1 - exact) / 9999) + 2e-4)


@pytest.mark.parametrize("seed", range(3))
def test_the_sign_flip_p_value_agrees_with_scipys_permutation_test(seed: int) -> None:
    rng = np.random.default_rng(seed)
    before = rng.normal(0, 1, 40)
    after = before + rng.normal(0.2, 0.6, 40)
    expected = stats.permutation_test(
        (after, before),
        lambda a, b, axis: (a - b).mean(axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=9999,
        rng=np.random.default_rng(0),
    ).pvalue
    assert sign_flip_p(after - before) == pytest.approx(expected, abs=6 * math.sqrt(2 * 0.25 / 9999))


@pytest.mark.parametrize(("lost", "won"), [(3, 12), (10, 10), (8, 9), (30, 52), (0, 5)])
def test_for_right_and_wrong_the_sign_flip_test_is_exact_mcnemar(lost: int, won: int) -> None:
    changes = np.concatenate([-np.ones(lost), np.ones(won), np.zeros(100)]) / 117
    exact = mcnemar_exact(lost, won)
    assert sign_flip_p(changes) == pytest.approx(exact, abs=4 * math.sqrt(exact * (1 - exact) / 9999) + 2e-4)


def test_thousands_of_tied_sums_are_counted_as_ties() -> None:
    """4,001 changes of +-1/5010 that sum to one: every flip ties or exceeds, whatever the order of summation."""
    changes = np.concatenate([np.ones(2001), -np.ones(2000)]) / 5010
    assert sign_flip_p(changes, flips=999) == 1.0


def test_the_sign_flip_test_is_two_sided_and_indifferent_to_scale_and_to_examples_that_did_not_change() -> None:
    values = np.random.default_rng(3).normal(0.2, 1, 64)
    p = sign_flip_p(values)
    assert sign_flip_p(-values) == p
    assert sign_flip_p(values / 1000) == p
    assert sign_flip_p(np.concatenate([values, np.zeros(50)])) == p


def test_the_sign_flip_p_value_is_one_where_nothing_changed_and_never_zero() -> None:
    assert sign_flip_p(np.zeros(30)) == 1.0
    assert sign_flip_p(np.ones(200)) == pytest.approx(1 / 10_000)


def test_bootstrap_draws_are_multinomial_and_the_same_every_time() -> None:
    weights = bootstrap_weights(40)
    assert (weights.sum(axis=1) == 40).all()
    assert weights.var() == pytest.approx(1 - 1 / 40, rel=0.02)
    assert np.array_equal(weights, bootstrap_weights(40))
    assert np.abs(weights.mean(axis=0) - 1).max() < 5 / math.sqrt(2000)


@pytest.mark.parametrize("seed", range(3))
def test_percentile_intervals_of_a_ratio_agree_with_scipys_bootstrap(seed: int) -> None:
    rng = np.random.default_rng(seed)
    denominator = rng.integers(1, 9, 120).astype(float)
    numerator = rng.binomial(denominator.astype(int), 0.7).astype(float)
    found = interval(resampled_ratios(bootstrap_weights(120), numerator[:, None], denominator[:, None])[:, 0])
    expected = stats.bootstrap(
        (numerator, denominator),
        lambda top, bottom, axis: top.sum(axis=axis) / bottom.sum(axis=axis),
        paired=True,
        method="percentile",
        n_resamples=4000,
        vectorized=True,
        rng=np.random.default_rng(9),
    )
    assert found == pytest.approx(expected.confidence_interval, abs=0.15 * expected.standard_error)


def test_a_draw_with_nothing_to_divide_by_is_left_out_of_the_interval() -> None:
    draws = resampled_ratios(
        np.array([[1, 0], [0, 1]], dtype=np.float32), np.array([[1.0], [0]]), np.array([[2.0], [0]])
    )
    assert draws[0, 0] == 0.5
    assert math.isnan(draws[1, 0])
    assert interval(draws[:, 0]) == (0.5, 0.5)
    assert all(map(math.isnan, interval(np.array([np.nan]))))


def test_ratios_of_whole_numbers_are_exact_in_double_precision() -> None:
    numerator, ones = np.array([[1.0]] * 1 + [[0.0]] * 2), np.ones((3, 1))
    assert resampled_ratios(np.ones((1, 3), dtype=np.float32), numerator, ones)[0, 0] == 1 / 3


@pytest.mark.parametrize(("error", "power"), [(0.01, 0.8), (0.03, 0.9)])
def test_the_detectable_size_has_the_power_it_claims_by_statsmodels(error: float, power: float) -> None:
    size = detectable(error, power=power)
    found = NormalIndPower(ddof=0).power(size / error, nobs1=1, alpha=0.05, ratio=0)
    assert found == pytest.approx(power, abs=1e-4)


def test_the_detectable_size_is_two_point_eight_standard_errors_and_grows_with_the_family() -> None:
    assert detectable(1.0) == pytest.approx(stats.norm.ppf(0.975) + stats.norm.ppf(0.8), rel=1e-9)
    assert detectable(1.0, tests=10) == pytest.approx(stats.norm.ppf(1 - 0.0025) + stats.norm.ppf(0.8), rel=1e-9)


def test_no_detectable_size_is_claimed_where_nothing_varied() -> None:
    assert math.isnan(detectable(0.0))
    assert math.isnan(detectable(float("nan")))


def test_the_bootstrap_standard_error_of_a_mean_is_the_textbook_one() -> None:
    values = np.random.default_rng(0).normal(0, 1, (200, 1))
    draws = resampled_ratios(bootstrap_weights(200), values, np.ones_like(values))[:, 0]
    assert standard_error(draws) == pytest.approx(values.std() / math.sqrt(200), rel=0.06)
