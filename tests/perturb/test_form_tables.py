"""The tables of case, digits, punctuation and compatibility forms on words one can check by hand."""

from __future__ import annotations

import re
import unicodedata

import pytest
from attack_material import ATTACKS, MINI, every_edit

from robustx.perturb.edits import apply
from robustx.perturb.protection import protected_spans
from robustx.perturb.tables import read_table
from robustx.text.analysis import Text
from robustx.text.languages import languages


def written(name: str, code: str, source: str) -> list[str]:
    """Every text that one edit of an attack makes."""
    text = Text(source, code, protected_spans(source, code, []))
    return [apply(source, [edit]) for _, _, edit in every_edit(ATTACKS[name].operator(code), text)]


@pytest.mark.parametrize(
    ("name", "code", "word", "expected"),
    [
        ("case-upper", "tr", "ışık", "IŞIK"),
        ("case-upper", "tr", "izin", "İZİN"),
        ("case-upper", "de", "izin", "IZIN"),
        ("case-upper", "de", "Straße", "STRASSE"),
        ("case-upper", "el", "Ρωμαίος", "ΡΩΜΑΙΟΣ"),
        ("case-upper", "el", "γάιδαρος", "ΓΑΪΔΑΡΟΣ"),
        ("case-upper", "el", "ρωμαίικος", "ΡΩΜΑΙΪΚΟΣ"),
        ("case-upper", "el", "Ήλιος", "ΗΛΙΟΣ"),
        ("case-upper", "el", "ή", "Ή"),
        ("case-upper", "el", "μή", "ΜΗ"),
        ("case-upper", "hy", "Երևան", "ԵՐԵՎԱՆ"),
        ("case-upper", "vi", "được", "ĐƯỢC"),
        ("case-lower", "tr", "IĞDIR", "ığdır"),
        ("case-lower", "tr", "İzmir", "izmir"),
        ("case-lower", "el", "ΣΕΙΣΜΟΣ", "σεισμος"),
        ("case-lower", "ru", "Ёлка", "ёлка"),
        ("case-swapped", "en", "Hello", "hELLO"),
        ("case-swapped", "tr", "İki", "iKİ"),
        ("case-swapped", "el", "Άρης", "άΡΗΣ"),
        ("presentation-forms", "ar", "لا", "\ufefb"),
        ("presentation-forms", "ar", "الله", "\ufdf2"),
        ("presentation-forms", "ar", "بيت", "\ufe91\ufef4\ufe96"),
        ("presentation-forms", "fa", "گرگ", "\ufb94\ufeae\ufb92"),
        ("presentation-forms", "ur", "ہے", "\ufba8\ufbaf"),
        ("halfwidth-kana", "ja", "ガラス", "ｶﾞﾗｽ"),
        ("fullwidth", "en", "Web", "Ｗｅｂ"),
        ("styled-letters", "en", "yes", "𝘆𝗲𝘀"),
        ("digits-other", "hi", "1984", "१९८४"),
        ("digits-other", "zh", "42", "４２"),
        ("punctuation-other", "ar", "نعم، لا", "نعم, لا"),
        ("punctuation-other", "el", "Τι;", "Τι?"),
        ("punctuation-other", "fr", "Quoi ?", "Quoi?"),
        ("punctuation-other", "ru", "Он — врач", "Он - врач"),
        ("punctuation-other", "he", "בית־ספר", "בית-ספר"),
        ("punctuation-dropped", "zh", "好，走", "好走"),
        ("punctuation-dropped", "en", "Well, go", "Well go"),
        ("discouraged-sequences", "th", "แม่", "เเม่"),
        ("discouraged-sequences", "ml", "അവൻ", "അവന്\u200d"),
        ("compatibility", "th", "น้ำ", "น\u0e49\u0e4d\u0e32"),
        ("compatibility", "zh", "一", "\u2f00"),
        ("composed-otherwise", "el", "ώ", "\u1f7d"),
        ("joiners", "si", "ක්\u200dය", "ක්ය"),
    ],
)
def test_a_word_is_written_so(name: str, code: str, word: str, expected: str) -> None:
    assert expected in written(name, code, word)


@pytest.mark.parametrize(
    ("name", "code", "word"),
    [
        ("case-upper", "el", "ΑΘΗΝΑ"),
        ("case-lower", "en", "small"),
        ("presentation-forms", "ar", "كِتاب"),
        ("presentation-forms", "fa", "می\u200cخواهم"),
        ("digits-other", "hi", "https://example.org/1984"),
        ("digits-other", "hi", "{1}"),
        ("space-split", "th", "เก"),
        ("space-split", "kn", "ಕ್ಷ"),
        ("space-split", "ja", "キャ"),
        ("variation-selectors", "ta", "க்ஷ"),
        ("halfwidth-kana", "ja", "ひらがな"),
    ],
)
def test_a_word_is_left_alone(name: str, code: str, word: str) -> None:
    assert written(name, code, word) == []


@pytest.mark.parametrize("code", ["ar", "fa", "ur"])
def test_every_word_that_is_all_letters_has_presentation_forms_and_they_read_back(code: str) -> None:
    words = set(re.findall(r"\w+", (MINI / f"test-{code}.tsv").read_text(encoding="utf-8")))
    words = {word for word in words if re.fullmatch("[\u0620-\u064a\u0671-\u06d3]+", word)}
    assert len(words) > 300
    covered = [made for word in words for made in written("presentation-forms", code, word)]
    assert len(covered) > 0.99 * len(words)
    assert not any("\u0620" <= character <= "\u06ff" for word in covered for character in word)
    assert {unicodedata.normalize("NFKC", word) for word in covered} <= words


@pytest.mark.parametrize("code", [code for code in languages() if code not in {"tr", "el", "hy"}])
def test_case_is_that_of_unicode_where_a_language_has_no_rule_of_its_own(code: str) -> None:
    upper, lower = ATTACKS["case-upper"], ATTACKS["case-lower"]
    for attack, change in ((upper, str.upper), (lower, str.lower)):
        if attack.applies_to(code):
            path = attack.table_path(code)
            assert path
            rows = read_table(path, code).rows
            assert len(rows) > 30
            assert all(row.to == change(source) for source, found in rows.items() for row in found)
