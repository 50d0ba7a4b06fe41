"""The tasks by name."""

from __future__ import annotations

from robustx.errors import UsageError, did_you_mean
from robustx.tasks.base import Task
from robustx.tasks.bucc import Bucc2018
from robustx.tasks.pawsx import PawsX
from robustx.tasks.tatoeba import Tatoeba
from robustx.tasks.xnli import Xnli

TASKS: dict[str, Task] = {task.name: task for task in (Xnli(), PawsX(), Tatoeba(), Bucc2018())}


def task(name: str) -> Task:
    """The task of a name.

    Raises:
        UsageError: there is no such task.
    """
    if name not in TASKS:
        raise UsageError(f'there is no task "{name}".{did_you_mean(name, TASKS)} Tasks: {", ".join(TASKS)}')
    return TASKS[name]
