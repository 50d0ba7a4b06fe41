"""Mining against XTREME's recipe, written out sentence by sentence as its files and dictionaries have it."""

from __future__ import annotations

import numpy as np
import pytest

from robustx.model.mining import Mined, best_threshold, mine
from robustx.model.neighbours import Vectors, unit


def pairs(seed: int, count: int, alone: int, noise: float) -> tuple[Vectors, Vectors]:
    """``count`` noisy pairs, row by row, and as many vectors without a pair on either side."""
    rng = np.random.default_rng(seed)
    shared = rng.normal(size=(count, 24))
    sides = [
        np.concatenate((shared + noise * rng.normal(size=shared.shape), rng.normal(size=(alone, 24)))) for _ in "ab"
    ]
    return unit(sides[0]), unit(sides[1])


def reference(source: Vectors, target: Vectors) -> dict[tuple[int, int], float]:
    """``mine_bitext`` with mode mine, retrieval max, margin ratio, k 4: scores by (source, target)."""
    cosine = source.astype(np.float64) @ target.astype(np.float64).T
    near = [sorted(range(len(target)), key=lambda j: (-cosine[i, j], j))[:4] for i in range(len(source))]
    back = [sorted(range(len(source)), key=lambda i: (-cosine[i, j], i))[:4] for j in range(len(target))]
    mean = [sum(cosine[i, j] for j in row) / len(row) for i, row in enumerate(near)]
    mean_back = [sum(cosine[i, j] for i in row) / len(row) for j, row in enumerate(back)]

    def score(i: int, j: int) -> float:
        return cosine[i, j] / ((mean[i] + mean_back[j]) / 2)

    found = [(max(score(i, j) for j in row), i, max(row, key=lambda j: score(i, j))) for i, row in enumerate(near)]
    found += [(max(score(i, j) for i in row), max(row, key=lambda i: score(i, j)), j) for j, row in enumerate(back)]
    made: dict[tuple[int, int], float] = {}
    left, right = set(), set()
    for value, i, j in sorted(found, key=lambda one: -one[0]):
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            if value > 0:
                made[i, j] = value
    return made


def reference_f1(candidates: dict[tuple[int, int], float], gold: set[tuple[int, int]]) -> tuple[float, float]:
    """``bucc_optimize`` and ``bucc_eval``: the threshold, and F1 as harmonic mean of precision and recall."""
    items = sorted(candidates.items(), key=lambda item: -item[1])
    correct, best, threshold = 0, 0.0, 0.0
    for i, (pair, value) in enumerate(items):
        correct += pair in gold
        if correct:
            precision, recall = correct / (i + 1), correct / len(gold)
            f1 = 2 * precision * recall / (precision + recall)
            if f1 > best:
                best, threshold = f1, (value + items[min(i + 1, len(items) - 1)][1]) / 2
    taken = {pair for pair, value in candidates.items() if value >= threshold}
    hits = len(taken & gold)
    if not hits:
        return threshold, 0.0
    precision, recall = hits / len(taken), hits / len(gold)
    return threshold, 2 * precision * recall / (precision + recall)


def f1_of(mined: Mined, threshold: float, gold: set[tuple[int, int]]) -> float:
    taken = {
        (i, j)
        for i, j, value in zip(mined.source.tolist(), mined.target.tolist(), mined.score.tolist(), strict=True)
        if value >= threshold
    }
    return 2 * len(taken & gold) / (len(taken) + len(gold))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("count", "alone", "noise"), [(40, 30, 0.6), (25, 60, 1.0), (3, 0, 0.2), (2, 5, 3.0)])
def test_pairs_scores_threshold_and_f1_are_those_of_xtreme(seed: int, count: int, alone: int, noise: float) -> None:
    source, target = pairs(seed, count, alone, noise)
    expected = reference(source, target)
    mined = mine(source, target)
    found = dict(zip(zip(mined.source.tolist(), mined.target.tolist(), strict=True), mined.score.tolist(), strict=True))
    assert found.keys() == expected.keys()
    assert max(abs(found[pair] - expected[pair]) for pair in found) < 1e-9
    gold = {(i, i) for i in range(count)}
    right = np.array([pair in gold for pair in found])
    threshold = best_threshold(mined.score, right, len(gold))
    expected_threshold, expected_f1 = reference_f1(expected, gold)
    assert threshold == pytest.approx(expected_threshold, abs=1e-9)
    assert f1_of(mined, threshold, gold) == pytest.approx(expected_f1, abs=1e-9)


def test_each_sentence_is_in_one_pair_at_most_and_the_best_come_first() -> None:
    mined = mine(*pairs(9, 30, 50, 0.8))
    assert len(set(mined.source.tolist())) == len(set(mined.target.tolist())) == len(mined.score)
    assert (np.diff(mined.score) <= 0).all()


def test_translations_are_found_and_others_score_lower() -> None:
    mined = mine(*pairs(10, 50, 100, 0.1))
    right = mined.source == mined.target
    assert right[:50].all()
    assert (mined.source[:50] < 50).all()


def test_a_vector_of_nothing_is_nobody_s_pair() -> None:
    source, target = pairs(11, 6, 0, 0.1)
    source[2] = 0
    mined = mine(source, target)
    assert 2 not in mined.source
    assert np.isfinite(mined.score).all()


class TestTheThreshold:
    def test_it_lies_half_way_to_the_next_score(self) -> None:
        score = np.array([3.0, 2.0, 1.0])
        assert best_threshold(score, np.array([True, True, False]), 2) == 1.5
        assert best_threshold(score, np.array([True, False, False]), 1) == 2.5

    def test_after_the_last_score_there_is_none_to_go_half_way_to(self) -> None:
        assert best_threshold(np.array([3.0, 2.0]), np.array([True, True]), 2) == 2.0

    def test_of_equal_f1_the_higher_threshold_is_kept(self) -> None:
        assert best_threshold(np.array([4.0, 3.0, 2.0, 1.0]), np.array([True, False, False, True]), 2) == 3.5

    @pytest.mark.parametrize("score", [[], [3.0, 2.0]])
    def test_it_is_nought_where_nothing_is_right(self, score: list[float]) -> None:
        assert best_threshold(np.array(score), np.zeros(len(score), dtype=bool), 5) == 0.0
