"""What a family of tasks offers to training: its inputs, its head, and its score on development rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from robustx.errors import CheckpointError
from robustx.tasks.base import Statistic

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

IGNORED = -100
"""Label of a token that has none: the loss passes over it."""

_CHUNK = 1000

Array = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Shape:
    """How inputs are cut: the longest input, and what two windows of a long context share, both in tokens."""

    length: int
    stride: int


@dataclass(frozen=True, slots=True)
class Feature:
    """One input of the model.

    Attributes:
        row: the example it is of; a long example has several.
        arrays: model inputs and labels: [tokens], [choices, tokens], or [] for a class or a position.
        note: what decoding needs besides.
    """

    row: int
    arrays: dict[str, Array]
    note: Any = None

    @property
    def length(self) -> int:
        """Tokens, those of all choices together."""
        return int(self.arrays["input_ids"].size)


class Family(Protocol):
    """A family of tasks: how examples become inputs, and outputs a score."""

    auto: str

    def features(
        self, examples: Sequence[Any], tokenizer: PreTrainedTokenizerBase, labels: Sequence[str], shape: Shape
    ) -> list[Feature]:
        """The inputs of the examples, in order."""
        ...

    def outputs(self, output: Any, features: Sequence[Feature]) -> list[Any]:
        """What decoding needs of a batch's model output, one for each of its features."""
        ...

    def score(
        self, examples: Sequence[Any], features: Sequence[Feature], given: Sequence[Any], labels: Sequence[str]
    ) -> Statistic:
        """Sums whose ratio is the task's metric over these examples."""
        ...


def need_fast(tokenizer: PreTrainedTokenizerBase, what: str) -> None:
    """Raise CheckpointError if the tokenizer does not say where its tokens come from."""
    if not tokenizer.is_fast:
        raise CheckpointError(
            f"{tokenizer.name_or_path}: {what} needs a fast tokenizer (tokenizer.json), which knows each token's place in "
            "the text"
        )


def chunks(count: int) -> Iterator[range]:
    """``range(count)`` in parts that are tokenised at once."""
    for begin in range(0, count, _CHUNK):
        yield range(begin, min(count, begin + _CHUNK))


def inputs_of(encoded: Mapping[str, Any], i: int) -> dict[str, Array]:
    """The model inputs of row ``i`` of what a tokenizer gave."""
    return {
        name: np.asarray(encoded[name][i], dtype=np.int32)
        for name in ("input_ids", "token_type_ids")
        if name in encoded
    }


def collate(features: Sequence[Feature], tokenizer: PreTrainedTokenizerBase, least: int = 1) -> dict[str, Any]:
    """Tensors of a batch, padded to its longest input (at least ``least`` tokens), with an attention mask."""
    import torch

    fill = {
        "input_ids": tokenizer.pad_token_id or 0,
        "token_type_ids": tokenizer.pad_token_type_id,
        "labels": IGNORED,
        "attention_mask": 0,
    }
    made: dict[str, Any] = {}
    for name in features[0].arrays:
        arrays = [feature.arrays[name] for feature in features]
        made[name] = torch.from_numpy(_padded(arrays, fill.get(name, 0), least))
    masks = [np.ones_like(feature.arrays["input_ids"]) for feature in features]
    for mask, feature in zip(masks, features, strict=True):
        if mask.ndim == 2:  # endings of one item are padded among themselves
            mask[feature.arrays["input_ids"] == fill["input_ids"]] = 0
    made["attention_mask"] = torch.from_numpy(_padded(masks, 0, least))
    return made


def _padded(arrays: Sequence[Array], fill: int, least: int) -> npt.NDArray[np.int64]:
    if arrays[0].ndim == 0:
        return np.asarray(arrays, dtype=np.int64)
    width = max(least, *(array.shape[-1] for array in arrays))
    block = np.full((len(arrays), *arrays[0].shape[:-1], width), fill, dtype=np.int64)
    for i, array in enumerate(arrays):
        block[i, ..., : array.shape[-1]] = array
    return block
