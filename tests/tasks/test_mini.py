"""The data inside the package: whole, parallel and balanced."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pytest

from robustx.tasks.base import Example, SkipLog
from robustx.tasks.data import MINI
from robustx.tasks.registry import task
from robustx.text.languages import language
from robustx.text.scripts import script_of

XNLI = task("xnli")
LANGUAGES = XNLI.available(MINI)
ROWS = 96
# Han stands in Japanese, and either kind of Han is one code to Unicode
OWN = {"Jpan": {"Hira", "Kana", "Hani", "Jpan"}, "Hans": {"Hani", "Hans"}, "Kore": {"Hang", "Kore"}}


def rows(code: str) -> list[Example]:
    skipped = SkipLog()
    found = list(XNLI.read(MINI, code, skipped))
    assert skipped.count == 0, skipped.first
    return found


def test_it_has_the_twenty_non_latin_languages_of_xtreme_that_are_its_promise() -> None:
    non_latin = {code for code in LANGUAGES if not language(code).latin}
    assert non_latin == {
        "ar",
        "bg",
        "bn",
        "el",
        "fa",
        "he",
        "hi",
        "ja",
        "ka",
        "kk",
        "ko",
        "ml",
        "mr",
        "my",
        "ru",
        "ta",
        "te",
        "th",
        "ur",
        "zh",
    }
    assert {"en", "de", "sw", "tr"} <= set(LANGUAGES)
    assert sorted(path.name for path in (MINI / "xnli").glob("*.tsv")) == sorted(
        f"test-{code}.tsv" for code in LANGUAGES
    )


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_row_can_be_used_and_is_in_nfc(code: str) -> None:
    found = rows(code)
    assert [row.uid for row in found] == [f"xnli-{i}" for i in range(1, ROWS + 1)]
    for row in found:
        for text in row.fields.values():
            assert unicodedata.is_normalized("NFC", text)
            assert text == text.strip()
            assert "\ufffd" not in text


@pytest.mark.parametrize("code", LANGUAGES)
def test_labels_are_balanced_and_the_same_in_every_language(code: str) -> None:
    gold = [row.gold for row in rows(code)]
    assert gold == [row.gold for row in rows("en")]
    assert set(Counter(gold).values()) == {ROWS // 3}


@pytest.mark.parametrize("code", LANGUAGES)
def test_letters_are_of_the_language_s_own_script(code: str) -> None:
    script = language(code).script
    letters = [
        c for row in rows(code) for text in row.fields.values() for c in text if unicodedata.category(c)[0] == "L"
    ]
    own = sum(script_of(c) in OWN.get(script, {script}) or c == "ー" for c in letters)
    assert own / len(letters) > 0.97


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_pair_stands_twice(code: str) -> None:
    assert len({tuple(row.fields.values()) for row in rows(code)}) == ROWS
