"""Tagged sentences: a token and its tag a line (XTREME's PAN-X and UD-POS, WikiANN, CoNLL-U), or a sentence a line (CCG)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from robustx.errors import DataError
from robustx.stilts.examples import Tagged
from robustx.stilts.readers.rows import column, text_of
from robustx.stilts.sources import Source
from robustx.tasks.base import SkipLog, field_problem


def read(path: Path, source: Source, skipped: SkipLog, language: str = "en") -> Iterator[Tagged]:
    """The sentences of one file; its format is seen from its first line.

    Raises:
        DataError: the first line is none of the known formats.
    """
    lines = text_of(path).split("\n")
    first = next((line for line in lines if line.strip() and not line.startswith("#")), "")
    if first.count("\t") == 9:
        found = _lines(_conllu(lines), 1, 3)
    elif first.count("\t") == 1 and " " in first.split("\t")[1].strip():
        found = _sentences(lines)
    elif "\t" in first:
        found = _lines(lines, 0, -1)
    elif first.count("|") >= 2:
        found = _piped(lines)
    else:
        raise DataError(f"{path}: row 1: expected a token and its tag apart by a tab, or a sentence and its tags")
    for number, tokens, tags in found:
        made = _tagged(path, number, tokens, tags, source, skipped, language)
        if made is not None:
            yield made


def from_rows(
    rows: Iterable[tuple[int, Mapping[str, Any]]], path: Path, source: Source, skipped: SkipLog, language: str = "en"
) -> Iterator[Tagged]:
    """The sentences of the hub's rows; tags are integers in the order of the task's labels, or names."""
    for number, row in rows:
        tokens, tags = (column(row, source.columns[name]) for name in ("tokens", "tags"))
        if tokens is None or tags is None:
            raise DataError(f"{path}: row {number}: expected tokens and tags; found {', '.join(row)[:200]}")
        named = [source.labels[tag] if isinstance(tag, int) and 0 <= tag < len(source.labels) else tag for tag in tags]
        made = _tagged(path, number, list(map(str, tokens)), list(map(str, named)), source, skipped, language)
        if made is not None:
            yield made


Found = Iterator[tuple[int, list[str], list[str]]]


def _conllu(lines: list[str]) -> list[str]:
    """Comments, ranges (1-2) and empty nodes (1.1) taken out, which have no tag of their own."""
    return ["#" if line and not line.partition("\t")[0].isdigit() else line for line in lines]


def _lines(lines: list[str], token: int, tag: int) -> Found:
    tokens: list[str] = []
    tags: list[str] = []
    began = 1
    for number, line in enumerate([*lines, ""], start=1):
        columns = line.rstrip("\r").split("\t")
        if len(columns) > 1:
            began = began if tokens else number
            tokens.append(columns[token])
            tags.append(columns[tag].strip())
        elif tokens and line != "#":
            yield began, tokens, tags
            tokens, tags = [], []


def _sentences(lines: list[str]) -> Found:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            words, _, tags = line.rstrip("\r").partition("\t")
            yield number, words.split(" "), tags.split()


def _piped(lines: list[str]) -> Found:
    for number, line in enumerate(lines, start=1):
        parts = [part.split("|") for part in line.split()]
        if parts:
            yield number, [part[0] for part in parts], [part[-1] if len(part) > 2 else "" for part in parts]


def _tagged(
    path: Path, number: int, tokens: list[str], tags: list[str], source: Source, skipped: SkipLog, language: str
) -> Tagged | None:
    problem = field_problem(tokens) if tokens else "an empty sentence"
    if len(tokens) != len(tags):
        problem = f"{len(tokens)} tokens and {len(tags)} tags"
    elif "" in tags:
        problem = "a token without a tag"
    if problem is None:
        try:
            named = [source.label(tag) or "" for tag in tags]
        except ValueError as error:
            problem = str(error)
        else:
            return Tagged(f"{source.name}-{Path(path).name}-{number}", tuple(tokens), tuple(named), language)
    skipped.add(path, number, problem)
    return None
