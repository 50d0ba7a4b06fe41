"""Nearest neighbours: exact, tied by row, the same by every way of looking, and in flat memory."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from robustx.model import neighbours
from robustx.model.neighbours import Rows, Vectors, by_faiss, fastest, in_blocks, nearest, unit

FAISS = pytest.param(
    by_faiss, marks=pytest.mark.skipif(importlib.util.find_spec("faiss") is None, reason="faiss is not installed")
)
WAYS = pytest.mark.parametrize("search", [in_blocks, FAISS])


def vectors(seed: int, count: int, width: int = 16) -> Vectors:
    return unit(np.random.default_rng(seed).normal(size=(count, width)))


def by_sorting(queries: Vectors, index: Vectors, k: int) -> Rows:
    """The definition, one query at a time in exact arithmetic on whole numbers where the vectors are whole."""
    found = []
    for query in queries.astype(float):
        similarity = [round(float(sum(a * b for a, b in zip(query, row, strict=True))), 12) for row in index.tolist()]
        found.append(sorted(range(len(index)), key=lambda i: (-similarity[i], i))[:k])
    return np.array(found)


@WAYS
@pytest.mark.parametrize(("queries", "index", "k"), [(7, 40, 4), (3, 2, 4), (1, 1, 1), (20, 9, 4), (5, 200, 1)])
def test_they_are_those_of_the_definition(search: neighbours.Search, queries: int, index: int, k: int) -> None:
    asked, known = vectors(1, queries), vectors(2, index)
    found = nearest(asked, known, k, search)
    assert found.rows.tolist() == by_sorting(asked, known, k).tolist()
    chosen = np.take_along_axis(asked.astype(float) @ known.T.astype(float), found.rows, axis=1)
    assert np.abs(found.similarity - chosen).max() < 1e-9


@WAYS
@given(st.lists(st.integers(0, 3), min_size=1, max_size=60), st.integers(1, 5))
def test_equal_vectors_tie_and_ties_go_to_the_lower_row(search: neighbours.Search, chosen: list[int], k: int) -> None:
    four = vectors(3, 4)
    assert nearest(four, four[chosen], k, search).rows.tolist() == by_sorting(four, four[chosen], k).tolist()


@WAYS
def test_vectors_that_float32_products_cannot_tell_apart_are_told_apart(search: neighbours.Search) -> None:
    rng = np.random.default_rng(4)
    index = unit(vectors(4, 1, 64) + rng.normal(scale=1e-5, size=(300, 64)))
    found = nearest(index[:30], index, 4, search)
    assert found.rows.tolist() == by_sorting(index[:30], index, 4).tolist()


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, known = vectors(5, 50), vectors(6, 90)
    whole = nearest(asked, known, 4, in_blocks)
    for block in ((7, 11), (50, 1), (1, 90)):
        monkeypatch.setattr(neighbours, "BLOCK", block)
        again = nearest(asked, known, 4, in_blocks)
        assert np.array_equal(again.rows, whole.rows)
        assert np.array_equal(again.similarity, whole.similarity)


def test_a_search_that_misses_nothing_is_all_that_is_asked_of_one() -> None:
    """Candidates may come in any order, with values that float32 has rounded."""

    def shuffled(queries: Vectors, index: Vectors, k: int) -> tuple[Vectors, Rows]:
        values, rows = in_blocks(queries, index, k)
        values[:, -1] = values.min(axis=1)
        return values, rows[:, ::-1].copy()

    asked, known = vectors(7, 9), vectors(8, 70)
    assert np.array_equal(nearest(asked, known, 3, shuffled).rows, nearest(asked, known, 3, in_blocks).rows)


def test_unit_vectors_have_length_one_and_a_zero_vector_stays() -> None:
    made = unit(np.array([[3.0, 4.0], [0.0, 0.0], [1e-20, 0.0]]))
    assert made.tolist() == pytest.approx(np.array([[0.6, 0.8], [0.0, 0.0], [1.0, 0.0]]), abs=1e-6)


def test_faiss_is_used_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    spec: Callable[[str], object] = {"faiss": object()}.get
    monkeypatch.setattr(importlib.util, "find_spec", spec)
    assert fastest() is by_faiss
    monkeypatch.setattr(importlib.util, "find_spec", {}.get)
    assert fastest() is in_blocks


def test_memory_does_not_grow_with_the_product_of_both_sides() -> None:
    """12,000 x 40,000 similarities would be 1.9 GB; looking among them takes less than a fifth of that."""
    code = """
import resource
import numpy as np, torch
from robustx.model.neighbours import in_blocks, nearest, unit
torch.set_num_threads(1)
rng = np.random.default_rng(0)
queries, index = unit(rng.normal(size=(12_000, 8))), unit(rng.normal(size=(40_000, 8)))
nearest(queries[:2000], index[:2000], 4, in_blocks)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
nearest(queries, index, 4, in_blocks)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
    made = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=120)
    assert int(made.stdout) < 380
