"""Cells: what one is called, and its rows on disk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from robustx.errors import SuiteError
from robustx.perturb.edits import Edit
from robustx.perturb.measure import Amounts

CLEAN = "clean"
_CHUNK = 1024


class Cell(NamedTuple):
    """One (task, language, attack, severity, draw): the unit of work, of resuming and of distribution."""

    task: str
    language: str
    attack: str
    severity: float
    draw: int

    @property
    def name(self) -> str:
        """The file name without its ending."""
        return f"{self.task}_{self.language}_{self.attack}_{self.severity:g}_{self.draw}"

    @property
    def clean(self) -> Cell:
        """The cell of the same task and language with nothing perturbed."""
        return Cell(self.task, self.language, CLEAN, 0.0, 0)


class FieldEdit(NamedTuple):
    """One edit with the field it belongs to."""

    field: str
    edit: Edit


class CellRow(NamedTuple):
    """One example of a cell: its fields as the model will see them, and the edits that made them so.

    Attributes:
        likeness: how alike the fields that may be attacked still look (``robustx.perturb.likeness``), if that was asked.
    """

    uid: str
    gold: str
    fields: tuple[str, ...]
    edits: tuple[FieldEdit, ...]
    amounts: Amounts
    likeness: float | None = None


EDITS = pa.list_(
    pa.struct([("field", pa.string()), ("start", pa.int32()), ("end", pa.int32()), ("replacement", pa.string())])
)

LIKENESS = ("likeness", pa.float32())


def edit_records(edits: Sequence[FieldEdit]) -> list[dict[str, Any]]:
    """Edits as they stand in Parquet and JSON."""
    return [{"field": name, **edit._asdict()} for name, edit in edits]


class CellWriter:
    """Streams rows into a Parquet file and takes their hash on the way."""

    def __init__(self, path: Path, fields: Sequence[str]) -> None:
        self._fields = tuple(fields)
        columns = [("uid", pa.string()), ("gold", pa.string()), *((name, pa.string()) for name in fields)]
        self._schema = pa.schema(
            [*columns, ("edits", EDITS), *((name, pa.int32()) for name in Amounts._fields), LIKENESS]
        )
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._digest, self._looks = hashlib.sha256(), hashlib.sha256()
        self._waiting: list[CellRow] = []
        self.rows = 0
        self.changed = 0

    def add(self, row: CellRow) -> None:
        """Take in one row."""
        self._digest.update(_canonical(row))
        self._looks.update(_canonical_look(row))
        self._waiting.append(row)
        self.rows += 1
        self.changed += bool(row.edits)
        if len(self._waiting) == _CHUNK:
            self._flush()

    def close(self) -> tuple[str, str]:
        """Finish the file; the hash of its rows, and that of their likenesses."""
        self._flush()
        self._writer.close()
        return self._digest.hexdigest(), self._looks.hexdigest()

    def abandon(self) -> None:
        """Give an unfinished file up, without the complaint of a writer that is collected while it is open."""
        self._writer.is_open = False

    def _flush(self) -> None:
        if not self._waiting:
            return
        rows = self._waiting
        data: dict[str, list[Any]] = {"uid": [r.uid for r in rows], "gold": [r.gold for r in rows]}
        for i, name in enumerate(self._fields):
            data[name] = [r.fields[i] for r in rows]
        data["edits"] = [edit_records(r.edits) for r in rows]
        data |= dict(zip(Amounts._fields, map(list, zip(*(r.amounts for r in rows), strict=True)), strict=True))
        data["likeness"] = [r.likeness for r in rows]
        self._writer.write_table(pa.table(data, schema=self._schema))
        self._waiting = []


def read_cell(path: Path, fields: Sequence[str]) -> Iterator[CellRow]:
    """The rows of a cell file, in order.

    Raises:
        SuiteError: the file is missing or is not what a suite holds.
    """
    try:
        file = pq.ParquetFile(path)
        for batch in file.iter_batches(batch_size=_CHUNK):
            for row in batch.to_pylist():
                edits = tuple(FieldEdit(e["field"], Edit(e["start"], e["end"], e["replacement"])) for e in row["edits"])
                amounts = Amounts(*(row[name] for name in Amounts._fields))
                given = tuple(row[name] for name in fields)
                yield CellRow(row["uid"], row["gold"], given, edits, amounts, _rounded(row["likeness"]))
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError) as error:
        raise SuiteError(f"{path}: cannot be read as a cell of a suite: {error}") from error


def hash_rows(rows: Iterator[CellRow]) -> tuple[str, str, int]:
    """The two hashes that ``CellWriter`` would give, and the number of rows."""
    digest, looks, count = hashlib.sha256(), hashlib.sha256(), 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 - the last count is the result
        digest.update(_canonical(row))
        looks.update(_canonical_look(row))
    return digest.hexdigest(), looks.hexdigest(), count


def _rounded(likeness: float | None) -> float | None:
    """The three decimals that were written, out of the nearest float32."""
    return None if likeness is None else round(likeness, 3)


def _canonical(row: CellRow) -> bytes:
    value = [row.uid, row.gold, row.fields, [(name, *edit) for name, edit in row.edits], row.amounts]
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _canonical_look(row: CellRow) -> bytes:
    return json.dumps(row.likeness).encode() + b"\n"
