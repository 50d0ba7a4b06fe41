"""The manifest of a built suite: what it is made of, the hash of every cell, and a one-line signature."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from robustx import files
from robustx.errors import SuiteError
from robustx.suite.cells import CLEAN, Cell, hash_rows, read_cell

SCHEMA = 1


@dataclass(frozen=True)
class CellRecord:
    """What the manifest says of one cell.

    Attributes:
        looks_sha256: hash of the rows' likenesses; apart, since the same texts may be drawn with other fonts, or not at all.
    """

    cell: Cell
    sha256: str
    looks_sha256: str
    rows: int
    changed: int


_RECORDED = ("sha256", "looks_sha256", "rows", "changed")


@dataclass(frozen=True)
class Manifest:
    """Everything that decides a suite's texts, and what came of it.

    Attributes:
        look: versions of the libraries and fonts that likeness was measured with, or None where it was not.
    """

    suite: str
    version: int
    seed: int
    data: dict[str, str]
    limit: int | None
    fields: dict[str, list[str]]
    labels: dict[str, list[str]]
    languages: dict[str, list[str]]
    validity: dict[str, str]
    attacks: dict[str, dict[str, str]]
    segmenters: dict[str, str]
    match: str | None
    look: dict[str, str] | None
    rows_sha256: str
    cells: list[CellRecord]
    skipped: int
    skipped_first: list[list[Any]]
    mended: int
    mended_first: list[list[Any]]
    software: dict[str, str]

    @property
    def content_sha256(self) -> str:
        """One hash over all cells: two suites with the same texts share it."""
        pairs = sorted((record.cell.name, record.sha256) for record in self.cells)
        return hashlib.sha256(json.dumps(pairs).encode()).hexdigest()

    @property
    def signature(self) -> str:
        """``suite:nonlatin@1|data:mini@1|rows:…|seed:7|ops:…|texts:…``, as sacreBLEU's (Post 2018, arXiv:1804.08771)."""
        ops = hashlib.sha256(json.dumps(self.attacks, sort_keys=True).encode()).hexdigest()
        data = ",".join(dict.fromkeys(self.data.values()))
        matched = f"/{self.match}" if self.match else ""
        parts = [f"suite:{self.suite}@{self.version}{matched}", f"data:{data}", f"rows:{self.rows_sha256[:8]}"]
        parts += [f"seed:{self.seed}", f"ops:{ops[:8]}", f"texts:{self.content_sha256[:8]}"]
        if self.look is not None:
            parts.append(f"look:{hashlib.sha256(json.dumps(self.look, sort_keys=True).encode()).hexdigest()[:8]}")
        return "|".join(parts)

    def unattacked(self) -> Manifest:
        """The manifest of the same suite with its attacks named and none carried out, as a search begins with it."""
        return replace(self, cells=[record for record in self.cells if record.cell.attack == CLEAN])

    def as_json(self) -> dict[str, Any]:
        """The manifest as it is written."""
        value = asdict(self)
        value["cells"] = [
            {**record.cell._asdict(), **{name: getattr(record, name) for name in _RECORDED}} for record in self.cells
        ]
        seal = hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
        return {"schema": SCHEMA, "signature": self.signature, "seal": seal, **value}


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a built suite.

    Raises:
        SuiteError: the folder is no suite, or its manifest is damaged or of another schema.
    """
    path = folder / "manifest.json"
    raw = files.read_json(path, SuiteError, "a suite that `robustx suite build` made")
    try:
        if raw.pop("schema") != SCHEMA:
            raise SuiteError(f"{path}: expected schema {SCHEMA}; build the suite again with this robustx")
        signature, seal = raw.pop("signature"), raw.pop("seal")
        cells = [_record(path, cell) for cell in raw.pop("cells")]
        manifest = Manifest(cells=cells, **raw)
        made = manifest.as_json()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SuiteError(f"{path}: is not a manifest: {error}") from error
    if made["signature"] != signature:
        raise SuiteError(f"{path}: says {signature} but its parts make {made['signature']}; it was edited or damaged")
    if made["seal"] != seal:
        raise SuiteError(f"{path}: was edited or damaged: its seal does not fit its parts; build the suite again")
    return manifest


def verify(folder: Path) -> Manifest:
    """Read every cell again and compare it with the manifest.

    Raises:
        SuiteError: a cell is missing, damaged or not what was built.
    """
    manifest = read_manifest(folder)
    for record in manifest.cells:
        path = cell_path(folder, record.cell)
        found, looks, rows = hash_rows(read_cell(path, manifest.fields[record.cell.task]))
        if found != record.sha256 or rows != record.rows:
            raise SuiteError(
                f"{path}: expected {record.rows} rows with hash {record.sha256[:12]}, found {rows} with {found[:12]}"
            )
        if looks != record.looks_sha256:
            raise SuiteError(f"{path}: its likenesses are not those that were measured; build the suite again")
    return manifest


def cell_path(folder: Path, cell: Cell) -> Path:
    """Where a cell's rows lie in a built suite."""
    return folder / "cells" / f"{cell.name}.parquet"


def software() -> dict[str, str]:
    """Versions of what decides the texts."""
    import unicodedata
    from importlib.metadata import version

    return {
        "robustx": version("robustx"),
        "regex": version("regex"),
        "unicodedata": unicodedata.unidata_version,
        "pyarrow": version("pyarrow"),
        "numpy": version("numpy"),
    }


def _record(path: Path, raw: dict[str, Any]) -> CellRecord:
    cell = Cell(raw["task"], raw["language"], raw["attack"], float(raw["severity"]), int(raw["draw"]))
    if not all(part.replace("-", "").isalnum() for part in (cell.task, cell.language, cell.attack)):
        raise SuiteError(f"{path}: a cell is called {cell.name!r}; names are letters, digits and hyphens")
    return CellRecord(cell, raw["sha256"], raw["looks_sha256"], int(raw["rows"]), int(raw["changed"]))
