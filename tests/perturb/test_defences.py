"""What each defence takes back, and what it leaves alone."""

from __future__ import annotations

import pytest
from attack_material import WILD
from hypothesis import given

from robustx.errors import UsageError
from robustx.perturb.attacks import load_attack
from robustx.perturb.defences import DEFENCES, defence, skeleton, strip_invisible
from robustx.perturb.edits import apply
from robustx.perturb.sample import Place, sample
from robustx.tasks.base import SkipLog
from robustx.tasks.data import MINI
from robustx.tasks.registry import task
from robustx.text.analysis import Text
from robustx.text.languages import languages

XNLI = task("xnli")


def sentences(language: str, count: int = 12) -> list[str]:
    rows = list(XNLI.read(MINI, language, SkipLog()))[:count]
    return [text for row in rows for text in row.fields.values()]


class TestStripInvisible:
    @pytest.mark.parametrize(
        "kept",
        [
            "می\u200cخواهم",  # Persian: a prefix that does not join
            "क्\u200dष क्\u200cष",  # Devanagari: half and full forms after a virama
            "ශ්\u200dරී",  # Sinhala
        ],
    )
    def test_keeps_joiners_where_spelling_has_them(self, kept: str) -> None:
        assert strip_invisible(kept) == kept

    @pytest.mark.parametrize(
        ("attacked", "plain"),
        [
            ("ca\u200dt s\u200cat\u200b", "cat sat"),
            ("क\u200dल", "कल"),
            ("د\u200cر", "در"),  # dal does not join to the left
            ("a\u00adb\ufe0fc\u2060d\U000e0061", "abcd"),
        ],
    )
    def test_takes_away_all_others(self, attacked: str, plain: str) -> None:
        assert strip_invisible(attacked) == plain

    @pytest.mark.parametrize("language", ["fa", "hi", "bn", "ml", "ar", "th", "zh", "en"])
    def test_costs_nothing_on_clean_text(self, language: str) -> None:
        assert [strip_invisible(text) for text in sentences(language)] == sentences(language)


class TestSkeleton:
    def test_gives_a_letter_of_another_script_back_to_its_word(self) -> None:
        assert skeleton("pаypаl саt Москвa Mосква") == "paypal саt Москва Москва"

    @pytest.mark.parametrize("language", ["ru", "el", "en", "kk", "bg", "de", "ja", "zh", "ar", "hi"])
    def test_costs_nothing_on_clean_text(self, language: str) -> None:
        assert [skeleton(text) for text in sentences(language)] == sentences(language)

    @pytest.mark.parametrize("language", ["ru", "el", "en"])
    def test_undoes_most_of_what_the_attack_does(self, language: str) -> None:
        attack, undone, changed = load_attack("homoglyph"), 0, 0
        for i, source in enumerate(sentences(language)):
            (edits,) = sample(attack, Text(source, language), Place(1, str(i), "text"), [0.2], 1)[0]
            attacked = apply(source, edits)
            changed += attacked != source
            undone += attacked != source and skeleton(attacked) == source
        assert changed > 15
        assert undone / changed > 0.5


@pytest.mark.parametrize("name", ["strip-invisible", "skeleton"])
@given(text=WILD)
def test_a_defended_text_stays(name: str, text: str) -> None:
    once = DEFENCES[name](text)
    assert DEFENCES[name](once) == once


class TestSeveral:
    def test_stand_one_after_another(self) -> None:
        assert defence("strip-invisible, nfkc")("ａ\u200bｂ") == "ab"

    def test_see_a_line_at_a_time_and_leave_none_empty(self) -> None:
        assert defence("strip-invisible,one-space")("a \nb\u200b\n\u200b") == "a\nb\n\u200b"

    def test_an_unknown_one_is_refused(self) -> None:
        with pytest.raises(UsageError, match='no defence "skelton".*Did you mean "skeleton"'):
            defence("nfkc,skelton")

    def test_of_every_language_the_text_keeps_something(self) -> None:
        through = defence(",".join(DEFENCES))
        for language in languages():
            if (MINI / "xnli" / f"test-{language}.tsv").is_file():
                assert all(through(text).strip() for text in sentences(language, 3))
