"""XNLI in XTREME's layout: good rows are read as they stand; a bad one is counted, named and passed over."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny import write_rows

from robustx.errors import DataError
from robustx.tasks.base import Example, SkipLog
from robustx.tasks.xnli import Xnli

XNLI = Xnli()
GOOD = b"A cat sat.\tAn animal sat.\tentailment\n"


def read(folder: Path, data: bytes) -> tuple[list[Example], SkipLog]:
    (folder / "test-en.tsv").write_bytes(data)
    skipped = SkipLog()
    return list(XNLI.read(folder, "en", skipped)), skipped


def test_a_row_is_read_as_it_stands(tmp_path: Path) -> None:
    examples, skipped = read(tmp_path, "  बिल्ली \u200d बैठी।\tएक\u00a0जानवर \tentailment\r\n".encode())
    assert examples == [
        Example("xnli-1", "en", {"premise": "  बिल्ली \u200d बैठी।", "hypothesis": "एक\u00a0जानवर "}, "entailment")
    ]
    assert skipped.count == 0


@pytest.mark.parametrize("label", ["contradiction", "contradictory", "Contradiction", " contradiction "])
def test_labels_are_recognised_as_they_are_spelt_in_the_wild(tmp_path: Path, label: str) -> None:
    examples, _ = read(tmp_path, f"a\tb\t{label}\n".encode())
    assert [example.gold for example in examples] == ["contradiction"]


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\u0085", "\x0b", "\x0c", "\x1c", "\r"])
def test_only_a_line_feed_ends_a_row(tmp_path: Path, mark: str) -> None:
    examples, skipped = read(tmp_path, f"one{mark}two\tb\tneutral\n".encode() + GOOD)
    assert [example.fields["premise"] for example in examples] == [f"one{mark}two", "A cat sat."]
    assert skipped.count == 0


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"\tAn animal sat.\tentailment\n", "an empty text"),
        (b"A cat sat.\t  \tentailment\n", "an empty text"),
        ("A cat.\t\u00a0\u3000\tentailment\n".encode(), "an empty text"),
        (b"A \xed\xa0\x80 cat.\tb\tentailment\n", "not UTF-8"),
        (b"A \xff cat.\tb\tentailment\n", "not UTF-8"),
        (b"A cat \xe0\xa4\tb\tentailment\n", "not UTF-8"),
        (b"A" * 100_000 + b"\tb\tentailment\n", "100,000 characters"),
        (b"A cat.\tb\tmaybe\n", 'the label "maybe"; expected entailment, neutral, contradiction'),
        (b"A cat.\tb\t" + b"x" * 1000 + b"\n", 'the label "' + "x" * 40 + '"'),
        (b"A \x00cat.\tb\tentailment\n", "a NUL character"),
        (b"A cat.\tb\n", "found 2"),
        (b"A cat.\tb\tentailment\tmore\n", "found 4"),
        (b"\n", "found 1"),
    ],
)
def test_a_bad_row_is_counted_named_and_passed_over(tmp_path: Path, row: bytes, reason: str) -> None:
    examples, skipped = read(tmp_path, GOOD + row + GOOD)
    assert [example.uid for example in examples] == ["xnli-1", "xnli-3"], (
        "rows keep their numbers, so languages stay parallel"
    )
    assert skipped.count == 1
    assert (skipped.first[0].path, skipped.first[0].row) == ("test-en.tsv", 2)
    assert reason in skipped.first[0].reason


def test_every_bad_row_is_counted_and_the_first_twenty_are_named(tmp_path: Path) -> None:
    examples, skipped = read(tmp_path, GOOD + b"only one column\n" * 50)
    assert (len(examples), skipped.count, len(skipped.first)) == (1, 50, 20)


def test_a_file_whose_first_row_has_other_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"test-en\.tsv: row 1: expected 3 tab-separated columns .*, found 2"):
        read(tmp_path, b"A cat.\tentailment\n" + GOOD)


def test_a_language_without_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"test-hi\.tsv: there is no such file"):
        list(XNLI.read(tmp_path, "hi", SkipLog()))


def test_languages_are_found_in_the_folder_or_in_xnli_below_it(tmp_path: Path) -> None:
    write_rows(tmp_path / "flat", "hi", [("a", "b", "neutral")])
    write_rows(tmp_path / "deep" / "xnli", "hi", [("a", "b", "neutral")])
    (tmp_path / "flat" / "test-tlh.tsv").write_text("a\tb\tneutral\n")
    assert XNLI.available(tmp_path / "flat") == XNLI.available(tmp_path / "deep") == ["hi"]


def test_accuracy_is_a_ratio_of_sums() -> None:
    assert XNLI.statistic("neutral", "neutral", "en") == (1.0, 1.0)
    assert XNLI.statistic("neutral", "entailment", "en") == (0.0, 1.0)


class TestFromTheHub:
    def test_class_numbers_become_labels_and_bad_rows_are_passed_over(
        self, hub: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Xnli, "hub_id", str(hub))
        skipped = SkipLog()
        examples = list(XNLI.read_hub("hi", skipped))
        assert [(one.uid, one.gold) for one in examples] == [
            ("xnli-1", "entailment"),
            ("xnli-2", "neutral"),
            ("xnli-3", "contradiction"),
        ]
        assert examples[0].fields == {"premise": "एक", "hypothesis": "दो"}
        assert [(row.row, row.reason.split(";")[0]) for row in skipped.first] == [
            (4, 'the label "-1"'),
            (5, "an empty text"),
        ]
