"""Text as a person is shown it: nothing in it is hidden, and nothing in it moves what stands beside it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from text_material import LANGUAGES, SENTENCES, WILD

from robustx.cards import card_folder
from robustx.perturb.tables import read_table
from robustx.text.display import FIRST_STRONG_ISOLATE, POP_ISOLATE, isolated, name_of, visible

JOINERS = "\u200c\u200d\u200e\u200f"


@given(WILD)
def test_nothing_shown_is_a_control_format_or_line_end(source: str) -> None:
    assert {unicodedata.category(c) for c in visible(source)}.isdisjoint({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_real_text_is_shown_as_it_is_but_for_joiners(language: str) -> None:
    for sentence in SENTENCES[language]:
        if not set(sentence) & set(JOINERS):
            assert visible(sentence) == sentence


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u200bb", "a<ZWSP>b"),
        ("می\u200cشود", "می<ZWNJ>شود"),
        ("a\u202eb", "a<RLO>b"),
        ("a\r\nb", "a<U+000D><U+000A>b"),
        ("\ue000", "<U+E000>"),
        ("\u3164", "<U+3164>"),
        ("a\u2800b", "a<U+2800>b"),
        ("\u034f", "<U+034F>"),
        ("\U000e0041", "<U+E0041>"),
        ("\u2003", "<U+2003>"),
        ("\ud800", "<U+D800>"),
    ],
    ids=ascii,
)
def test_what_cannot_be_seen_is_named(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_every_character_that_the_invisible_attack_inserts_is_named() -> None:
    table = read_table(card_folder("attacks") / "tables" / "invisible.tsv", "en")
    strings = [row.to for row in table.rows[""]]
    assert strings
    assert all(visible(c).startswith("<") for string in strings for c in string)


def test_a_marked_letter_is_shown_whole() -> None:
    assert visible("हिं 　é") == "हिं 　é"


@given(WILD)
def test_isolates_stand_at_the_ends_and_nowhere_else(source: str) -> None:
    shown = isolated(source)
    assert shown[0] == FIRST_STRONG_ISOLATE
    assert shown[-1] == POP_ISOLATE
    inside = shown[1:-1]
    assert not any(
        unicodedata.bidirectional(c) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI") for c in inside
    )


def test_a_character_is_named_by_its_code_point_and_unicode_name() -> None:
    assert name_of("क") == "U+0915 DEVANAGARI LETTER KA"
    assert name_of("\x00") == "U+0000 unnamed"
