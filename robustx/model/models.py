"""The checkpoints of a run: one for all tasks that its head can do, or one a task (``xnli=A,panx=B``)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from robustx import files
from robustx.errors import CheckpointError, UsageError, did_you_mean
from robustx.model.checkpoint import Checkpoint, Settings, check_reference, load, named_head
from robustx.model.demo import LINEAGE, folder_of
from robustx.model.heads.registry import lacks, other_head
from robustx.tasks.base import Task
from robustx.tasks.registry import TASKS


@dataclass(frozen=True)
class Models:
    """Loaded checkpoints.

    Attributes:
        name: what the user called them.
        of: the checkpoint of each task that there is one for.
        left_out: why a task of the suite is not run.
    """

    name: str
    settings: Settings
    of: dict[str, Checkpoint]
    left_out: dict[str, str]

    @property
    def distinct(self) -> list[Checkpoint]:
        """Every checkpoint once, in the order of the tasks."""
        return list({checkpoint.name: checkpoint for checkpoint in self.of.values()}.values())

    @property
    def signature(self) -> str:
        """That of the one checkpoint, or ``model:xnli=A,panx=B@…|tok:…|fp32|len:384``, with the greatest length."""
        if len(self.distinct) == 1:
            return self.distinct[0].signature
        names = ",".join(f"{task}={_short(one)}" for task, one in self.of.items())
        length = max(one.max_length for one in self.distinct)
        prints = [self._together(what)[:8] for what in ("fingerprint", "tokenizer_fingerprint")]
        model = f"model:{names}@{prints[0]}|tok:{prints[1]}"
        return f"{model}|{self.settings.dtype}|len:{length}{self.settings.asked}"

    def facts(self) -> dict[str, Any]:
        """What ``run.json`` says of them; of several, each task's is under ``tasks``."""
        if len(self.distinct) == 1:
            return _facts(self.distinct[0])
        return {
            "name": _said(self.name, self.settings),
            "fingerprint": self._together("fingerprint"),
            "tokenizer_fingerprint": self._together("tokenizer_fingerprint"),
            "tokenizer": ", ".join(sorted({type(one.tokenizer).__name__ for one in self.distinct})),
            "fast_tokenizer": all(_fast(one) for one in self.distinct),
            "type": ", ".join(sorted({one.model.config.model_type for one in self.distinct})),
            "outputs": [],
            "tasks": {task: _facts(one) for task, one in self.of.items()},
        }

    def _together(self, what: str) -> str:
        parts = [f"{task}:{getattr(one, what)}:{one.max_length}" for task, one in self.of.items()]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def named(reference: str) -> dict[str, str]:
    """The reference of each task, where a user named one a task; empty where there is one for all.

    Raises:
        UsageError: a task is named that there is not, or one twice.
    """
    parts = [part.strip() for part in reference.split(",") if part.strip()]
    pairs = [part.partition("=") for part in parts]
    if not parts or not all(equals and "/" not in task for task, equals, _ in pairs) or Path(reference).exists():
        return {}
    for task, _, _ in pairs:
        if task not in TASKS:
            raise UsageError(f'--model: there is no task "{task}".{did_you_mean(task, TASKS)}')
    if len({task for task, _, _ in pairs}) < len(pairs):
        raise UsageError(f"--model {reference}: names a task twice")
    return {task: one for task, _, one in pairs}


def check_references(reference: str, settings: Settings, tasks: Iterable[Task]) -> dict[str, str]:
    """Everything that can be said of the checkpoints without loading them: why some of the tasks cannot be done.

    Raises:
        CheckpointError, UsageError: one cannot be used as it is, or has the head of no task.
    """
    each = named(reference)
    if each:
        for one in each.values():
            check_reference(one, settings)
        return {}
    folder = check_reference(reference, settings)
    if folder is None:
        return {}
    head = named_head(folder)
    reasons = {task.name: other_head(reference, head, task) for task in tasks}
    if all(reasons.values()):
        raise CheckpointError(str(next(iter(reasons.values()))))
    return {name: reason for name, reason in reasons.items() if reason}


def load_models(reference: str, settings: Settings, tasks: Iterable[Task]) -> Models:
    """Load what is needed for some tasks; those that no checkpoint can do are left out, with the reason.

    Raises:
        CheckpointError: a checkpoint cannot be used, or does none of the tasks, or not the one it is named for.
    """
    tasks = list(tasks)
    each = named(reference)
    if not each:
        return _of_one(reference, settings, tasks)
    stray = [name for name in each if name not in {task.name for task in tasks}]
    if stray:
        raise UsageError(f"--model: the suite has no {stray[0]}; it has {', '.join(task.name for task in tasks)}")
    loaded = {one: load(one, settings) for one in dict.fromkeys(each.values())}
    of = {task.name: loaded[each[task.name]] for task in tasks if task.name in each}
    for task in tasks:
        if task.name in of and (reason := lacks(of[task.name], task)):
            raise CheckpointError(reason)
    left_out = {task.name: "no checkpoint is named for it" for task in tasks if task.name not in of}
    return _ordered(Models(reference, settings, of, left_out), tasks)


def _of_one(reference: str, settings: Settings, tasks: Sequence[Task]) -> Models:
    checkpoint = load(reference, settings)
    reasons = {task.name: lacks(checkpoint, task) for task in tasks}
    left_out = {name: reason for name, reason in reasons.items() if reason}
    if len(left_out) == len(tasks):
        raise CheckpointError(next(iter(left_out.values())))
    of = {name: checkpoint for name in reasons if name not in left_out}
    return _ordered(Models(reference, settings, of, left_out), tasks)


def _ordered(models: Models, tasks: Sequence[Task]) -> Models:
    """The same, once every head's outputs are known to mean the task's labels."""
    for task in tasks:
        if task.name in models.of and task.labels:
            models.of[task.name].order(task.labels)
    return models


def _facts(checkpoint: Checkpoint) -> dict[str, Any]:
    return {
        "name": _said(checkpoint.name, checkpoint.settings),
        "fingerprint": checkpoint.fingerprint,
        "tokenizer_fingerprint": checkpoint.tokenizer_fingerprint,
        "tokenizer": type(checkpoint.tokenizer).__name__,
        "fast_tokenizer": _fast(checkpoint),
        "type": checkpoint.model.config.model_type,
        "outputs": [checkpoint.outputs[i] for i in sorted(checkpoint.outputs)],
        **_lineage(checkpoint),
    }


def _lineage(checkpoint: Checkpoint) -> dict[str, Any]:
    """What training wrote beside the weights, if it did: which arm and seed this is."""
    path = folder_of(checkpoint.name) / LINEAGE
    if not path.is_file():
        return {}
    return {"lineage": files.read_json(path, CheckpointError, "what `robustx train` writes beside a checkpoint")}


def _said(name: str, settings: Settings) -> str:
    """The name of what was measured: a checkpoint, or one behind a defence."""
    return f"{name} behind {settings.defence}" if settings.defence else name


def _fast(checkpoint: Checkpoint) -> bool:
    return bool(getattr(checkpoint.tokenizer, "is_fast", False))


def _short(checkpoint: Checkpoint) -> str:
    return Path(checkpoint.name).name if Path(checkpoint.name).is_dir() else checkpoint.name
