"""The tasks by name."""

from __future__ import annotations

from robustx.errors import UsageError, did_you_mean
from robustx.tasks.anli import ROUNDS, Anli
from robustx.tasks.base import Task
from robustx.tasks.nli import Nli
from robustx.tasks.panx import Panx
from robustx.tasks.udpos import Udpos
from robustx.tasks.xnli import Xnli

ANLI = [Anli(one, every_row) for every_row in (False, True) for one in ROUNDS]

TASKS: dict[str, Task] = {task.name: task for task in (Xnli(), Udpos(), Panx(), Nli(), *ANLI)}


def task(name: str) -> Task:
    """The task of a name.

    Raises:
        UsageError: there is no such task.
    """
    if name not in TASKS:
        raise UsageError(f'there is no task "{name}".{did_you_mean(name, TASKS)} Tasks: {", ".join(TASKS)}')
    return TASKS[name]
