"""How alike texts look under attack: what cannot be seen leaves 1, and what readers overlook leaves more than what they see."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from statistics import fmean

import pytest
from attack_material import ATTACKS, LANGUAGES, SENTENCES, text_of
from drawing import drawn

from robustx.perturb.edits import Edit, apply
from robustx.perturb.likeness import UNSEEN, Seen, redrawn, seen
from robustx.perturb.sample import Place, sample
from robustx.text.analysis import Text
from robustx.text.look import Look


@lru_cache(maxsize=1)
def look() -> Look:
    return Look()


def under(attack: str, code: str, severity: float | None = None) -> list[float]:
    """Likeness of the sentences of a language that an attack changes."""
    made = []
    for i in range(len(SENTENCES[code])):
        text, one = text_of(code, i), ATTACKS[attack]
        edits = sample(one, text, Place(7, f"{i}", "text"), [severity or one.card.ladder[-1]], 1)[0][0]
        made += [seen(text, edits, look()).likeness] if edits else []
    return made


def test_what_is_redrawn_is_the_words_that_edits_touch() -> None:
    def stretches(source: str, *edits: Edit) -> list[tuple[str, str]]:
        return list(redrawn(Text(source, "en"), edits))

    assert stretches("ab, cd ef") == []
    assert stretches("ab, cd ef", Edit(0, 1, "x")) == [("ab", "xb")]
    assert stretches("ab, cd ef", Edit(2, 2, "x")) == [("ab", "abx")], "an insertion at a word's end belongs to it"
    assert stretches("ab, cd ef", Edit(0, 0, "x"), Edit(9, 9, "!")) == [("ab", "xab"), ("ef", "ef!")]
    assert stretches("ab, cd ef", Edit(6, 7, "")) == [("cd ef", "cdef")], "words that are joined stand together"
    assert stretches("ab, cd ef", Edit(5, 6, "y"), Edit(6, 7, "")) == [("cd ef", "cyef")]
    assert stretches("ab, cd ef", Edit(1, 5, "y")) == [("ab, cd", "ayd")]
    assert stretches("!? ab", Edit(0, 1, ".")) == [("!", ".")]


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_is_redrawn_holds_every_edit_and_no_more_than_the_text(code: str) -> None:
    """What the stretches lose and gain, letter by letter, is what the text loses and gains."""
    for i in range(len(SENTENCES[code])):
        text = text_of(code, i)
        for attack in (ATTACKS[name] for name in ("delete", "insert", "transpose") if ATTACKS[name].applies_to(code)):
            edits = sample(attack, text, Place(7, f"{i}", "text"), [0.3], 1)[0][0]
            gained = Counter(apply(text.source, edits))
            gained.subtract(text.source)
            for before, after in redrawn(text, edits):
                assert before in text.source
                gained.subtract(after)
                gained.update(before)
            assert not any(gained.values())


def test_fields_add_up_by_their_width() -> None:
    assert Seen(10, 1).plus(Seen(30, 1)).likeness == 0.95
    assert UNSEEN.likeness == UNSEEN.plus(Seen(5, 0)).likeness == 1
    assert Seen(3, 1).likeness == 0.667, "three decimals"
    assert Seen(1, 1.5).likeness == 0


@drawn
@pytest.mark.parametrize("code", LANGUAGES)
def test_a_text_without_edits_looks_as_it_did(code: str) -> None:
    assert seen(text_of(code, 0), [], look()).likeness == 1
    assert seen(text_of(code, 0), [], look()).width > 0


@drawn
@pytest.mark.parametrize("code", [code for code in LANGUAGES if ATTACKS["invisible"].applies_to(code)])
def test_characters_of_no_width_before_words_are_not_seen(code: str) -> None:
    text = text_of(code, 0)
    edits = [Edit(start, start, "\u200b\u2060") for start, _ in text.spans]
    # a Bengali vowel sign has another form at the beginning of a word, and HarfBuzz takes it to be no longer there
    assert seen(text, edits, look()).likeness >= (0.999 if code == "bn" else 1)


@drawn
@pytest.mark.parametrize(
    "code", ["ar", "bn", "el", "en", "he", "hi", "ja", "ka", "ml", "my", "ru", "ta", "te", "th", "zh"]
)
def test_what_readers_overlook_is_nearer_than_what_their_fingers_do(code: str) -> None:
    """Homoglyphs, or look-alikes where there are few, before neighbouring keys; the order that the attacks were made for."""
    overlooked, mistyped = fmean(under("lookalike", code, 0.2)), fmean(under("keyboard", code, 0.2))
    assert 1 > overlooked > mistyped > 0.9
    if ATTACKS["homoglyph"].applies_to(code) and (unseen := under("homoglyph", code, 0.2)):
        assert fmean(unseen) >= mistyped


@drawn
@pytest.mark.parametrize("code", ["ar", "fa", "he", "ka"])
def test_a_romanised_text_looks_no_more_alike_than_other_words_do(code: str) -> None:
    assert fmean(under("romanise-standard", code, 1.0)) < 0.55


@drawn
@pytest.mark.parametrize("code", ["ar", "hi", "ru", "th", "zh", "en"])
def test_more_edits_are_seen_more(code: str) -> None:
    """Severities are nested, so no text comes nearer; blending words leaves room for a hair."""
    few, many = under("delete", code, 0.1), under("delete", code, 0.5)
    assert fmean(few) > fmean(many)
    assert all(one >= other - 0.01 for one, other in zip(few, many, strict=True))
