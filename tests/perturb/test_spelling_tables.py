"""The spelling, marks and look tables offer what people of each language are known to write, and not what they never do."""

from __future__ import annotations

import pytest

from robustx.perturb.attacks import load_attack
from robustx.perturb.edits import apply
from robustx.perturb.normalisers import fold_hebrew
from robustx.text.analysis import Text


def offered(name: str, language: str, word: str) -> set[str]:
    text, operator = Text(word, language), load_attack(name).operator(language)
    return {
        apply(word, [edit])
        for i in range(len(text.spans))
        for site in operator.sites(text, i)
        for edit in operator.edits(text, site)
    }


@pytest.mark.parametrize(
    ("name", "language", "right", "wrong"),
    [
        ("marks-confused", "am", "ዓለም", "አለም"),
        ("marks-confused", "am", "ፀሐይ", "ጸሐይ"),
        ("marks-confused", "ar", "هذا", "هاذا"),
        ("marks-confused", "ar", "كانت", "كانة"),
        ("marks-confused", "bn", "বিশ্ব", "বিশ"),
        ("marks-confused", "fa", "گزارش", "گذارش"),
        ("marks-confused", "gu", "ગુજરાતી", "ગુજરાતિ"),
        ("marks-confused", "hi", "भूख", "भूक"),
        ("marks-confused", "hy", "արագ", "արաք"),
        ("marks-confused", "ja", "行う", "行なう"),
        ("marks-confused", "ka", "თბილისი", "ტბილისი"),
        ("marks-confused", "km", "សេចក្ដី", "សេចក្តី"),
        ("marks-confused", "kn", "ಹಾಲು", "ಆಲು"),
        ("marks-confused", "ko", "할게", "할께"),
        ("marks-confused", "ko", "않고", "안고"),
        ("marks-confused", "lo", "ເຮືອນຣາວ", "ເຮືອນລາວ"),
        ("marks-confused", "ml", "വിഷയം", "വീഷയം"),
        ("marks-confused", "mr", "आणि", "आणी"),
        ("marks-confused", "my", "ဘာသာ", "ဗာသာ"),
        ("marks-confused", "or", "ମନୁଷ୍ୟ", "ମନୂଷ୍ୟ"),
        ("marks-confused", "pa", "ਵਿੱਚ", "ਵਿਚ"),
        ("marks-confused", "ru", "учится", "учиться"),
        ("marks-confused", "ru", "сделать", "зделать"),
        ("marks-confused", "ru", "девчонка", "девченка"),
        ("marks-confused", "si", "ණය", "නය"),
        ("marks-confused", "ta", "அதைக்", "அதை"),
        ("marks-confused", "th", "กะเพรา", "กระเพรา"),
        ("marks-confused", "uk", "легко", "лехко"),
        ("marks-confused", "zh", "慢慢地", "慢慢的"),
        ("marks-dropped", "pa", "ਪੱਖ", "ਪਖ"),
        ("marks-dropped", "si", "ශ්‍රී", "ශ්රී"),
        ("marks-dropped", "uk", "п’ять", "пять"),
        ("unstressed-vowels", "ru", "корова", "карова"),
        ("unstressed-vowels", "ru", "язык", "езык"),
        ("unstressed-vowels", "ru", "просмотреть", "просматреть"),
        ("marks-confused", "ru", "привет", "привед"),
        ("marks-confused", "ru", "человек", "человег"),
        ("homophone", "zh", "在", "再"),
        ("homophone-near", "zh", "女", "努"),
        ("anusvara", "hi", "हिन्दी", "हिंदी"),
        ("anusvara", "hi", "हिंदी", "हिन्दी"),
        ("anusvara", "bn", "সঙ্গীত", "সংগীত"),
        ("matres", "he", "דיבר", "דבר"),
        ("final-form", "he", "שלום", "שלומ"),
        ("final-form", "el", "λόγος", "λόγοσ"),
        ("dots-confused", "ar", "بيت", "تيت"),
        ("tatweel", "ar", "جميل", "جميـــل"),
        ("harakat", "ar", "كتاب", "كتَاب"),
        ("niqqud", "he", "שלג", "שׁלג"),
        ("niqqud", "he", "עשה", "עשׂה"),
        ("niqqud", "he", "בוקר", "בּוקר"),
        ("niqqud", "he", "בנות", "בנוֹת"),
        ("niqqud", "he", "כותב", "כוֹתב"),
        ("niqqud", "he", "ילדים", "ילדִים"),
        ("niqqud", "he", "ולכן", "וְלכן"),
        ("niqqud", "he", "ישראל", "יִשְׂרָאֵל"),
        ("rasm", "ar", "قرن", "ڡرں"),
        ("radicals-split", "zh", "好", "女子"),
    ],
)
def test_a_misspelling_that_people_know_is_offered(name: str, language: str, right: str, wrong: str) -> None:
    assert wrong in offered(name, language, right)


@pytest.mark.parametrize(
    ("name", "language", "right", "never"),
    [
        ("unstressed-vowels", "ru", "кот", "кат"),
        ("marks-confused", "ru", "к", "г"),
        ("marks-confused", "ru", "уехать", "уэхать"),
        ("unstressed-vowels", "ru", "стол", "стал"),
        ("unstressed-vowels", "ru", "никто", "некто"),
        ("homophone", "zh", "不", "部"),
        ("matres", "he", "איש", "אש"),
        ("dots-confused", "ar", "حسن", "حسب"),
        ("tatweel", "ar", "دار", "دـار"),
        ("tatweel", "ar", "سلام", "سلـام"),
        ("harakat", "ar", "كتاب", "كتُاب"),
        ("niqqud", "he", "ישראל", "ישׁראל"),
        ("niqqud", "he", "מים", "מִים"),
        ("niqqud", "he", "אבא", "אבּא"),
        ("rasm", "fa", "می‌روم", "مٮ‌روم"),
        ("marks-confused", "hy", "ուր", "օւր"),
    ],
)
def test_what_nobody_writes_is_not_offered(name: str, language: str, right: str, never: str) -> None:
    assert never not in offered(name, language, right)


@pytest.mark.parametrize("word", ["مدرسة", "الطقس", "يكتبون"])
def test_strokes_and_vowel_signs_can_be_taken_out_again(word: str) -> None:
    for name in ("tatweel", "harakat"):
        made = offered(name, "ar", word)
        assert made
        assert {"".join(c for c in text if not "\u0640" <= c <= "\u0652" or c in word) for text in made} == {word}


@pytest.mark.parametrize("word", ["ישראל", "הילדים", "כשהלכתי", "שמחות"])
def test_points_of_hebrew_can_be_taken_out_again(word: str) -> None:
    made = offered("niqqud", "he", word)
    assert made
    assert {fold_hebrew(text) for text in made} == {word}


@pytest.mark.parametrize("letter", "שבכי")
def test_a_letter_that_bears_a_point_gets_no_second_one(letter: str) -> None:
    assert all(made.count("\u05bc") < 2 for made in offered("niqqud", "he", letter + "\u05bcית"))


def test_no_dots_are_left_of_a_skeleton() -> None:
    (skeleton,) = offered("rasm", "ar", "تفضيق")
    assert skeleton == "ٮڡصٮٯ"
