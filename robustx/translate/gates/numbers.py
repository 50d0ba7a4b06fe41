"""Whether the numbers of the source are in the target, in the digits of any script, in other units, or in words."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import regex

from robustx.perturb.tables import body_of
from robustx.text.languages import language as language_of
from robustx.translate.gates.pair import Figures, Pair

_HERE = Path(__file__).parent
_GROUPED = regex.compile(r"\d{1,3}(?:[,.\u060c\u066b\u066c\u2019' \u00a0\u202f]\d{3})+(?!\d)|\d+")
_DATE = regex.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?![\d/])")
_POWERS = frozenset(10**power for power in range(1, 13))
_UNSPACED = frozenset({"Hans", "Hant", "Jpan", "Thai", "Mymr", "Laoo", "Khmr"})
_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")


class Number(NamedTuple):
    """A whole number in digits, and whether a word such as *million* follows it."""

    value: int
    scaled: bool


def measure(pair: Pair) -> Figures:
    """``numbers``: how many the source has; ``numbers_lost``: how many the target lacks; ``numbers_added``: the reverse.

    Counted are distinct whole numbers above 0 in digits, whatever their script and grouping. A number is there too as
    another multiple of a power of ten before a word for it (2万 for 20,000), on the other clock, without its century
    (60 for 1960), in words (``numerals.tsv``) or in Roman numerals. Of a day as in 9/11 the larger number counts alone:
    the other may be a month's name.
    """
    source, target = numbers_in(pair.source), numbers_in(pair.target)
    lost = sum(not _kept(number, target, pair.target, pair.target_language) for number in source)
    added = sum(not _kept(number, source, pair.source, pair.source_language) for number in target)
    return {"numbers": float(len(source)), "numbers_lost": float(lost), "numbers_added": float(added)}


def numbers_in(text: str) -> list[Number]:
    """The distinct numbers of a text, in order."""
    plain = _DATE.sub(lambda match: str(max(int(match[1]), int(match[2]))), western(text))
    found = (
        Number(int(regex.sub(r"\D", "", match.group())), bool(_scale().match(plain, match.end())))
        for match in _GROUPED.finditer(plain)
    )
    return list(dict.fromkeys(number for number in found if number.value))


def western(text: str) -> str:
    """The text with the decimal digits of every script as 0 to 9."""
    return "".join(str(int(one)) if one.isdecimal() else one for one in text)


def _kept(number: Number, others: list[Number], text: str, language: str) -> bool:
    """Whether a number is among those of another text, or is in it in another way."""
    value = number.value
    values = {other.value for other in others}
    if values & {value, *_other_clock(value, text)}:
        return True
    if any(_scaled(number, other) for other in others):
        return True
    # some translations set a number's digits apart: 1 99 0
    if value >= 100 and regex.search(r"(?<!\d)" + r" ?".join(str(value)) + r"(?!\d)", western(text)):
        return True
    short = value % 100 if 1000 < value < 2100 and value % 10 == 0 else value
    return short in values or any(_in_words(one, text, language) for one in {value, short}) or _in_roman(value, text)


def _other_clock(value: int, text: str) -> set[int]:
    return {value + 12, value - 12} - {0} if value <= 24 and ":" in text else set()


def _scaled(one: Number, other: Number) -> bool:
    high, low = max(one.value, other.value), min(one.value, other.value)
    return (one.scaled or other.scaled) and high % low == 0 and high // low in _POWERS


def _in_roman(value: int, text: str) -> bool:
    if not 0 < value < 40:
        return False
    roman = "X" * (value // 10) + _ROMAN[value % 10]
    return regex.search(rf"(?<!\p{{L}}){roman}(?!\p{{L}})", text) is not None


def _in_words(value: int, text: str, language: str) -> bool:
    """Whether a number up to 100, a thousand, or a small multiple of a power of ten, is in a text in words."""
    if _has_word(value, text, language):
        return True
    if 20 < value < 100:
        return _has_word(value - value % 10, text, language) and _has_word(value % 10, text, language)
    power = len(str(value)) - len(str(value).rstrip("0"))
    if power < 2 or value // 10**power > 20:
        return False
    scales = _has_word(100, text, language) or _has_word(1000, text, language) or _scale().search(text.lower())
    return bool(scales) and (value // 10**power == 1 or _has_word(value // 10**power, text, language))


def _has_word(value: int, text: str, language: str) -> bool:
    pattern = _numerals(language).get(value)
    return pattern is not None and pattern.search(text.lower()) is not None


@lru_cache(maxsize=64)
def _numerals(language: str) -> dict[int, regex.Pattern[str]]:
    """A pattern for each number that ``numerals.tsv`` has of a language; endings may differ in inflected ones."""
    words: dict[int, set[str]] = {}
    spaced = language_of(language).script not in _UNSPACED
    for _, line in body_of(_HERE / "numerals.tsv")[1][1:]:
        code, value, word = line.split("\t")
        if code == language and " " not in word:
            words.setdefault(int(value), set()).add(_stem(word.lower(), spaced))
    return {value: regex.compile("|".join(sorted(forms, key=len, reverse=True))) for value, forms in words.items()}


def _stem(word: str, spaced: bool) -> str:
    if not spaced:
        return str(regex.escape(word))
    # Arabic writes the article, and *and*, onto the word; a stem that is little more than the article is in any text
    word = word.removeprefix("ال")
    before = r"(?<!\p{L})(?:و?(?:ال)?)"
    if len(word) <= 3:
        return before + str(regex.escape(word)) + r"(?![\p{L}\p{M}])"
    return before + str(regex.escape(word[: max(3, len(word) - 2)]))


@lru_cache(maxsize=1)
def _scale() -> regex.Pattern[str]:
    """A word for a power of ten right after a number; an abbreviation such as *m* only as a whole word."""
    words = [line for _, line in body_of(_HERE / "scales.tsv")[1][1:]]
    forms = [regex.escape(word) + (r"\b" if word.isascii() and len(word) < 3 else "") for word in words]
    return regex.compile(rf"[ \u00a0\u202f-]?(?:{'|'.join(sorted(forms, key=len, reverse=True))})", regex.IGNORECASE)
