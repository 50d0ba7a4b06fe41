"""Windows over a long context, and the best spans over all of them: arithmetic on arrays, without a model.

As in BERT's run_squad.py (Devlin et al. 2019, arXiv:1810.04805), which XTREME took over, windows begin a fixed number of tokens
apart, and where they overlap an answer begins in the window that has most context on both sides of its first token. Unlike
there, no span is left out because its start or its end alone is not among the best: the spans found are the best of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Logits = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

N_BEST = 20
"""Spans among which the probability of the best is taken."""

LONGEST_ANSWER = 30
"""Tokens of the longest answer."""


class Span(NamedTuple):
    """A span of tokens, both ends in it, counted from the start of the window's context."""

    window: int
    first: int
    last: int
    score: float


def windows(length: int, room: int, step: int) -> list[range]:
    """Windows of at most ``room`` tokens that begin ``step`` apart and together cover ``length`` tokens.

    The step is at most half of the room, so that even in a small model every answer has context in some window.
    """
    step = max(1, min(step, room // 2))
    starts = [0, *range(step, max(0, length - room) + step, step)]
    return [range(start, min(start + room, length)) for start in starts]


def most_context(parts: Sequence[range]) -> list[Flags]:
    """For each token of each window, whether no other window gives it more context; of two that give as much, the earlier.

    The context of a token is the fewer of the tokens on its left and right, and a hundredth of the window's length.
    """
    length = max((part.stop for part in parts), default=0)
    best, owner = np.full(length, -np.inf), np.zeros(length, dtype=np.int64)
    for i, part in enumerate(parts):
        at = np.arange(part.start, part.stop)
        context = np.minimum(at - part.start, part.stop - 1 - at) + 0.01 * len(part)
        more = context > best[at]
        best[at[more]], owner[at[more]] = context[more], i
    return [owner[part.start : part.stop] == i for i, part in enumerate(parts)]


def best_spans(
    starts: Sequence[Logits],
    ends: Sequence[Logits],
    may_start: Sequence[Flags],
    count: int = N_BEST,
    longest: int = LONGEST_ANSWER,
) -> list[Span]:
    """The spans with the highest sum of start and end logits over all windows, the best first.

    Of spans with the same score, the earlier window's, then the earlier, then the shorter one comes first.

    Args:
        starts: [tokens of the window's context] for each window.
        ends: the same shape.
        may_start: where a span may begin; it may end at any token from there on.
    """
    found: list[Span] = []
    for i, (start, end, allowed) in enumerate(zip(starts, ends, may_start, strict=True)):
        if not len(start):
            continue
        width = min(longest, len(start))
        padded = np.concatenate([end.astype(np.float64), np.full(width - 1, -np.inf)])
        scores = np.lib.stride_tricks.sliding_window_view(padded, width) + start.astype(np.float64)[:, None]
        scores[~allowed] = -np.inf
        flat = scores.ravel()
        top = np.argpartition(-flat, min(count, flat.size) - 1)[:count]
        least = flat[top].min()
        # what ties with the last of the best is looked at too, so that the choice among equals is always the same
        for at in np.flatnonzero((flat >= least) & np.isfinite(flat)).tolist():
            first, further = divmod(at, width)
            found.append(Span(i, first, first + further, float(flat[at])))
    return sorted(found, key=lambda span: (-span.score, span[:3]))[:count]


def probability_of_best(spans: Sequence[Span]) -> float:
    """The softmax over the scores of the spans, of the first of them."""
    scores = np.array([span.score for span in spans])
    return float(1 / np.exp(scores - scores[0]).sum())
