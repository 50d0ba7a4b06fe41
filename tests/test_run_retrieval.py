"""Retrieval from suite to scores: distractors have nothing to attack, and a run that was broken off ends the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tiny import make_checkpoint

from robustx import api
from robustx.model.checkpoint import Settings
from robustx.model.heads.registry import HEADS
from robustx.model.heads.retrieval import Retrieval

CARD = """id = "find"
version = 1
summary = "Two retrieval tasks, one attack"
seed = 3
tasks = ["tatoeba", "bucc2018"]
languages = ["zh", "ka"]

[[attacks]]
id = "homoglyph"
severities = [0.2, 1.0]

[[attacks]]
id = "invisible"
severities = [3]
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of a bare encoder on the mini data, at most forty rows a language."""
    folder = tmp_path_factory.mktemp("retrieval")
    (folder / "find.toml").write_text(CARD, encoding="utf-8")
    make_checkpoint(folder / "encoder", "xlm-roberta", auto="")
    attack(folder)
    return folder


def attack(folder: Path) -> None:
    settings = Settings(device="cpu")
    api.attack(
        str(folder / "encoder"), str(folder / "find.toml"), "mini", limit=40, out=folder / "run", settings=settings
    )


def cell(run: Path, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(run / "run" / "cells" / f"{name}.parquet").to_pylist()
    return found


def test_each_task_has_the_languages_that_it_has_data_for(run: Path) -> None:
    facts = json.loads((run / "run" / "run.json").read_text())
    assert {(one["task"], one["language"]) for one in facts["cells"]} == {
        ("tatoeba", "zh"),
        ("tatoeba", "ka"),
        ("bucc2018", "zh"),
    }
    assert facts["repeatable"]


def test_scores_are_accuracy_and_f1_with_their_intervals(run: Path) -> None:
    tasks = json.loads((run / "run" / "scores.json").read_text())["tasks"]
    assert (tasks["tatoeba"]["metric"], tasks["bucc2018"]["metric"]) == ("accuracy", "F1")
    for name, code in (("tatoeba", "ka"), ("bucc2018", "zh")):
        rows = cell(run, f"{name}_{code}_clean_0_0")
        figure = sum(row["numerator"] for row in rows) / sum(row["denominator"] for row in rows)
        given = tasks[name]["languages"][code]["accuracy"]
        assert given["value"] == pytest.approx(figure, abs=1e-9)
        assert given["low"] <= given["value"] <= given["high"]


def test_attacks_touch_the_language_and_nothing_else(run: Path) -> None:
    clean = {row["uid"]: row for row in cell(run, "bucc2018_zh_clean_0_0")}
    for row in cell(run, "bucc2018_zh_invisible_3_0"):
        assert row["changed"] == bool(clean[row["uid"]]["source"])
        assert all(edit["field"] == "source" for edit in row["edits"])


def test_a_run_that_was_broken_off_ends_with_the_same_bytes(run: Path) -> None:
    """Neither the English side that is kept nor the threshold is lost with the process."""
    whole = {path.name: path.read_bytes() for path in (run / "run" / "cells").iterdir()}
    for name in whole:
        if "clean" not in name:
            (run / "run" / "cells" / name).unlink()
    HEADS["retrieval"] = Retrieval()
    attack(run)
    assert {path.name: path.read_bytes() for path in (run / "run" / "cells").iterdir()} == whole
