"""Sentence pairs: sequence classification, scored by accuracy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from robustx.stilts.examples import Pair
from robustx.stilts.heads.base import Feature, Shape, chunks, inputs_of
from robustx.tasks.base import Statistic

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


class Pairs:
    """The family; see ``Family``."""

    auto = "AutoModelForSequenceClassification"

    def features(
        self, examples: Sequence[Pair], tokenizer: PreTrainedTokenizerBase, labels: Sequence[str], shape: Shape
    ) -> list[Feature]:
        """One input a pair; the longer text is cut first."""
        index = {label: np.asarray(i, dtype=np.int32) for i, label in enumerate(labels)}
        made = []
        for part in chunks(len(examples)):
            encoded: Any = tokenizer(
                [examples[i].first for i in part],
                [examples[i].second for i in part],
                truncation="longest_first",
                max_length=shape.length,
            )
            for at, i in enumerate(part):
                made.append(Feature(i, {**inputs_of(encoded, at), "labels": index[examples[i].label]}))
        return made

    def outputs(self, output: Any, features: Sequence[Feature]) -> list[Any]:
        """The class of each pair."""
        return list(output.logits.float().argmax(-1).tolist())

    def score(
        self, examples: Sequence[Pair], features: Sequence[Feature], given: Sequence[Any], labels: Sequence[str]
    ) -> Statistic:
        """Accuracy."""
        right = sum(labels[one] == examples[f.row].label for f, one in zip(features, given, strict=True))
        return Statistic(float(right), float(len(features)))
