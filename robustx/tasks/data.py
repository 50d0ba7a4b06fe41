"""``--data``: ``mini``, ``hub``, ``hub:SET`` or a folder, for all tasks or task by task (``xnli=FOLDER``)."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from robustx.errors import DataError, UsageError
from robustx.tasks.base import Example, SkipLog, Task

MINI = Path(__file__).with_name("mini")
MINI_VERSION = 1


@dataclass(frozen=True)
class TaskData:
    """Where one task's rows come from.

    Attributes:
        label: how the source is called in a signature: ``mini@1``, ``hub``, ``hub:ocnli``, ``folder``, or ``folder:dev`` where
            it has the dev set of some languages.
        root: the folder, or None for the hub.
        limit: at most this many rows a language.
    """

    task: Task
    label: str
    root: Path | None
    limit: int | None = None

    def available(self, wanted: list[str]) -> list[str]:
        """Those of the wanted languages that the source has; the hub is asked only when it is read."""
        have = self.task.published or wanted if self.root is None else self.task.available(self.root)
        return [code for code in wanted if code in have]

    def check(self, language: str) -> None:
        """Read as far as the first good row; the hub is asked only when it is read.

        Raises:
            DataError: the file is not the task's, or none of its rows can be used.
        """
        skipped = SkipLog(keep=1)
        if self.root is not None and next(self.examples(language, skipped), None) is None:
            why = f"; row {skipped.first[0].row}: {skipped.first[0].reason}" if skipped.first else ", as it has none"
            raise DataError(f"{self.root}: none of the {self.task.name} rows for {language} can be used{why}")

    def examples(self, language: str, skipped: SkipLog) -> Iterator[Example]:
        """The rows of one language, up to the limit."""
        rows = (
            self.task.read_hub(language, skipped) if self.root is None else self.task.read(self.root, language, skipped)
        )
        return itertools.islice(rows, self.limit)


def sources_of(spec: str, tasks: Sequence[Task], limit: int | None = None) -> tuple[list[TaskData], dict[str, str]]:
    """Resolve ``--data`` for the tasks of a suite: where each one's rows come from, and why others are left out.

    Raises:
        UsageError, DataError: as ``task_data``, where no task has a source, or the suite has but one task.
    """
    made: list[TaskData] = []
    left_out: dict[str, str] = {}
    for task in tasks:
        try:
            made.append(task_data(spec, task, limit))
        except NoSourceError as error:
            left_out[task.name] = str(error)
            if len(left_out) == len(tasks):
                raise
    return made, left_out


class NoSourceError(DataError):
    """What ``--data`` names has nothing of a task; of a suite of several it is left out."""


def task_data(spec: str, task: Task, limit: int | None = None) -> TaskData:
    """Resolve ``--data`` for one task.

    Raises:
        NoSourceError: the specification names sources for other tasks alone, or a folder that has nothing of this one.
        UsageError: it names none, or several.
        DataError: the folder is not there.
    """
    if limit is not None and limit < 1:
        raise UsageError(f"--limit {limit}: expected at least 1")
    source = _source_for(spec, task.name)
    if source == "mini":
        root: Path | None = MINI
        label = f"mini@{MINI_VERSION}"
    elif source == "hub":
        root, label = None, "hub"
    elif source.startswith("hub:"):
        task, root = task.of_hub(source.removeprefix("hub:")), None
        label = "hub:" + source.split(":")[1].rpartition("/")[2].removesuffix(".toml")
    else:
        root, label = Path(source), "folder"
        if not root.is_dir():
            raise DataError(f"--data {source}: there is no such folder (mini and hub are the other choices)")
    have = task.available(root) if root is not None else []
    if root is not None and not have:
        raise NoSourceError(
            f"--data {source}: has no {task.name} data; expected {task.name} in XTREME's layout, with what its own scripts take "
            "out of test files: labels, tags, answers"
        )
    if label == "folder" and root is not None and any(task.split(root, code) == "dev" for code in have):
        label = "folder:dev"
    return TaskData(task, label, root, limit)


def _source_for(spec: str, name: str) -> str:
    parts = [part.strip() for part in spec.split(",") if part.strip()]
    general = [part for part in parts if "=" not in part]
    named = dict(part.split("=", 1) for part in parts if "=" in part)
    for key in (name, name.partition("-")[0]):  # anli=FOLDER serves anli-r1 and its like
        if key in named:
            return named[key]
    if len(general) == 1:
        return general[0]
    problem = f"--data {spec}: names no source for {name}; expected mini, hub, FOLDER or {name}=FOLDER"
    raise NoSourceError(problem) if named and not general else UsageError(problem)


class RowHash:
    """SHA-256 over examples in order, taken while they pass by."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def add(self, example: Example) -> None:
        """Take in one example."""
        row = [example.uid, example.language, dict(example.fields), example.gold]
        self._digest.update(json.dumps(row, ensure_ascii=False, sort_keys=True).encode() + b"\n")

    def hexdigest(self) -> str:
        """The digest so far."""
        return self._digest.hexdigest()
