"""Sample sentences: six natural ones in each language that attacks know and the mini data lack."""

import unicodedata

import pytest

from robustx.tasks.sentences import languages_shown, sentences
from robustx.text.languages import language
from robustx.text.samples import samples
from robustx.text.scripts import PARTS, scripts_in


@pytest.mark.parametrize("code", sorted(samples()))
def test_a_language_has_six_sentences_in_nfc_and_in_its_own_script(code: str) -> None:
    texts = samples()[code]
    assert len(texts) == len(set(texts)) == 6
    script = language(code).script
    assert set(scripts_in("".join(texts))) <= PARTS.get(script, {script})
    assert all(unicodedata.is_normalized("NFC", text) for text in texts)


@pytest.mark.parametrize("code", sorted(samples()))
def test_what_attacks_change_is_there_to_be_changed(code: str) -> None:
    everything = "".join(samples()[code])
    assert any(character.isdecimal() for character in everything)
    assert any(character in ",،፣，、" for character in everything)
    assert any(character in "?？՞" for character in everything)


def test_sentences_are_of_the_mini_data_where_these_have_the_language_and_samples_elsewhere() -> None:
    assert sentences("am") == samples()["am"]
    assert len(sentences("hi")) > 50
    assert sentences("eu") == ()
    assert {"am", "hi", "zh", "zh-Hant"} <= set(languages_shown())
