"""A checkpoint as what a search attacks."""

from __future__ import annotations

from collections.abc import Sequence

from robustx.model.checkpoint import Checkpoint
from robustx.model.defended import defended
from robustx.model.heads.base import Asked
from robustx.model.heads.registry import head_of
from robustx.search.objective import Answer
from robustx.suite.cells import CellRow
from robustx.tasks.base import Task


class CheckpointVictim:
    """A checkpoint on one task, with the defence that stands before it: what is searched knows the defence."""

    def __init__(self, checkpoint: Checkpoint, task: Task) -> None:
        self._checkpoint, self._task, self._head = checkpoint, task, head_of(task)

    def answers(self, rows: Sequence[CellRow]) -> list[Answer]:
        """What the checkpoint makes of each row; rows with the same digest are forwarded once."""
        rows = defended(self._checkpoint, rows)
        encoded = self._head.encode(self._checkpoint, self._task, rows)
        first: dict[str, int] = {}
        for at, digest in enumerate(encoded.digests):
            first.setdefault(digest, at)
        chosen = list(first.values())
        made = self._head.decide(self._checkpoint, Asked(self._task, rows, chosen), encoded.subset(chosen))
        of = dict(zip(first, made, strict=True))
        return [Answer(of[digest].prediction, of[digest].probabilities, digest) for digest in encoded.digests]
