"""The tasks by name."""

from __future__ import annotations

from robustx.errors import UsageError, did_you_mean
from robustx.tasks.anli import ROUNDS, Anli
from robustx.tasks.base import Task
from robustx.tasks.bucc import Bucc2018
from robustx.tasks.mlqa import Mlqa
from robustx.tasks.nli import Nli
from robustx.tasks.panx import Panx
from robustx.tasks.pawsx import PawsX
from robustx.tasks.tatoeba import Tatoeba
from robustx.tasks.tydiqa import Tydiqa
from robustx.tasks.udpos import Udpos
from robustx.tasks.xnli import Xnli
from robustx.tasks.xquad import Xquad

XTREME: tuple[Task, ...] = (
    Xnli(),
    PawsX(),
    Udpos(),
    Panx(),
    Xquad(),
    Mlqa(),
    Tydiqa(),
    Bucc2018(),
    Tatoeba(),
)
"""The nine, in the order of XTREME's table."""

BEYOND: tuple[Task, ...] = (*(Anli(one, every) for every in (False, True) for one in ROUNDS), Nli())
"""Adversarial NLI round by round, as kept and as a whole, and any other set of NLI."""

TASKS: dict[str, Task] = {task.name: task for task in (*XTREME, *BEYOND)}


def task(name: str) -> Task:
    """The task of a name.

    Raises:
        UsageError: there is no such task.
    """
    if name not in TASKS:
        raise UsageError(f'there is no task "{name}".{did_you_mean(name, TASKS)} Tasks: {", ".join(TASKS)}')
    return TASKS[name]
