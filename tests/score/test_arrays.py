"""Stacked cells, macro means and their resampling against slow references."""

from __future__ import annotations

import math
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic import Part, Planted, right, write

from robustx.score.arrays import (
    MIN_EFFECTIVE,
    contributions,
    mean_weights,
    p_of,
    ratio_figure,
    resample,
    stack,
    weighted,
    weights_for,
)
from robustx.score.resample import bootstrap_weights
from robustx.score.table import CellKey, RunTable, read_tables

keys = st.builds(
    CellKey,
    st.just("xnli"),
    st.sampled_from(["hi", "en", "ru"]),
    st.sampled_from("abc"),
    st.sampled_from([0.1, 0.2]),
    st.integers(0, 1),
)


@given(st.lists(st.tuples(keys, st.booleans(), st.floats(0, 1)), max_size=15, unique_by=lambda row: row[0]))
@settings(max_examples=60, deadline=None)
def test_a_macro_mean_is_over_languages_then_attacks_then_severities_and_draws(
    rows: list[tuple[CellKey, bool, float]],
) -> None:
    tree: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for key, usable, value in rows:
        if usable:
            tree[key.language][key.attack].append(value)
    by_language = [sum(sum(v) / len(v) for v in attacks.values()) / len(attacks) for attacks in tree.values()]
    weights = mean_weights(
        tuple(row[0] for row in rows), np.array([row[1] for row in rows], dtype=bool), lambda key: True
    )
    (found,) = weighted(np.array([[row[2] for row in rows]]), weights)
    if by_language:
        assert found == pytest.approx(sum(by_language) / len(by_language), abs=1e-12)
    else:
        assert math.isnan(found)


def test_a_cell_of_no_weight_does_not_matter_even_where_it_is_undefined() -> None:
    assert weighted(np.array([[0.5, np.nan]]), np.array([1.0, 0.0])).tolist() == [0.5]


def table_of(tmp_path: Path, planted: Planted) -> RunTable:
    return read_tables(write(tmp_path / "run", planted))[0]


def test_clean_and_robust_are_of_the_same_examples_those_changed_and_seen(tmp_path: Path) -> None:
    n, rng = 60, np.random.default_rng(0)
    changed, survived, rows = (rng.random(n) < 0.8 for _ in range(3))
    clean, robust = right(n, 0.6, 1), right(n, 0.5, 2)
    part = Part(robust, changed=changed, survived=survived, rows=rows)
    made = stack(table_of(tmp_path, Planted({"hi": Part(clean)}, {("hi", "typo", 0.1, 0): part})))
    judged = [i for i in range(n) if changed[i] and survived[i] and rows[i]]
    assert np.flatnonzero(made.mask[:, 0]).tolist() == judged
    assert made.clean[:, 0].sum() == sum(clean[i] for i in judged)
    assert made.robust[:, 0].sum() == sum(robust[i] for i in judged)
    assert made.clean_total[:, 0].sum() == made.robust_total[:, 0].sum() == len(judged)


@pytest.mark.parametrize(("judged", "usable"), [(MIN_EFFECTIVE - 1, False), (MIN_EFFECTIVE, True)])
def test_a_cell_with_too_few_changed_examples_is_no_part_of_any_mean(tmp_path: Path, judged: int, usable: bool) -> None:
    part = Part(np.ones(40), changed=np.arange(40) < judged)
    made = stack(table_of(tmp_path, Planted({"hi": Part(np.ones(40))}, {("hi", "typo", 0.1, 0): part})))
    assert made.usable.tolist() == [usable]


def test_a_cell_with_nothing_to_divide_by_is_no_part_of_any_mean(tmp_path: Path) -> None:
    part = Part(np.zeros(40), denominator=0.0)
    made = stack(table_of(tmp_path, Planted({"hi": Part(np.ones(40))}, {("hi", "typo", 0.1, 0): part})))
    assert made.usable.tolist() == [False]


def test_a_run_without_perturbed_cells_stacks_to_nothing(tmp_path: Path) -> None:
    made = stack(table_of(tmp_path, Planted({"hi": Part(np.ones(12))})))
    assert made.keys == ()
    assert made.usable.tolist() == []


def f1_like(n: int, seed: int) -> Part:
    rng = np.random.default_rng(seed)
    total = rng.integers(1, 9, n).astype(float)
    return Part(rng.binomial(total.astype(int), 0.7), denominator=total)


def test_the_measured_figure_is_the_exact_ratio_of_sums_and_never_a_mean_of_ratios(tmp_path: Path) -> None:
    clean, robust = f1_like(80, 1), f1_like(80, 2)
    table = table_of(tmp_path, Planted({"hi": clean}, {("hi", "typo", 0.1, 0): robust}))
    made = resample(stack(table), weights_for(table))
    assert made.robust[0, 0] == robust.right.sum() / robust.denominator.sum()
    figure = made.figure(np.ones(1), lambda c, r: r - c)
    assert figure.value == robust.right.sum() / robust.denominator.sum() - clean.right.sum() / clean.denominator.sum()
    assert figure.low < figure.value < figure.high
    assert figure.n == 80


@pytest.mark.parametrize("seed", range(4))
def test_contributions_sum_to_the_difference_they_are_contributions_to(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, cells = 50, 4
    a, b = rng.random((2, n, cells)) < 0.6
    mask = (rng.random((n, cells)) < 0.9).astype(float)
    weights = np.array([0.5, 0.2, -0.3, 0.0])
    given = contributions(weights, (a * mask, mask), (b * mask, mask))
    difference = (a * mask).sum(axis=0) / mask.sum(axis=0) - (b * mask).sum(axis=0) / mask.sum(axis=0)
    assert given.sum() == pytest.approx(difference @ weights, abs=1e-12)


def test_contributions_of_ratios_with_other_denominators_sum_to_the_difference_to_first_order() -> None:
    rng = np.random.default_rng(0)
    high_total, low_total = rng.integers(4, 7, (2, 400, 1)).astype(float)
    high, low = rng.binomial(high_total.astype(int), 0.7) * 1.0, rng.binomial(low_total.astype(int), 0.6) * 1.0
    difference = high.sum() / high_total.sum() - low.sum() / low_total.sum()
    assert contributions(np.ones(1), (high, high_total), (low, low_total)).sum() == pytest.approx(difference, rel=0.01)


def test_languages_that_are_copies_of_each_other_do_not_shrink_the_interval_of_their_mean(tmp_path: Path) -> None:
    n = 120
    clean, robust = right(n, 0.7, 1), right(n, 0.5, 2)
    widths = []
    for i, codes in enumerate((["hi"], ["hi", "ru", "ar", "th"])):
        cells = {(code, "typo", 0.1, 0): Part(robust) for code in codes}
        (table,) = read_tables(write(tmp_path / str(i), Planted({code: Part(clean) for code in codes}, cells)))
        made = resample(stack(table), weights_for(table))
        figure = made.figure(mean_weights(made.stack.keys, made.stack.usable, lambda key: True), lambda c, r: r - c)
        widths.append((figure.low, figure.high))
    assert widths[1] == pytest.approx(widths[0], abs=1e-9)


def test_a_figure_of_nothing_is_no_number() -> None:
    figure = ratio_figure(bootstrap_weights(5), np.zeros(5), np.zeros(5))
    assert all(map(math.isnan, figure[:3]))
    assert figure.n == 0
    assert math.isnan(p_of(np.zeros(5), np.zeros(3)))
    assert p_of(np.zeros(5), np.ones(3)) == 1.0
