"""Likeness of drawn strings: 1 is the same drawing, and what readers take for one another is nearer to it than what they do not."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from drawing import drawn
from hypothesis import given, settings
from hypothesis import strategies as st

from robustx.errors import UsageError
from robustx.text import fonts
from robustx.text.fonts import faces, families
from robustx.text.languages import languages
from robustx.text.look import EM, Look, overlap, shown

# a word of each script; one edit of it that is hard to see; one that is easy to see, of as many clusters
WORDS = {
    "Arab": ("كتاب", "كثاب", "كلاب"),
    "Armn": ("մարդիկ", "մարղիկ", "մարփիկ"),
    "Beng": ("মানুষ", "মানুয", "মানুক"),
    "Cyrl": ("человек", "чeловек", "чжловек"),
    "Deva": ("मनुष्य", "मनुप्य", "मनुह्य"),
    "Ethi": ("ነጻነት", "ነጻነቲ", "ነጻነጬ"),
    "Geor": ("ადამიანი", "ადამიანო", "ადამიანჭ"),
    "Grek": ("άνθρωπος", "άνθρωποs", "άνθρωποξ"),
    "Gujr": ("માનવ", "માનપ", "માનઝ"),
    "Guru": ("ਮਨੁੱਖ", "ਸਨੁੱਖ", "ਛਨੁੱਖ"),
    "Hans": ("国家", "囯家", "水家"),
    "Hant": ("國家", "囯家", "水家"),
    "Hebr": ("חברים", "הברים", "לברים"),
    "Jpan": ("人間", "入間", "猫間"),
    "Khmr": ("មនុស្ស", "មនុស្យ", "មនុស្ញ"),
    "Knda": ("ಮಾನವ", "ಮಾನಪ", "ಮಾನಜ"),
    "Kore": ("사람", "시람", "흙람"),
    "Laoo": ("ມະນຸດ", "ມະນຸຕ", "ມະນຸຮ"),
    "Latn": ("people", "pеоple", "pewkle"),
    "Mlym": ("മനുഷ്യൻ", "മനുഷ്യൽ", "മനുഷ്യള"),
    "Mymr": ("လူသား", "လူသာ", "ကြွသား"),
    "Orya": ("ମାନବ", "ମାନର", "ମାନଝ"),
    "Sinh": ("මිනිසා", "මිනියා", "මිනිඣා"),
    "Taml": ("மனிதன்", "மனிதள்", "மனிதஜ்"),
    "Telu": ("మనిషి", "మనిషీ", "మనిఝి"),
    "Thai": ("มนุษย์", "มนุษย่", "มนุษห์"),
}
SCRIPTS = sorted({language.script for language in languages().values()})


@lru_cache(maxsize=1)
def look() -> Look:
    return Look()


@lru_cache(maxsize=1)
def another_look() -> Look:
    return Look()


def test_every_script_of_a_language_has_a_font_and_a_word_here() -> None:
    assert set(SCRIPTS) <= {family.script for family in families()}
    assert set(SCRIPTS) == set(WORDS)


@drawn
@pytest.mark.parametrize("script", SCRIPTS)
def test_what_is_hard_to_see_is_nearer_than_what_is_easy_and_that_is_nearer_than_another_script(script: str) -> None:
    word, near, far = WORDS[script]
    other = "слово" if script == "Latn" else "xqkw"
    same, hard, easy, else_ = (look().likeness(word, one, script) for one in (word, near, far, other))
    assert 1 == same > hard > easy > else_ >= 0
    assert hard > 0.75
    assert else_ < 0.65


@drawn
@pytest.mark.parametrize("script", SCRIPTS)
def test_the_face_of_a_script_draws_its_word(script: str) -> None:
    """Otherwise likeness would be that of boxes."""
    first, *rest = faces(script)
    assert (script, first.family) in [(family.script, family.name) for family in families()]
    assert first.drawn.issuperset(map(ord, WORDS[script][0]))
    assert first not in rest


@drawn
@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize(
    "unseen",
    [
        "\u200b",
        "\u2060",
        "\ufeff",
        "\u00ad",
        "\u034f",
        "\ufe0f",
        "\u200e\u202c",
        "\u2066\u2069",
        "\U000e0041",
        "\u3164",
        "\u115f",
        "\x08\x7f",
    ],
    ids=ascii,
)
def test_what_is_drawn_as_nothing_is_not_seen(script: str, unseen: str) -> None:
    if (script, unseen) == ("Mymr", "\ufe0f"):
        pytest.skip("seen there: the next test")
    word = WORDS[script][0]
    assert look().likeness(word, word + unseen, script) == 1
    assert look().likeness(word, unseen + word, script) == 1


@drawn
def test_a_variation_selector_after_a_burmese_vowel_sign_is_seen() -> None:
    """HarfBuzz draws a dotted circle for it."""
    word = WORDS["Mymr"][0]
    assert look().likeness(word, word + "\ufe0f", "Mymr") < 1
    assert look().likeness(word, word + "\u200b", "Mymr") == 1


@drawn
@pytest.mark.parametrize(
    ("script", "composed", "decomposed"),
    [
        ("Latn", "\u00e9t\u00e9", "e\u0301te\u0301"),
        ("Grek", "\u03ae", "\u03b7\u0301"),
        ("Cyrl", "\u0439\u0451", "\u0438\u0306\u0435\u0308"),
        ("Kore", "\ud55c\uad6d", "\u1112\u1161\u11ab\u1100\u116e\u11a8"),
        ("Beng", "\u0995\u09cb", "\u0995\u09c7\u09be"),
        ("Jpan", "\u304c", "\u304b\u3099"),
        ("Arab", "\u0622", "\u0627\u0653"),
    ],
)
def test_another_form_of_the_same_characters_looks_the_same(script: str, composed: str, decomposed: str) -> None:
    assert look().likeness(composed, decomposed, script) > 0.9


@drawn
def test_a_joiner_is_seen_where_it_changes_the_shape_and_not_elsewhere() -> None:
    assert look().likeness("بيت", "بي\u200cت", "Arab") < 1
    assert look().likeness("क्ष", "क्\u200cष", "Deva") < 1
    assert look().likeness("cat", "c\u200cat", "Latn") == 1


@drawn
def test_a_bidi_override_that_undoes_a_reversal_is_not_seen() -> None:
    """Boucher et al. 2021, arXiv:2106.09898: reordering."""
    assert look().likeness("abc", "\u202ecba\u202c", "Latn") == 1
    assert look().likeness("abc", "cba", "Latn") < 0.9


@drawn
def test_what_follows_a_wider_letter_is_compared_with_itself() -> None:
    assert look().likeness("illness", "Wllness", "Latn") > 0.7
    assert look().likeness("two words", "twowords", "Latn") > 0.9


@drawn
def test_marks_that_stand_above_the_letters_are_seen() -> None:
    assert look().likeness("кот", "ко\u0301т", "Cyrl") < 1
    assert look().likeness("ไม่", "ไม", "Thai") < 1


@drawn
def test_nothing_is_unlike_something_and_like_nothing() -> None:
    assert look().likeness("a", "", "Latn") == look().likeness("a", " ", "Latn") == 0
    assert look().likeness("", "\u200b", "Latn") == 1


@drawn
def test_letters_of_another_script_are_drawn_by_its_font_and_never_as_boxes() -> None:
    box = look().likeness("\ufdd0", "\ufdd1", "Latn")
    assert box == 1, "a code point that no font has is a box, and all boxes look the same"
    for script, (word, _, _) in WORDS.items():
        assert look().likeness(word, "\ufdd0" * len(word), "Latn") < 0.9, script


@drawn
def test_broken_text_is_drawn_and_never_raises() -> None:
    for text in ("\ud800", "\u0301", "\u094d", "\U0010ffff", "a" * 400, "\n", "ﷺ"):
        assert 0 <= look().likeness(text, "word", "Latn") <= 1


@drawn
@settings(max_examples=60)
@given(st.data())
def test_likeness_is_symmetric_within_bounds_and_one_for_the_same(data: st.DataObject) -> None:
    script = data.draw(st.sampled_from(SCRIPTS))
    letters = st.text(
        st.sampled_from("".join("".join(words) for words in WORDS.values()) + "aеx \u200d\u202e"), max_size=6
    )
    one, other = data.draw(letters), data.draw(letters)
    found = another_look().likeness(one, other, script)
    assert found == look().likeness(other, one, script)
    assert 0 <= found <= 1
    assert look().likeness(one, one, script) == 1


@drawn
def test_a_width_is_in_ems_and_unseen_characters_have_none() -> None:
    assert look().width("国家", "Hans") == 2
    assert look().width("iii", "Latn") < look().width("mmm", "Latn")
    assert look().width("ab", "Latn") == look().width("a\u200bb", "Latn")


@drawn
def test_the_versions_name_what_drew() -> None:
    one = Look()
    one.likeness("דבר", "דבד", "Hebr")
    assert set(one.versions()) == {"pil", "freetype2", "raqm", "harfbuzz", "fribidi", "Noto Sans Hebrew"}
    one.likeness("дом", "том", "Cyrl")
    assert "Noto Sans" in one.versions()


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\x08b", "ab"),
        ("a\u3164b", "ab"),
        ("a\tb\u2800c", "a b c"),
        ("\u115f\u1161", "\u115f\u1161"),
        ("\u115fa", "a"),
    ],
)
def test_controls_and_fillers_that_fill_nothing_are_taken_out(text: str, seen: str) -> None:
    assert shown(text) == seen


def picture(*columns: str) -> np.ndarray:
    """Ink out of columns of digits, 9 the darkest."""
    return np.array([[28 * int(value) for value in column] for column in columns], dtype=np.uint8)


def test_overlap_is_the_soft_dice_of_the_best_alignment() -> None:
    """By hand: columns 90, 09, 55 against 90, 55; the middle one is skipped, at one stroke's cost or by the edge."""
    assert overlap(picture("90", "09"), picture("90", "09")) == 1
    assert overlap(picture("90"), picture("09")) == 0
    assert overlap(picture("60"), picture("30")) == pytest.approx(2 * 3 / 9)
    assert overlap(picture("90", "99"), picture("99")) == pytest.approx(2 * 18 / 45)
    assert overlap(picture("55"), np.zeros((0, 2), np.uint8)) == 0


def test_a_gap_inside_costs_a_stroke_whatever_its_length() -> None:
    stroke = 2 * EM * EM / 40 * 255
    letter = np.full((8, EM), 255, dtype=np.uint8)
    letter[3] = 0
    wide, wider = (np.concatenate([letter, np.zeros((gap, EM), np.uint8), letter]) for gap in (4, 40))
    ink = float(letter.sum())
    for one in (wide, wider):
        assert overlap(np.concatenate([letter, letter]), one) == pytest.approx((2 * ink - stroke) / (2 * ink))


def test_what_is_missing_is_named_with_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"needs pillow, which is not installed: pip install 'robustx\[look\]'"):
        fonts.require_drawing()
    with pytest.raises(UsageError, match=r"needs manimgx-fonts and manimgx-fonts-cjk, .*'robustx\[look\]'"):
        fonts.folders()
    monkeypatch.setenv(fonts.VARIABLE, str(tmp_path / "none"))
    with pytest.raises(UsageError, match=r"ROBUSTX_FONTS=.*none: is no folder"):
        fonts.folders()


def forget() -> None:
    """Look for the fonts anew."""
    for remembered in (faces, fonts._find, fonts._font_files):
        remembered.cache_clear()


@drawn
def test_a_folder_of_the_user_takes_the_place_of_the_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forget()
    thai = faces("Thai")[0].path
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "NotoSansThai-Regular.ttf").write_bytes(thai.read_bytes())
    monkeypatch.setenv(fonts.VARIABLE, str(tmp_path))
    forget()
    try:
        assert [face.path.name for face in faces("Thai")] == ["NotoSansThai-Regular.ttf"]
        with pytest.raises(UsageError, match=r"in Laoo needs Noto Sans Lao: expected NotoSansLao-Regular\.ttf"):
            faces("Laoo")
        with pytest.raises(UsageError, match="no font is known for the script Xxxx; those known: Arab"):
            faces("Xxxx")
        (tmp_path / "deep" / "NotoSansLao-Regular.ttf").write_bytes(b"no font")
        forget()
        with pytest.raises(UsageError, match=r"NotoSansLao-Regular\.ttf: cannot be read as a font"):
            faces("Laoo")
    finally:
        forget()
