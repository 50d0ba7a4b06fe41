"""One call of ``robustx translate``: what it writes, that it can be taken up, and that what it wrote is a data set."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from engine_material import Capitals

from robustx.errors import DataError, UsageError
from robustx.tasks.base import SkipLog
from robustx.tasks.registry import task
from robustx.translate.job import Job, carry_out, dry_run, prepare
from robustx.translate.parallel import Parallel

ROUND_TRIP = importlib.util.find_spec("sacrebleu") is not None
ROWS = [
    ("It fell in 1904.", "It did not fall.", "c"),
    ("It fell in 1904.", "Something fell in 1904.", "e"),
    ("Nobody saw it.", "It was late.", "n"),
]


@pytest.fixture(scope="module")
def anli(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three rounds with a dev and a test set of three rows each."""
    root = tmp_path_factory.mktemp("anli")
    for part in ("R1", "R2", "R3"):
        for split in ("dev", "test"):
            (root / part).mkdir(exist_ok=True)
            rows = [
                {
                    "uid": f"{part}-{split}-{i}",
                    "context": p,
                    "hypothesis": h,
                    "label": label,
                    "tag": "x",
                    "genre": "wiki",
                }
                for i, (p, h, label) in enumerate(ROWS)
            ]
            (root / part / f"{split}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return root


@pytest.fixture(scope="module")
def parallel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's translations into Hindi; one is missing and one has lost its number."""
    path = tmp_path_factory.mktemp("own") / "own.tsv"
    lines = [
        ("en", "hi"),
        ("It fell in 1904.", "यह 1904 में गिरा।"),
        ("It did not fall.", "यह नहीं गिरा।"),
        ("Something fell in 1904.", "कुछ गिरा।"),
        ("Nobody saw it.", "इसे किसी ने नहीं देखा।"),
    ]
    path.write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8")
    return path


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_row_is_there_in_the_sources_own_format_with_where_it_is_from(
    anli: Path, parallel: Path, tmp_path: Path
) -> None:
    manifest = carry_out(prepare(f"anli={anli}", ["hi"], Parallel(parallel), tmp_path / "out"))
    first, second, third = rows_of(tmp_path / "out" / "hi" / "R2" / "test.jsonl")
    assert (first["uid"], first["context"], first["label"]) == ("R2-test-0", "यह 1904 में गिरा।", "c")
    assert (first["verdict"], first["reasons"], first["round"]) == ("kept", [], "A2")
    assert (first["genre"], first["tag"], first["language"], first["source_language"]) == ("wiki", "x", "hi", "en")
    assert (first["engine"], len(first["engine_version"]), len(first["source_sha256"])) == ("file:own.tsv", 16, 64)
    assert (second["verdict"], second["hypothesis"]) == ("doubtful", "कुछ गिरा।")
    assert "hypothesis: a number is gone" in second["reasons"][0]
    figures = {one["figure"]: one["value"] for one in second["figures"]}
    assert (figures["hypothesis.numbers_lost"], figures["premise.numbers_lost"]) == (1.0, 0.0)
    assert (third["verdict"], third["hypothesis"]) == ("rejected", "")
    assert "the parallel file has no translation of it" in third["reasons"][0]
    counts = {"rows": 3, "kept": 1, "doubtful": 1, "rejected": 1}
    assert manifest["languages"]["hi"]["files"] == {
        f"R{i}/{split}": counts for i in (1, 2, 3) for split in ("dev", "test")
    }


def test_kept_rows_and_all_rows_are_two_readings_of_one_folder(anli: Path, parallel: Path, tmp_path: Path) -> None:
    carry_out(prepare(f"anli={anli}", ["hi"], Parallel(parallel), tmp_path))
    skipped = SkipLog()
    kept = [example.uid for example in task("anli-r1").read(tmp_path, "hi", skipped)]
    every = [example.uid for example in task("anli-r1-all").read(tmp_path, "hi", SkipLog())]
    assert kept == ["R1-test-0"]
    assert every == ["R1-test-0", "R1-test-1"], "a row that has no text at all cannot be read"
    assert [one.reason.partition(":")[0] for one in skipped.first][:1] == ["the translation is doubtful"]


def test_the_folder_is_a_data_set_that_datasets_loads(anli: Path, parallel: Path, tmp_path: Path) -> None:
    from datasets import load_dataset

    carry_out(prepare(f"anli={anli}", ["hi"], Parallel(parallel), tmp_path / "out"))
    front = yaml.safe_load((tmp_path / "out" / "README.md").read_text(encoding="utf-8").split("---")[1])
    assert (front["license"], front["language"]) == ("cc-by-nc-4.0", ["hi"])
    assert [config["config_name"] for config in front["configs"]] == ["hi-r1", "hi-r2", "hi-r3"]
    loaded = load_dataset(str(tmp_path / "out"), "hi-r3", cache_dir=str(tmp_path / "cache"))
    assert {split: len(rows) for split, rows in loaded.items()} == {"dev": 3, "test": 3}
    assert loaded["test"][1]["reasons"][0].startswith("hypothesis: a number is gone")
    assert loaded["test"]["label"] == ["c", "e", "n"]


def test_xnli_comes_out_in_xtremes_layout_with_row_i_in_place(tmp_path: Path) -> None:
    root = tmp_path / "xnli"
    root.mkdir()
    (root / "test-en.tsv").write_text("It fell.\tIt did not.\tcontradiction\nbad row\nIt fell.\tIt fell.\tentailment\n")
    carry_out(prepare(f"xnli={root}", ["hi"], Capitals(), tmp_path / "out"))
    lines = (tmp_path / "out" / "test-hi.tsv").read_text(encoding="utf-8").split("\n")
    assert lines == ["IT FELL.\tIT DID NOT.\tcontradiction", "\t\t", "IT FELL.\tIT FELL.\tentailment", ""]
    skipped = SkipLog()
    assert [one.uid for one in task("xnli").read(tmp_path / "out", "hi", skipped)] == ["xnli-1", "xnli-3"]
    assert [row["verdict"] for row in rows_of(tmp_path / "out" / "hi" / "test.jsonl")] == ["rejected", "rejected"]


def test_one_field_alone_makes_pairs_in_two_languages(anli: Path, parallel: Path, tmp_path: Path) -> None:
    manifest = carry_out(prepare(f"anli={anli}", ["hi"], Parallel(parallel), tmp_path, fields=["premise"]))
    row = rows_of(tmp_path / "hi" / "R1" / "test.jsonl")[1]
    assert (row["context"], row["hypothesis"]) == ("यह 1904 में गिरा।", "Something fell in 1904.")
    assert (row["translated"], row["verdict"]) == (["context"], "kept")
    assert all(one["figure"].startswith("premise.") for one in row["figures"])
    assert manifest["languages"]["hi"]["fields"] == ["premise"]


def folder(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def job(anli: Path, out: Path, **engine: Any) -> Job:
    return prepare(f"anli={anli}", ["hi", "ar"], Capitals(batch=2, **engine), out, round_trip=ROUND_TRIP)


@pytest.mark.parametrize("batches", [0, 1, 3, 5])
def test_a_call_that_was_killed_ends_with_the_same_bytes(anli: Path, tmp_path: Path, batches: int) -> None:
    carry_out(job(anli, tmp_path / "whole"))
    with pytest.raises(KeyboardInterrupt):
        carry_out(job(anli, tmp_path / "killed", dies_after=batches))
    carry_out(job(anli, tmp_path / "killed"))
    assert folder(tmp_path / "killed") == folder(tmp_path / "whole")


def test_languages_come_one_after_another_into_the_same_folder(anli: Path, tmp_path: Path) -> None:
    carry_out(job(anli, tmp_path / "both"))
    for code in ("ar", "hi"):
        carry_out(prepare(f"anli={anli}", [code], Capitals(batch=2), tmp_path / "one", round_trip=ROUND_TRIP))
    assert folder(tmp_path / "one") == folder(tmp_path / "both")


def test_translating_back_is_measured_where_the_engine_can(anli: Path, parallel: Path, tmp_path: Path) -> None:
    pytest.importorskip("sacrebleu", reason="the extra translate is not installed")
    manifest = carry_out(prepare(f"anli={anli}", ["hi"], Parallel(parallel), tmp_path, round_trip=True))
    assert "round trip" in manifest["languages"]["hi"]["gates"]
    figures = {one["figure"]: one["value"] for one in rows_of(tmp_path / "hi" / "R1" / "test.jsonl")[0]["figures"]}
    assert figures["premise.round_trip"] == 100.0


def test_a_checkpoint_can_be_asked_whether_it_decides_the_same(
    anli: Path, tmp_path: Path, checkpoint: Callable[[str], Path]
) -> None:
    judge = str(checkpoint("bert"))
    manifest = carry_out(prepare(f"anli={anli}", ["hi"], Capitals(), tmp_path / "out", judge=judge, limit=2))
    assert manifest["languages"]["hi"]["gates"][-1].startswith("labels by model:bert@")
    for row in rows_of(tmp_path / "out" / "hi" / "R1" / "test.jsonl"):
        figures = {one["figure"]: one["value"] for one in row["figures"]}
        assert figures["label_kept"] in (0.0, 1.0)
        assert 0 <= figures["label_shift"] <= 1
        assert (figures["label_kept"] == 0.0) == any(
            "the checkpoint decides otherwise" in why for why in row["reasons"]
        )


def test_a_dry_run_says_what_is_to_be_done_and_writes_nothing(anli: Path, tmp_path: Path) -> None:
    found = dry_run(job(anli, tmp_path / "out"))
    assert found["files"] == {f"R{i}/{split}": 3 for i in (1, 2, 3) for split in ("dev", "test")}
    assert found["languages"]["hi"] == {"texts": 5, "pieces": 5, "to_translate": 5}
    assert not (tmp_path / "out").exists()
    carry_out(job(anli, tmp_path / "out"))
    assert dry_run(job(anli, tmp_path / "out"))["languages"]["ar"]["to_translate"] == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"data": "snli=x"}, "expected anli=FOLDER or xnli=FOLDER"),
        ({"data": "anli=gone"}, "there is no such folder"),
        ({"to": []}, "--to: expected languages"),
        ({"to": ["xx"]}, 'there is no language "xx"'),
        ({"to": ["en"]}, "the data is in en already"),
        ({"source": "ur"}, "has no column ur"),
        ({"data": "xnli={anli}"}, "test-en.tsv"),
        ({"splits": ["train"]}, "--split train: expected dev, test or dev,test"),
        ({"limit": 0}, "--limit 0: expected at least 1"),
        ({"fields": ["context"]}, "--fields context: expected premise, hypothesis or both"),
        ({"to": ["hi", "ka"]}, "has no column ka"),
    ],
)
def test_bad_input_is_an_error_before_anything_is_written(
    anli: Path, parallel: Path, tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    given: dict[str, Any] = {"data": f"anli={anli}", "to": ["hi"]} | change
    with pytest.raises((UsageError, DataError), match=said):
        prepare(given.pop("data").format(anli=anli), given.pop("to"), Parallel(parallel), tmp_path / "out", **given)
    assert not (tmp_path / "out").exists()


def test_a_folder_of_something_else_is_left_alone(anli: Path, parallel: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(UsageError, match="choose a new folder"):
        prepare(f"anli={anli}", ["hi"], Parallel(parallel), tmp_path)
    (tmp_path / "thesis.txt").unlink()
    (tmp_path / "manifest.json").write_text('{"set": "xnli", "languages": {}}')
    with pytest.raises(UsageError, match="holds xnli, not anli"):
        prepare(f"anli={anli}", ["hi"], Parallel(parallel), tmp_path)
    (tmp_path / "manifest.json").write_text("[]")
    with pytest.raises(DataError, match="is not what robustx translate writes"):
        prepare(f"anli={anli}", ["hi"], Parallel(parallel), tmp_path)


def test_rounds_that_the_folder_lacks_in_a_language_are_an_error(anli: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has no anli rows in ur for dev, test"):
        prepare(f"anli={anli}", ["hi"], Capitals(), tmp_path / "out", source="ur")
