"""Question answering the whole way: suite, run and scores, on the mini data."""

from __future__ import annotations

import json

import pyarrow.parquet as pq
import pytest
from tiny import make_checkpoint

from robustx import api
from robustx.model.checkpoint import Settings
from robustx.run import Run
from robustx.suite.cells import read_cell
from robustx.suite.manifest import cell_path, read_manifest
from robustx.tasks.answers import from_gold
from robustx.tasks.base import Statistic
from robustx.tasks.registry import task

XQUAD = task("xquad")
CARD = """id = "tiny-qa"
version = 1
summary = "Questions in two languages"
seed = 3
tasks = ["xquad", "xnli"]
languages = ["hi", "zh"]

[[attacks]]
id = "delete"
severities = [0.1, 1]

[[attacks]]
id = "invisible"
severities = [4]
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("qa")
    (folder / "tiny-qa.toml").write_text(CARD, encoding="utf-8")
    make_checkpoint(folder / "reader", "xlm-roberta", labels=("start", "end"), auto="QuestionAnswering")
    out = folder / "run"
    how = Settings(device="cpu")
    return api.attack(str(folder / "reader"), str(folder / "tiny-qa.toml"), limit=9, out=out, settings=how)


def test_a_reader_does_the_questions_and_leaves_out_what_it_has_no_head_for(run: Run) -> None:
    assert list(run.facts["tasks"]) == ["xquad"]
    assert "xnli needs a sequence classifier" in run.facts["left_out"]["xnli"]
    assert run.facts["tasks"]["xquad"]["metric"] == "(EM+F1)/2"
    assert run.facts["repeatable"]


def test_every_row_has_the_metric_and_exact_match_and_f1_beside_it(run: Run) -> None:
    for cell in run.facts["cells"]:
        rows = pq.read_table(run.folder / "cells" / f"{cell['file']}.parquet").to_pylist()
        assert len(rows) == 9
        for row in rows:
            given = row["gold"], row["prediction"], cell["language"]
            assert (row["numerator"], row["denominator"]) == XQUAD.statistic(*given)
            for name, metric in XQUAD.beside.items():
                assert Statistic(row[f"{name}: numerator"], row[f"{name}: denominator"]) == metric(*given)
            assert row["prediction"]
            assert len(row["probabilities"]) == 1
            assert 0 < row["probabilities"][0] <= 1


def test_the_gold_of_a_perturbed_row_says_where_its_answers_stand_now(run: Run) -> None:
    folder = run.folder / "suite"
    moved = 0
    for record in read_manifest(folder).cells:
        if record.cell.task != "xquad":
            continue
        clean = {row.uid: row for row in read_cell(cell_path(folder, record.cell.clean), XQUAD.fields)}
        for row in read_cell(cell_path(folder, record.cell), XQUAD.fields):
            question, context = row.fields
            before = from_gold(clean[row.uid].gold)
            for answer, was in zip(from_gold(row.gold), before, strict=True):
                assert context[answer.start : answer.start + len(answer.text)] == answer.text == was.text
                moved += answer.start != was.start
            assert question
    assert moved > 20


def test_scores_are_the_means_of_what_the_rows_add(run: Run) -> None:
    figures = json.loads((run.folder / "scores.json").read_text(encoding="utf-8"))["tasks"]["xquad"]["languages"]
    for code in ("hi", "zh"):
        cell = next(one["file"] for one in run.facts["cells"] if (one["language"], one["attack"]) == (code, "clean"))
        kept = pq.read_table(run.folder / "cells" / f"{cell}.parquet")["numerator"].to_pylist()
        assert figures[code]["accuracy"]["value"] == pytest.approx(sum(kept) / 9)
    assert (run.folder / "report.html").is_file()
