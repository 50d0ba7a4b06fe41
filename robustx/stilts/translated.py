"""Machine-translated intermediate rows beside the English ones: folders of ANLI's JSON Lines, a language each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from robustx.errors import DataError, UsageError
from robustx.stilts.read import FILES, Library, Split
from robustx.stilts.sources import Source
from robustx.tasks.base import SkipLog


def translated(task: Source, train: Split, library: Library, languages: Sequence[str]) -> Split:
    """The English rows, and after them those of the languages.

    Files: any ``.jsonl`` below a folder that is called as the language is, or whose name ends in ``-<language>``; of a
    folder that ``robustx translate`` made, those whose name has ``train`` in it if there are such.

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
        paths = _paths(root, language)
        rows = [row for path in paths for row in FILES["pair"](path, task, skipped, language)]
        if not rows:
            raise DataError(
                f"{root}: has no rows in {language}; expected .jsonl files in {language}/ or called *-{language}.jsonl"
            )
        examples += [replace(row, uid=f"{language}-{i}-{row.uid}") for i, row in enumerate(rows)]
        where += [str(path.relative_to(root)) for path in paths]
    skipped.count += train.skipped.count
    return Split(examples, tuple(where), skipped)


def _paths(root: Path, language: str) -> list[Path]:
    found = [
        path
        for path in sorted(root.rglob("*.jsonl"))
        if language in path.relative_to(root).parts[:-1] or path.stem.endswith(f"-{language}") or path.stem == language
    ]
    train = [path for path in found if "train" in path.stem]
    return train or found
