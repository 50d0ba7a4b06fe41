"""What no attack may touch."""

from __future__ import annotations

import pytest
from attack_material import LANGUAGES, SENTENCES
from hypothesis import given
from hypothesis import strategies as st

from robustx.cards import card_folder
from robustx.perturb.protection import always_protected, negations, protected_spans
from robustx.text.languages import languages

ROWS = [
    tuple(line.split("\t")[:2])
    for line in (card_folder("attacks") / "tables" / "negation.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith(("#", "language\t"))
]


def strings(text: str, spans: list[tuple[int, int]]) -> list[str]:
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in 1984 and ١٢٣ and १२", ["1984", "١٢٣", "१२"]),
        ("3.5 kg", ["3", "5"]),
        ("see https://example.org/ä?b=1 now", ["https://example.org/ä?b=1"]),
        ("www.example.org is", ["www.example.org"]),
        ("write to me.too@example.co.uk today", ["me.too@example.co.uk"]),
        ("dear {name}, <br> %s %(count)d", ["{name}", "<br>", "%s", "%(count)d"]),
        ("@user likes #नमस्ते", ["@user", "#नमस्ते"]),
        ("nothing here: 5 < x", ["5"]),
        ("", []),
    ],
)
def test_digits_addresses_placeholders_mentions_and_tags_are_protected(text: str, expected: list[str]) -> None:
    assert strings(text, always_protected(text)) == expected


@given(st.text())
def test_every_decimal_digit_of_any_text_is_protected(text: str) -> None:
    inside = {i for start, end in always_protected(text) for i in range(start, end)}
    assert {i for i, c in enumerate(text) if c.isdecimal() and c.isascii()} <= inside


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "It is not here; nothing is knotted.", ["not", "nothing"]),
        ("en", "NOT HERE", ["NOT"]),
        ("hi", "यह यहाँ नहीं है", ["नहीं"]),
        ("zh", "我不知道", ["不"]),
        ("th", "ผมไม่รู้", ["ไม่"]),
    ],
)
def test_negation_words_stand_free_or_anywhere_in_scripts_without_spaces(
    language: str, text: str, expected: list[str]
) -> None:
    assert strings(text, negations(text, language)) == expected


@pytest.mark.parametrize(("language", "word"), ROWS)
def test_every_word_of_the_table_is_found(language: str, word: str) -> None:
    assert language in languages()
    text = f"… {word} …"
    assert any(text[start:end] == word for start, end in negations(text, language))


def test_a_marked_letter_is_not_an_edge_of_a_word() -> None:
    assert negations("नहींं", "hi") == []


def test_negation_is_protected_only_where_a_task_asks_for_it() -> None:
    assert strings("not 1", protected_spans("not 1", "en", [])) == ["1"]
    assert sorted(strings("not 1", protected_spans("not 1", "en", ["negation"]))) == ["1", "not"]


def test_a_language_without_a_list_has_no_negations() -> None:
    assert negations("ei ole", "fi") == [] or any(code == "fi" for code, _ in ROWS)


@pytest.mark.parametrize("language", [code for code in LANGUAGES if any(code == row[0] for row in ROWS)])
def test_spans_of_real_text_lie_inside_it(language: str) -> None:
    for sentence in SENTENCES[language]:
        for start, end in protected_spans(sentence, language, ["negation"]):
            assert 0 <= start < end <= len(sentence)
