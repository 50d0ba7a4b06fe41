"""A checkpoint as what a search attacks, behind the defence that stands before it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from robustx.model.checkpoint import Checkpoint
from robustx.model.defended import defended
from robustx.model.heads.base import Asked
from robustx.model.heads.registry import head_of
from robustx.model.heads.retrieval import sentence_vectors
from robustx.model.neighbours import Vectors
from robustx.search.lockstep import Victim
from robustx.search.objective import Answer
from robustx.suite.cells import CellRow
from robustx.tasks.base import Task
from robustx.tasks.retrieval import RetrievalTask

_REMEMBERED = 200_000
"""Inputs whose answers are kept: many texts reach the model as the same tokens."""


class CheckpointVictim:
    """A checkpoint on a task whose rows are answered one by one."""

    def __init__(self, checkpoint: Checkpoint, task: Task) -> None:
        self._checkpoint, self._task, self._head = checkpoint, task, head_of(task)
        self._known: OrderedDict[str, Answer] = OrderedDict()
        self.forwarded = 0

    def answers(self, rows: Sequence[CellRow]) -> list[Answer]:
        """What the checkpoint makes of each row; rows with the same digest are forwarded once."""
        rows = defended(self._checkpoint, rows)
        encoded = self._head.encode(self._checkpoint, self._task, rows)
        first: dict[str, int] = {}
        for at, digest in enumerate(encoded.digests):
            if digest not in self._known:
                first.setdefault(digest, at)
        chosen = list(first.values())
        if chosen:
            made = self._head.decide(self._checkpoint, Asked(self._task, rows, chosen), encoded.subset(chosen))
            self._known |= {digest: Answer(*given, digest) for digest, given in zip(first, made, strict=True)}
        self.forwarded += len(chosen)
        found = [self._known[digest] for digest in encoded.digests]
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return found


class NeighbourVictim:
    """An encoder on retrieval: one sentence is perturbed, and all others stay as they are.

    An answer's ``probabilities`` are the similarity of the English sentence to the perturbed one, and to the nearest other.
    """

    def __init__(self, checkpoint: Checkpoint, task: Task, rows: Sequence[CellRow]) -> None:
        self._checkpoint, self._task, self._head = checkpoint, task, head_of(task)
        kept = [row for row in rows if all(row.fields)]
        self._uids = [row.uid for row in kept]
        self._at = {uid: i for i, uid in enumerate(self._uids)}
        sources, _ = self._vectors([row._replace(fields=(row.fields[0], "")) for row in kept])
        self._targets, _ = self._vectors([row._replace(fields=("", row.fields[1])) for row in kept])
        similar = self._targets @ sources.T
        np.fill_diagonal(similar, -np.inf)
        self._other = similar.argmax(axis=1) if kept else np.zeros(0, np.int64)
        self._similar = similar.max(axis=1) if kept else np.zeros(0, np.float32)

    def answers(self, rows: Sequence[CellRow]) -> list[Answer]:
        """Which sentence the English one of each row finds."""
        vectors, digests = self._vectors([row._replace(fields=(row.fields[0], "")) for row in rows])
        return [self._answer(row, vector, digest) for row, vector, digest in zip(rows, vectors, digests, strict=True)]

    def _answer(self, row: CellRow, vector: Vectors, digest: str) -> Answer:
        at = self._at.get(row.uid)
        if at is None:
            return Answer("", (0.0, 0.0), digest)
        own, other = float(self._targets[at] @ vector), float(self._similar[at])
        found = row.uid if own >= other else self._uids[int(self._other[at])]
        return Answer(found, (own, other), digest)

    def _vectors(self, rows: Sequence[CellRow]) -> tuple[Vectors, list[str]]:
        """Unit vectors [rows, d] of rows with one side each, and what tells their inputs apart."""
        encoded = self._head.encode(self._checkpoint, self._task, defended(self._checkpoint, rows))
        return sentence_vectors(self._checkpoint, encoded.inputs, None), encoded.digests


def victim_of(checkpoint: Checkpoint, task: Task, rows: Sequence[CellRow]) -> Victim:
    """What is searched for a task; ``rows`` are all the clean rows of a language."""
    if task.head == "retrieval":
        return NeighbourVictim(checkpoint, task, rows)
    return CheckpointVictim(checkpoint, task)


def unsearchable(task: Task) -> str | None:
    """Why a task cannot be searched example by example, or None."""
    if isinstance(task, RetrievalTask) and task.search == "mined":
        return (
            "its pairs are mined from all sentences together, so no search of one sentence can tell what becomes of it"
        )
    return None
