"""Runs of several tasks: each keeps its own figures, their mean says what it is of, and other metrics stand beside."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from synthetic import Part, Planted, right, simple, write

from robustx.errors import RunError
from robustx.score.answers import Answers, shown_answers
from robustx.score.average import XTREME, average
from robustx.score.compare import compare_runs
from robustx.score.gate import check_runs
from robustx.score.scores import score_run
from robustx.score.single import measured
from robustx.score.table import read_tables

N = 60


def merged(folder: Path, runs: dict[str, Planted], **tasks: dict[str, Any]) -> Path:
    """One run folder with the cells of several, each as a task of its name; ``tasks`` says more of one."""
    facts: dict[str, Any] = {}
    for task, run in runs.items():
        one = write(folder.parent / f"{folder.name}-{task}", run)
        said = json.loads((one / "run.json").read_text())
        (folder / "cells").mkdir(parents=True, exist_ok=True)
        for cell in said["cells"]:
            file = cell["file"].replace("xnli", task)
            shutil.copyfile(one / "cells" / f"{cell['file']}.parquet", folder / "cells" / f"{file}.parquet")
            cell |= {"task": task, "file": file}
        facts = facts or said | {"cells": [], "tasks": {}}
        facts["cells"] += said["cells"]
        facts["tasks"][task] = {"fields": ["premise"], "labels": [], **tasks.get(task, {})}
        facts["languages"] |= said["languages"]
        facts["suite"]["data"][task] = "planted"
    (folder / "run.json").write_text(json.dumps(facts))
    return folder


def test_the_mean_over_tasks_weighs_tasks_alike_and_names_what_drives_it(tmp_path: Path) -> None:
    runs = {
        "xnli": simple(N, {"hi": (0.8, 0.7), "en": (0.9, 0.9)}),
        "panx": simple(4 * N, {"hi": (0.6, 0.2)}, seed=1),
    }
    scores = score_run(merged(tmp_path / "run", runs))
    mean, tasks = scores["average"], scores["tasks"]
    by_language = [
        np.mean([row["accuracy"]["value"] for row in tasks[task]["languages"].values()]) for task in ("xnli", "panx")
    ]
    assert mean["accuracy"]["value"] == pytest.approx(np.mean(by_language))
    gaps = {task: mean["tasks"][task]["gap"]["value"] for task in ("xnli", "panx")}
    assert mean["gap"]["value"] == pytest.approx(sum(gaps.values()) / 2)
    assert list(mean["drives"]) == ["panx", "xnli"]
    assert sum(mean["drives"].values()) == pytest.approx(mean["gap"]["value"])
    assert not mean["whole"]


def test_the_mean_of_the_nine_is_xtreme_s(tmp_path: Path) -> None:
    runs = {task: simple(20, {"hi": (0.5, 0.4)}, ("typo",), seed=i) for i, task in enumerate(XTREME)}
    mean = score_run(merged(tmp_path / "run", runs))["average"]
    assert mean["whole"]
    assert list(mean["tasks"]) == list(XTREME)


def test_a_run_of_one_task_has_no_mean(tmp_path: Path) -> None:
    assert score_run(write(tmp_path / "run", simple(N, {"hi": (0.8, 0.7)})))["average"] is None


def test_tasks_of_as_many_examples_are_not_drawn_together(tmp_path: Path) -> None:
    """The same task twice: independent draws make the mean's interval narrower by the square root of two."""
    run = simple(400, {"hi": (0.7, 0.5)})
    mean = score_run(merged(tmp_path / "run", {"xnli": run, "panx": run}))["average"]
    widths = [one["high"] - one["low"] for one in (mean["accuracy"], mean["tasks"]["xnli"]["accuracy"])]
    assert widths[0] / widths[1] == pytest.approx(1 / np.sqrt(2), rel=0.08)


def test_a_task_that_no_attack_touched_counts_in_the_clean_mean_alone(tmp_path: Path) -> None:
    runs = {"xnli": simple(N, {"hi": (0.8, 0.7)}), "panx": Planted({"hi": Part(right(N, 0.5, 3))})}
    tables = read_tables(merged(tmp_path / "run", runs))
    mean = average([measured(table) for table in tables])
    assert mean is not None
    assert mean["attacked"] == ["xnli"]
    assert mean["gap"]["value"] == pytest.approx(mean["tasks"]["xnli"]["gap"]["value"])
    assert np.isfinite(mean["accuracy"]["value"])


class TestATaskWithoutLabels:
    def test_has_no_classes_and_is_held_against_its_own_chance(self, tmp_path: Path) -> None:
        runs = {"panx": simple(N, {"hi": (0.2, 0.1)})}
        task = score_run(merged(tmp_path / "run", runs, panx={"metric": "F1", "chance": 0.0}))["tasks"]["panx"]
        assert task["metric"] == "F1"
        assert task["groups"]["non-Latin"]["classes"] == {}
        assert {flag["kind"] for flag in task["flags"]} == set()

    def test_keeps_rows_that_nothing_can_be_done_to_out_of_the_audit(self, tmp_path: Path) -> None:
        run = simple(N, {"hi": (0.8, 0.7)}, ("typo",))
        run.cells["hi", "typo", 0.1, 0].changed = np.arange(N) < 20
        folder = merged(tmp_path / "run", {"bucc2018": run})
        path = folder / "cells" / "bucc2018_hi_typo_0.1_0.parquet"
        table = pq.read_table(path)
        sizes = pa.array([5 if i < 30 else 0 for i in range(N)])
        pq.write_table(table.set_column(table.column_names.index("clusters"), "clusters", sizes), path)
        audit = score_run(folder)["tasks"]["bucc2018"]["languages"]["hi"]["audit"]
        assert (audit["rows"], audit["unchanged"], audit["judged"]) == (30, 10, 20)

    def test_has_its_other_metrics_beside_it(self, tmp_path: Path) -> None:
        run = simple(N, {"hi": (0.8, 0.7), "en": (0.9, 0.8)}, ("typo",))
        folder = merged(tmp_path / "run", {"xquad": run}, xquad={"metric": "(EM+F1)/2", "beside": ["EM"]})
        for path in (folder / "cells").glob("*.parquet"):
            table = pq.read_table(path)
            strict = pa.array(np.asarray(table["numerator"]) * (np.arange(N) % 2))
            table = table.append_column("EM: numerator", strict).append_column("EM: denominator", table["denominator"])
            pq.write_table(table, path)
        task = score_run(folder)["tasks"]["xquad"]
        exact = task["beside"]["EM"]["languages"]["hi"]
        clean = run.clean["hi"].right * (np.arange(N) % 2)
        robust = run.cells["hi", "typo", 0.1, 0].right * (np.arange(N) % 2)
        assert exact["accuracy"]["value"] == pytest.approx(clean.mean())
        assert exact["robust"]["value"] == pytest.approx(robust.mean())
        assert exact["gap"]["value"] == pytest.approx(robust.mean() - clean.mean())
        assert task["beside"]["EM"]["groups"]["Latin"]["clean"]["n"] == N


class TestTwoRunsOfSeveralTasks:
    def test_are_compared_task_by_task_in_each_one_s_metric(self, tmp_path: Path) -> None:
        f1 = {"metric": "F1"}
        folders = [
            merged(
                tmp_path / name,
                {"xnli": simple(N, {"hi": (0.8, 0.7)}), "panx": simple(N, {"hi": (0.8, robust)}, seed=2)},
                panx=f1,
            )
            for name, robust in (("a", 0.1), ("b", 0.75))
        ]
        compared = compare_runs(*folders)
        assert "robust F1" in compared["tasks"]["panx"]["verdict"]
        assert "robust accuracy" in compared["tasks"]["xnli"]["verdict"]
        gate = check_runs(folders[1], folders[0])
        assert not gate.passed
        assert "robust F1" in gate.verdict

    def test_must_have_done_the_same_tasks(self, tmp_path: Path) -> None:
        run = simple(N, {"hi": (0.8, 0.7)})
        both = merged(tmp_path / "a", {"xnli": run, "panx": run})
        one = merged(tmp_path / "b", {"xnli": run})
        with pytest.raises(RunError, match=r"did not do the same tasks \(xnli, panx and xnli\)"):
            compare_runs(both, one)


class TestAnswersAsAReaderUnderstandsThem:
    def test_tags_stand_beside_the_tokens_on_which_they_differ(self) -> None:
        clean = pa.table({"uid": ["a"]})
        made = shown_answers("tagging", Answers("O B-LOC", "O B-LOC", "O O"), clean, {"tokens": "in\nDelhi"})
        assert made == ("Delhi B-LOC", "Delhi B-LOC", "Delhi O")

    def test_gold_answers_are_text(self) -> None:
        gold = json.dumps(
            [{"text": "दिल्ली", "start": 4}, {"text": "नई दिल्ली", "start": 0}, {"text": "दिल्ली", "start": 4}]
        )
        made = shown_answers("answering", Answers(gold, "दिल्ली", ""), pa.table({"uid": ["a"]}), {})
        assert made == ("दिल्ली | नई दिल्ली", "दिल्ली", "")

    def test_a_found_sentence_is_shown_itself(self) -> None:
        clean = pa.table({"uid": ["t-1", "t-2"], "target": ["A cat.", "A dog."]})
        assert shown_answers("retrieval", Answers("t-1", "t-1", "t-2"), clean, {}) == ("A cat.", "A cat.", "A dog.")
        assert shown_answers("retrieval", Answers("t-1", "t-1", ""), clean, {}).after == "none"

    def test_labels_are_labels(self) -> None:
        made = Answers("neutral", "neutral", "contradiction")
        assert shown_answers("classification", made, pa.table({"uid": ["a"]}), {}) == made
