"""Batched inference that wastes nothing: length-sorted batches under a token budget, dynamic padding, each input once."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from robustx.errors import CheckpointError

if TYPE_CHECKING:
    from robustx.model.checkpoint import Checkpoint

Rows = npt.NDArray[np.int64]
Made = npt.NDArray[np.float32]

TOKEN_BUDGET = {"cpu": 1024, "cuda": 16_384, "mps": 8_192}
"""Tokens, padding counted, that one forward pass takes at most."""

CALL_COST = {"cpu": 24, "cuda": 1024, "mps": 512}
"""What one forward pass costs besides its tokens, in tokens. The CPU's was measured on a 12-layer, 384-wide encoder."""


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
    made = {name: values for name, values in made.items() if name in _taken(checkpoint)}
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

    Batch composition depends only on the lengths of the inputs. In fp32 on a CPU, another token budget moves a probability by
    less than 1e-4 (a test holds this).
    """
    kind = checkpoint.device.type if checkpoint.device.type in TOKEN_BUDGET else "cuda"
    parts = list(batches(encoded.lengths, TOKEN_BUDGET[kind], CALL_COST[kind]))
    result = np.zeros((len(encoded.ids), len(checkpoint.outputs)), dtype=np.float32)
    made = _side_by_side if kind == "cpu" else map
    for rows, given in zip(parts, made(partial(_forward, checkpoint, encoded), parts), strict=True):
        result[rows] = given
        if progress:
            progress(len(rows))
    if not np.isfinite(result).all():
        bad = int((~np.isfinite(result)).any(axis=1).sum())
        raise CheckpointError(
            f"{checkpoint.name}: gave NaN for {bad} of {len(result)} inputs in {checkpoint.dtype}; try --dtype fp32"
        )
    return result


def _forward(checkpoint: Checkpoint, encoded: Encoded, rows: Rows) -> Made:
    import torch

    with torch.inference_mode():
        inputs = {name: tensor.to(checkpoint.device) for name, tensor in pad(checkpoint, encoded, rows).items()}
        made: npt.NDArray[np.float32] = torch.softmax(checkpoint.model(**inputs).logits.float(), dim=-1).cpu().numpy()
    return made


def _side_by_side(work: Callable[[Rows], Made], parts: Iterable[Rows]) -> Iterator[Made]:
    """One batch a core, each on one thread: small matrix products split badly, and no figure depends on the cores."""
    import torch

    workers = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with ThreadPoolExecutor(workers, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            yield from pool.map(work, parts)
    finally:
        torch.set_num_threads(workers)


def batches(lengths: npt.NDArray[np.int32], budget: int, call_cost: int) -> Iterator[Rows]:
    """Rows of each batch, longest first: at most ``budget`` tokens with padding, at least one row.

    The sorted rows are cut so that the tokens of all batches, padding counted, and ``call_cost`` a batch are as few as
    they can be.
    """
    order = np.argsort(-lengths, kind="stable")
    cuts = _cuts(np.maximum(1, lengths[order]).astype(np.int64), budget, call_cost)
    for begin, end in pairwise(cuts):
        yield order[begin:end]


def _cuts(falling: npt.NDArray[np.int64], budget: int, call_cost: int) -> list[int]:
    """Where the sorted rows are cut at the least cost, by dynamic programming over the last batch of each prefix."""
    count, begin = len(falling), 0
    least, opened = np.zeros(count + 1), np.zeros(count + 1, np.int64)
    for end in range(1, count + 1):
        while begin < end - 1 and (end - begin) * falling[begin] > budget:
            begin += 1
        first = np.arange(begin, end)
        costs = least[begin:end] + (end - first) * falling[begin:end] + call_cost
        opened[end] = begin + int(costs.argmin())
        least[end] = costs[opened[end] - begin]
    cuts = [count] if count else []
    while cuts and cuts[-1]:
        cuts.append(int(opened[cuts[-1]]))
    return cuts[::-1]


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


def _taken(checkpoint: Checkpoint) -> set[str]:
    """Further inputs that the model has a use for: some tokenizers make token types for models that know none."""
    return set(inspect.signature(checkpoint.model.forward).parameters) - {"input_ids", "attention_mask"}


def _count(ids: list[list[int]], token: int | None) -> npt.NDArray[np.int32]:
    if token is None:
        return np.zeros(len(ids), dtype=np.int32)
    return np.array([row.count(token) for row in ids], dtype=np.int32)
