"""What is translated: ANLI with its rounds and splits kept apart, or XNLI as a control whose human translations exist."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from robustx.errors import DataError, UsageError
from robustx.tasks.anli import ROUNDS, anli_file, anli_rows
from robustx.tasks.base import SkipLog
from robustx.tasks.xnli import Xnli

SETS = ("anli", "xnli")
FIELDS = ("premise", "hypothesis")
_CARRIED = ("genre", "tag")


class SourceRow(NamedTuple):
    """One row to translate; ``number`` is its line, ``carried`` what goes along untranslated."""

    uid: str
    number: int
    fields: Mapping[str, str]
    gold: str
    carried: Mapping[str, Any]


@dataclass(frozen=True)
class SourceFile:
    """One file to write: ``part`` is ``R1`` and the like, or empty where a set has no parts."""

    part: str
    split: str
    rows: list[SourceRow]

    @property
    def name(self) -> str:
        """``R1/test`` or ``test``."""
        return f"{self.part}/{self.split}" if self.part else self.split


@dataclass(frozen=True)
class Source:
    """Everything of a set that is to be translated.

    Attributes:
        set: ``anli`` or ``xnli``.
        language: what it is written in (BCP 47).
    """

    set: str
    language: str
    files: list[SourceFile]
    skipped: SkipLog

    @property
    def sha256(self) -> str:
        """Over every row in order."""
        digest = hashlib.sha256()
        for file in self.files:
            for row in file.rows:
                digest.update(json.dumps([file.name, row.uid, dict(row.fields), row.gold]).encode() + b"\n")
        return digest.hexdigest()


def read_source(specification: str, language: str, splits: Sequence[str], limit: int | None = None) -> Source:
    """Read ``anli=FOLDER`` or ``xnli=FOLDER``.

    Args:
        splits: ``dev``, ``test`` or both; one that the folder lacks is passed over.
        limit: at most this many rows a file.

    Raises:
        UsageError: the specification names something else.
        DataError: the folder has none of these rows.
    """
    name, _, folder = specification.partition("=")
    if name not in SETS or not folder:
        raise UsageError(f"--data {specification}: expected {' or '.join(f'{one}=FOLDER' for one in SETS)}")
    if not set(splits) <= {"dev", "test"} or not splits:
        raise UsageError(f"--split {','.join(splits)}: expected dev, test or dev,test")
    if limit is not None and limit < 1:
        raise UsageError(f"--limit {limit}: expected at least 1")
    root = Path(folder)
    if not root.is_dir():
        raise DataError(f"--data {specification}: there is no such folder")
    skipped = SkipLog()
    read = _anli if name == "anli" else _xnli
    files = [file for file in read(root, language, splits, limit, skipped) if file.rows]
    if not files:
        raise DataError(f"--data {specification}: has no {name} rows in {language} for {', '.join(splits)}")
    return Source(name, language, files, skipped)


def _anli(
    root: Path, language: str, splits: Sequence[str], limit: int | None, skipped: SkipLog
) -> Iterator[SourceFile]:
    for part in ROUNDS:
        for split in splits:
            if anli_file(root, language, part, split) is None:
                continue
            rows = [
                SourceRow(
                    row.example.uid,
                    row.number,
                    row.example.fields,
                    row.example.gold,
                    {name: str(row.raw.get(name) or "") for name in _CARRIED},
                )
                for row in islice(anli_rows(root, language, part, split, skipped), limit)
            ]
            yield SourceFile(part, split, rows)


def _xnli(
    root: Path, language: str, splits: Sequence[str], limit: int | None, skipped: SkipLog
) -> Iterator[SourceFile]:
    """XNLI's test set: the control is compared with what a suite reads, which is the test set."""
    if "test" not in splits:
        raise UsageError(f"--split {','.join(splits)}: of xnli the test set is translated")
    rows = [
        SourceRow(row.uid, int(row.uid.rpartition("-")[2]), row.fields, row.gold, {})
        for row in islice(Xnli().read(root, language, skipped), limit)
    ]
    yield SourceFile("", "test", rows)
