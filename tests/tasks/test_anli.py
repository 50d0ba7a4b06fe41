"""ANLI as it is released, as one file of all rounds, and as robustx translates it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from robustx.errors import DataError, UsageError
from robustx.tasks.anli import anli_rows
from robustx.tasks.base import SkipLog
from robustx.tasks.data import NoSourceError, task_data
from robustx.tasks.registry import task

LABELS = {"e": "entailment", "n": "neutral", "c": "contradiction"}


def row(uid: str, label: str = "e", **more: Any) -> dict[str, Any]:
    return {"uid": uid, "context": f"The {uid} fell.", "hypothesis": f"{uid} is down.", "label": label, **more}


def write(path: Path, rows: list[dict[str, Any] | str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (one if isinstance(one, str) else json.dumps(one) for one in rows)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def read(root: Path, name: str, language: str = "en") -> tuple[list[str], SkipLog]:
    skipped = SkipLog()
    return [example.uid for example in task(name).read(root, language, skipped)], skipped


@pytest.mark.parametrize("below", ["", "anli", "anli_v1.0", "anli/anli_v1.0"])
def test_the_released_layout_is_read_round_by_round(tmp_path: Path, below: str) -> None:
    for number in (1, 2, 3):
        rows = [row(f"tree{number}-{label}", label) for label in LABELS]
        write(tmp_path / below / f"R{number}" / "test.jsonl", rows)
    for number in (1, 2, 3):
        one = task(f"anli-r{number}")
        assert one.available(tmp_path) == ["en"]
        found = list(one.read(tmp_path, "en", SkipLog()))
        assert [example.gold for example in found] == list(LABELS.values())
        assert dict(found[0].fields) == {
            "premise": f"The tree{number}-e fell.",
            "hypothesis": f"tree{number}-e is down.",
        }


def test_dev_is_read_where_there_is_no_test(tmp_path: Path) -> None:
    write(tmp_path / "R1" / "dev.jsonl", [row("dev")])
    assert read(tmp_path, "anli-r1")[0] == ["dev"]
    write(tmp_path / "R1" / "test.jsonl", [row("test")])
    assert read(tmp_path, "anli-r1")[0] == ["test"]


def test_one_file_of_all_rounds_is_told_apart_by_its_tags(tmp_path: Path) -> None:
    rows = [
        {"premise": f"p{i}", "hypothesis": "h", "label": label, "tag": f"r{i}_test"}
        for i, label in ((1, "entailment"), (3, "neutral"), (1, "contradiction"))
    ]
    write(tmp_path / "anli.test.jsonl", rows)  # type: ignore[arg-type]
    assert read(tmp_path, "anli-r1")[0] == ["r1_test-1", "r1_test-2"]
    assert read(tmp_path, "anli-r3")[0] == ["r3_test-1"]
    assert task("anli-r2").available(tmp_path) == []


def test_of_a_translation_kept_rows_are_read_and_others_counted_with_their_reason(tmp_path: Path) -> None:
    rows: list[dict[str, Any] | str] = [
        row("a", verdict="kept", reasons=[]),
        row("b", verdict="doubtful", reasons=["premise: a number is gone"]),
        row("c", verdict="rejected", reasons=["hypothesis: copied", "and more"]),
        row("d", verdict="rejected", reasons=3),
    ]
    write(tmp_path / "hi" / "R2" / "test.jsonl", rows)
    assert task("anli-r2").available(tmp_path) == ["hi"]
    kept, skipped = read(tmp_path, "anli-r2", "hi")
    assert kept == ["a"]
    assert [(one.row, one.reason) for one in skipped.first] == [
        (2, "the translation is doubtful: premise: a number is gone"),
        (3, "the translation is rejected: hypothesis: copied; and more"),
        (4, "the translation is rejected: no reason given"),
    ]
    every, skipped = read(tmp_path, "anli-r2-all", "hi")
    assert (every, skipped.count) == (["a", "b", "c", "d"], 0)


def test_bad_rows_are_counted_and_named(tmp_path: Path) -> None:
    write(
        tmp_path / "R1" / "test.jsonl",
        [
            row("good"),
            "{",
            "[]",
            row("x", "z"),
            row("good"),
            {"uid": "y", "context": " ", "hypothesis": "h", "label": "e"},
            {"uid": "z", "context": 3, "hypothesis": "h", "label": "e"},
            {"uid": "w", "hypothesis": "h", "label": "e"},
        ],
    )
    good, skipped = read(tmp_path, "anli-r1")
    assert good == ["good"]
    assert [(one.row, one.reason) for one in skipped.first] == [
        (2, "is no JSON (JSONDecodeError)"),
        (3, "is no object with context, hypothesis and label"),
        (4, 'the label "z"; expected e, n or c'),
        (5, "the uid good stands in an earlier row too"),
        (6, "an empty text"),
        (7, "an empty text"),
        (8, "is no object with context, hypothesis and label"),
    ]


def test_a_file_of_something_else_is_an_error_that_names_its_row(tmp_path: Path) -> None:
    path = write(tmp_path / "R1" / "test.jsonl", [{"question": "?"}])
    with pytest.raises(DataError, match="row 1: is no object with context"):
        list(task("anli-r1").read(tmp_path, "en", SkipLog()))
    path.unlink()
    with pytest.raises(DataError, match="expected en/R1/test.jsonl"):
        list(anli_rows(tmp_path, "en", "R1", "test", SkipLog()))


def test_one_folder_serves_all_rounds(tmp_path: Path) -> None:
    write(tmp_path / "R1" / "test.jsonl", [row("a")])
    assert task_data(f"anli={tmp_path}", task("anli-r1")).root == tmp_path
    assert task_data(f"anli={tmp_path}", task("anli-r1-all")).root == tmp_path
    with pytest.raises(NoSourceError, match="has no anli-r2 data"):
        task_data(f"anli={tmp_path}", task("anli-r2"))
    with pytest.raises((UsageError, NoSourceError)):
        task_data(f"xnli={tmp_path}", task("anli-r1"))


def test_the_hub_has_english_only() -> None:
    with pytest.raises(DataError, match="robustx translate"):
        next(task("anli-r1").read_hub("hi", SkipLog()))
