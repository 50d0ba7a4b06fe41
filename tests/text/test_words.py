"""Words in any script: every letter is in one, marks stay with their letter, and unspaced scripts are cut."""

from __future__ import annotations

import importlib.util
import itertools
import unicodedata

import pytest
import regex
from hypothesis import given
from text_material import LANGUAGES, SENTENCES, WILD

from robustx.errors import MissingExtraError
from robustx.text.analysis import Text
from robustx.text.segment import dictionary_segmenter
from robustx.text.words import word_spans


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in word_spans(text)]


def uncovered(text: str, spans: list[tuple[int, int]]) -> list[str]:
    inside = {i for start, end in spans for i in range(start, end)}
    return [c for i, c in enumerate(text) if unicodedata.category(c)[0] in "LN" and i not in inside]


@given(WILD)
def test_every_letter_and_digit_is_in_a_word(source: str) -> None:
    assert uncovered(source, word_spans(source)) == []
    assert uncovered(source, Text(source, "en").spans) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_of_real_text_is_in_a_word_with_its_marks(language: str) -> None:
    for sentence in SENTENCES[language]:
        rest = regex.sub("|".join(map(regex.escape, sorted(set(words(sentence)), key=len, reverse=True))), "", sentence)
        assert not regex.search(r"[\p{L}\p{M}\p{N}]", rest), (sentence, rest)


@given(WILD)
def test_words_come_in_order_and_do_not_overlap(source: str) -> None:
    spans = word_spans(source)
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))


@given(WILD)
def test_no_word_holds_a_space_or_begins_with_punctuation(source: str) -> None:
    for word in words(source):
        assert not regex.search(r"\s", word)
        assert not unicodedata.category(word[0]).startswith(("P", "Z", "C", "S"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't panic, l’été!", ["Don't", "panic", "l’été"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("تُرجِمَ الكتابُ", ["تُرجِمَ", "الكتابُ"]),
        ("می\u200cشود", ["می\u200cشود"]),
        ("a'b\u200cc", ["a'b\u200cc"]),
        ("co\u00adoperate", ["co\u00adoperate"]),
        ("snake_case 3rd", ["snake_case", "3rd"]),
        ("", []),
        ("… — !?", []),
    ],
)
def test_spaced_scripts_are_cut_at_spaces_and_punctuation_only(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ภาพยนตร์ดี", ["ภาพย", "นตร์ดี"]),
        ("วันจันทร์", ["วันจั", "นทร์"]),
        ("ခွင့်နှင့်ပြု", ["ခွင့်နှင့်", "ပြု"]),
        ("ໜ້າໝາກແດງ", ["ໜ້າໝາກ", "ແດງ"]),
    ],
)
def test_no_word_begins_with_what_is_not_read_or_closes_a_syllable(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今天天气很好", ["今天", "天气", "很好"]),
        ("食べました", ["食べま", "した"]),
        ("コンピューター", ["コンピューター"]),
        ("ｺﾝﾋﾟｭｰﾀｰ", ["ｺﾝﾋﾟｭｰﾀｰ"]),
        ("USBケーブル", ["USB", "ケーブル"]),
        ("葛\U000e0100城", ["葛\U000e0100城"]),
        ("あ\u3099い", ["あ\u3099い"]),
        ("天_気\u00ad", ["天", "気"]),
        ("ท\u200cท", ["ท\u200c", "ท"]),
        ("ကမ္ဘာ", ["ကမ္ဘာ"]),
        ("အင်္ဂလိပ်", ["အင်္ဂလိပ်"]),
    ],
    ids=ascii,
)
def test_unspaced_scripts_are_cut_into_pieces_of_about_a_word(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize("language", sorted({"th", "lo", "km", "my", "ja", "zh"} & set(LANGUAGES)))
def test_unspaced_pieces_are_short_and_lose_nothing(language: str) -> None:
    for sentence in SENTENCES[language]:
        for run in regex.findall(r"[\p{L}\p{M}]+", sentence):
            pieces = words(run)
            assert "".join(pieces) == run
            assert all(len(Text(piece, language).clusters) <= 12 for piece in pieces)
        if language != "ja":
            sizes = [len(Text(piece, language).clusters) for piece in words(sentence)]
            assert max(sizes) <= 6, (sentence, sizes)


def test_korean_is_cut_at_its_spaces() -> None:
    assert words("우리 골목의 빵집은") == ["우리", "골목의", "빵집은"]


@pytest.mark.parametrize(("language", "package"), [("th", "pythainlp"), ("zh", "jieba")])
def test_dictionary_words_cover_the_text_or_name_the_missing_extra(language: str, package: str) -> None:
    if importlib.util.find_spec(package) is None:
        with pytest.raises(MissingExtraError, match=rf"{package}.*robustx\[segment\]"):
            dictionary_segmenter(language)
        return
    found = dictionary_segmenter(language)
    assert found is not None
    segmenter, name = found
    assert name.startswith(f"{package}-")
    for sentence in SENTENCES[language]:
        assert uncovered(sentence, Text(sentence, language, segmenter=segmenter).spans) == []


def test_languages_that_need_no_dictionary_have_none() -> None:
    assert dictionary_segmenter("hi") is None
