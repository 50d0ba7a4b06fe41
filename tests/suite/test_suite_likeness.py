"""A suite that records how alike its texts still look: the same texts as one that does not, and figures that are checked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from drawing import MISSING, drawn

from robustx import api
from robustx.errors import SuiteError, UsageError
from robustx.run import run_cell_path
from robustx.suite.build import build
from robustx.suite.cells import Cell, read_cell
from robustx.suite.manifest import Manifest, cell_path, read_manifest, verify

FIELDS = ["premise", "hypothesis"]
NOISY = Cell("xnli", "hi", "delete", 0.4, 1)


@pytest.fixture(scope="module")
def looked(small_card: Path, small_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("looked") / "suite"
    build(api.plan_suite(str(small_card), str(small_data), look=True), folder)
    return folder


def likenesses(folder: Path, manifest: Manifest, attack: str) -> list[float | None]:
    cells = [record.cell for record in manifest.cells if record.cell.attack == attack]
    return [row.likeness for cell in cells for row in read_cell(cell_path(folder, cell), FIELDS)]


@drawn
def test_every_row_says_how_alike_it_looks(looked: Path) -> None:
    manifest = verify(looked)
    assert set(likenesses(looked, manifest, "clean")) == {1.0}
    assert set(likenesses(looked, manifest, "invisible")) == {1.0}
    noisy = [value for value in likenesses(looked, manifest, "delete") if value is not None]
    assert len(noisy) == 96
    assert 0.6 < min(noisy) < max(noisy) < 1
    assert noisy == [round(value, 3) for value in noisy]


@drawn
def test_it_has_the_texts_of_a_suite_without_and_its_signature_says_which_fonts(
    looked: Path, small_suite: Path
) -> None:
    """Runs on the two can be compared."""
    mine, plain = read_manifest(looked), read_manifest(small_suite)
    assert [one.sha256 for one in mine.cells] == [one.sha256 for one in plain.cells]
    assert mine.signature.startswith(f"{plain.signature}|look:")
    assert mine.look is not None
    assert {"Noto Sans", "Noto Sans Devanagari", "harfbuzz"} <= set(mine.look)
    assert mine.content_sha256 == plain.content_sha256


def test_without_it_nothing_is_recorded(small_suite: Path) -> None:
    manifest = read_manifest(small_suite)
    assert manifest.look is None
    assert "look:" not in manifest.signature
    assert set(likenesses(small_suite, manifest, "delete")) == {None}


@drawn
def test_two_builds_are_the_same_byte_for_byte(
    looked: Path, small_card: Path, small_data: Path, tmp_path: Path
) -> None:
    build(api.plan_suite(str(small_card), str(small_data), look=True), tmp_path / "again")
    paths = sorted(path.relative_to(looked) for path in looked.rglob("*") if path.is_file())
    assert len(paths) == 13
    assert all((looked / path).read_bytes() == (tmp_path / "again" / path).read_bytes() for path in paths)


@drawn
def test_a_likeness_that_was_changed_is_caught(
    looked: Path, small_card: Path, small_data: Path, tmp_path: Path
) -> None:
    build(api.plan_suite(str(small_card), str(small_data), ["hi"], look=True), tmp_path / "suite")
    path = cell_path(tmp_path / "suite", NOISY)
    table = pq.read_table(path)
    at = table.column_names.index("likeness")
    pq.write_table(table.set_column(at, "likeness", pa.array([0.5] * len(table), pa.float32())), path)
    with pytest.raises(SuiteError, match=r"its likenesses are not those that were measured"):
        verify(tmp_path / "suite")


@drawn
def test_a_plan_knows_a_suite_with_likeness_from_one_without(
    looked: Path, small_suite: Path, small_card: Path, small_data: Path
) -> None:
    for look in (True, False):
        planned = api.plan_suite(str(small_card), str(small_data), look=look)
        assert [planned.makes(read_manifest(folder)) for folder in (looked, small_suite)] == [look, not look]


@drawn
def test_a_run_copies_it_and_scores_its_mean(looked: Path, checkpoint: Callable[[str], Path], tmp_path: Path) -> None:
    run = api.attack(str(checkpoint("bert")), str(looked), out=tmp_path / "run", settings=api.Settings(device="cpu"))
    cell = pq.read_table(run_cell_path(run.folder, NOISY)).to_pydict()
    assert [round(value, 3) for value in cell["likeness"]] == [
        row.likeness for row in read_cell(cell_path(looked, NOISY), FIELDS)
    ]
    judged = [value for value, good in zip(cell["likeness"], cell["survived"], strict=True) if good]
    scores = json.loads((run.folder / "scores.json").read_text(encoding="utf-8"))
    (scored,) = (
        one
        for one in scores["tasks"]["xnli"]["cells"]
        if (one["language"], one["severity"], one["draw"]) == ("hi", 0.4, 1)
    )
    assert scored["likeness"] == pytest.approx(sum(judged) / len(judged), abs=1e-6)


@pytest.mark.skipif(not MISSING, reason="the extra look is installed")
def test_without_the_extra_nothing_is_begun(small_card: Path, small_data: Path) -> None:
    with pytest.raises(UsageError, match=r"pip install 'robustx\[look\]'"):
        api.plan_suite(str(small_card), str(small_data), look=True)
