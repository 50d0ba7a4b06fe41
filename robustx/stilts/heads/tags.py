"""Tagged sentences: token classification by the first piece of every word; long sentences go in windows, none is cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from robustx.stilts.examples import Tagged
from robustx.stilts.heads.base import IGNORED, Feature, Shape, chunks, inputs_of, need_fast
from robustx.tasks.base import Statistic
from robustx.tasks.chunks import chunks as chunks_of

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


class Tags:
    """The family, scored by accuracy over tokens or by F1 over chunks; see ``Family``."""

    auto = "AutoModelForTokenClassification"

    def __init__(self, metric: str) -> None:
        self._metric = metric

    def features(
        self, examples: Sequence[Tagged], tokenizer: PreTrainedTokenizerBase, labels: Sequence[str], shape: Shape
    ) -> list[Feature]:
        """One input a window of a sentence; its note is the word that each labelled token begins, by token."""
        need_fast(tokenizer, "tagging")
        index = {label: i for i, label in enumerate(labels)}
        made = []
        for part in chunks(len(examples)):
            encoded: Any = tokenizer(
                [" ".join(examples[i].tokens) for i in part],
                truncation=True,
                max_length=shape.length,
                return_overflowing_tokens=True,
                return_offsets_mapping=True,
            )
            begun: set[tuple[int, int]] = set()
            for at, sample in enumerate(encoded["overflow_to_sample_mapping"]):
                i = part[sample]
                words = _words(examples[i].tokens, encoded["offset_mapping"][at], i, begun)
                # a tag that a head does not know (CCG's rare ones, in development rows) teaches nothing and is never right
                tags = [index.get(examples[i].tags[word], IGNORED) if word >= 0 else IGNORED for word in words]
                made.append(
                    Feature(i, {**inputs_of(encoded, at), "labels": np.asarray(tags, dtype=np.int32)}, tuple(words))
                )
        return made

    def outputs(self, output: Any, features: Sequence[Feature]) -> list[Any]:
        """Word and tag of every labelled token."""
        best = output.logits.float().argmax(-1).tolist()
        return [
            {word: row[at] for at, word in enumerate(feature.note) if word >= 0}
            for feature, row in zip(features, best, strict=True)
        ]

    def score(
        self, examples: Sequence[Tagged], features: Sequence[Feature], given: Sequence[Any], labels: Sequence[str]
    ) -> Statistic:
        """Sums over sentences; a word that made no token is predicted as the first label."""
        made: dict[int, dict[int, int]] = {}
        for feature, one in zip(features, given, strict=True):
            made.setdefault(feature.row, {}).update(one)
        numerator = denominator = 0.0
        for row, tags in made.items():
            gold = examples[row].tags
            predicted = [labels[tags.get(word, 0)] for word in range(len(gold))]
            one = chunk_f1(gold, predicted) if self._metric == "f1" else accuracy(gold, predicted)
            numerator, denominator = numerator + one.numerator, denominator + one.denominator
        return Statistic(numerator, denominator)


def accuracy(gold: Sequence[str], predicted: Sequence[str]) -> Statistic:
    """Tokens that are right, of all."""
    return Statistic(float(sum(a == b for a, b in zip(gold, predicted, strict=True))), float(len(gold)))


def chunk_f1(gold: Sequence[str], predicted: Sequence[str]) -> Statistic:
    """What a sentence adds to seqeval's F1: twice the chunks found; those there are and those predicted."""
    there, found = chunks_of(gold), chunks_of(predicted)
    return Statistic(2.0 * len(there & found), float(len(there) + len(found)))


def _words(
    tokens: Sequence[str], offsets: Sequence[tuple[int, int]], row: int, begun: set[tuple[int, int]]
) -> list[int]:
    """For each piece, the word that it is the first of, or -1; ``begun`` holds the (row, word) that windows before had."""
    starts = np.cumsum([0, *(len(token) + 1 for token in tokens)])
    made = []
    for begin, end in offsets:
        word = int(np.searchsorted(starts, end - 1, side="right")) - 1 if end > begin else -1
        # some tokenizers give a word the space before it; a piece that is only that space is none of a word
        inside = word >= 0 and end - 1 < starts[word] + len(tokens[word])
        if inside and (row, word) not in begun:
            begun.add((row, word))
            made.append(word)
        else:
            made.append(-1)
    return made
