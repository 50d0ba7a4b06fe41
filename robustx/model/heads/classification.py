"""Sequence classification: one text or a pair of texts, one label."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from robustx.model.checkpoint import Checkpoint
from robustx.model.heads.base import Asked, Encoded, Given
from robustx.model.infer import Inputs, check_finite, forwarded, occurrences, taken
from robustx.suite.cells import CellRow
from robustx.tasks.base import Task


class Classification:
    """A sequence classifier."""

    def lacks(self, checkpoint: Checkpoint, task: Task) -> str | None:
        """A head with another number of outputs than the task has labels is another task's."""
        if len(checkpoint.outputs) == len(task.labels):
            return None
        return (
            f"{checkpoint.name}: its head has {len(checkpoint.outputs)} outputs; "
            f"the task has {len(task.labels)}: {', '.join(task.labels)}"
        )

    def encode(self, checkpoint: Checkpoint, task: Task, rows: Sequence[CellRow]) -> Encoded:
        """Token ids of each row, the longer one of two texts cut where they exceed the maximum length."""
        texts = [[row.fields[i] for row in rows] for i in range(len(task.fields))]
        ids, extra, truncated = tokenised(checkpoint, texts)
        return Encoded(
            ids,
            [hashlib.blake2b(np.array(row, dtype=np.int32).tobytes(), digest_size=8).hexdigest() for row in ids],
            occurrences(ids, checkpoint.tokenizer.unk_token_id),
            np.array(truncated, dtype=np.bool_),
            Inputs(ids, extra),
            [range(i, i + 1) for i in range(len(ids))],
        )

    def decide(self, checkpoint: Checkpoint, asked: Asked, encoded: Encoded) -> list[Given]:
        """The likeliest label of each row, with the probability of every label in the order of the task's."""
        labels = asked.task.labels
        found = forwarded(checkpoint, encoded.inputs, _probabilities, asked.progress)
        made = np.array(found, dtype=np.float32).reshape(-1, len(labels))[:, checkpoint.order(labels)]
        check_finite(checkpoint, np.asarray(np.isfinite(made).all(axis=1)))
        best = made.argmax(axis=1).tolist()
        return [Given(labels[i], tuple(row)) for i, row in zip(best, made.tolist(), strict=True)]


def _probabilities(output: Any, tensors: dict[str, Any]) -> Any:
    import torch

    return torch.softmax(output.logits.float(), dim=-1).cpu().numpy()


def tokenised(
    checkpoint: Checkpoint, texts: list[list[str]]
) -> tuple[list[list[int]], dict[str, list[list[int]]], list[bool]]:
    """Ids, further inputs that the model takes, and whether each row was cut."""
    if not texts[0]:
        return [], {}, []
    tokenizer, longest = checkpoint.tokenizer, checkpoint.max_length
    how: dict[str, Any] = {"truncation": "longest_first" if len(texts) > 1 else True, "padding": False}
    made: dict[str, Any] = dict(tokenizer(*texts, max_length=longest + 1, **how))
    ids: list[list[int]] = made.pop("input_ids")
    wanted = taken(checkpoint)
    extra = {name: values for name, values in made.items() if name in wanted}
    truncated = [len(row) > longest for row in ids]
    rows = [i for i, cut in enumerate(truncated) if cut]
    if rows:
        again: dict[str, Any] = dict(
            tokenizer(*([column[i] for i in rows] for column in texts), max_length=longest, **how)
        )
        for position, i in enumerate(rows):
            ids[i] = again["input_ids"][position]
            for name, values in extra.items():
                values[i] = again[name][position]
    return ids, extra, truncated
