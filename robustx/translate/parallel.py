"""A user's own translations: a parallel file is an engine that looks texts up."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from robustx.errors import DataError, UsageError
from robustx.text.display import visible
from robustx.text.languages import languages
from robustx.translate.engine import Outcome

_MISSING = "the parallel file has no translation of it"


class Parallel:
    """Translations from a file: ``.tsv`` with BCP 47 codes as its header, or ``.jsonl`` with them as keys.

    Where a source text stands there several times, its first translation holds.

    Raises:
        DataError: there is no such file, or it is neither.
    """

    unit = "text"
    batch = 4096

    def __init__(self, path: Path) -> None:
        self.name = visible(f"file:{path.name}")
        self._path = path
        if path.suffix not in (".tsv", ".jsonl") or not path.is_file():
            raise DataError(
                f"--engine file:{path}: expected a .tsv file with language codes as its header, "
                'such as "en<TAB>hi", or a .jsonl file with them as keys'
            )

    def check(self, source: str, target: str) -> None:
        """See ``Engine``."""
        have = sorted({code for row in self._rows for code in row})
        for code in (source, target):
            if code not in have:
                raise UsageError(f"--engine file:{self._path}: has no column {code}; it has {' '.join(have)}")

    def identity(self, source: str, target: str) -> Mapping[str, str]:
        """The file's digest."""
        return {"engine": self.name, "version": hashlib.sha256(self._path.read_bytes()).hexdigest()[:16]}

    def fits(self, text: str) -> bool:
        """Looking up takes texts of any length."""
        return True

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[Outcome]:
        """See ``Engine``."""
        known = self._known(source, target)
        found = [known.get(text.strip()) for text in texts]
        return [Outcome("", _MISSING) if text is None else Outcome(text) for text in found]

    def _known(self, source: str, target: str) -> dict[str, str]:
        known: dict[str, str] = {}
        for row in self._rows:
            if row.get(source) and row.get(target):
                known.setdefault(row[source].strip(), row[target])
        return known

    @cached_property
    def _rows(self) -> list[dict[str, str]]:
        with self._path.open(encoding="utf-8-sig", newline="") as lines:
            try:
                return list(_tsv(self._path, lines) if self._path.suffix == ".tsv" else _jsonl(self._path, lines))
            except UnicodeDecodeError as error:
                raise DataError(f"{self._path}: is not UTF-8 ({error.reason} at byte {error.start})") from error


def _tsv(path: Path, lines: Iterator[str]) -> Iterator[dict[str, str]]:
    rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    header = [cell.strip() for cell in next(rows, [])]
    if len(header) < 2 or not set(header) <= set(languages()):
        raise DataError(
            f"{path}: row 1: expected language codes (BCP 47) with tabs between, found {' '.join(header)[:80]}"
        )
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise DataError(f"{path}: row {number}: expected {len(header)} columns, found {len(row)}")
        yield dict(zip(header, row, strict=True))


def _jsonl(path: Path, lines: Iterator[str]) -> Iterator[dict[str, str]]:
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise DataError(f"{path}: row {number}: is no JSON: {error}") from error
        if not isinstance(row, dict):
            raise DataError(f'{path}: row {number}: expected an object such as {{"en": "...", "hi": "..."}}')
        yield {code: text for code, text in row.items() if code in languages() and isinstance(text, str)}
