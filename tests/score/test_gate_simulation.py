"""How often the gate errs, in worlds whose true falls are known: no more often than it says, and rarely where it matters."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from gate_worlds import World, failed

from robustx.score.gate import Judged, not_inferior, regressions
from robustx.score.questions import Question

RUNS = 150
ALPHA = 0.05
TOLERANCE = 0.01
SURELY = 3 * float(np.sqrt(ALPHA * (1 - ALPHA) / RUNS))
"""How far above the level a rate of so many runs may lie by luck."""

Judge = Callable[[Sequence[Question], float, float], list[Judged]]
SMALL = {"languages": ("hi", "ru", "th", "en", "sw"), "attacks": ("typo", "swap")}
WORLDS = {
    "ordinary": {},
    "small": {"n": 96},
    "one cell a language": {"languages": ("hi", "en"), "attacks": ("typo",)},
    "only losses": {"won": 0.0},
    "cells alike": {"shared": 0.9},
    "cells apart": {"shared": 0.0},
}


def rate(world: World, judge: Judge, runs: int = RUNS) -> float:
    """Share of pairs of runs at which the gate fails."""
    return sum(failed(judge(world.draw(seed), TOLERANCE, ALPHA)) for seed in range(runs)) / runs


@pytest.mark.parametrize("kind", WORLDS)
def test_at_exactly_the_tolerance_everywhere_it_raises_no_more_false_alarms_than_its_level(kind: str) -> None:
    world = World(**({"n": 300, "fall": TOLERANCE} | SMALL | WORLDS[kind]))  # type: ignore[arg-type]
    assert rate(world, regressions) <= ALPHA + SURELY


def test_where_nothing_fell_false_alarms_are_rarer_still() -> None:
    assert rate(World(300, **SMALL), regressions) <= 0.02


def test_without_holm_it_would_raise_far_too_many() -> None:
    """The reason for the correction, and a check that this world can raise an alarm at all."""
    world = World(300, TOLERANCE, **SMALL)
    alarms = [min(one.p for one in regressions(world.draw(seed), TOLERANCE, ALPHA)) <= ALPHA for seed in range(60)]
    assert np.mean(alarms) > 0.25


@pytest.mark.parametrize(
    ("world", "power"), [(World(400, 0.06, **SMALL), 0.95), (World(400, falls={"th": 0.12}, **SMALL), 0.9)]
)
def test_a_clear_fall_everywhere_or_in_one_language_is_found(world: World, power: float) -> None:
    assert rate(world, regressions, 60) >= power


@pytest.mark.parametrize("kind", WORLDS)
def test_what_fell_by_the_tolerance_is_called_not_inferior_no_more_often_than_the_level(kind: str) -> None:
    world = World(**({"n": 300, "fall": TOLERANCE} | SMALL | WORLDS[kind]))  # type: ignore[arg-type]
    drawn = [not_inferior(world.draw(seed), TOLERANCE, ALPHA) for seed in range(RUNS)]
    shown = np.array([[one.outcome == "held" for one in judged] for judged in drawn])
    assert shown.mean() <= ALPHA + 0.01, "a line by itself"
    assert shown.all(axis=1).mean() <= 0.01, "and the gate, which needs them all"


def test_an_equal_model_is_shown_not_inferior_where_there_are_examples_enough() -> None:
    assert rate(World(6000, won=0.02, languages=("hi", "en"), attacks=("typo",)), not_inferior, 20) <= 0.2
    assert rate(World(200, won=0.02, languages=("hi", "en"), attacks=("typo",)), not_inferior, 20) == 1.0


def test_the_size_it_says_it_sees_is_found_in_four_of_five_runs() -> None:
    """One line of its table, at the corrected level: a fall of tolerance + sees."""
    world = World(800, languages=("hi", "en"), attacks=("typo",))
    sees = [regressions(world.draw(seed), TOLERANCE, ALPHA)[0].sight.distance for seed in range(20)]
    fallen = World(800, TOLERANCE + float(np.mean(sees)), languages=("hi", "en"), attacks=("typo",))
    tests = len(fallen.draw(0))
    found = [regressions(fallen.draw(seed), TOLERANCE, ALPHA)[0].p <= ALPHA / tests for seed in range(RUNS)]
    assert 0.65 <= np.mean(found) <= 0.92
