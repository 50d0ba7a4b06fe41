"""Extractive question answering: a start and an end, scored by (exact match + F1) / 2 with SQuAD's rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from robustx.stilts.examples import Question
from robustx.stilts.heads.base import Array, Feature, Shape, chunks, inputs_of, need_fast
from robustx.tasks.answering import overlap_f1, squad_tokens
from robustx.tasks.base import Statistic

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

LONGEST_QUESTION = 64
"""Tokens of a question; the rest is cut, as XTREME's scripts cut it."""

LONGEST_ANSWER = 30
"""Tokens of a predicted answer."""


class Window(NamedTuple):
    """Where a window's context tokens stand: their positions in the input, and (start, end) of each in the context."""

    positions: Array
    offsets: Array


class Best(NamedTuple):
    """The best span of a window, in code points of the context, and the scores of it and of no answer."""

    start: int
    end: int
    score: float
    nothing: float


class Questions:
    """The family; see ``Family``."""

    auto = "AutoModelForQuestionAnswering"

    def features(
        self, examples: Sequence[Question], tokenizer: PreTrainedTokenizerBase, labels: Sequence[str], shape: Shape
    ) -> list[Feature]:
        """One input a window of the context; one without the answer is answered by the first token."""
        need_fast(tokenizer, "question answering")
        made = []
        for part in chunks(len(examples)):
            asked = _short([examples[i].question for i in part], tokenizer)
            room = shape.length - LONGEST_QUESTION - 4
            encoded: Any = tokenizer(
                asked,
                [examples[i].context for i in part],
                truncation="only_second",
                max_length=shape.length,
                stride=max(0, min(shape.stride, room // 2)),
                return_overflowing_tokens=True,
                return_offsets_mapping=True,
            )
            for at, sample in enumerate(encoded["overflow_to_sample_mapping"]):
                i = part[sample]
                second = np.array([one == 1 for one in encoded.sequence_ids(at)])
                window = Window(
                    np.flatnonzero(second).astype(np.int32), np.asarray(encoded["offset_mapping"][at], np.int32)[second]
                )
                start, end = _place(examples[i], window)
                arrays = inputs_of(encoded, at)
                arrays |= {"start_positions": np.asarray(start), "end_positions": np.asarray(end)}
                made.append(Feature(i, arrays, window))
        return made

    def outputs(self, output: Any, features: Sequence[Feature]) -> list[Any]:
        """The best span of each window."""
        starts, ends = (logits.float().cpu().numpy() for logits in (output.start_logits, output.end_logits))
        return [_best(start, end, feature.note) for start, end, feature in zip(starts, ends, features, strict=True)]

    def score(
        self, examples: Sequence[Question], features: Sequence[Feature], given: Sequence[Any], labels: Sequence[str]
    ) -> Statistic:
        """(Exact match + F1) / 2; where some examples have no answer, none is an answer too."""
        open_ended = any(not example.answers for example in examples)
        best: dict[int, Best] = {}
        nothing: dict[int, float] = {}
        for feature, one in zip(features, given, strict=True):
            if one is not None and (feature.row not in best or one.score > best[feature.row].score):
                best[feature.row] = one
            if one is not None:
                nothing[feature.row] = min(nothing.get(feature.row, np.inf), one.nothing)
        total = 0.0
        rows = {feature.row for feature in features}
        for row in rows:
            found = best.get(row)
            silent = found is None or (open_ended and nothing[row] > found.score)
            text = "" if found is None or silent else examples[row].context[found.start : found.end]
            golds = [answer.text for answer in examples[row].answers] or [""]
            total += max(agreement(gold, text) for gold in golds)
        return Statistic(total, float(len(rows)))


def agreement(gold: str, predicted: str) -> float:
    """Half of exact match and half of F1 over words, by SQuAD's script (Rajpurkar et al. 2016, arXiv:1606.05250)."""
    mine, given = squad_tokens(gold), squad_tokens(predicted)
    if not mine or not given:  # to SQuAD 2.0, no answer is right where there is none
        return float(mine == given)
    return (float(mine == given) + overlap_f1(mine, given)) / 2


def _short(questions: list[str], tokenizer: PreTrainedTokenizerBase) -> list[str]:
    """Questions cut to their first tokens."""
    encoded: Any = tokenizer(questions, add_special_tokens=False, return_offsets_mapping=True)
    offsets = encoded["offset_mapping"]
    return [
        text[: spans[LONGEST_QUESTION - 1][1]] if len(spans) > LONGEST_QUESTION else text
        for text, spans in zip(questions, offsets, strict=True)
    ]


def _place(example: Question, window: Window) -> tuple[int, int]:
    """The first and last token of the first answer in a window; (0, 0) where it is not in it whole."""
    if not example.answers or not len(window.positions):
        return 0, 0
    answer = example.answers[0]
    begin, end = answer.start, answer.start + len(answer.text)
    starts, ends = window.offsets[:, 0], window.offsets[:, 1]
    if begin < starts[0] or end > ends[-1]:
        return 0, 0
    # a token may hold the space before the answer; the last token that begins at or before it has its first letter
    first = int(np.searchsorted(starts, begin, side="right")) - 1
    last = int(np.searchsorted(ends, end, side="left"))
    return int(window.positions[first]), int(window.positions[max(first, last)])


def _best(start: npt.NDArray[np.float32], end: npt.NDArray[np.float32], window: Window) -> Best | None:
    if not len(window.positions):
        return None
    starts, ends = start[window.positions], end[window.positions]
    scores = starts[:, None] + ends[None, :]
    i, j = np.indices(scores.shape)
    scores[(j < i) | (j >= i + LONGEST_ANSWER)] = -np.inf
    first, last = divmod(int(scores.argmax()), scores.shape[1])
    return Best(
        int(window.offsets[first, 0]),
        int(window.offsets[last, 1]),
        float(scores[first, last]),
        float(start[0] + end[0]),
    )
