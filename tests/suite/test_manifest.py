"""The manifest: a suite that is not what was built is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from robustx.errors import SuiteError
from robustx.suite.cells import Cell, read_cell
from robustx.suite.manifest import cell_path, read_manifest, verify

NOISY = Cell("xnli", "hi", "delete", 0.4, 1)
FIELDS = ["premise", "hypothesis"]


@pytest.fixture
def suite(small_suite: Path, tmp_path: Path) -> Path:
    """A built suite that a test may damage."""
    return Path(shutil.copytree(small_suite, tmp_path / "suite"))


def test_a_suite_as_it_was_built_is_verified(suite: Path) -> None:
    manifest = verify(suite)
    assert [one.rows for one in manifest.cells] == [12] * 12
    assert manifest.signature.startswith("suite:tiny@1|data:folder|rows:")


def test_a_flipped_byte_in_a_cell_is_caught_wherever_it_changes_a_row(suite: Path) -> None:
    path = cell_path(suite, NOISY)
    data, rows = path.read_bytes(), list(read_cell(path, FIELDS))
    caught = 0
    for at in range(0, len(data), 37):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :])
        try:
            verify(suite)
        except SuiteError:
            caught += 1
        else:
            # a byte of the file's statistics or name of its writer, which no row is read from
            assert list(read_cell(path, FIELDS)) == rows
    assert caught > len(data) / 37 / 3


@pytest.mark.parametrize("keep", [0, 4, 100, -1])
def test_a_cell_that_is_cut_short_is_caught(suite: Path, keep: int) -> None:
    path = cell_path(suite, NOISY)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(SuiteError, match=rf"{NOISY.name}\.parquet: cannot be read as a cell"):
        verify(suite)


def test_a_removed_row_is_caught(suite: Path) -> None:
    path = cell_path(suite, NOISY)
    pq.write_table(pq.read_table(path).slice(0, 11), path)
    with pytest.raises(SuiteError, match=r"expected 12 rows with hash .*, found 11"):
        verify(suite)


@pytest.mark.parametrize("column", ["uid", "gold", "premise", "hypothesis", "words", "edits"])
def test_two_rows_that_changed_places_in_one_column_are_caught(suite: Path, column: str) -> None:
    path = cell_path(suite, NOISY)
    table = pq.read_table(path)
    values = table[column].to_pylist()
    other = next(i for i, value in enumerate(values) if value != values[0])
    values[0], values[other] = values[other], values[0]
    at = table.column_names.index(column)
    pq.write_table(table.set_column(at, column, pa.array(values, table.schema.field(column).type)), path)
    with pytest.raises(SuiteError, match=r"expected 12 rows with hash .*, found 12 with"):
        verify(suite)


def test_a_removed_cell_is_caught(suite: Path) -> None:
    cell_path(suite, NOISY).unlink()
    with pytest.raises(SuiteError, match=rf"{NOISY.name}\.parquet"):
        verify(suite)


def test_cells_that_changed_places_are_caught(suite: Path) -> None:
    shutil.copyfile(cell_path(suite, NOISY._replace(draw=0)), cell_path(suite, NOISY))
    with pytest.raises(SuiteError, match="expected 12 rows with hash"):
        verify(suite)


Edit = Callable[[dict[str, Any]], object]
EDITS: dict[str, Edit] = {
    "seed": lambda raw: raw.update(seed=4),
    "version": lambda raw: raw.update(version=2),
    "data": lambda raw: raw["data"].update(xnli="mini@1"),
    "rows": lambda raw: raw.update(rows_sha256="0" * 64),
    "fingerprint": lambda raw: raw["attacks"]["delete"].update(hi="0" * 64),
    "cell hash": lambda raw: raw["cells"][1].update(sha256="0" * 64),
    "cell dropped": lambda raw: raw["cells"].pop(),
    "changed": lambda raw: raw["cells"][1].update(changed=0),
    "validity": lambda raw: raw["validity"].update(delete="provable"),
    "labels": lambda raw: raw["labels"]["xnli"].reverse(),
    "fields": lambda raw: raw["fields"]["xnli"].reverse(),
    "skipped": lambda raw: raw.update(skipped=100),
    "look": lambda raw: raw.update(look={}),
    "hash of likenesses": lambda raw: raw["cells"][1].update(looks_sha256="0" * 64),
    "limit": lambda raw: raw.update(limit=3),
    "signature": lambda raw: raw.update(signature=raw["signature"].replace("seed:3", "seed:4")),
    "unknown key": lambda raw: raw.update(more=1),
    "missing key": lambda raw: raw.pop("seed"),
    "other schema": lambda raw: raw.update(schema=99),
    "no schema": lambda raw: raw.pop("schema"),
    "cells of another shape": lambda raw: raw.update(cells=[1]),
    "data of another shape": lambda raw: raw.update(data=[1]),
    "a severity that is no number": lambda raw: raw["cells"][0].update(severity="x"),
    "a cell that leaves the folder": lambda raw: raw["cells"][0].update(language="../../x"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_a_manifest_that_was_edited_is_refused(suite: Path, edit: str) -> None:
    path = suite / "manifest.json"
    raw = json.loads(path.read_text(encoding="utf-8"))
    EDITS[edit](raw)
    path.write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(SuiteError, match=r"manifest\.json: "):
        read_manifest(suite)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"\xff\xfe"])
def test_a_manifest_that_is_no_json_is_refused(suite: Path, data: bytes) -> None:
    (suite / "manifest.json").write_bytes(data)
    with pytest.raises(SuiteError, match=r"manifest\.json: is"):
        read_manifest(suite)


def test_a_folder_that_is_no_suite_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match=r"there is no such file; expected a suite that `robustx suite build` made"):
        verify(tmp_path)
