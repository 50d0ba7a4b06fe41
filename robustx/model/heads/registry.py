"""The heads by name, and whether a checkpoint has the one that a task needs."""

from __future__ import annotations

from robustx.model.checkpoint import Checkpoint, Named
from robustx.model.heads.answering import Answering
from robustx.model.heads.base import Head
from robustx.model.heads.classification import Classification
from robustx.model.heads.retrieval import Retrieval
from robustx.model.heads.tagging import Tagging
from robustx.tasks.base import Task

HEADS: dict[str, Head] = {
    "classification": Classification(),
    "tagging": Tagging(),
    "answering": Answering(),
    "retrieval": Retrieval(),
}

_NEEDED = {
    "classification": "a sequence classifier (...ForSequenceClassification)",
    "tagging": "a token classifier (...ForTokenClassification)",
    "answering": "an extractive reader (...ForQuestionAnswering)",
}


def head_of(task: Task) -> Head:
    """The head that does a task."""
    return HEADS[task.head]


def together(task: Task) -> bool:
    """Whether the answer to a row depends on the other rows of its cell, so that it is never known from another cell."""
    return task.head == "retrieval"


def lacks(checkpoint: Checkpoint, task: Task) -> str | None:
    """Why a checkpoint cannot do a task, or None; any encoder does retrieval, whatever head stands on it."""
    named = Named(checkpoint.head, checkpoint.architecture)
    return other_head(checkpoint.name, named, task) or head_of(task).lacks(checkpoint, task)


def other_head(name: str, named: Named, task: Task) -> str | None:
    """Why a head that a config names is not the one that a task needs, or None."""
    if task.head in _NEEDED and task.head != named.head:
        return f"{name}: is a {named.architecture}; {task.name} needs {_NEEDED[task.head]}"
    return None
