"""What intervals and tests promise, checked on many simulated runs: coverage, and false alarms when nothing is there."""

from __future__ import annotations

import numpy as np
import pytest

from robustx.score.resample import bootstrap_weights, holm, interval, resampled_ratios, sign_flip_p

RUNS = 800
LANGUAGES = 3


def simulated(n: int, accuracy: float, lost: float, seed: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Clean and robust right-or-wrong, [examples, runs, languages], and the true robust accuracy.

    An example's difficulty is shared by its languages, so the columns of one run are correlated.
    """
    rng = np.random.default_rng(seed)
    shared = rng.random((n, RUNS, 1)) < 0.6
    own, common = rng.random((n, RUNS, LANGUAGES)), rng.random((n, RUNS, 1))
    clean = np.where(shared, common, own) < accuracy
    flip = rng.random((n, RUNS, LANGUAGES))
    robust = np.where(clean, flip >= lost, flip < lost / 3)
    return clean.astype(float), robust.astype(float), accuracy * (1 - lost) + (1 - accuracy) * lost / 3


def coverage(draws: np.ndarray, truth: float) -> float:
    """Share of runs, [draws, runs], whose interval holds the truth."""
    bounds = np.array([interval(column) for column in draws.T])
    return float(((bounds[:, 0] <= truth) & (truth <= bounds[:, 1])).mean())


@pytest.mark.parametrize("n", [96, 500])
def test_intervals_of_macro_accuracy_and_of_the_gap_hold_the_truth_about_95_times_in_100(n: int) -> None:
    clean, robust, robust_truth = simulated(n, 0.6, 0.15, seed=n)
    weights, flat, ones = bootstrap_weights(n), (n, RUNS * LANGUAGES), np.ones((n, RUNS * LANGUAGES))
    means = [
        resampled_ratios(weights, part.reshape(flat), ones).reshape(-1, RUNS, LANGUAGES).mean(axis=2)
        for part in (clean, robust)
    ]
    assert 0.92 <= coverage(means[0], 0.6) <= 0.975
    assert 0.92 <= coverage(means[1], robust_truth) <= 0.975
    assert 0.92 <= coverage(means[1] - means[0], robust_truth - 0.6) <= 0.975


def test_resampling_languages_apart_would_miss_the_truth_far_too_often() -> None:
    """The reason for clustering: this is what the intervals would be like if each row were a fresh example."""
    clean, _, _ = simulated(96, 0.6, 0.15, seed=1)
    stacked = clean.transpose(0, 2, 1).reshape(96 * LANGUAGES, RUNS)
    assert coverage(resampled_ratios(bootstrap_weights(96 * LANGUAGES), stacked, np.ones_like(stacked)), 0.6) < 0.92


def test_the_sign_flip_test_raises_false_alarms_no_more_often_than_it_says() -> None:
    rng = np.random.default_rng(5)
    runs = 2000
    alarms = 0
    for _ in range(runs):
        shared = rng.integers(-1, 2, (96, 1)) * (rng.random((96, 1)) < 0.5)
        changes = (shared + rng.integers(-1, 2, (96, LANGUAGES)) * (rng.random((96, LANGUAGES)) < 0.3)).mean(axis=1)
        alarms += sign_flip_p(changes, flips=499) <= 0.05
    assert 0.035 <= alarms / runs <= 0.06


def test_a_holm_family_raises_any_false_alarm_no_more_often_than_one_test_would() -> None:
    rng = np.random.default_rng(6)
    families, alarms, naive = 600, 0, 0
    for _ in range(families):
        p_values = [sign_flip_p(rng.normal(0, 1, 96), flips=499) for _ in range(5)]
        alarms += min(holm(p_values)) <= 0.05
        naive += min(p_values) <= 0.05
    assert alarms / families <= 0.06
    assert naive / families > 0.15
