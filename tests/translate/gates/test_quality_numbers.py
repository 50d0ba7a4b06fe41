"""Numbers must come over, however the target's language writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robustx.translate.gates import Pair
from robustx.translate.gates.numbers import measure, numbers_in


def lost(source: str, target: str, language: str) -> float:
    return measure(Pair(source, target, "en", language))["numbers_lost"]


@pytest.mark.parametrize(
    ("source", "target", "language"),
    [
        ("It has 158 rooms.", "इसमें १५८ कमरे हैं।", "hi"),
        ("It has 158 rooms.", "فيه ١٥٨ غرفة", "ar"),
        ("It costs 10,000 dollars.", "Это стоит 10 000 долларов.", "ru"),
        ("It costs 10,000 dollars.", "它花费1万美元。", "zh"),
        ("It costs 20,000 dollars.", "它花费两万美元。", "zh"),
        ("He needs $100,000.", "Ему нужно 100 тыс. долларов.", "ru"),
        ("He needs $3 billion.", "他需要30亿美元。", "zh"),
        ("They sat 8 years.", "Они сидели восемь лет.", "ru"),
        ("They sat 10 years.", "جلسوا عشر سنوات", "ar"),
        ("It was open for 24 hours.", "它开放了二十四小时。", "zh"),
        ("After 9/11 it was shut.", "После 11 сентября закрыто.", "ru"),
        ("In the 19th century.", "В XIX веке.", "ru"),
        ("In the 1960s.", "В 60-х годах.", "ru"),
        ("At 10:15 pm.", "В 22:15.", "ru"),
        ("In 1990.", "1 99 0 में", "hi"),
        ("It costs $10.00.", "Это стоит 10 долларов.", "ru"),
    ],
)
def test_a_number_in_another_dress_is_kept(source: str, target: str, language: str) -> None:
    assert lost(source, target, language) == 0


@pytest.mark.parametrize(
    ("source", "target", "language", "missing"),
    [
        ("It has 158 rooms.", "इसमें कमरे हैं।", "hi", 1),
        ("It has 158 rooms and 3 doors.", "В нём 3 двери.", "ru", 1),
        ("Born in 1899.", "Родился в 1989.", "ru", 1),
        ("It has 20 rooms.", "В нём 200 комнат.", "ru", 1),
        ("You gave $10,000 last year.", "لقد تبرعت بـ دولار في العام الماضي.", "ar", 1),
        ("7 of 12 came.", "他们来了。", "zh", 2),
    ],
)
def test_a_number_that_is_gone_or_another_is_lost(source: str, target: str, language: str, missing: int) -> None:
    assert lost(source, target, language) == missing


def test_a_number_that_the_source_lacks_is_counted_apart() -> None:
    figures = measure(Pair("Many came.", "Пришли 300 человек.", "en", "ru"))
    assert figures == {"numbers": 0.0, "numbers_lost": 0.0, "numbers_added": 1.0}
    assert measure(Pair("Three came.", "3 अाए", "en", "hi"))["numbers_added"] == 0


def test_numbers_are_read_once_each_whatever_their_grouping() -> None:
    assert [number.value for number in numbers_in("1,234 and 1234, 1'234; 7")] == [1234, 7]
    assert [number.value for number in numbers_in("١٬٢٣٤ و ٧")] == [1234, 7]


@given(st.integers(min_value=1, max_value=10**9), st.sampled_from(["०", "٠", "۰", "๐", "০", "0"]))
def test_any_number_in_any_scripts_digits_is_itself(value: int, zero: str) -> None:
    written = "".join(chr(ord(zero) + int(digit)) for digit in str(value))
    assert [number.value for number in numbers_in(f"x {written} y")] == [value]
    assert lost(f"There are {value}.", f"… {written} …", "hi") == 0


@given(st.integers(min_value=101, max_value=10**6))
def test_a_number_is_lost_in_a_text_without_one(value: int) -> None:
    assert lost(f"There are {value} of them.", "Их много.", "ru") == 1
