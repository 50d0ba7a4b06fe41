"""Multiple choice: HellaSwag, Cosmos QA and CommonsenseQA, as JSON Lines or CSV, or as rows of the hub."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from robustx.stilts.examples import Choice
from robustx.stilts.readers.rows import json_lines, suffix, table
from robustx.stilts.sources import Source
from robustx.tasks.base import SkipLog, field_problem


def read(path: Path, source: Source, skipped: SkipLog, language: str = "en") -> Iterator[Choice]:
    """The items of one file.

    Raises:
        DataError: the file has not the columns of the task.
    """
    names = {name: [name] for names in source.columns.values() for name in names}
    rows = json_lines(path, skipped) if suffix(path) == ".jsonl" else table(path, names, skipped)
    yield from from_rows(rows, path, source, skipped, language)


def from_rows(
    rows: Iterable[tuple[int, Mapping[str, Any]]], path: Path, source: Source, skipped: SkipLog, language: str = "en"
) -> Iterator[Choice]:
    """The items of numbered rows."""
    for number, row in rows:
        try:
            prompt, endings, label = _item(row, source)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            skipped.add(path, number, f"no item of {source.about}: {error!r}")
            continue
        problem = field_problem((prompt, *endings))
        if problem is None and not (len(endings) > 1 and 0 <= label < len(endings)):
            problem = f"{len(endings)} endings and the label {label}"
        if problem is not None:
            skipped.add(path, number, problem)
            continue
        yield Choice(f"{source.name}-{Path(path).name}-{number}", prompt, endings, label, language)


def _item(row: Mapping[str, Any], source: Source) -> tuple[str, tuple[str, ...], int]:
    columns = source.columns
    prompts: list[Any] = [row[name] for name in columns["prompt"]]
    label = row[columns["label"][0]]
    given: Any
    # CommonsenseQA's release keeps question and choices in one object; the hub lays them side by side
    if isinstance(prompts[0], dict):
        given, prompts = prompts[0]["choices"], [prompts[0]["stem"]]
    else:
        endings = [row[name] for name in columns["endings"]]
        given = endings[0] if len(endings) == 1 else endings
    if isinstance(given, dict):
        given = [{"label": name, "text": text} for name, text in zip(given["label"], given["text"], strict=True)]
    if given and isinstance(given[0], dict):
        label = [str(one["label"]) for one in given].index(str(label))
        given = [one["text"] for one in given]
    return " ".join(str(one).strip() for one in prompts), tuple(str(one).strip() for one in given), int(label)
