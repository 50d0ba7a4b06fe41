"""A checkpoint as what a search attacks."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from robustx.model.checkpoint import Checkpoint
from robustx.model.infer import encode, probabilities
from robustx.search.objective import Answer
from robustx.suite.cells import CellRow
from robustx.tasks.base import Task


class CheckpointVictim:
    """A checkpoint on one task."""

    def __init__(self, checkpoint: Checkpoint, task: Task) -> None:
        self._checkpoint, self._task = checkpoint, task

    def answers(self, rows: Sequence[CellRow]) -> list[Answer]:
        """What the checkpoint makes of each row; rows with the same token ids are forwarded once."""
        from robustx.model.predict import _subset

        encoded = encode(self._checkpoint, [(row.fields[0], row.fields[1]) for row in rows])
        digests = [hashlib.blake2b(np.array(ids, np.int32).tobytes(), digest_size=8).hexdigest() for ids in encoded.ids]
        first: dict[str, int] = {}
        for at, digest in enumerate(digests):
            first.setdefault(digest, at)
        made = probabilities(self._checkpoint, _subset(encoded, list(first.values())))
        made = made[:, self._checkpoint.order(self._task.labels)]
        of = {d: Answer(self._task.labels[int(p.argmax())], tuple(p.tolist()), d) for d, p in zip(first, made)}
        return [of[digest] for digest in digests]
