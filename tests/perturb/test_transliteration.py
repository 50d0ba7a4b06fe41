"""Indic and Burmese words in other letters: known words against what the standards and people write."""

from __future__ import annotations

import unicodedata

import pytest

from robustx.perturb.attacks import load_attack
from robustx.perturb.operators.respell import Respell
from robustx.perturb.operators.rewrite import Rewrite


def spellings(attack: str, code: str, word: str) -> list[str]:
    operator = load_attack(attack).operator(code)
    assert isinstance(operator, Respell)
    return [one.written for one in operator.spellings(word)]


@pytest.mark.parametrize(
    ("code", "word", "iso"),
    [
        ("hi", "संस्कृत", "saṁskr̥ta"),
        ("hi", "क्षत्रिय", "kṣatriya"),
        ("hi", "लड़का", "laṛakā"),
        ("hi", "ज़रूरी", "zarūrī"),
        ("hi", "माँ", "mām̐"),
        ("hi", "नई", "naī"),
        ("hi", "कउआ", "ka:uā"),
        ("mr", "मराठी", "marāṭhī"),
        ("bn", "বাংলা", "bāṁlā"),
        ("bn", "হয়েছে", "haẏēchē"),
        ("pa", "ਪੰਜਾਬੀ", "paṁjābī"),
        ("pa", "ਹੱਕ", "hakka"),
        ("gu", "ગુજરાતી", "gujarātī"),
        ("or", "ଓଡ଼ିଆ", "ōṛiā"),
        ("ta", "தமிழ்", "tamiḻ"),
        ("ta", "நன்றி", "naṉṟi"),
        ("te", "తెలుగు", "telugu"),
        ("kn", "ಕನ್ನಡ", "kannaḍa"),
        ("ml", "മലയാളം", "malayāḷaṁ"),
        ("ml", "അവൻ", "avan"),
        ("si", "සිංහල", "siṁhala"),
        ("si", "ශ්‍රී", "śrī"),
    ],
)
def test_iso_15919_has_one_spelling(code: str, word: str, iso: str) -> None:
    word = unicodedata.normalize("NFC", word)
    assert spellings("romanise-standard", code, word) == [unicodedata.normalize("NFC", iso)]


@pytest.mark.parametrize(
    ("code", "word", "some"),
    [
        ("hi", "मुझे", {"mujhe", "mujhey"}),
        ("hi", "नहीं", {"nahin", "nahi"}),
        ("hi", "विश्वविद्यालय", {"vishwavidyalay", "vishwavidyalaya"}),
        ("mr", "महाराष्ट्र", {"maharashtra"}),
        ("ur", "صحت", {"sahat"}),
        ("bn", "বাংলাদেশ", {"bangladesh"}),
        ("bn", "ধন্যবাদ", {"dhonyobad", "dhanyabad"}),
        ("ta", "வணக்கம்", {"vanakkam", "vanakam"}),
        ("ta", "தமிழ்", {"tamil", "tamizh", "thamizh"}),
        ("te", "నమస్కారం", {"namaskaram", "namaskaaram"}),
        ("kn", "ಬೆಂಗಳೂರು", {"bengaluru", "bengalooru"}),
        ("ml", "കേരളം", {"keralam"}),
        ("gu", "અમદાવાદ", {"amdavad", "amdawad"}),
        ("pa", "ਪੰਜਾਬ", {"panjab", "punjab"}),
        ("or", "ଓଡ଼ିଆ", {"odia", "oria"}),
        ("si", "ශ්‍රී", {"sri", "shri"}),
    ],
)
def test_attested_spellings_are_among_the_twenty_likeliest(code: str, word: str, some: set[str]) -> None:
    found = spellings("romanise-attested", code, unicodedata.normalize("NFC", word))
    assert len(found) <= 20
    assert some <= set(found)


@pytest.mark.parametrize(
    ("attack", "code", "word", "other"),
    [
        ("sister-script", "hi", "गुजरात", "ગુજરાત"),
        ("sister-script", "gu", "ગુજરાત", "गुजरात"),
        ("sister-script", "bn", "কলকাতা", "कलकाता"),
        ("sister-script", "pa", "ਹੱਕ", "हक्क"),
        ("sister-script", "ta", "நன்றி", "नन्रि"),
        ("sister-script", "ml", "അവൻ", "अवन्"),
        ("urdu-script", "hi", "दुकान", "دکان"),
        ("urdu-script", "hi", "हुआ", "ہوا"),
        ("urdu-script", "hi", "बच्चे", "بچے"),
        ("urdu-script", "hi", "नहीं", "نہیں"),
        ("urdu-script", "hi", "अच्छा", "اچھا"),
    ],
)
def test_a_sister_script_keeps_the_letters(attack: str, code: str, word: str, other: str) -> None:
    assert spellings(attack, code, word) == [other]


@pytest.mark.parametrize(
    ("word", "zawgyi"),
    [
        ("မြန်မာ", "ျမန္မာ"),
        ("ကျွန်တော်", "ကြၽန္ေတာ္"),
        ("သော", "ေသာ"),
        ("နှင့်", "ႏွင့္"),
        ("တနင်္ဂနွေ", "တနဂၤေႏြ"),
    ],
)
def test_zawgyi_is_in_visual_order(word: str, zawgyi: str) -> None:
    operator = load_attack("zawgyi").operator("my")
    assert isinstance(operator, Rewrite)
    assert operator.rewritten(word) == zawgyi
