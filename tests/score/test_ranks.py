"""Ranks with their uncertainty: against independent references, by simulation, and at the edges."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import studentized_range

from robustx.score.farthest import farthest
from robustx.score.ranks import draws_for, ranking, significantly_better, tie_groups
from robustx.score.resample import sign_flip_p


def scored(right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Accuracy of right-or-wrong, [models, examples], and what each example adds to it."""
    return right.mean(axis=1), right / right.shape[1]


def answers(accuracy: np.ndarray, examples: int, shared: float, rng: np.random.Generator) -> np.ndarray:
    """Right or wrong, [models, examples]; models find the same examples hard, to the degree ``shared``."""
    common, own = rng.random(examples), rng.random((len(accuracy), examples))
    alike = rng.random((len(accuracy), examples)) < shared
    return (np.where(alike, common, own) < accuracy[:, None]).astype(float)


def test_the_bar_of_independent_models_is_tukeys_studentised_range() -> None:
    models, draws = 8, 20_000
    moved = np.random.default_rng(0).standard_normal((models, draws)).astype(np.float32)
    scale = np.full((models, models), np.sqrt(2), dtype=np.float32)
    bar = farthest(moved, scale, int(0.95 * draws))
    assert bar == pytest.approx(studentized_range.ppf(0.95, models, np.inf) / np.sqrt(2), abs=0.05)


def test_of_two_models_the_better_is_the_one_that_the_paired_sign_flip_test_finds() -> None:
    rng = np.random.default_rng(3)
    seen = []
    for second in np.linspace(0.5, 0.8, 16):
        right = answers(np.array([0.55, second]), 200, 0.5, rng)
        p = sign_flip_p(right[1] - right[0])
        if not 0.04 < p < 0.06:  # too near to call: both are Monte Carlo
            better = significantly_better(*scored(right))
            assert bool(better.any()) == (p < 0.05)
            seen.append(p < 0.05)
    assert 3 < sum(seen) < len(seen) - 3


@pytest.mark.parametrize(
    "accuracy",
    [np.full(10, 0.6), np.array([0.5, 0.5, 0.5, 0.6, 0.6, 0.6, 0.8, 0.8, 0.33, 0.33])],
    ids=["all equal", "in clusters"],
)
def test_wrong_rank_claims_are_rarer_than_the_level_over_the_whole_family(accuracy: np.ndarray) -> None:
    """A board errs if any claim on it is false, or any true rank lies outside its interval."""
    rng, boards, wrong, missed = np.random.default_rng(11), 500, 0, 0
    truly_better = (accuracy[:, None] > accuracy[None, :]).astype(bool)
    best, worst = 1 + truly_better.sum(axis=0), len(accuracy) - truly_better.sum(axis=1)
    for _ in range(boards):
        values, draws = scored(answers(accuracy, 120, 0.7, rng))
        made = ranking(values, draws)
        wrong += bool((significantly_better(values, draws) & ~truly_better).any())
        missed += bool(((made.low > best) | (made.high < worst)).any())
    assert wrong <= 0.05 * boards + 2 * np.sqrt(boards * 0.05 * 0.95)
    assert missed <= wrong


def test_a_real_difference_is_found_and_one_odd_model_hides_it_from_no_other() -> None:
    """Studentised: a model at chance, which shares no errors with the others, does not raise the bar for them."""
    rng, found, boards = np.random.default_rng(5), 0, 40
    for _ in range(boards):
        good = answers(np.array([0.72, 0.72, 0.62]), 400, 0.95, rng)
        junk = answers(np.array([1 / 3]), 400, 0.0, rng)
        better = significantly_better(*scored(np.vstack([good, junk])))
        found += bool(better[0, 2])
    assert found > 0.9 * boards


def test_models_with_the_same_answers_are_tied_whatever_else_is_there() -> None:
    right = answers(np.array([0.9, 0.3]), 200, 0.0, np.random.default_rng(1))
    made = ranking(*scored(right[[0, 0, 1, 1]]))
    assert made.low.tolist() == [1, 1, 3, 3]
    assert made.high.tolist() == [2, 2, 4, 4]
    assert made.groups == ((0, 1), (2, 3))


@pytest.mark.parametrize("same", [0.0, 1.0, 0.6])
def test_models_that_never_differ_share_every_rank(same: float) -> None:
    right = np.tile((np.arange(100) < same * 100).astype(float), (5, 1))
    made = ranking(*scored(right))
    assert made.groups == ((0, 4),)
    assert (made.low == 1).all()
    assert (made.high == 5).all()


def test_one_model_is_first_and_none_are_no_ranking() -> None:
    one = ranking(np.array([0.5]), np.full((1, 10), 0.5))
    assert (one.low.tolist(), one.high.tolist(), one.groups) == ([1], [1], ((0, 0),))
    none = ranking(np.zeros(0), np.zeros((0, 10)))
    assert (none.order.size, none.groups) == (0, ())


def test_two_models_that_differ_in_a_few_examples_do_not_raise_the_bar_for_all() -> None:
    rng = np.random.default_rng(2)
    right = answers(np.array([0.9, 0.5, 0.7]), 300, 0.3, rng)
    twin = right[[0]].copy()
    twin[0, :2] = 1 - twin[0, :2]
    without, beside = (significantly_better(*scored(rows)) for rows in (right, np.vstack([right, twin])))
    assert (beside[:3, :3] == without).all()
    assert without[0, 1]


@given(st.integers(1, 9), st.integers(0, 2**36 - 1))
def test_tie_groups_are_the_longest_runs_without_a_difference(count: int, bits: int) -> None:
    better = np.zeros((count, count), dtype=bool)
    for k, (i, j) in enumerate(combinations(range(count), 2)):
        better[i, j] = bool(bits >> k & 1)

    def run(first: int, last: int) -> bool:
        return 0 <= first <= last < count and not better[first : last + 1, first : last + 1].any()

    expected = tuple(
        (i, j) for i in range(count) for j in range(i, count) if run(i, j) and not run(i - 1, j) and not run(i, j + 1)
    )
    assert tie_groups(better) == expected


def test_more_models_take_fewer_draws_and_never_too_few() -> None:
    assert draws_for(2) == draws_for(300) == 2000
    assert draws_for(500) == 800
    assert draws_for(5000) == 200
