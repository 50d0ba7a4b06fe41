"""Sentence pairs: MultiNLI, SNLI, ANLI, QQP and PAWS-X, as JSON Lines, TSV or CSV, or as rows of the hub."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from robustx.errors import DataError
from robustx.stilts.examples import Pair
from robustx.stilts.readers.rows import column, json_lines, suffix, table
from robustx.stilts.sources import Source
from robustx.tasks.base import SkipLog, field_problem


def read(path: Path, source: Source, skipped: SkipLog, language: str = "en") -> Iterator[Pair]:
    """The pairs of one file.

    Raises:
        DataError: the file has not the columns of the task.
    """
    rows = json_lines(path, skipped) if suffix(path) == ".jsonl" else table(path, source.columns, skipped)
    yield from from_rows(rows, path, source, skipped, language)


def from_rows(
    rows: Iterable[tuple[int, Mapping[str, Any]]], path: Path, source: Source, skipped: SkipLog, language: str = "en"
) -> Iterator[Pair]:
    """The pairs of numbered rows, wherever they come from."""
    for number, row in rows:
        first, second, label = (column(row, source.columns[name]) for name in ("first", "second", "label"))
        if first is None and second is None and number <= 2:
            wanted = ", ".join("/".join(choices) for choices in source.columns.values())
            raise DataError(f"{path}: row {number}: expected {wanted}; found {', '.join(map(str, row))[:200]}")
        texts = str(first or "").strip(), str(second or "").strip()
        # rows that ``robustx translate`` made say what its gates found
        verdict = row.get("verdict", "kept")
        if problem := field_problem(texts) or (f"the translation is {verdict}" if verdict != "kept" else None):
            skipped.add(path, number, problem)
            continue
        try:
            gold = source.label(_named(label, source))
        except ValueError as error:
            skipped.add(path, number, str(error))
            continue
        if gold is None:
            skipped.add(path, number, "no gold label")
            continue
        yield Pair(f"{source.name}-{Path(path).name}-{number}", *texts, gold, language)


def _named(label: object, source: Source) -> str:
    """The hub keeps classes as integers in the order of the task's labels; -1 is a row without gold."""
    if isinstance(label, int) and 0 <= label < len(source.labels):
        return source.labels[label]
    return str("" if label is None else label)
