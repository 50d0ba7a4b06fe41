"""The heads by name, and whether a checkpoint has the one that a task needs."""

from __future__ import annotations

from robustx.model.checkpoint import Checkpoint
from robustx.model.heads.base import Head
from robustx.model.heads.classification import Classification
from robustx.tasks.base import Task

HEADS: dict[str, Head] = {"classification": Classification()}

_NEEDED = {
    "classification": "a sequence classifier (...ForSequenceClassification)",
    "tagging": "a token classifier (...ForTokenClassification)",
    "answering": "an extractive reader (...ForQuestionAnswering)",
}


def head_of(task: Task) -> Head:
    """The head that does a task."""
    return HEADS[task.head]


def lacks(checkpoint: Checkpoint, task: Task) -> str | None:
    """Why a checkpoint cannot do a task, or None; any encoder does retrieval, whatever head stands on it."""
    if task.head in _NEEDED and task.head != checkpoint.head:
        return f"{checkpoint.name}: is a {checkpoint.architecture}; {task.name} needs {_NEEDED[task.head]}"
    return head_of(task).lacks(checkpoint, task)
