"""The tasks by name."""

from __future__ import annotations

from robustx.errors import UsageError, did_you_mean
from robustx.tasks.base import Task
from robustx.tasks.mlqa import Mlqa
from robustx.tasks.panx import Panx
from robustx.tasks.tydiqa import Tydiqa
from robustx.tasks.udpos import Udpos
from robustx.tasks.xnli import Xnli
from robustx.tasks.xquad import Xquad

TASKS: dict[str, Task] = {task.name: task for task in (Xnli(), Udpos(), Panx(), Xquad(), Mlqa(), Tydiqa())}


def task(name: str) -> Task:
    """The task of a name.

    Raises:
        UsageError: there is no such task.
    """
    if name not in TASKS:
        raise UsageError(f'there is no task "{name}".{did_you_mean(name, TASKS)} Tasks: {", ".join(TASKS)}')
    return TASKS[name]
