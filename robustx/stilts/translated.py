"""Machine-translated intermediate rows beside the English ones: folders of ANLI's JSON Lines, a language each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from robustx.errors import DataError, UsageError
from robustx.stilts.read import Library, Split
from robustx.stilts.readers import pairs
from robustx.stilts.sources import Source
from robustx.tasks.base import SkipLog


def translated(task: Source, train: Split, library: Library, languages: Sequence[str]) -> Split:
    """The English rows, and after them those of the languages.

    Files: ``hi/R1/train.jsonl`` as ``robustx translate`` writes them, or any ``train*.jsonl`` below a folder that is called as
    the language is; of a task that is one of ANLI's rounds, that round's alone. Rows that its gates did not keep are passed over.

    Raises:
        UsageError: ``--data`` has no folder for translations, or the task is no sentence pair.
        DataError: a language has no rows.
    """
    if not languages:
        return train
    if task.kind != "pair":
        raise UsageError(f"translated: {task.name} is no task of sentence pairs; only those are read in translation")
    root = library.root("translated")
    if root is None:
        raise UsageError("translated: translations lie in a folder: --data translated=FOLDER")
    skipped, examples, where = SkipLog(), list(train.examples), list(train.where)
    for language in languages:
        paths = _paths(root, language, task)
        rows = [row for path in paths for row in pairs.read(path, task, skipped, language)]
        if not rows:
            raise DataError(
                f"{root}: has no training rows of {task.name} in {language}; expected {language}/train.jsonl or "
                f"{language}/R1/train.jsonl, as `robustx translate --split train` writes them"
            )
        examples += [replace(row, uid=f"{language}-{i}-{row.uid}") for i, row in enumerate(rows)]
        where += [str(path.relative_to(root)) for path in paths]
    skipped.count += train.skipped.count
    return Split(examples, tuple(where), skipped)


def _paths(root: Path, language: str, task: Source) -> list[Path]:
    only = task.name.removeprefix("anli-").upper() if task.name in ("anli-r1", "anli-r2", "anli-r3") else None
    return [
        path
        for path in sorted(root.rglob("train*.jsonl"))
        if language in (parts := path.relative_to(root).parts[:-1]) and (only is None or only in parts)
    ]
