"""One cell through one checkpoint: predictions, and the audit of what reached the model."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from robustx.model.checkpoint import Checkpoint
from robustx.model.infer import Encoded, encode, probabilities
from robustx.suite.cells import CellRow
from robustx.tasks.base import Task


class Known(NamedTuple):
    """What is already known of an example's clean input."""

    fields_hash: str
    ids_hash: str
    probabilities: tuple[float, ...]
    tokens: int
    unknown: int
    truncated: bool


@dataclass(frozen=True)
class Predicted:
    """Predictions of one cell, a value a row, in the order of the rows.

    Attributes:
        probabilities: [rows, task labels], in the order of the task's labels.
        survived: whether the token ids differ from those of the clean input (always true for a clean cell).
        forwarded: how many inputs went through the model; the others were known.
    """

    labels: list[str]
    probabilities: npt.NDArray[np.float32]
    tokens: npt.NDArray[np.int32]
    unknown: npt.NDArray[np.int32]
    truncated: npt.NDArray[np.bool_]
    survived: npt.NDArray[np.bool_]
    fields_hash: list[str]
    ids_hash: list[str]
    forwarded: int


def predict(
    checkpoint: Checkpoint,
    task: Task,
    rows: Sequence[CellRow],
    clean: dict[str, Known] | None,
    progress: Callable[[int], None] | None = None,
) -> Predicted:
    """Predict a cell. Inputs that equal the example's clean input, as text or as token ids, are not run again.

    Args:
        clean: what is known of each uid's clean input, or None when this is the clean cell.
    """
    texts = [_hash("\x00".join(row.fields).encode()) for row in rows]
    fresh = [i for i, row in enumerate(rows) if not _same_text(clean, row.uid, texts[i])]
    encoded = encode(checkpoint, [_pair(rows[i]) for i in fresh])
    ids = [_hash(np.array(row, dtype=np.int32).tobytes()) for row in encoded.ids]
    position: dict[int, int] = {i: at for at, i in enumerate(fresh)}
    first: dict[str, int] = {}
    for at, i in enumerate(fresh):
        if not _same_ids(clean, rows[i].uid, ids[at]):
            first.setdefault(ids[at], at)
    chosen = list(first.values())
    made = probabilities(checkpoint, _subset(encoded, chosen), progress)
    made = made[:, checkpoint.order(task.labels)]
    where = {digest: at for at, digest in enumerate(first)}

    result = np.zeros((len(rows), len(task.labels)), dtype=np.float32)
    tokens, unknown = np.zeros(len(rows), np.int32), np.zeros(len(rows), np.int32)
    truncated, survived = np.zeros(len(rows), np.bool_), np.ones(len(rows), np.bool_)
    ids_hash = []
    for i, row in enumerate(rows):
        at = position.get(i, -1)
        if at >= 0 and not _same_ids(clean, row.uid, ids[at]):
            result[i] = made[where[ids[at]]]
            tokens[i], unknown[i], truncated[i] = len(encoded.ids[at]), encoded.unknown[at], encoded.truncated[at]
            ids_hash.append(ids[at])
        else:
            assert clean is not None
            known = clean[row.uid]
            result[i], survived[i] = known.probabilities, False
            tokens[i], unknown[i], truncated[i] = known.tokens, known.unknown, known.truncated
            ids_hash.append(known.ids_hash)
    labels = [task.labels[best] for best in result.argmax(axis=1)]
    return Predicted(labels, result, tokens, unknown, truncated, survived, texts, ids_hash, len(chosen))


def repeatable(checkpoint: Checkpoint, rows: Sequence[CellRow]) -> bool:
    """Whether the model gives the same probabilities twice for the same batch."""
    encoded = encode(checkpoint, [_pair(row) for row in rows])
    return bool(np.array_equal(probabilities(checkpoint, encoded), probabilities(checkpoint, encoded)))


def _pair(row: CellRow) -> tuple[str, str]:
    first, second = row.fields
    return first, second


def _hash(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def _same_text(clean: dict[str, Known] | None, uid: str, digest: str) -> bool:
    return clean is not None and uid in clean and clean[uid].fields_hash == digest


def _same_ids(clean: dict[str, Known] | None, uid: str, digest: str) -> bool:
    return clean is not None and uid in clean and clean[uid].ids_hash == digest


def _subset(encoded: Encoded, rows: list[int]) -> Encoded:
    return Encoded(
        [encoded.ids[i] for i in rows],
        {name: [values[i] for i in rows] for name, values in encoded.extra.items()},
        encoded.unknown[rows],
        encoded.truncated[rows],
    )
