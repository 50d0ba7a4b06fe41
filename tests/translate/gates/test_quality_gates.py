"""What each of the other gates sees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robustx.errors import MissingExtraError
from robustx.text.languages import languages
from robustx.translate.gates import (
    Helpers,
    Pair,
    copying,
    judge_all,
    language,
    length,
    names,
    repetition,
    roundtrip,
    script,
)


def english(source: str, target: str, code: str) -> Pair:
    return Pair(source, target, "en", code)


@pytest.fixture(scope="module")
def identify() -> language.Identifier:
    pytest.importorskip("py3langid", reason="language identification is in the extra translate")
    return language.identifier()


class TestCopying:
    """The source given back, or nothing."""

    def test_the_source_itself_is_a_copy_in_any_case(self) -> None:
        figures = copying.measure(english("He went home early.", "HE WENT HOME EARLY!", "hi"))
        assert figures["copied"] == 1

    def test_half_a_copy_is_half_a_copy(self) -> None:
        figures = copying.measure(english("He went home early today.", "He went home घर पर आया", "hi"))
        assert figures["copied"] == pytest.approx(0.5)

    def test_names_are_no_copy(self) -> None:
        assert copying.measure(english("Ross and Mehta came.", "Ross और Mehta आए।", "hi"))["copied"] == 0

    def test_nothing_has_no_letters(self) -> None:
        assert copying.measure(english("He went home.", " …", "hi"))["letters"] == 0
        assert copying.measure(english("?!", "?!", "hi"))["letters"] == 1


class TestRepetition:
    """The same phrase again and again."""

    def test_a_stretch_counts_its_further_copies(self) -> None:
        assert repetition.longest_repeat("the big dog the big dog the big dog") == 2 * len("thebigdog")
        assert repetition.longest_repeat("我们走了我们走了") == 4

    def test_what_the_source_repeats_may_be_repeated(self) -> None:
        assert repetition.measure(english("No, no, no, no!", "Нет, нет, нет, нет!", "ru"))["repeated"] <= 3

    def test_no_phrase_is_said_twice_here(self) -> None:
        assert repetition.longest_repeat("A quick brown fox jumps over lazy dogs.") == 0

    @given(st.text(alphabet="абвгдежз", min_size=3, max_size=12), st.integers(min_value=2, max_value=5))
    def test_a_phrase_said_so_many_times_is_seen(self, phrase: str, times: int) -> None:
        assert repetition.longest_repeat(phrase * times) >= len(phrase) * (times - 1)

    def test_a_very_long_text_is_read_as_far_as_it_is_allowed_to(self) -> None:
        assert 0 < repetition.longest_repeat("ab" * 100_000) < 4000


class TestLength:
    """As long as translations are."""

    def test_a_faithful_length_is_near_nought_and_a_short_one_far_below(self) -> None:
        source = "He told his mother that he had come home from school early."
        whole = length.measure(english(source, "Он сказал маме, что рано пришёл домой из школы.", "ru"))
        short = length.measure(english(source, "Он", "ru"))
        assert abs(whole["length_deviation"]) < 2
        assert short["length_deviation"] < -4
        assert short["length_ratio"] == pytest.approx(2 / len(source))

    def test_marks_and_joiners_count_with_their_base(self) -> None:
        assert length.measure(english("abcd", "कि", "hi"))["length_ratio"] == pytest.approx(0.25)

    def test_it_holds_between_two_languages_that_are_not_english(self) -> None:
        figures = length.measure(
            Pair("وہ اپنی ماں کے ساتھ بازار گیا تھا۔", "वह अपनी माँ के साथ बाज़ार गया था।", "ur", "hi")
        )
        assert abs(figures["length_deviation"]) < 2

    def test_a_language_that_was_not_measured_has_a_ratio_alone(self) -> None:
        known = length._lengths()
        other = next(code for code in languages() if code not in known)
        assert set(length.measure(english("He came.", "He came.", other))) == {"length_ratio"}

    def test_an_empty_source_has_no_length_to_compare_with(self) -> None:
        assert length.measure(english(" ", "x", "hi")) == {}


class TestNames:
    """Names in Latin letters."""

    def test_a_name_as_it_was_is_kept_with_any_ending(self) -> None:
        figures = names.measure(english("This is Hatch's house.", "यह Hatch का घर है।", "hi"))
        assert figures == {"names": 1.0, "names_kept": 1.0, "names_changed": 0.0, "latin_added": 0.0}

    def test_a_name_spelt_otherwise_is_changed_and_one_in_other_letters_is_not(self) -> None:
        changed = names.measure(english("He met Calverley there.", "वह वहाँ Calvorley से मिला।", "hi"))
        assert (changed["names_kept"], changed["names_changed"]) == (0, 1)
        written = names.measure(english("He met Calverley there.", "वह वहाँ कैल्वर्ली से मिला।", "hi"))
        assert (written["names_kept"], written["names_changed"]) == (0, 0)

    def test_latin_words_that_the_source_lacks_are_seen_where_the_target_is_not_in_latin_letters(self) -> None:
        assert names.measure(english("He came.", "वह ghar आया", "hi"))["latin_added"] == pytest.approx(1 / 3)
        assert "latin_added" not in names.measure(english("He saw Cairo.", "Er sah Kairo.", "de"))

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("Im Juni traf Karl in den Vereinigten Staaten Londoner.", "de"),
            ("Haziran ayında Londra'da biriyle karşılaştı.", "tr"),
            ("Il rencontra un Londonien.", "fr"),
        ],
    )
    def test_names_of_the_languages_own_and_with_endings_are_not_gone(self, text: str, code: str) -> None:
        source = "In June he met Charles of London in the United States."
        assert names.measure(english(source, text, code))["names_gone"] == 0

    def test_all_names_are_gone_where_no_word_is_like_any_of_them(self) -> None:
        source = "In June he met Charles of London in the United States."
        gone = names.measure(english(source, "Damals traf er dort jemanden.", "de"))
        assert gone["names_gone"] == gone["names"] == 5
        assert "names_gone" not in names.measure(english(source, "वह वहाँ किसी से मिला।", "hi"))
        assert names.measure(english("He came.", "Er kam.", "de"))["names_gone"] == 0

    def test_what_begins_a_sentence_is_no_name(self) -> None:
        assert names.names_in("Ogle came. Then he met Vance and Vance left.") == ["Vance"]


class TestScript:
    """The script of the language that was asked for, whatever the language is; no package is needed."""

    def test_another_script_is_seen_and_the_sources_names_do_not_count(self) -> None:
        assert script.measure(english("He came home.", "vah ghar aaya", "hi")) == {"own_script": 0.0}
        assert script.measure(english("Ross and Mehta came.", "Ross और Mehta आए।", "hi")) == {"own_script": 1.0}
        assert script.measure(english("He came.", "वह aaya", "hi")) == {"own_script": pytest.approx(1 / 3)}

    @pytest.mark.parametrize(
        ("text", "code"), [("彼はドアを開けた", "ja"), ("他打开了门", "zh"), ("그는 門을 열었다", "ko")]
    )
    def test_a_script_of_several_is_one(self, text: str, code: str) -> None:
        assert script.measure(english("He opened the door.", text, code)) == {"own_script": 1.0}

    def test_a_text_without_letters_has_no_script(self) -> None:
        assert script.measure(english("12", "१२", "hi")) == {}

    def test_the_verdict_names_the_script_and_not_the_language(self) -> None:
        (found,) = judge_all(
            [english("He came home with his mother.", "Woh apni maan ke saath ghar aaya.", "ur")],
            Helpers(identify=lambda text: {"en": 0.9, "ur": 0.1}),
        )
        assert found.verdict == "rejected"
        assert found.reasons[0].startswith("written in another script than the language's (own_script is 0;")
        assert not any("another language" in reason for reason in found.reasons)


class TestLanguage:
    """The language that was asked for, by py3langid."""

    @pytest.mark.parametrize(
        ("text", "right", "wrong"),
        [
            ("Он сказал матери, что уже добрался домой из школы.", "ru", "bg"),
            ("Той каза на майка си, че се е прибрал вкъщи.", "bg", "ru"),
            ("Він сказав матері, що вже повернувся зі школи.", "uk", "ru"),
            ("उसने अपनी माँ को बताया कि वह घर पहुँच गया है।", "hi", "mr"),
            ("त्याने त्याच्या आईला सांगितले की तो घरी आला आहे.", "mr", "hi"),
            ("اس نے اپنی ماں کو بتایا کہ وہ گھر پہنچ گیا ہے۔", "ur", "fa"),
            ("او به مادرش گفت که به خانه رسیده است.", "fa", "ar"),
            ("أخبر أمه أنه قد عاد إلى المنزل.", "ar", "ur"),
            ("他告诉妈妈他已经回到家了。", "zh", "ja"),
            ("彼は母に家に着いたと言った。", "ja", "zh"),
        ],
    )
    def test_sister_languages_are_told_apart(
        self, identify: language.Identifier, text: str, right: str, wrong: str
    ) -> None:
        assert language.measure(english("x", text, right), identify)["language_margin"] > 0
        assert language.measure(english("x", text, wrong), identify)["language_margin"] < -0.25

    def test_of_a_text_in_another_script_it_says_nothing(self, identify: language.Identifier) -> None:
        assert language.measure(english("He came home.", "vah ghar aaya", "hi"), identify) == {}
        assert language.measure(english("Ross and Mehta came.", "Ross और Mehta आए।", "hi"), identify)

    def test_a_text_without_letters_has_no_language(self, identify: language.Identifier) -> None:
        assert language.measure(english("12", "१२", "hi"), identify) == {}

    def test_a_language_that_the_identifier_does_not_know_has_no_margin(self) -> None:
        assert language.measure(english("He came.", "वह आया", "hi"), lambda text: {"en": 1.0}) == {}

    def test_without_the_package_it_says_how_to_get_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(__import__("sys").modules, "py3langid.langid", None)
        with pytest.raises(MissingExtraError, match=r"pip install 'robustx\[translate\]'"):
            language.identifier()


class TestRoundTrip:
    """What comes back."""

    def test_each_way_is_asked_for_once_and_what_has_no_answer_has_no_figure(self) -> None:
        pytest.importorskip("sacrebleu", reason="chrF is in the extra translate")
        asked = []

        def back(texts: list[str], source: str, target: str) -> list[str | None]:
            asked.append((tuple(texts), source, target))
            return ["He went home." if text == "a" else None for text in texts]

        pairs = [english("He went home.", "a", "hi"), english("He left.", "b", "ru"), english("He left.", "c", "hi")]
        assert roundtrip.measure(pairs, back) == [{"round_trip": pytest.approx(100)}, {}, {}]
        assert asked == [(("a", "c"), "hi", "en"), (("b",), "ru", "en")]

    def test_chrf_is_between_nothing_shared_and_the_same(self) -> None:
        pytest.importorskip("sacrebleu", reason="chrF is in the extra translate")
        assert roundtrip.chrf("abc", "xyz") == 0
        assert 0 < roundtrip.chrf("He went home", "He came home") < 100

    def test_without_the_package_it_says_how_to_get_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(__import__("sys").modules, "sacrebleu.metrics", None)
        with pytest.raises(MissingExtraError, match=r"pip install 'robustx\[translate\]'"):
            roundtrip.chrf("a", "b")
