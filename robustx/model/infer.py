"""Batched inference that wastes nothing: length-sorted batches under a token budget, dynamic padding, each input once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from robustx.errors import CheckpointError

if TYPE_CHECKING:
    from robustx.model.checkpoint import Checkpoint

TOKEN_BUDGET = {"cpu": 1024, "cuda": 16_384, "mps": 8_192}
"""Tokens, padding counted, that one forward pass takes."""


@dataclass(frozen=True)
class Encoded:
    """Token ids of a list of inputs, with what the audit asks of them.

    Attributes:
        ids: the ids of each input.
        extra: further model inputs of the same lengths, such as token types.
        unknown: unknown tokens in each input.
        truncated: whether each input was cut.
    """

    ids: list[list[int]]
    extra: dict[str, list[list[int]]]
    unknown: npt.NDArray[np.int32]
    truncated: npt.NDArray[np.bool_]

    @property
    def lengths(self) -> npt.NDArray[np.int32]:
        """Tokens in each input."""
        return np.array([len(ids) for ids in self.ids], dtype=np.int32)


def encode(checkpoint: Checkpoint, pairs: Sequence[tuple[str, str]]) -> Encoded:
    """Tokenise pairs of texts, cutting the longer one of a pair where they exceed the maximum length."""
    tokenizer = checkpoint.tokenizer
    if not pairs:
        return Encoded([], {}, np.zeros(0, np.int32), np.zeros(0, np.bool_))
    first, second = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    longest = checkpoint.max_length
    made: dict[str, Any] = dict(
        tokenizer(first, second, truncation="longest_first", max_length=longest + 1, padding=False)
    )
    ids: list[list[int]] = made.pop("input_ids")
    made.pop("attention_mask", None)
    truncated = np.array([len(row) > longest for row in ids], dtype=np.bool_)
    if truncated.any():
        rows = np.flatnonzero(truncated).tolist()
        cut: dict[str, Any] = dict(
            tokenizer(
                [first[i] for i in rows],
                [second[i] for i in rows],
                truncation="longest_first",
                max_length=longest,
                padding=False,
            )
        )
        for position, i in enumerate(rows):
            ids[i] = cut["input_ids"][position]
            for name, values in made.items():
                values[i] = cut[name][position]
    unknown = _count(ids, tokenizer.unk_token_id)
    return Encoded(ids, made, unknown, truncated)


def probabilities(
    checkpoint: Checkpoint, encoded: Encoded, progress: Callable[[int], None] | None = None
) -> npt.NDArray[np.float32]:
    """Class probabilities, [inputs, outputs], in the order of the inputs.

    Batch composition depends only on the list of inputs. In fp32 on a CPU, another token budget moves a probability by
    less than 1e-4 (a test holds this).
    """
    import torch

    device = checkpoint.device
    result = np.zeros((len(encoded.ids), len(checkpoint.outputs)), dtype=np.float32)
    with torch.inference_mode():
        for rows in batches(encoded.lengths, TOKEN_BUDGET.get(device.type, TOKEN_BUDGET["cuda"])):
            inputs = pad(checkpoint, encoded, rows)
            logits = checkpoint.model(**{name: tensor.to(device) for name, tensor in inputs.items()}).logits
            result[rows] = torch.softmax(logits.float(), dim=-1).cpu().numpy()
            if progress:
                progress(len(rows))
    if not np.isfinite(result).all():
        bad = int((~np.isfinite(result)).any(axis=1).sum())
        raise CheckpointError(
            f"{checkpoint.name}: gave NaN for {bad} of {len(result)} inputs in {checkpoint.dtype}; try --dtype fp32"
        )
    return result


def batches(lengths: npt.NDArray[np.int32], budget: int) -> Iterator[npt.NDArray[np.int64]]:
    """Rows of each batch: longest first, at most ``budget`` tokens with padding, at least one row."""
    order = np.argsort(-lengths, kind="stable")
    begin = 0
    while begin < len(order):
        count = max(1, budget // max(1, int(lengths[order[begin]])))
        yield order[begin : begin + count]
        begin += count


def pad(checkpoint: Checkpoint, encoded: Encoded, rows: npt.NDArray[np.int64]) -> dict[str, Any]:
    """Tensors of one batch, padded to its longest row."""
    import torch

    tokenizer = checkpoint.tokenizer
    fill: dict[str, int] = {"input_ids": tokenizer.pad_token_id or 0, "token_type_ids": tokenizer.pad_token_type_id}
    chosen = rows.tolist()
    width = max(len(encoded.ids[i]) for i in chosen)
    # CANINE downsamples by 4 and needs at least one full window
    if checkpoint.model.config.model_type == "canine":
        width = max(width, 2 * int(getattr(checkpoint.model.config, "downsampling_rate", 1)))
    columns = {"input_ids": encoded.ids, **encoded.extra}
    made: dict[str, Any] = {}
    for name, values in columns.items():
        block = np.full((len(chosen), width), fill.get(name, 0), dtype=np.int64)
        for row, i in enumerate(chosen):
            block[row, : len(values[i])] = values[i]
        made[name] = torch.from_numpy(block)
    lengths = torch.tensor([len(encoded.ids[i]) for i in chosen])
    made["attention_mask"] = (torch.arange(width)[None, :] < lengths[:, None]).long()
    return made


def _count(ids: list[list[int]], token: int | None) -> npt.NDArray[np.int32]:
    if token is None:
        return np.zeros(len(ids), dtype=np.int32)
    return np.array([row.count(token) for row in ids], dtype=np.int32)
