"""Sentences of a text in any script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robustx.text.languages import languages
from robustx.translate.sentences import joined, sentences


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "It fell. Nobody saw it! Did you?", ["It fell.", "Nobody saw it!", "Did you?"]),
        (
            "en",
            "Dr. Jones met J. R. Smith at 3.30 p.m. on Jan. 5.",
            ["Dr. Jones met J. R. Smith at 3.30 p.m. on Jan. 5."],
        ),
        ("en", 'He said "no." Then he left.', ['He said "no."', "Then he left."]),
        ("en", "It cost ... nothing. 12 came.", ["It cost ... nothing.", "12 came."]),
        ("hi", "वह गया। वह आया।", ["वह गया।", "वह आया।"]),
        ("zh", "他走了。她来了！真的吗？", ["他走了。", "她来了！", "真的吗？"]),
        ("ja", "「終わった。」と彼は言った。雨だ。", ["「終わった。」", "と彼は言った。", "雨だ。"]),
        ("ar", "هل ذهب؟ نعم ذهب. ثم عاد.", ["هل ذهب؟", "نعم ذهب.", "ثم عاد."]),
        ("ur", "وہ گیا۔ وہ آیا۔", ["وہ گیا۔", "وہ آیا۔"]),
        ("my", "သူသွားသည်။ သူလာသည်။", ["သူသွားသည်။", "သူလာသည်။"]),
        ("am", "ሄደ። መጣ።", ["ሄደ።", "መጣ።"]),
        ("th", "เขาไปแล้ว", ["เขาไปแล้ว"]),
        ("ru", "Он пришёл в 1904 г. и ушёл. Дождь шёл.", ["Он пришёл в 1904 г. и ушёл.", "Дождь шёл."]),
    ],
)
def test_a_text_is_cut_where_its_sentences_end(language: str, text: str, found: list[str]) -> None:
    assert sentences(text, language) == found


@given(st.text(alphabet=st.sampled_from("aB1 .!?।。؟\"'…J"), max_size=60), st.sampled_from(sorted(languages())))
def test_nothing_but_white_space_is_lost(text: str, language: str) -> None:
    assert "".join("".join(sentences(text, language)).split()) == "".join(text.split())


def test_chinese_and_japanese_sentences_are_joined_without_spaces() -> None:
    assert joined(["他走了。", "她来了。"], "zh") == "他走了。她来了。"
    assert joined(["वह गया।", "वह आया।"], "hi") == "वह गया। वह आया।"
