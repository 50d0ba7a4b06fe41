"""A denial of the source must still be one in the target, in whatever word the language has for it."""

from __future__ import annotations

from pathlib import Path

import pytest
import regex

from robustx.cards import card_folder
from robustx.errors import CardError
from robustx.perturb.tables import body_of
from robustx.text.languages import languages
from robustx.translate.gates import Pair, negation
from robustx.translate.gates.negation import measure, negation_of


def lost(source: str, target: str, language: str) -> float:
    return measure(Pair(source, target, "en", language))["negation_lost"]


@pytest.mark.parametrize(
    ("language", "denied", "affirmed"),
    [
        ("ar", "لم يذهب إلى البيت.", "ذهب إلى البيت."),
        ("bg", "Той не отиде у дома.", "Той отиде у дома."),
        ("el", "Δεν πήγε σπίτι.", "Πήγε σπίτι."),
        ("hi", "वह घर नहीं गया।", "वह घर गया।"),
        ("ru", "Он не пошёл домой.", "Он пошёл домой."),
        ("th", "เขาไม่ได้กลับบ้าน", "เขากลับบ้าน"),
        ("ur", "وہ گھر نہیں گیا۔", "وہ گھر گیا۔"),
        ("zh", "他没有回家。", "他回家了。"),
        ("tr", "Eve gitmedi.", "Eve gitti."),
        ("fa", "او به خانه نمی‌رود.", "او به خانه می‌رود."),
        ("ko", "그는 집에 가지 않았다.", "그는 집에 갔다."),
        ("ml", "അവൻ വീട്ടിൽ പോയില്ല.", "അവൻ വീട്ടിൽ പോയി."),
        ("ja", "彼は家に帰らなかった。", "彼は家に帰った。"),
    ],
)
def test_a_denial_is_lost_where_nothing_in_the_target_denies(language: str, denied: str, affirmed: str) -> None:
    assert lost("He did not go home.", denied, language) == 0
    assert lost("He did not go home.", affirmed, language) == 1
    assert lost("He went home.", affirmed, language) == 0


def test_a_denial_that_the_source_lacks_is_counted_apart() -> None:
    figures = measure(Pair("He went home.", "Он не пошёл домой.", "en", "ru"))
    assert figures == {"negation_lost": 0.0, "negation_added": 1.0}


@pytest.mark.parametrize(
    ("source", "target", "language"),
    [
        ("It is not important.", "Это неважно.", "ru"),
        ("He cannot come.", "Είναι αδύνατον να έρθει.", "el"),
        ("She did not accept.", "उसने इनकार किया।", "hi"),
        ("They have no water.", "พวกเขาขาดน้ำ", "th"),
    ],
)
def test_a_word_that_stands_for_a_denial_will_do(source: str, target: str, language: str) -> None:
    assert lost(source, target, language) == 0


@pytest.mark.parametrize(
    "source",
    [
        "Not only did he come, he stayed.",
        "It is hot, isn't it?",
        "He can't wait to see you.",
        "They did not come until Monday.",
        "We shall go no matter what.",
        "There is no doubt that he came.",
    ],
)
def test_what_only_looks_like_a_denial_asks_for_none(source: str) -> None:
    assert not negation_of("en").denies(source)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("他非常特别，不过他来了。", "zh"),
        ("เขาพูดอย่างนี้ ทำไม", "th"),
        ("Несколько недель назад он видел небо.", "ru"),
        ("Някои неща са негови.", "bg"),
        ("شخص ما في المنزل", "ar"),
        ("انہیں معلوم ہے۔", "ur"),
        ("ये सच है या नहीं", "hi"),
    ],
)
def test_words_that_hold_the_letters_of_a_denial_deny_nothing(text: str, language: str) -> None:
    assert not negation_of(language).may_deny(text)  # type: ignore[union-attr]


def test_vowel_signs_letter_case_and_compatibility_forms_make_no_difference() -> None:
    assert negation_of("ar").denies("لَمْ يذهب")  # type: ignore[union-attr]
    assert negation_of("ru").denies("НЕ ходи")  # type: ignore[union-attr]
    assert negation_of("en").denies("I ｄｉｄ ｎｏｔ go")  # type: ignore[union-attr]


def test_nothing_is_measured_for_a_language_without_words() -> None:
    bare = next(code for code in languages() if negation_of(code) is None)
    assert measure(Pair("He did not go.", "…", "en", bare)) == {}


@pytest.mark.parametrize("language", sorted({row.split("\t")[0] for _, row in body_of(negation._TABLE)[1][1:]}))
def test_every_language_of_the_table_has_patterns_that_compile_and_deny_nothing_in_nothing(language: str) -> None:
    found = negation_of(language)
    assert found is not None
    assert not found.may_deny("")
    assert not found.may_deny("1234 …")


def test_every_word_that_attacks_protect_denies_unless_the_table_says_otherwise() -> None:
    none = {
        (cells[0], cells[1])
        for cells in (row.split("\t") for _, row in body_of(negation._TABLE)[1][1:])
        if cells[3] == "none"
    }
    silent = []
    for _, row in body_of(card_folder("attacks") / "tables" / "negation.tsv")[1][1:]:
        code, word = row.split("\t")
        found = negation_of(code)
        if (code, word) not in none and not (found and found.may_deny(word)):
            silent.append((code, word))
    assert silent == []


def test_a_row_with_a_misspelt_column_is_an_error_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "negation.tsv"
    table.write_text(
        "# source: x\n# licence: CC0-1.0\nlanguage\tform\twhere\treads\nru\tне\tsomewhere\tnegation\n", "utf-8"
    )
    monkeypatch.setattr(negation, "_TABLE", table)
    negation._rows.cache_clear()
    try:
        with pytest.raises(CardError, match=regex.escape("line 4: expected language, form, where")):
            negation._rows()
    finally:
        negation._rows.cache_clear()
