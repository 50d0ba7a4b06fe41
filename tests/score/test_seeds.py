"""Several seeds an arm: a level of the bootstrap of their own, so that luck in training is not taken for an effect."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from synthetic import Part, Planted, right, simple, write

from robustx.errors import RunError
from robustx.score.compare import compare_arms, compare_runs
from robustx.score.seeds import bootstrap_p

N = 300


def arm(root: Path, name: str, shares: list[float], seed: int) -> list[Path]:
    """Runs of one arm, each right under attack as often as its share says."""
    made = []
    for i, share in enumerate(shares):
        clean = right(N, 0.9, 1)
        robust = Part(right(N, share, seed + i))
        made.append(write(root / f"{name}-{i}", Planted({"hi": Part(clean)}, {("hi", "typo", 0.1, 0): robust})))
    return made


def robust(compared: dict[str, object]) -> dict[str, dict[str, float]]:
    return compared["tasks"]["xnli"]["languages"]["hi"]  # type: ignore[index,no-any-return]


def test_one_seed_is_the_comparison_of_two_runs(tmp_path: Path) -> None:
    a, b = arm(tmp_path, "a", [0.6], 10), arm(tmp_path, "b", [0.7], 20)
    assert compare_arms(a, b) == compare_runs(a[0], b[0])
    assert compare_runs(a[0], b[0])["seeds"] == 1


def test_the_difference_is_the_mean_over_seeds(tmp_path: Path) -> None:
    a, b = arm(tmp_path, "a", [0.5, 0.6, 0.7], 10), arm(tmp_path, "b", [0.6, 0.6, 0.8], 20)
    each = [robust(compare_runs(*pair))["robust"]["difference"]["value"] for pair in zip(a, b, strict=True)]
    compared = compare_arms(a, b)
    assert robust(compared)["robust"]["difference"]["value"] == pytest.approx(np.mean(each))
    assert len(compared["baseline"]["runs"]) == compared["seeds"] == 3
    assert set(compared["tests"].values()) == {"bootstrap over seeds and source examples"}
    assert compared["baseline"]["model"]["name"].endswith(", 3 seeds")


def test_seeds_that_disagree_widen_the_interval(tmp_path: Path) -> None:
    def width(name: str, shares: list[float]) -> float:
        a, b = arm(tmp_path, f"{name}a", [0.6] * 3, 10), arm(tmp_path, f"{name}b", shares, 20)
        figure = robust(compare_arms(a, b))["robust"]["difference"]
        return figure["high"] - figure["low"]

    assert width("far", [0.4, 0.6, 0.8]) > 2.5 * width("near", [0.6, 0.6, 0.6])


def test_an_effect_of_luck_in_training_alone_is_rarely_found(tmp_path: Path) -> None:
    """Two arms of five seeds that differ in nothing: found seldom, where examples alone find it often.

    The seeds of both arms are drawn from one spread of 8 points; the bound is three standard errors above 5%.
    """
    rng = np.random.default_rng(3)
    found = naive = 0
    worlds = 24
    for world in range(worlds):
        levels = np.clip(rng.normal(0.6, 0.08, (2, 5)), 0.3, 0.9)
        draws = rng.random((2, 5, N)) < levels[..., None]
        difference = draws[1].mean(axis=0).astype(float) - draws[0].mean(axis=0)
        naive += abs(difference.mean()) > 1.96 * difference.std() / np.sqrt(N)
        root = tmp_path / str(world)
        arms = [
            [
                write(
                    root / f"{side}-{i}",
                    Planted({"hi": Part(np.ones(N))}, {("hi", "t", 0.1, 0): Part(draws[side, i].astype(float))}),
                )
                for i in range(5)
            ]
            for side in (0, 1)
        ]
        found += robust(compare_arms(*arms))["robust_p"] < 0.05  # type: ignore[operator]
    assert found / worlds <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / worlds)
    assert naive > found


def test_all_runs_must_be_of_the_same_texts(tmp_path: Path) -> None:
    runs = [write(tmp_path / name, simple(60, {"hi": (0.8, 0.7)}, texts=name[0])) for name in ("x1", "x2", "y1", "y2")]
    with pytest.raises(RunError, match="not of the same texts"):
        compare_arms([runs[0], runs[2]], [runs[1], runs[3]])


def test_a_p_value_is_where_zero_lies_among_the_draws() -> None:
    draws = np.array([1.0, *np.linspace(-1, 9, 99)])
    below = int((draws[1:] <= 0).sum())
    assert bootstrap_p(draws) == pytest.approx(2 * (below + 1) / 100)
    assert bootstrap_p(np.array([0.0, 0.0, 0.0])) == 1.0
    assert np.isnan(bootstrap_p(np.array([np.nan, np.nan])))
