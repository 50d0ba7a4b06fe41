"""Batched inference that wastes nothing: length-sorted batches under a token budget, dynamic padding, each input once."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from robustx.errors import CheckpointError

if TYPE_CHECKING:
    import torch

    from robustx.model.checkpoint import Checkpoint

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Inputs:
    """What goes through a model: token ids, and further inputs of the same lengths, such as token types."""

    ids: list[list[int]]
    extra: dict[str, list[list[int]]]

    @property
    def lengths(self) -> npt.NDArray[np.int32]:
        """Tokens in each input."""
        return np.array([len(ids) for ids in self.ids], dtype=np.int32)


class Policy(NamedTuple):
    """How inputs are cut into batches: what ``run.json`` says of it.

    Attributes:
        least: tokens, padding counted, that the budget of one forward pass is at least.
        most: the same, at most.
        call_cost: what one forward pass costs besides its tokens, in tokens.
    """

    least: int
    most: int
    call_cost: int

    def budget(self, lengths: npt.NDArray[np.int32]) -> int:
        """Tokens that one forward pass over some of these inputs takes at most.

        On two cores, T tokens in batches of b cost each core T/2b calls, and it waits for the other's last batch a
        quarter of one on average: the sum is least where b is the root of T times twice the cost of a call.
        """
        return min(self.most, max(self.least, math.isqrt(2 * self.call_cost * int(lengths.sum()))))


# the CPU's were measured on a 12-layer, 384-wide encoder: below 256 tokens a core is slower at the matrix products
POLICIES = {
    "cpu": Policy(least=256, most=1024, call_cost=24),
    "cuda": Policy(least=16_384, most=16_384, call_cost=1024),
    "mps": Policy(least=8_192, most=8_192, call_cost=512),
}

Read = Callable[[Any, dict[str, Any]], Sequence[Any]]
"""Takes of a model's output, with the tensors that went in, what is wanted of each input of the batch."""


def forwarded(
    checkpoint: Checkpoint,
    inputs: Inputs,
    read: Read,
    progress: Callable[[int], None] | None = None,
    **options: Any,
) -> list[Any]:
    """What ``read`` takes of the model's output for every input, in the order of the inputs.

    Batch composition depends only on the lengths of the inputs. In fp32 on a CPU, another token budget moves a probability by
    less than 1e-4 (a test holds this). ``options`` are given to the model with every batch.
    """
    batching = policy(checkpoint.device)
    parts = list(batches(inputs.lengths, batching.budget(inputs.lengths), batching.call_cost))
    result: list[Any] = [None] * len(inputs.ids)
    made = _side_by_side if checkpoint.device.type == "cpu" else map
    for rows, given in zip(parts, made(partial(_forward, checkpoint, inputs, read, options), parts), strict=True):
        for row, one in zip(rows.tolist(), given, strict=True):
            result[row] = one
        if progress:
            progress(len(rows))
    return result


def policy(device: torch.device) -> Policy:
    """How inputs are cut into batches on a device; one that is not known is taken for a GPU."""
    return POLICIES.get(device.type, POLICIES["cuda"])


def check_finite(checkpoint: Checkpoint, finite: npt.NDArray[np.bool_]) -> None:
    """Stop where a model gave no numbers.

    Raises:
        CheckpointError: what it gave for some of the inputs is not finite.
    """
    if not finite.all():
        bad = int((~finite).sum())
        raise CheckpointError(
            f"{checkpoint.name}: gave NaN for {bad} of {len(finite)} inputs in {checkpoint.dtype}; try --dtype fp32"
        )


def _forward(checkpoint: Checkpoint, inputs: Inputs, read: Read, options: dict[str, Any], rows: Rows) -> Sequence[Any]:
    import torch

    with torch.inference_mode():
        tensors = {name: tensor.to(checkpoint.device) for name, tensor in pad(checkpoint, inputs, rows).items()}
        return read(checkpoint.model(**tensors, **options), tensors)


def _side_by_side(work: Callable[[Rows], Sequence[Any]], parts: Iterable[Rows]) -> Iterator[Sequence[Any]]:
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


def pad(checkpoint: Checkpoint, inputs: Inputs, rows: npt.NDArray[np.int64]) -> dict[str, Any]:
    """Tensors of one batch, padded to its longest row."""
    import torch

    tokenizer = checkpoint.tokenizer
    fill: dict[str, int] = {"input_ids": tokenizer.pad_token_id or 0, "token_type_ids": tokenizer.pad_token_type_id}
    chosen = rows.tolist()
    width = max(len(inputs.ids[i]) for i in chosen)
    # CANINE downsamples by 4 and needs at least one full window
    if checkpoint.model.config.model_type == "canine":
        width = max(width, 2 * int(getattr(checkpoint.model.config, "downsampling_rate", 1)))
    columns = {"input_ids": inputs.ids, **inputs.extra}
    made: dict[str, Any] = {}
    for name, values in columns.items():
        block = np.full((len(chosen), width), fill.get(name, 0), dtype=np.int64)
        for row, i in enumerate(chosen):
            block[row, : len(values[i])] = values[i]
        made[name] = torch.from_numpy(block)
    lengths = torch.tensor([len(inputs.ids[i]) for i in chosen])
    made["attention_mask"] = (torch.arange(width)[None, :] < lengths[:, None]).long()
    return made


def taken(checkpoint: Checkpoint) -> set[str]:
    """Further inputs that the model has a use for: some tokenizers make token types for models that know none."""
    return set(inspect.signature(checkpoint.model.forward).parameters) - {"input_ids", "attention_mask"}


def occurrences(ids: Iterable[Sequence[int]], token: int | None) -> npt.NDArray[np.int32]:
    """How often a token stands in each row of ids."""
    return np.array([0 if token is None else row.count(token) for row in ids], dtype=np.int32)
