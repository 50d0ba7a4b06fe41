"""Sentences of a text, for engines that were made for sentences, and the way back.

The rules are those of UAX #29's sentence boundaries in short: a full stop, question or exclamation mark of any script
ends a sentence where white space or, in scripts without spaces, anything follows; a Latin, Greek or Cyrillic full stop
does so only before what may begin a sentence and not after an initial or an abbreviation of the language
(``abbreviations.tsv``).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import regex

from robustx.text.languages import language as language_of

_CLOSING = r"[\p{Pe}\p{Pf}\"'\u00bb\u201d\u2019\u300d\u300f]*"
_END = regex.compile(
    rf"(?P<wide>[\u3002\uff01\uff1f\uff61]+){_CLOSING}\s*"
    rf"|(?P<own>[\u0964\u0965\u06d4\u061f\u0589\u1362\u1367\u104b\u17d4\u17d5]+){_CLOSING}\s*"
    rf"|(?P<mark>[?!\u2026\u037e]+){_CLOSING}\s+"
    rf"|(?P<stop>\.+){_CLOSING}\s+(?=[\p{{Pi}}\p{{Ps}}\"'\u201c\u2018]*[\p{{Lu}}\p{{Lt}}\p{{Lo}}\p{{N}}])"
)
_LAST_WORD = regex.compile(r"[\p{L}\p{M}.]+\Z")
_UNSPACED = ("Hans", "Hant", "Jpan")


def sentences(text: str, language: str) -> list[str]:
    """The sentences of a text in order, without the white space between them; at least one of a text that has any."""
    found, begin = [], 0
    for end in _END.finditer(text):
        if end.lastgroup == "stop" and _abbreviated(text[begin : end.start()], language):
            continue
        found.append(text[begin : end.end()].strip())
        begin = end.end()
    found.append(text[begin:].strip())
    return [sentence for sentence in found if sentence]


def joined(parts: Sequence[str], language: str) -> str:
    """Translated sentences as one text: Chinese and Japanese write no space between them."""
    return ("" if language_of(language).script in _UNSPACED else " ").join(parts)


def _abbreviated(before: str, language: str) -> bool:
    word = _LAST_WORD.search(before)
    if word is None:
        return False
    last = word[0]
    initial = len(last.rpartition(".")[2]) == 1 and last[-1].isupper()
    return initial or last in _abbreviations().get(language, frozenset())


@lru_cache(maxsize=1)
def _abbreviations() -> dict[str, frozenset[str]]:
    lines = Path(__file__).with_name("abbreviations.tsv").read_text(encoding="utf-8").splitlines()
    found: dict[str, set[str]] = {}
    for line in [line for line in lines if not line.startswith("#")][1:]:
        language, word = line.split("\t")
        found.setdefault(language, set()).add(word)
    return {language: frozenset(words) for language, words in found.items()}
