"""Windows over a context and the best spans over all of them, against looking at every span there is."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from robustx.model.heads.spans import Span, best_spans, most_context, probability_of_best, windows


class TestWindows:
    @given(st.integers(0, 400), st.integers(1, 90), st.integers(1, 128))
    def test_they_cover_every_token_none_is_longer_than_the_room_and_none_is_to_spare(
        self, length: int, room: int, step: int
    ) -> None:
        made = windows(length, room, step)
        assert sorted({token for one in made for token in one}) == list(range(length))
        assert all(len(one) <= room for one in made)
        assert len(made) == 1 or made[-2].stop < length
        steps = {later.start - earlier.start for earlier, later in pairwise(made)}
        assert steps <= {max(1, min(step, room // 2))}

    def test_those_of_xtreme_begin_128_tokens_apart(self) -> None:
        assert windows(600, 320, 128) == [range(320), range(128, 448), range(256, 576), range(384, 600)]
        assert windows(320, 320, 128) == [range(320)]
        assert windows(321, 320, 128) == [range(320), range(128, 321)]

    def test_a_context_without_tokens_has_one_window(self) -> None:
        assert windows(0, 320, 128) == [range(0)]


class TestTheMostContext:
    @given(st.integers(1, 120), st.integers(1, 40), st.integers(1, 40))
    def test_is_as_bert_has_it_and_every_token_has_one_window(self, length: int, room: int, step: int) -> None:
        parts = windows(length, room, step)
        made = most_context(parts)
        for token in range(length):
            having = [i for i, part in enumerate(parts) if token in part]
            # _check_is_max_context in BERT's run_squad.py
            context = [min(token - parts[i].start, parts[i].stop - 1 - token) + 0.01 * len(parts[i]) for i in having]
            best = having[context.index(max(context))]
            assert [i for i in having if made[i][token - parts[i].start]] == [best]

    def test_by_example(self) -> None:
        first, second = most_context([range(6), range(4, 10)])
        assert first.tolist() == [True, True, True, True, True, False]
        assert second.tolist() == [False, True, True, True, True, True]


LOGIT = st.one_of(st.integers(-3, 3).map(float), st.floats(-8, 8, width=32))


@st.composite
def outputs(draw: st.DrawFn) -> tuple[list[np.ndarray], list[np.ndarray], list[np.ndarray]]:
    """Logits of a few windows, with many ties among them, and where a span may begin."""
    lengths = draw(st.lists(st.integers(0, 12), min_size=1, max_size=4))
    starts, ends = ([draw(arrays(np.float32, length, elements=LOGIT)) for length in lengths] for _ in range(2))
    return starts, ends, [draw(arrays(np.bool_, length)) for length in lengths]


def every_span(starts: list, ends: list, may_start: list, longest: int) -> list[Span]:
    """All spans there are, the best first; of equals the earlier window's, the earlier, the shorter."""
    found = [
        Span(i, first, last, float(starts[i][first]) + float(ends[i][last]))
        for i in range(len(starts))
        for first in range(len(starts[i]))
        for last in range(first, min(first + longest, len(starts[i])))
        if may_start[i][first]
    ]
    return sorted(found, key=lambda span: (-span.score, span.window, span.first, span.last))


class TestTheBestSpans:
    @given(outputs(), st.integers(1, 25), st.integers(1, 9))
    def test_are_those_that_looking_at_every_span_finds(self, made: tuple, count: int, longest: int) -> None:
        assert best_spans(*made, count=count, longest=longest) == every_span(*made, longest)[:count]

    def test_are_found_though_neither_end_alone_is_among_the_best(self) -> None:
        starts, ends = np.zeros(100, np.float32), np.zeros(100, np.float32)
        starts[60:], ends[:40] = 5, 5  # the best starts all stand behind the best ends
        starts[50], ends[52] = 4, 4
        allowed = np.ones(100, np.bool_)
        assert best_spans([starts], [ends], [allowed])[0] == Span(0, 50, 52, 8.0)

    def test_end_where_they_begin_or_later_and_have_thirty_tokens_at_most(self) -> None:
        starts, ends = np.zeros(80, np.float32), np.zeros(80, np.float32)
        starts[10], ends[40], ends[39] = 9, 9, 8
        found = best_spans([starts], [ends], [np.ones(80, np.bool_)])
        assert found[0] == Span(0, 10, 39, 17.0)
        assert len(found) == 20

    def test_of_different_windows_are_compared_by_their_logits(self) -> None:
        low, high = np.array([1, 0], np.float32), np.array([2, 0], np.float32)
        allowed = np.ones(2, np.bool_)
        assert best_spans([low, high], [low, low], [allowed, allowed])[0] == Span(1, 0, 0, 3.0)

    def test_there_are_none_where_nothing_may_begin(self) -> None:
        assert best_spans([np.zeros(3, np.float32)], [np.zeros(3, np.float32)], [np.zeros(3, np.bool_)]) == []


@given(st.lists(st.floats(-60, 60), min_size=1, max_size=20).map(lambda made: sorted(made, reverse=True)))
def test_the_probability_is_the_softmax_among_the_best(scores: list[float]) -> None:
    found = probability_of_best([Span(0, 0, i, score) for i, score in enumerate(scores)])
    exact = math.exp(scores[0]) / math.fsum(map(math.exp, scores))
    assert found == pytest.approx(exact, rel=1e-12)
