"""Reading a run folder: what it takes, and what it refuses by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from synthetic import Part, Planted, right, simple, write

from robustx.errors import RunError
from robustx.score.table import aligned, read_tables


def run(tmp_path: Path, **changes: Any) -> Path:
    return write(tmp_path / "run", simple(20, {"hi": (0.7, 0.6), "en": (0.8, 0.7)}, **changes))


def test_every_value_lands_on_its_example_even_where_cells_have_other_rows(tmp_path: Path) -> None:
    rows = np.arange(20) % 3 != 0
    part = Part(np.arange(20) % 2, changed=np.arange(20) > 4, rows=rows, tokens=np.arange(20))
    (table,) = read_tables(write(tmp_path / "run", Planted({"hi": Part(np.ones(20))}, {("hi", "typo", 0.1, 0): part})))
    (cell,) = table.cells
    assert cell.present.tolist() == rows.tolist()
    assert cell.numerator.tolist() == (np.arange(20) % 2 * rows).tolist()
    assert cell.tokens.tolist() == (np.arange(20) * rows).tolist()
    assert cell.effective.tolist() == (rows & (np.arange(20) > 4)).tolist()


def test_an_example_is_judged_only_where_it_was_changed_and_the_change_survived(tmp_path: Path) -> None:
    part = Part(np.ones(4), changed=np.array([1, 1, 0, 0]), survived=np.array([1, 0, 1, 0]))
    planted = Planted({"hi": Part(np.ones(4))}, {("hi", "typo", 0.1, 0): part})
    (table,) = read_tables(write(tmp_path / "run", planted))
    assert table.cells[0].effective.tolist() == [True, False, False, False]


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [("complete", False, "unfinished"), ("schema", 99, "schema 1"), ("languages", {}, "lacks")],
)
def test_a_run_that_is_not_finished_or_not_whole_is_refused_by_name(
    tmp_path: Path, path: str, value: Any, said: str
) -> None:
    folder = run(tmp_path, facts={path: value})
    with pytest.raises(RunError, match=said) as error:
        read_tables(folder)
    assert str(folder) in str(error.value)


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no such file"):
        read_tables(tmp_path)
    (tmp_path / "run.json").write_text("[]")
    with pytest.raises(RunError, match="schema"):
        read_tables(tmp_path)


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def _drop_column(path: Path) -> None:
    pq.write_table(pq.read_table(path).drop_columns(["survived"]), path)


@pytest.mark.parametrize("damage", [Path.unlink, _truncate, _drop_column])
def test_a_missing_or_damaged_cell_is_named(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    folder = run(tmp_path)
    damage(folder / "cells" / "xnli_hi_swap_0.1_0.parquet")
    with pytest.raises(RunError, match=r"xnli_hi_swap_0\.1_0\.parquet"):
        read_tables(folder)


def test_a_cell_file_is_looked_for_in_the_run_folder_only(tmp_path: Path) -> None:
    folder = run(tmp_path)
    facts = json.loads((folder / "run.json").read_text())
    facts["cells"][0]["file"] = "../../elsewhere/" + facts["cells"][0]["file"]
    (folder / "run.json").write_text(json.dumps(facts))
    assert len(read_tables(folder)[0].clean) == 2


@pytest.mark.parametrize("other", [{"hi": Part(right(20, 0.5, 1), rows=np.arange(20) < 19)}, {}])
def test_a_perturbed_example_without_its_clean_one_is_refused(tmp_path: Path, other: dict[str, Part]) -> None:
    planted = Planted({"en": Part(np.ones(20)), **other}, {("hi", "typo", 0.1, 0): Part(np.ones(20))})
    with pytest.raises(RunError, match="clean cell"):
        read_tables(write(tmp_path / "run", planted, lambda parts: parts))


def test_aligned_tables_agree_in_the_order_of_examples_languages_and_cells(tmp_path: Path) -> None:
    clean = {"hi": Part(np.arange(20) % 2, rows=np.arange(20) != 0), "en": Part(np.arange(20) % 5 == 0)}
    planted = Planted(clean, {("en", a, 0.1, 0): Part(right(20, 0.5, i)) for i, a in enumerate(("typo", "swap"))})
    (first,) = read_tables(write(tmp_path / "a", planted))
    (second,) = read_tables(write(tmp_path / "b", planted, lambda parts: parts[::-1]))
    assert first.uids != second.uids
    moved = aligned(second, first)
    assert moved.uids == first.uids
    assert moved.languages == first.languages
    for a, b in zip([*first.clean.values(), *first.cells], [*moved.clean.values(), *moved.cells], strict=True):
        assert a.key == b.key
        assert np.array_equal(a.numerator, b.numerator)
        assert np.array_equal(a.present, b.present)


def test_tables_with_other_cells_cannot_be_aligned(tmp_path: Path) -> None:
    (first,) = read_tables(write(tmp_path / "a", simple(20, {"hi": (0.7, 0.6)}, ("typo", "swap"))))
    (second,) = read_tables(write(tmp_path / "b", simple(20, {"hi": (0.7, 0.6)}, ("typo",))))
    with pytest.raises(RunError, match="same examples"):
        aligned(second, first)
