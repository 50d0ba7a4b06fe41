"""Rows of JSON Lines, TSV and CSV files, plain or gzipped, as dictionaries or lists with their numbers."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from robustx.errors import DataError
from robustx.tasks.base import SkipLog

csv.field_size_limit(10_000_000)


def text_of(path: Path) -> str:
    """A file's text; UTF-8, gzipped or not, with or without a byte order mark.

    Raises:
        DataError: it cannot be read, or is not UTF-8.
    """
    try:
        data = path.read_bytes()
        return (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read: {error}; expected UTF-8 text") from error


def suffix(path: Path) -> str:
    """The suffix that says the format: that before ``.gz``, if there is one."""
    return Path(path.name.removesuffix(".gz")).suffix


def json_lines(path: Path, skipped: SkipLog) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Objects of a JSON Lines file with their row numbers.

    Raises:
        DataError: its first row is no JSON object.
    """
    for number, line in enumerate(text_of(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            row = error
        if not isinstance(row, dict):
            if number == 1:
                raise DataError(f"{path}: row 1: expected a JSON object a line")
            skipped.add(path, number, "no JSON object")
            continue
        yield number, row


def table(path: Path, names: Mapping[str, list[str]], skipped: SkipLog) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Rows of a TSV or CSV file with their numbers; a file without a header has its columns in the order of ``names``.

    Raises:
        DataError: the file has no header and another number of columns.
    """
    text = text_of(path)
    if suffix(path) == ".csv":
        rows: Iterator[list[str]] = csv.reader(io.StringIO(text, newline=""))
    else:
        rows = (line.rstrip("\r").split("\t") for line in text.split("\n"))
    header: list[str] | None = None
    for number, row in enumerate(rows, start=1):
        if header is None:
            known = all(any(name in row for name in choices) for choices in names.values())
            if not known and len(row) != len(names):
                wanted = ", ".join("/".join(choices) for choices in names.values())
                raise DataError(
                    f"{path}: row 1: expected a header with {wanted}, or those {len(names)} columns without one; "
                    f"found {len(row)} columns"
                )
            header = row if known else [choices[0] for choices in names.values()]
            if known:
                continue
        if row in ([], [""]):
            continue
        if len(row) < len(header):
            skipped.add(path, number, f"expected {len(header)} columns, found {len(row)}")
            continue
        yield number, dict(zip(header, row, strict=False))


def json_file(path: Path) -> Any:
    """The value of a JSON file.

    Raises:
        DataError: it is none.
    """
    try:
        return json.loads(text_of(path))
    except json.JSONDecodeError as error:
        raise DataError(f"{path}: is not JSON: {error}") from error


def column(row: Mapping[str, Any], choices: list[str]) -> Any:
    """The first of the columns that a row has; None where it has none."""
    return next((row[name] for name in choices if row.get(name) is not None), None)
