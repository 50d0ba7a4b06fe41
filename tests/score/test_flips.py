"""Examples that flipped: found where they are, shown as they were, balanced, and never out of a damaged file."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic import Part, Planted, add_texts, right, simple, write, wrong

from robustx import api
from robustx.errors import RunError
from robustx.model.checkpoint import Settings
from robustx.perturb.edits import apply
from robustx.score.flips import Flips, pieces, read_flips
from robustx.suite.cells import Cell, read_cell
from robustx.suite.manifest import cell_path

LANGUAGES = {"ar": (0.9, 0.6), "hi": (0.9, 0.6), "ru": (0.9, 0.6), "en": (0.9, 0.6)}
TEXT = "नमस्ते दुनिया"


def texts(language: str, i: int) -> tuple[str, str]:
    return f"{language} premise {i}", f"{language} hypothesis {i}"


def edits(language: str, attack: str, i: int) -> list[dict[str, Any]]:
    """One edit more for every fourth example, so that the smallest flips are known."""
    made = [{"field": "premise", "start": k, "end": k + 1, "replacement": "x"} for k in range(1 + i % 4)]
    return made if attack == "swap" else [*made, {"field": "hypothesis", "start": 3, "end": 3, "replacement": "\u200b"}]


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write(tmp_path_factory.mktemp("run") / "run", simple(120, LANGUAGES))
    return add_texts(folder, texts, edits, lambda attack, i: 0.5 + (i % 40) / 100 if attack != "clean" else 0.9)


@pytest.fixture(scope="module")
def found(planted: Path) -> Flips:
    return read_flips(planted, "xnli")


def cells(folder: Path) -> dict[str, list[dict[str, Any]]]:
    return {path.stem: pq.read_table(path).to_pylist() for path in (folder / "cells").iterdir()}


def test_every_flip_is_counted_and_every_one_that_could_be(planted: Path, found: Flips) -> None:
    rows = cells(planted)
    total = judged = 0
    for name, attacked in rows.items():
        task, language, attack, _, _ = name.split("_")
        if attack != "clean":
            clean = {row["uid"]: row["numerator"] for row in rows[f"{task}_{language}_clean_0_0"]}
            judged += sum(clean[row["uid"]] == 1 for row in attacked)
            total += sum(clean[row["uid"]] == 1 and row["numerator"] == 0 for row in attacked)
    assert (found.total, found.judged) == (total, judged)
    assert total > 100


def test_a_flip_was_right_and_is_wrong(found: Flips) -> None:
    for flip in (*found.worst, *found.smallest):
        assert flip.before == flip.gold != flip.after
        assert flip.before_probability == pytest.approx(0.9)


def test_the_swing_is_what_the_gold_label_lost(found: Flips) -> None:
    for flip in found.worst:
        assert flip.swing == pytest.approx(0.9 - (1 - flip.after_probability) / 2, abs=1e-6)


def test_the_worst_come_first_and_the_smallest_have_the_fewest_edits(found: Flips) -> None:
    swings = [flip.swing for flip in found.worst]
    assert swings == sorted(swings, reverse=True)
    counts = [flip.edits for flip in found.smallest]
    assert counts == sorted(counts)
    assert counts[0] == 1


def test_both_lists_are_shared_by_languages_and_the_worst_by_attacks(found: Flips) -> None:
    for shown in (found.worst, found.smallest):
        assert len(shown) == 12
        assert Counter(flip.language for flip in shown) == dict.fromkeys(LANGUAGES, 3)
        assert len({flip.uid for flip in shown}) >= 10
    assert Counter(flip.attack for flip in found.worst) == {"typo": 6, "swap": 6}


def test_the_texts_are_those_of_the_example_with_its_edits(found: Flips) -> None:
    for flip in found.worst:
        number = int(flip.uid.removeprefix("xnli-")) - 1
        assert tuple(field.clean for field in flip.fields) == texts(flip.language, number)
        for field in flip.fields:
            mine = [e for e in edits(flip.language, flip.attack, number) if e["field"] == field.name]
            assert field.attacked == apply(field.clean, [(e["start"], e["end"], e["replacement"]) for e in mine])  # type: ignore[misc]


@pytest.mark.parametrize("lacking", ["changed", "survived"])
def test_what_an_attack_did_not_change_or_the_model_did_not_see_is_no_flip(tmp_path: Path, lacking: str) -> None:
    part = Part(np.zeros(30), **{lacking: np.arange(30) < 4})
    folder = write(tmp_path / "run", Planted({"hi": Part(np.ones(30))}, {("hi", "typo", 0.1, 0): part}))
    flips = read_flips(add_texts(folder, texts, edits), "xnli")
    assert (flips.total, flips.judged) == (4, 4)


def test_a_run_without_flips_or_without_attacks_has_none(tmp_path: Path) -> None:
    still = Planted({"hi": Part(np.ones(30))}, {("hi", "typo", 0.1, 0): Part(np.ones(30))})
    for i, planted in enumerate((still, Planted({"hi": Part(right(30, 0.5, 1))}))):
        flips = read_flips(add_texts(write(tmp_path / str(i), planted), texts, edits), "xnli")
        assert (flips.total, flips.worst, flips.smallest) == (0, (), ())


def judged_otherwise(folder: Path) -> None:
    """Tiny weights say the same of everything: right wherever it is clean, and wrong wherever it is attacked."""
    for path in (folder / "cells").iterdir():
        table, clean = pq.read_table(path), "_clean_" in path.name
        gold = table["gold"].to_pylist()
        said = gold if clean else [wrong(label) for label in gold]
        for name, column in (("prediction", pa.array(said)), ("numerator", pa.array([float(clean)] * len(gold)))):
            table = table.set_column(table.column_names.index(name), name, column)
        pq.write_table(table, path)


def test_the_attacked_text_is_the_suite_s(
    checkpoint: Callable[[str], Path], small_card: Path, small_data: Path, tmp_path: Path
) -> None:
    run = api.attack(
        str(checkpoint("bert")), str(small_card), str(small_data), out=tmp_path / "run", settings=Settings(device="cpu")
    )
    judged_otherwise(run.folder)
    flips = read_flips(run.folder, "xnli")
    assert len(flips.worst) == len(flips.smallest) == 12
    fields = run.facts["tasks"]["xnli"]["fields"]
    for flip in (*flips.worst, *flips.smallest):
        cell = Cell("xnli", flip.language, flip.attack, flip.severity, flip.draw)
        (row,) = [row for row in read_cell(cell_path(run.folder / "suite", cell), fields) if row.uid == flip.uid]
        assert tuple(field.attacked for field in flip.fields) == row.fields
        assert flip.edits == len(row.edits)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, list[tuple[int, int, str]]]:
    text = draw(st.text(max_size=30))
    marks = sorted(draw(st.lists(st.integers(0, len(text)), min_size=0, max_size=8, unique=True)))
    spans = zip(marks[::2], marks[1::2], strict=False)
    return text, [(start, end, draw(st.text(max_size=3))) for start, end in spans]


@given(edited())
def test_pieces_make_the_text_before_and_after(case: tuple[str, list[tuple[int, int, str]]]) -> None:
    text, changes = case
    made = pieces(text, changes)
    assert "".join(piece.text for piece in made if piece.kind != "inserted") == text
    assert "".join(piece.text for piece in made if piece.kind != "removed") == apply(text, changes)  # type: ignore[arg-type]
    assert all(piece.text for piece in made)


@pytest.mark.parametrize("changes", [[(0, 99, "x")], [(3, 2, "x")], [(0, 3, "x"), (2, 4, "y")], [(-1, 0, "x")]])
def test_edits_that_do_not_fit_a_text_are_refused(changes: list[tuple[int, int, str]]) -> None:
    with pytest.raises(ValueError, match="overlaps another or leaves the text"):
        pieces(TEXT, changes)


class TestDamage:
    @pytest.fixture
    def run(self, tmp_path: Path) -> Path:
        planted = Planted({"hi": Part(np.ones(30))}, {("hi", "typo", 0.1, 0): Part(np.zeros(30))})
        return add_texts(write(tmp_path / "run", planted), texts, edits)

    def test_edits_outside_the_text(self, run: Path) -> None:
        path = run / "cells" / "xnli_hi_typo_0.1_0.parquet"
        table = pq.read_table(path)
        wild = [[{"field": "premise", "start": 0, "end": 9999, "replacement": "x"}]] * 30
        at = table.column_names.index("edits")
        pq.write_table(table.set_column(at, "edits", pa.array(wild, table["edits"].type)), path)
        with pytest.raises(RunError, match=r"typo_0\.1_0\.parquet: xnli-\d+, field premise: edit \(0, 9999\)"):
            read_flips(run, "xnli")

    @pytest.mark.parametrize("column", ["edits", "probabilities", "uid"])
    def test_a_column_that_is_missing(self, run: Path, column: str) -> None:
        path = run / "cells" / "xnli_hi_typo_0.1_0.parquet"
        pq.write_table(pq.read_table(path).drop_columns([column]), path)
        with pytest.raises(RunError, match=f"lacks the column {column}"):
            read_flips(run, "xnli")

    def test_an_example_that_the_clean_cell_lacks(self, run: Path) -> None:
        path = run / "cells" / "xnli_hi_clean_0_0.parquet"
        pq.write_table(pq.read_table(path).slice(1), path)
        with pytest.raises(RunError, match="'xnli-1' that the clean cell lacks"):
            read_flips(run, "xnli")

    def test_a_cell_that_is_no_parquet(self, run: Path) -> None:
        (run / "cells" / "xnli_hi_typo_0.1_0.parquet").write_bytes(b"nothing")
        with pytest.raises(RunError, match="cannot be read as a cell of a run"):
            read_flips(run, "xnli")

    def test_a_task_that_the_run_lacks(self, run: Path) -> None:
        with pytest.raises(RunError, match=r"run\.json: lacks 'pawsx'"):
            read_flips(run, "pawsx")

    def test_a_file_name_cannot_leave_the_folder(self, run: Path) -> None:
        facts = json.loads((run / "run.json").read_text())
        facts["cells"][0]["file"] = "../../xnli_hi_clean_0_0"
        (run / "run.json").write_text(json.dumps(facts))
        assert read_flips(run, "xnli").total == 30

    def test_probabilities_that_do_not_fit_the_labels_leave_the_swing_unknown(self, run: Path) -> None:
        path = run / "cells" / "xnli_hi_typo_0.1_0.parquet"
        table = pq.read_table(path)
        at = table.column_names.index("probabilities")
        short = pa.array([[0.5, 0.5]] * 30, pa.list_(pa.float32()))
        pq.write_table(table.set_column(at, "probabilities", short), path)
        flips = read_flips(run, "xnli")
        assert flips.total == 30
        assert all(np.isnan(flip.after_probability) for flip in flips.worst)
