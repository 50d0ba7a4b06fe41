"""Rows of a file of any usual kind, each as a mapping: TSV and CSV with or without a header, JSON, JSON lines, Parquet."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from robustx.errors import DataError
from robustx.tasks.base import SkipLog

Row = tuple[int, Mapping[str, Any]]

Headless = Callable[[Sequence[str]], tuple[str, ...] | None]

KINDS = (".tsv", ".csv", ".txt", ".jsonl", ".json", ".parquet")


def rows(path: Path, headless: Headless, skipped: SkipLog) -> Iterator[Row]:
    """The rows of a file, counted from 1, as mappings from column to value.

    Args:
        headless: given the cells of the first line of a TSV or CSV file, the columns if it is a row, None if it is a header.
        skipped: takes what is no row.

    Raises:
        DataError: the file cannot be read as what its ending says.
    """
    readers: dict[str, Callable[[Path, SkipLog], Iterator[Row]]] = {
        ".jsonl": _json_lines,
        ".json": _json,
        ".parquet": _parquet,
    }
    if path.suffix in readers:
        yield from readers[path.suffix](path, skipped)
    else:
        yield from _delimited(path, headless, skipped)


def _delimited(path: Path, headless: Headless, skipped: SkipLog) -> Iterator[Row]:
    """Tabs make columns where the first line has any, whatever the file is called; else commas with quotes."""
    with path.open(encoding="utf-8-sig", newline="", errors="surrogateescape") as lines:
        first = lines.readline()
        lines.seek(0)
        tabs = "\t" in first
        if tabs:
            split: Iterator[list[str]] = (line.rstrip("\r\n").split("\t") for line in lines)
        else:
            split = csv.reader(lines)
        header: list[str] | None = None
        for number, cells in enumerate(split, start=1):
            if header is None:
                columns = headless(cells)
                header = [cell.strip().lower() for cell in cells] if columns is None else list(columns)
                if columns is None:
                    continue
            if len(cells) != len(header):
                skipped.add(path, number, f"expected {len(header)} columns, found {len(cells)}")
                continue
            yield number, dict(zip(header, cells, strict=True))


def _json_lines(path: Path, skipped: SkipLog) -> Iterator[Row]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                value = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
            except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
                skipped.add(path, number, f"is no JSON ({type(error).__name__})")
                continue
            yield from _objects(path, number, value, skipped)


def _json(path: Path, skipped: SkipLog) -> Iterator[Row]:
    """A list of objects; a file of JSON lines under this name is read as what it is."""
    try:
        value = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError:
        yield from _json_lines(path, skipped)
        return
    except (UnicodeDecodeError, RecursionError) as error:
        raise DataError(f"{path}: is no JSON ({type(error).__name__}); expected a list of objects") from error
    inner = value.get("data", [value]) if isinstance(value, dict) else value
    if not isinstance(inner, list):
        raise DataError(f"{path}: expected a list of objects")
    for number, one in enumerate(inner, start=1):
        yield from _objects(path, number, one, skipped)


def _objects(path: Path, number: int, value: Any, skipped: SkipLog) -> Iterator[Row]:
    if isinstance(value, dict):
        yield number, {str(name).lower(): cell for name, cell in value.items()}
    else:
        skipped.add(path, number, "is no object")


def _parquet(path: Path, skipped: SkipLog) -> Iterator[Row]:
    """Class numbers become the names that ``datasets`` keeps beside them."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(path)
        classes = _classes(table.schema_arrow.metadata or {})
        number = 0
        for batch in table.iter_batches():
            for row in batch.to_pylist():
                number += 1
                yield number, {str(name).lower(): _named(classes, name, cell) for name, cell in row.items()}
    except (pa.ArrowInvalid, OSError) as error:
        raise DataError(f"{path}: is no Parquet file, or is damaged: {error}") from error


def _classes(metadata: Mapping[bytes, bytes]) -> dict[str, list[str]]:
    try:
        features = json.loads(metadata.get(b"huggingface", b"{}"))["info"]["features"]
    except (KeyError, TypeError, json.JSONDecodeError, UnicodeDecodeError):
        return {}
    return {name: one["names"] for name, one in features.items() if isinstance(one, dict) and one.get("names")}


def _named(classes: dict[str, list[str]], column: str, cell: Any) -> Any:
    names = classes.get(column, [])
    return names[cell] if isinstance(cell, int) and 0 <= cell < len(names) else cell
