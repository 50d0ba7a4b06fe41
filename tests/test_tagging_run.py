"""Token classifiers from data to figures: what stands in ``scores.json`` is seqeval's F1 of what stands in the cells."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from seqeval.metrics import f1_score
from tiny import make_checkpoint

from robustx import api
from robustx.model.checkpoint import Settings
from robustx.run import Run
from robustx.tasks.registry import task

CARD = """id = "tiny-tagging"
version = 1
summary = "Two token tasks, two attacks"
seed = 3
tasks = ["panx", "udpos"]
languages = ["hi", "ru", "en"]

[[attacks]]
id = "keyboard"
severities = [0.2, 0.6]

[[attacks]]
id = "invisible"
severities = [2]
"""
CPU = Settings(device="cpu", max_length=16)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("tagging")
    (folder / "tiny-tagging.toml").write_text(CARD, encoding="utf-8")
    for name in ("panx", "udpos"):
        make_checkpoint(folder / name, "xlm-roberta", labels=task(name).labels, auto="TokenClassification")
    return {"root": folder, "card": folder / "tiny-tagging.toml", "panx": folder / "panx", "udpos": folder / "udpos"}


@pytest.fixture(scope="module")
def run(folders: dict[str, Path]) -> Run:
    models = f"panx={folders['panx']},udpos={folders['udpos']}"
    return api.attack(models, str(folders["card"]), limit=12, out=folders["root"] / "run", settings=CPU)


@pytest.fixture(scope="module")
def scores(run: Run) -> Any:
    return json.loads((run.folder / "scores.json").read_text(encoding="utf-8"))


def cell(run: Run, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(run.folder / "cells" / f"{name}.parquet").to_pylist()
    return rows


def published_f1(rows: list[dict[str, Any]]) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(f1_score([row["gold"].split(" ") for row in rows], [row["prediction"].split(" ") for row in rows]))


@pytest.mark.parametrize("language", ["hi", "ru", "en"])
@pytest.mark.parametrize("name", ["panx", "udpos"])
def test_the_clean_figure_is_seqevals_f1_of_the_predictions(run: Run, scores: Any, name: str, language: str) -> None:
    rows = cell(run, f"{name}_{language}_clean_0_0")
    assert not any(row["gold"][0] == "X" for row in rows)
    said = scores["tasks"][name]
    assert said["metric"] == "F1"
    of_today = said["beside"]["F1 (seqeval 1)"] if name == "udpos" else said
    assert of_today["languages"][language]["accuracy"]["value"] == pytest.approx(published_f1(rows), abs=1e-9)


def test_every_token_is_predicted_and_sentences_longer_than_the_model_takes_are_not_cut(run: Run) -> None:
    longest = 0
    for path in sorted((run.folder / "cells").glob("*.parquet")):
        for row in cell(run, path.stem):
            assert row["prediction"].count(" ") == row["gold"].count(" ")
            assert len(row["probabilities"]) == row["gold"].count(" ") + 1
            assert not row["truncated"]
            longest = max(longest, row["tokens"])
    assert longest > CPU.max_length


def test_edits_reach_the_model_and_leave_tokens_as_many(run: Run) -> None:
    rows = cell(run, "udpos_hi_keyboard_0.6_0")
    assert sum(row["survived"] for row in rows) > 6
    assert sum(row["tokens_changed"] for row in rows) > 0


def test_token_accuracy_and_todays_f1_stand_in_the_cells(run: Run) -> None:
    rows = cell(run, "udpos_ru_clean_0_0")
    right = sum(g == p for r in rows for g, p in zip(r["gold"].split(), r["prediction"].split(), strict=True))
    assert sum(row["token accuracy: numerator"] for row in rows) == right
    assert sum(row["token accuracy: denominator"] for row in rows) == sum(r["gold"].count(" ") + 1 for r in rows)
    assert all(row["F1 (seqeval 1): denominator"] >= 2 for row in rows)


def test_one_checkpoint_alone_does_its_own_task_and_the_other_is_left_out_by_name(folders: dict[str, Path]) -> None:
    out = folders["root"] / "alone"
    made = api.attack(str(folders["panx"]), str(folders["card"]), languages=["ru"], limit=4, out=out, settings=CPU)
    assert list(made.facts["tasks"]) == ["panx"]
    assert "its head has 7 outputs; udpos has 17 tags" in made.facts["left_out"]["udpos"]
