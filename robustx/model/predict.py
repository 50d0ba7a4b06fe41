"""One cell through one checkpoint: predictions, and the audit of what reached the model."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from robustx.model.checkpoint import Checkpoint
from robustx.model.infer import Encoded, encode, probabilities
from robustx.suite.cells import CellRow
from robustx.tasks.base import Task


class Known(NamedTuple):
    """What the model made of one input, and the audit of how it reached the model."""

    fields_hash: str
    ids_hash: str
    probabilities: tuple[float, ...]
    tokens: int
    tokens_changed: int
    unknown: int
    truncated: bool


Seen = Mapping[str, Known]
"""What is known of the examples of one cell, by uid."""


@dataclass(frozen=True)
class Predicted:
    """Predictions of one cell, a value a row, in the order of the rows.

    Attributes:
        probabilities: [rows, task labels], in the order of the task's labels.
        tokens_changed: tokens of the clean input that are gone, or those that are new, whichever is more.
        survived: whether the token ids differ from those of the clean input (always true for a clean cell).
        ids: the token ids, in a clean cell alone: what later cells are measured against.
        forwarded: how many inputs went through the model; the others were known.
    """

    labels: list[str]
    probabilities: npt.NDArray[np.float32]
    tokens: npt.NDArray[np.int32]
    tokens_changed: npt.NDArray[np.int32]
    unknown: npt.NDArray[np.int32]
    truncated: npt.NDArray[np.bool_]
    survived: npt.NDArray[np.bool_]
    fields_hash: list[str]
    ids_hash: list[str]
    ids: list[list[int]] | None
    forwarded: int


def predict(
    checkpoint: Checkpoint,
    task: Task,
    rows: Sequence[CellRow],
    clean: Seen | None,
    earlier: Sequence[Seen] = (),
    clean_ids: Mapping[str, Sequence[int]] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Predicted:
    """Predict a cell. An input that an example had before, as text or as token ids, is not run again.

    Args:
        clean: what is known of each uid's clean input, or None when this is the clean cell.
        earlier: what is known of other cells' inputs; severities are nested, so a stronger one often repeats a text.
        clean_ids: the token ids of each uid's clean input; without them no changed tokens are counted.
    """
    before = (*([clean] if clean is not None else []), *earlier)
    texts = [_hash("\x00".join(row.fields).encode()) for row in rows]
    found: list[Known | None] = [_same_text(before, row.uid, text) for row, text in zip(rows, texts, strict=True)]
    fresh = [i for i, known in enumerate(found) if known is None]
    encoded = encode(checkpoint, [_pair(rows[i]) for i in fresh])
    ids = [_hash(np.array(row, dtype=np.int32).tobytes()) for row in encoded.ids]
    alike = [_same_ids(before, rows[i].uid, digest) for i, digest in zip(fresh, ids, strict=True)]
    first: dict[str, int] = {}
    for at, digest in enumerate(ids):
        if alike[at] is None:
            first.setdefault(digest, at)
    made = probabilities(checkpoint, _subset(encoded, list(first.values())), progress)
    made = made[:, checkpoint.order(task.labels)]
    of_ids = dict(zip(first, made.tolist(), strict=True))
    for at, i in enumerate(fresh):
        known = alike[at]
        given = known.probabilities if known else tuple(of_ids[ids[at]])
        changed = _changed((clean_ids or {}).get(rows[i].uid), encoded.ids[at])
        audit = (len(encoded.ids[at]), changed, int(encoded.unknown[at]), bool(encoded.truncated[at]))
        found[i] = Known(texts[i], ids[at], given, *audit)
    outcomes = [known for known in found if known is not None]
    survived = [
        clean is None or known.ids_hash != clean[row.uid].ids_hash for row, known in zip(rows, outcomes, strict=True)
    ]
    return _gathered(task, outcomes, survived, encoded.ids if clean is None else None, len(first))


def _changed(before: Sequence[int] | None, after: Sequence[int]) -> int:
    if before is None:
        return 0
    old, new = Counter(before), Counter(after)
    return max((old - new).total(), (new - old).total())


def _gathered(
    task: Task, outcomes: list[Known], survived: list[bool], ids: list[list[int]] | None, forwarded: int
) -> Predicted:
    result = np.array([known.probabilities for known in outcomes], np.float32).reshape(-1, len(task.labels))
    return Predicted(
        [task.labels[best] for best in result.argmax(axis=1)],
        result,
        np.array([known.tokens for known in outcomes], np.int32),
        np.array([known.tokens_changed for known in outcomes], np.int32),
        np.array([known.unknown for known in outcomes], np.int32),
        np.array([known.truncated for known in outcomes], np.bool_),
        np.array(survived, np.bool_),
        [known.fields_hash for known in outcomes],
        [known.ids_hash for known in outcomes],
        ids,
        forwarded,
    )


def repeatable(checkpoint: Checkpoint, rows: Sequence[CellRow]) -> bool:
    """Whether the model gives the same probabilities twice for the same batch."""
    encoded = encode(checkpoint, [_pair(row) for row in rows])
    return bool(np.array_equal(probabilities(checkpoint, encoded), probabilities(checkpoint, encoded)))


def _pair(row: CellRow) -> tuple[str, str]:
    first, second = row.fields
    return first, second


def _hash(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=8).hexdigest()


def _same_text(before: Sequence[Seen], uid: str, digest: str) -> Known | None:
    return next((known for seen in before if (known := seen.get(uid)) and known.fields_hash == digest), None)


def _same_ids(before: Sequence[Seen], uid: str, digest: str) -> Known | None:
    return next((known for seen in before if (known := seen.get(uid)) and known.ids_hash == digest), None)


def _subset(encoded: Encoded, rows: list[int]) -> Encoded:
    return Encoded(
        [encoded.ids[i] for i in rows],
        {name: [values[i] for i in rows] for name, values in encoded.extra.items()},
        encoded.unknown[rows],
        encoded.truncated[rows],
    )
