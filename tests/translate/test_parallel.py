"""A user's own translations."""

from __future__ import annotations

from pathlib import Path

import pytest

from robustx.errors import DataError, UsageError
from robustx.translate.engine import Outcome
from robustx.translate.parallel import Parallel

TSV = "en\thi\tar\nIt fell.\tवह गिरा।\tسقط.\nIt fell.\tदूसरा\tآخر\nNobody.\t\tلا أحد.\n"
JSONL = '{"en": "It fell.", "hi": "वह गिरा।", "note": 3}\n{"en": "Nobody.", "ar": "لا أحد."}\n'


def written(folder: Path, name: str, text: str) -> Parallel:
    (folder / name).write_text(text, encoding="utf-8")
    return Parallel(folder / name)


@pytest.mark.parametrize(("name", "text"), [("own.tsv", TSV), ("own.jsonl", JSONL)])
def test_a_text_is_looked_up_its_first_translation_holds_and_what_is_not_there_is_marked(
    tmp_path: Path, name: str, text: str
) -> None:
    engine = written(tmp_path, name, text)
    engine.check("en", "hi")
    missing = Outcome("", "the parallel file has no translation of it")
    assert engine.translate([" It fell. ", "Nobody.", "Else."], "en", "hi") == [Outcome("वह गिरा।"), missing, missing]
    with pytest.raises(UsageError, match="has no column ka; it has ar en hi"):
        engine.check("en", "ka")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("own.tsv", "source\ttarget\na\tb\n", "row 1: expected language codes"),
        ("own.tsv", "", "row 1: expected language codes"),
        ("own.tsv", "en\thi\na\n", "row 2: expected 2 columns, found 1"),
        ("own.jsonl", "{}\n[1]\n", "row 2: expected an object"),
        ("own.jsonl", "{\n", "row 1: is no JSON"),
    ],
)
def test_a_file_that_is_none_is_an_error_with_its_row(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        written(tmp_path, name, text).check("en", "hi")


def test_a_file_that_is_not_there_or_not_utf8_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"expected a \.tsv file"):
        Parallel(tmp_path / "gone.tsv")
    with pytest.raises(DataError, match=r"expected a \.tsv file"):
        written(tmp_path, "own.xlsx", "")
    (tmp_path / "bad.tsv").write_bytes(b"en\thi\n\xff\tx\n")
    with pytest.raises(DataError, match="is not UTF-8"):
        Parallel(tmp_path / "bad.tsv").check("en", "hi")
