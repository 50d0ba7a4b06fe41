"""Scripts by their ISO 15924 codes, checked against the names of the Unicode Character Database."""

from __future__ import annotations

import unicodedata

import pytest
from text_material import LANGUAGES, SENTENCES

from robustx.text.languages import language, languages
from robustx.text.scripts import PARTS, belongs, script_name, script_of, scripts_in

NAMED = {
    "Latn": "LATIN", "Arab": "ARABIC", "Armn": "ARMENIAN", "Beng": "BENGALI", "Cyrl": "CYRILLIC", "Deva": "DEVANAGARI",
    "Ethi": "ETHIOPIC", "Geor": "GEORGIAN", "Grek": "GREEK", "Gujr": "GUJARATI", "Guru": "GURMUKHI", "Hang": "HANGUL",
    "Hani": "CJK UNIFIED", "Hebr": "HEBREW", "Hira": "HIRAGANA", "Kana": "KATAKANA", "Khmr": "KHMER", "Knda": "KANNADA",
    "Laoo": "LAO", "Mlym": "MALAYALAM", "Mymr": "MYANMAR", "Orya": "ORIYA", "Sinh": "SINHALA", "Taml": "TAMIL",
    "Telu": "TELUGU", "Thai": "THAI",
}  # fmt: skip


@pytest.mark.parametrize("script", NAMED)
def test_letters_named_after_a_script_are_of_it(script: str) -> None:
    letters = [
        chr(point)
        for point in range(0x10000)
        if unicodedata.category(chr(point)) == "Lo" or unicodedata.category(chr(point)) in ("Lu", "Ll")
        if unicodedata.name(chr(point), "").startswith(f"{NAMED[script]} ")
    ]
    assert len(letters) >= 20
    assert [c for c in letters if script_of(c) != script] == []


@pytest.mark.parametrize("character", [" ", "1", ".", "\u0301", "\u200d", "।", "😀", "ー"], ids=ascii)
def test_common_and_inherited_characters_are_of_no_script_and_belong_everywhere(character: str) -> None:
    assert script_of(character) == "Zyyy"
    assert all(belongs(character, known.script) for known in languages().values())


def test_scripts_in_counts_code_points_and_leaves_out_what_is_common() -> None:
    assert scripts_in("Да, yes! 1") == {"Cyrl": 2, "Latn": 3}


def test_a_writing_system_of_several_scripts_holds_all_of_them_and_no_other() -> None:
    assert all(belongs(c, "Jpan") for c in "漢かカ")
    assert all(belongs(c, "Kore") for c in "漢한")
    assert not belongs("か", "Hans")
    assert not belongs("한", "Jpan")
    assert not belongs("а", "Latn")


def test_every_script_of_a_language_can_be_told() -> None:
    for known in languages().values():
        parts = PARTS.get(known.script, {known.script})
        assert parts <= set(NAMED) | {"Hani"}, known


@pytest.mark.parametrize("code", LANGUAGES)
def test_real_text_is_written_in_the_script_of_its_language(code: str) -> None:
    counts = scripts_in("".join(SENTENCES[code]))
    own = sum(n for script, n in counts.items() if script in PARTS.get(language(code).script, {language(code).script}))
    assert own > 0.95 * counts.total()


def test_every_script_of_a_language_has_a_name_and_an_unknown_one_stays_a_code() -> None:
    for one in languages().values():
        assert script_name(one.script) != one.script or one.script == "Thai"
    assert script_name("Deva") == "Devanagari"
    assert script_name("Zzzz") == "Zzzz"
