"""Write kana in romaji, in the ways people do: Hepburn and kunrei, long vowels spelt out, marked or left out."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

ROWS = {
    "": "あいうえお", "k": "かきくけこ", "s": "さしすせそ", "t": "たちつてと", "n": "なにぬねの", "h": "はひふへほ",
    "m": "まみむめも", "r": "らりるれろ", "g": "がぎぐげご", "z": "ざじずぜぞ", "d": "だぢづでど", "b": "ばびぶべぼ",
    "p": "ぱぴぷぺぽ",
}  # fmt: skip
SINGLE = {"や": "ya", "ゆ": "yu", "よ": "yo", "わ": "wa", "を": "o", "ん": "n", "ゔ": "vu"}
HEPBURN = {"si": "shi", "ti": "chi", "tu": "tsu", "hu": "fu", "zi": "ji", "di": "ji", "du": "zu"}
SMALL = {"ゃ": "ya", "ゅ": "yu", "ょ": "yo"}
LOAN = {
    "ふぁ": "fa", "ふぃ": "fi", "ふぇ": "fe", "ふぉ": "fo", "てぃ": "ti", "でぃ": "di", "でゅ": "dyu", "うぃ": "wi",
    "うぇ": "we", "うぉ": "wo", "しぇ": "she", "じぇ": "je", "ちぇ": "che", "ゔぁ": "va", "ゔぃ": "vi", "ゔぇ": "ve",
    "ゔぉ": "vo", "とぅ": "tu", "つぁ": "tsa", "ふゅ": "fyu", "てゅ": "tyu", "どぅ": "du", "いぇ": "ye",
}  # fmt: skip
MACRON = dict(zip("aiueo", "āīūēō", strict=True))


class Style(NamedTuple):
    """A way to write romaji: the syllables, what becomes of a long vowel, and how often, against the others."""

    hepburn: bool
    long: str
    weight: int


STYLES = (Style(True, "spelt", 5), Style(True, "dropped", 2), Style(True, "marked", 2), Style(False, "spelt", 1))
"""Weights by judgement: most type as for an input method with Hepburn's syllables, or as on signs and in passports."""


def _syllables(hepburn: bool) -> dict[str, str]:
    plain = {kana: onset + vowel for onset, row in ROWS.items() for vowel, kana in zip("aiueo", row, strict=True)}
    made = {kana: HEPBURN.get(romaji, romaji) if hepburn else romaji for kana, romaji in plain.items()} | SINGLE
    for (kana, romaji), (small, glide) in product(plain.items(), SMALL.items()):
        if romaji.endswith("i") and len(romaji) > 1:
            onset = made[kana][:-1]
            made[kana + small] = onset + (glide[1:] if onset in ("sh", "ch", "j") else glide)
    return made | LOAN


SYLLABLES = {hepburn: _syllables(hepburn) for hepburn in (True, False)}


def romaji(kana: str, style: Style, spoken: str | None = None) -> str | None:
    """Write hiragana in romaji; None where a part of it cannot be read alone.

    ``spoken`` says in kana, with ー for a long vowel, where う lengthens the vowel before it; without it, it always does.
    """
    syllables, made, at = SYLLABLES[style.hepburn], "", 0
    lengths = _lengths(kana, spoken)
    doubled = False
    while at < len(kana):
        if kana[at] == "っ":
            doubled, at = True, at + 1
            continue
        if kana[at] == "ー" or at in lengths:
            if not made or made[-1] not in "aiueo":
                return None
            made, at = made[:-1] + _long(made[-1], kana[at], style), at + 1
            continue
        size = 2 if kana[at : at + 2] in syllables else 1
        found = syllables.get(kana[at : at + size])
        if found is None or (doubled and found[0] in "aiueon"):
            return None
        if doubled:
            found = ("t" if found.startswith("ch") else found[0]) + found
            doubled = False
        made += "'" + found if made and kana[at - 1] == "ん" and found[0] in "aiueoy" else found
        at += size
    return None if doubled else made


def _lengths(kana: str, spoken: str | None) -> set[int]:
    """Where an う, or an お that is no letter of its own, only lengthens."""
    if spoken is not None and len(spoken) == len(kana):
        return {i for i, c in enumerate(spoken) if c == "ー" and kana[i] in "うおー"}
    return {i for i in range(1, len(kana)) if kana[i] == "う" and _vowel(kana[i - 1]) in "ou"}


def _vowel(kana: str) -> str:
    return (SYLLABLES[True] | SMALL).get(kana, "-")[-1]


def _long(vowel: str, kana: str, style: Style) -> str:
    if style.long == "dropped":
        return vowel
    if style.long == "marked":
        return MACRON[vowel]
    return vowel + ("u" if kana == "う" and vowel == "o" else vowel)


def spellings(kana: str, spoken: str | None = None, *, kunrei: bool = True) -> dict[str, int]:
    """Every spelling of kana with its weight, the likeliest first; those in kunrei may be left out."""
    found: dict[str, int] = {}
    for style in STYLES if kunrei else STYLES[:-1]:
        made = romaji(kana, style, spoken)
        if made:
            found[made] = found.get(made, 0) + style.weight
    return dict(sorted(found.items(), key=lambda one: -one[1]))
