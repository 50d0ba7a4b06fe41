"""What every step trains on is laid down before the first: exact shares, every row once an epoch, the same for the same seed."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from robustx.stilts.schedule import counts, schedule, shares, total_steps

NINE = {
    "anli-plus": 1_104_934,
    "mnli": 392_702,
    "qqp": 363_846,
    "squad-2.0": 130_319,
    "squad-1.1": 87_599,
    "hellaswag": 39_905,
    "ccg": 38_015,
    "cosmos-qa": 25_588,
    "commonsense-qa": 9_741,
}


def test_proportional_steps_are_in_the_proportion_of_the_rows() -> None:
    """The paper's nine tasks: the largest deviation from the exact share is one step."""
    made = counts(shares(NINE, "proportional", 2**19), 10_000)
    assert sum(made.values()) == 10_000
    for name, rows in NINE.items():
        assert abs(made[name] - 10_000 * rows / sum(NINE.values())) < 1


def test_mixing_can_be_capped_and_uniform() -> None:
    sizes = {"large": 9000, "small": 1000}
    assert shares(sizes, "proportional", 10) == {"large": 0.9, "small": 0.1}
    assert shares(sizes, "capped", 3000) == {"large": 0.75, "small": 0.25}
    assert shares(sizes, "uniform", 10) == {"large": 0.5, "small": 0.5}


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 10**6), min_size=1), st.integers(6, 5000))
def test_steps_are_dealt_out_whole_and_no_task_is_left_without(sizes: dict[str, int], steps: int) -> None:
    made = counts(shares(sizes, "proportional", 1), steps)
    assert sum(made.values()) == steps
    assert min(made.values()) >= 0
    if steps >= 2 * sum(sizes.values()) / min(sizes.values()):
        assert min(made.values()) >= 1


def test_a_phase_has_its_epochs_unless_steps_are_given() -> None:
    assert total_steps({"a": 100, "b": 60}, 32, 3.0, None) == 15
    assert total_steps({"a": 100}, 32, 3.0, 7) == 7
    assert total_steps({"a": 1}, 32, 0.1, None) == 1


@pytest.mark.parametrize("rows", [5, 64, 500, 3000])
def test_every_row_is_seen_once_an_epoch(rows: int) -> None:
    lengths = np.random.default_rng(0).integers(5, 60, rows)
    epochs, batch = 4, 16
    steps = schedule({"a": lengths.tolist()}, {"a": rows * epochs // batch}, batch, seed=1)
    seen = Counter(int(row) for step in steps for row in step.rows)
    assert all(len(step.rows) == batch for step in steps)
    # a pool may hold the end of one epoch and the beginning of the next
    assert max(seen.values()) <= epochs + 1
    assert sum(seen.values()) == rows * epochs // batch * batch
    if rows > batch:
        assert min(seen.get(row, 0) for row in range(rows)) >= epochs - 2


def test_rows_of_like_length_are_together() -> None:
    lengths = np.random.default_rng(0).integers(5, 60, 2000)
    steps = schedule({"a": lengths.tolist()}, {"a": 100}, 16, seed=1)
    padded = sum(lengths[step.rows].max() * 16 for step in steps)
    assert padded < 1.1 * sum(lengths[step.rows].sum() for step in steps)


def test_the_order_is_the_seeds_and_tasks_are_mixed_throughout() -> None:
    lengths = {"a": [5] * 300, "b": [5] * 100}
    steps = {"a": 60, "b": 20}
    one, again, other = (schedule(lengths, steps, 4, seed) for seed in (1, 1, 2))
    assert [(s.task, s.rows.tolist()) for s in one] == [(s.task, s.rows.tolist()) for s in again]
    assert [s.task for s in one] != [s.task for s in other]
    halves = [Counter(s.task for s in part)["b"] for part in (one[:40], one[40:])]
    assert min(halves) >= 5
    assert Counter(s.task for s in one) == steps
