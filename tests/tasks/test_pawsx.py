"""PAWS-X in XTREME's layout: labels by name, test or dev, quoted or not, parallel where it can be."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from robustx.errors import DataError
from robustx.tasks.base import Example, SkipLog
from robustx.tasks.pawsx import PawsX

PAWSX = PawsX()


def write(folder: Path, name: str, *rows: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")


def read(folder: Path, language: str = "ko") -> tuple[list[Example], SkipLog]:
    skipped = SkipLog()
    return list(PAWSX.read(folder, language, skipped)), skipped


def test_class_numbers_get_the_names_of_the_labels(tmp_path: Path) -> None:
    write(tmp_path / "pawsx", "test-ko.tsv", "하나 둘\t둘 하나\t0", "셋\t삼\t1")
    examples, skipped = read(tmp_path)
    assert examples == [
        Example("pawsx-1", "ko", {"sentence1": "하나 둘", "sentence2": "둘 하나"}, "different"),
        Example("pawsx-2", "ko", {"sentence1": "셋", "sentence2": "삼"}, "paraphrase"),
    ]
    assert skipped.count == 0


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("하나\t\t1", "an empty text"),
        ("하나\t둘\t2", 'the label "2"; expected different, paraphrase'),
        ("하나\t둘", "expected 3 tab-separated columns (sentence1, sentence2, label), found 2"),
    ],
)
def test_a_bad_row_is_counted_named_and_passed_over(tmp_path: Path, row: str, reason: str) -> None:
    write(tmp_path, "test-ko.tsv", "가\t나\t1", row, "다\t라\t0")
    examples, skipped = read(tmp_path)
    assert [example.uid for example in examples] == ["pawsx-1", "pawsx-3"]
    assert [(one.path, one.row) for one in skipped.first] == [("test-ko.tsv", 2)]
    assert reason in skipped.first[0].reason


class TestWhichFileIsRead:
    def test_the_test_rows_where_they_have_labels(self, tmp_path: Path) -> None:
        write(tmp_path, "test-ko.tsv", "가\t나\t1")
        write(tmp_path, "dev-ko.tsv", "다\t라\t0")
        assert [one.fields["sentence1"] for one in read(tmp_path)[0]] == ["가"]

    def test_the_dev_rows_where_xtreme_took_the_labels_away(self, tmp_path: Path) -> None:
        write(tmp_path, "test-ko.tsv", "가\t나")
        write(tmp_path, "dev-ko.tsv", "다\t라\t0")
        assert [one.fields["sentence1"] for one in read(tmp_path)[0]] == ["다"]

    def test_the_dev_rows_where_there_are_no_others(self, tmp_path: Path) -> None:
        write(tmp_path, "dev-ko.tsv", "다\t라\t0")
        assert PAWSX.available(tmp_path) == ["ko"]
        assert [one.gold for one in read(tmp_path)[0]] == ["different"]

    def test_test_rows_without_labels_are_refused_where_there_are_no_dev_rows(self, tmp_path: Path) -> None:
        write(tmp_path, "test-ko.tsv", "가\t나")
        with pytest.raises(DataError, match=r"test-ko\.tsv: row 1: expected 3 tab-separated columns"):
            read(tmp_path)

    def test_a_language_without_a_file_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(DataError, match=r"test-ko\.tsv: there is no such file"):
            read(tmp_path)


class TestQuotes:
    """XTREME's script writes CSV: a column with quotation marks is quoted, and these are doubled."""

    @pytest.mark.parametrize(
        ("column", "text"),
        [
            ('"그는 ""네""라고 했다."', '그는 "네"라고 했다.'),
            ('"""네""라고 했다."', '"네"라고 했다.'),
            ('"네"', '"네"'),
            ('"네"라고 "그"', '"네"라고 "그"'),
            ('그는 ""네""라고', '그는 ""네""라고'),
            ('"', '"'),
            ('""', '""'),
        ],
    )
    def test_are_taken_away_only_where_the_script_put_them(self, tmp_path: Path, column: str, text: str) -> None:
        write(tmp_path, "test-ko.tsv", f"{column}\t나\t1")
        assert read(tmp_path)[0][0].fields["sentence1"] == text


def test_files_of_another_task_are_not_taken_for_its_own(tmp_path: Path) -> None:
    """Several of XTREME's tasks call their files ``test-<language>.tsv``."""
    write(tmp_path, "test-ko.tsv", "가\t나\tneutral")
    write(tmp_path, "test-ja.tsv", "あ\tNOUN")
    write(tmp_path, "test-zh.tsv", "一\t二\t0")
    assert PAWSX.available(tmp_path) == ["zh"]


def test_rows_are_parallel_only_between_files_that_have_all_of_them(tmp_path: Path) -> None:
    """Some copies have lost the pairs that nobody translated, and their rows have moved up."""
    for code, count in (("en", 3), ("zh", 3), ("ja", 2)):
        write(tmp_path, f"test-{code}.tsv", *["a\tb\t1"] * count)
    assert [[one.uid for one in read(tmp_path, code)[0]][1] for code in ("en", "zh", "ja")] == [
        "pawsx-2",
        "pawsx-2",
        "pawsx-ja-2",
    ]


def test_on_the_hub_the_ids_say_what_is_parallel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "paws-like"
    (folder / "ko").mkdir(parents=True)
    rows = {"id": [4, 9], "sentence1": ["가", "나"], "sentence2": ["다", ""], "label": [1, 0]}
    pq.write_table(pa.table(rows), folder / "ko" / "test.parquet")
    (folder / "README.md").write_text(
        "---\nconfigs:\n- config_name: ko\n  data_files:\n  - split: test\n    path: ko/test.parquet\n---\n"
    )
    monkeypatch.setattr(PawsX, "hub_id", str(folder))
    skipped = SkipLog()
    assert [(one.uid, one.gold) for one in PAWSX.read_hub("ko", skipped)] == [("pawsx-4", "paraphrase")]
    assert [(one.row, one.reason) for one in skipped.first] == [(2, "an empty text")]


def test_accuracy_is_a_ratio_of_sums() -> None:
    assert PAWSX.statistic("different", "different", "ko") == (1.0, 1.0)
    assert PAWSX.statistic("different", "paraphrase", "ko") == (0.0, 1.0)
