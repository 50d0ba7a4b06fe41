"""Mining translations: which sentences of two collections are pairs, and above which score.

As XTREME does it for BUCC 2018 (google-research/xtreme, ``third_party/utils_retrieve.py``, after LASER): the ratio margin of
Artetxe and Schwenk 2019 (arXiv:1811.01136) over four neighbours on either side, the best of both directions, each sentence in
one pair at most, and the threshold that gives the best F1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from robustx.model.neighbours import Neighbours, Rows, Search, Similarities, Vectors, nearest

NEIGHBOURHOOD = 4


class Mined(NamedTuple):
    """Candidate pairs, best first: rows of the two collections, [pairs] each, and the margin score of each pair."""

    source: Rows
    target: Rows
    score: Similarities


def mine(source: Vectors, target: Vectors, search: Search | None = None) -> Mined:
    """Candidate pairs of unit vectors [n, d] and [m, d], each row in one pair at most; only those that score above 0."""
    forward = nearest(source, target, NEIGHBOURHOOD, search)
    backward = nearest(target, source, NEIGHBOURHOOD, search)
    scores, found = _best(forward, backward)
    scores_back, found_back = _best(backward, forward)
    sources = np.concatenate((np.arange(len(source)), found_back))
    targets = np.concatenate((found, np.arange(len(target))))
    score = np.concatenate((scores, scores_back))
    kept, seen_source, seen_target = [], set(), set()
    for i in np.argsort(-score, kind="stable").tolist():
        one, other = int(sources[i]), int(targets[i])
        if one not in seen_source and other not in seen_target:
            seen_source.add(one)
            seen_target.add(other)
            if score[i] > 0:
                kept.append(i)
    return Mined(sources[kept], targets[kept], score[kept])


def best_threshold(score: Similarities, right: npt.NDArray[np.bool_], gold: int) -> float:
    """The score from which on pairs should be taken for the best F1, half-way to the next one below; 0 if none is right.

    Args:
        score: of each candidate, falling.
        right: whether the candidate is in the gold.
        gold: how many pairs the gold has.
    """
    if not right.any():
        return 0.0
    f1 = 2 * right.cumsum() / (np.arange(1, len(score) + 1) + gold)
    last = int(f1.argmax())
    return float((score[last] + score[min(last + 1, len(score) - 1)]) / 2)


def _best(there: Neighbours, back: Neighbours) -> tuple[Similarities, Rows]:
    """Each row's best neighbour by ratio margin: the cosine over the mean of both rows' mean cosines to their neighbours."""
    around = (there.similarity.mean(axis=1)[:, None] + back.similarity.mean(axis=1)[there.rows]) / 2
    # a zero vector has no neighbourhood; it is nobody's pair
    margin = np.divide(there.similarity, around, out=np.zeros_like(around), where=around != 0)
    best = margin.argmax(axis=1)[:, None]
    return np.take_along_axis(margin, best, axis=1)[:, 0], np.take_along_axis(there.rows, best, axis=1)[:, 0]
