"""The table of languages."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pytest
from text_material import LANGUAGES, MINI, SENTENCES

from robustx.errors import UsageError
from robustx.text.languages import language, languages


def test_every_language_has_a_code_a_name_a_script_and_a_direction() -> None:
    for code, known in languages().items():
        assert code == known.code
        assert code.isascii()
        subtag, _, script = code.partition("-")
        assert subtag == subtag.lower()
        assert script in ("", known.script)
        assert known.name
        assert len(known.script) == 4
        assert known.script.istitle()
        assert known.direction in ("ltr", "rtl")


def test_names_are_distinct() -> None:
    assert max(Counter(known.name for known in languages().values()).values()) == 1


def test_every_language_of_the_mini_data_is_known() -> None:
    assert {path.stem.removeprefix("test-") for path in MINI.glob("test-*.tsv")} <= set(languages())


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_direction_is_that_of_its_letters(code: str) -> None:
    classes = Counter(unicodedata.bidirectional(c) for c in "".join(SENTENCES[code]) if c.isalpha())
    right = classes["R"] + classes["AL"]
    assert language(code).direction == ("rtl" if right > classes["L"] else "ltr")


def test_only_languages_in_latin_script_are_latin() -> None:
    assert language("sw").latin
    assert language("vi").latin
    assert not language("kk").latin


def test_an_unknown_code_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(UsageError, match=r'there is no language "zhh".*Did you mean "zh"'):
        language("zhh")


def test_an_empty_code_is_an_error() -> None:
    with pytest.raises(UsageError, match='there is no language ""'):
        language("")
