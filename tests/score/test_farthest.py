"""The search for the largest difference: what every pair would give, whatever the models are like and how they stand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from robustx.score.farthest import farthest


def of_every_pair(moved: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """The largest difference under each draw, smallest first, with no pair left out."""
    inverse = 1 / scale
    apart = np.abs(moved[:, None] - moved[None, :]) * inverse[:, :, None]
    return np.sort(apart.max(axis=(0, 1)))


def symmetric(rng: np.random.Generator, models: int, spread: float) -> np.ndarray:
    half = rng.uniform(1, spread, (models, models)).astype(np.float32)
    return np.maximum(half, half.T)


@given(st.integers(2, 70), st.integers(1, 40), st.sampled_from([1.0, 1.5, 20.0]), st.integers(0, 10_000))
def test_it_is_the_number_that_all_pairs_give_bit_for_bit(models: int, draws: int, spread: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    moved = rng.standard_normal((models, draws)).astype(np.float32)
    scale = symmetric(rng, models, spread)
    wanted = of_every_pair(moved, scale)
    for place in {0, draws // 2, draws - 1}:
        assert farthest(moved, scale, place) == wanted[place]


def test_the_largest_difference_need_not_be_between_outer_models() -> None:
    """Two near the middle of a hundred, whose difference is known ten times as well as any other."""
    moved = np.linspace(-3, 3, 100, dtype=np.float32)[:, None]
    scale = np.full((100, 100), 2, dtype=np.float32)
    scale[40, 60] = scale[60, 40] = 0.2
    assert farthest(moved, scale, 0) == of_every_pair(moved, scale)[0] == pytest.approx((6 * 20 / 99) / 0.2, rel=1e-5)


def test_the_order_of_the_models_does_not_matter() -> None:
    rng = np.random.default_rng(4)
    moved, scale = rng.standard_normal((50, 30)).astype(np.float32), symmetric(rng, 50, 3)
    order = rng.permutation(50)
    assert farthest(moved[order], scale[np.ix_(order, order)], 20) == farthest(moved, scale, 20)


@pytest.mark.parametrize("models", [1, 2, 40])
def test_models_that_do_not_differ_are_not_apart(models: int) -> None:
    assert farthest(np.ones((models, 5), np.float32), np.ones((models, models), np.float32), 4) == 0.0
