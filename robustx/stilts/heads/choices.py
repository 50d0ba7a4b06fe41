"""Multiple choice: one score an ending, scored by accuracy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from robustx.errors import DataError
from robustx.stilts.examples import Choice
from robustx.stilts.heads.base import Array, Feature, Shape, chunks, inputs_of
from robustx.tasks.base import Statistic

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


class Choices:
    """The family; see ``Family``."""

    auto = "AutoModelForMultipleChoice"

    def features(
        self, examples: Sequence[Choice], tokenizer: PreTrainedTokenizerBase, labels: Sequence[str], shape: Shape
    ) -> list[Feature]:
        """One input an item, [endings, tokens]; the prompt is cut first.

        Raises:
            DataError: items differ in their number of endings.
        """
        counts = {len(example.endings) for example in examples}
        if len(counts) > 1:
            raise DataError(
                f"{examples[0].uid}: items have {' and '.join(map(str, sorted(counts)))} endings; expected one number"
            )
        made = []
        for part in chunks(len(examples)):
            prompts = [examples[i].prompt for i in part for _ in examples[i].endings]
            endings = [ending for i in part for ending in examples[i].endings]
            encoded: Any = tokenizer(prompts, endings, truncation="longest_first", max_length=shape.length)
            at = 0
            for i in part:
                rows = [inputs_of(encoded, at + k) for k in range(len(examples[i].endings))]
                at += len(rows)
                arrays = {name: _stacked([row[name] for row in rows], _fill(name, tokenizer)) for name in rows[0]}
                made.append(Feature(i, {**arrays, "labels": np.asarray(examples[i].label, dtype=np.int32)}))
        return made

    def outputs(self, output: Any, features: Sequence[Feature]) -> list[Any]:
        """The ending chosen for each item."""
        return list(output.logits.float().argmax(-1).tolist())

    def score(
        self, examples: Sequence[Choice], features: Sequence[Feature], given: Sequence[Any], labels: Sequence[str]
    ) -> Statistic:
        """Accuracy."""
        right = sum(one == examples[f.row].label for f, one in zip(features, given, strict=True))
        return Statistic(float(right), float(len(features)))


def _fill(name: str, tokenizer: PreTrainedTokenizerBase) -> int:
    return (tokenizer.pad_token_id or 0) if name == "input_ids" else tokenizer.pad_token_type_id


def _stacked(rows: Sequence[Array], fill: int) -> Array:
    block = np.full((len(rows), max(len(row) for row in rows)), fill, dtype=np.int32)
    for i, row in enumerate(rows):
        block[i, : len(row)] = row
    return block
