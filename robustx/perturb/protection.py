"""Spans that no attack may touch: digits, URLs, addresses, placeholders, and negation words where a task asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import regex

from robustx.cards import card_folder
from robustx.text.languages import language as language_of

_ALWAYS = regex.compile(
    r"\p{Nd}+"
    r"|(?:https?://|www\.)\S+"
    r"|[\w.+-]+@[\w-]+\.[\w.-]+"
    r"|\{[^{}\s]{0,40}\}|<[^<>\s]{1,40}>|%\(?\w{0,20}\)?[sd]\b"
    r"|[@#][\p{L}\p{M}\p{N}_]+"
)
_UNSPACED = frozenset({"Hans", "Hant", "Jpan", "Thai", "Mymr", "Laoo", "Khmr"})


def always_protected(text: str) -> list[tuple[int, int]]:
    """(start, end) of digits, URLs, addresses, placeholders, mentions and tags."""
    return [match.span() for match in _ALWAYS.finditer(text)]


def negations(text: str, language: str) -> list[tuple[int, int]]:
    """(start, end) of the free-standing negation words of a language (``attacks/tables/negation.tsv``).

    In scripts without spaces they are found wherever they stand. Negation by affix, as in Turkish, cannot be seen so.
    """
    pattern = negation_pattern(language)
    return [match.span() for match in pattern.finditer(text)] if pattern else []


def protected_spans(text: str, language: str, kinds: Iterable[str]) -> list[tuple[int, int]]:
    """All spans to keep: what is always protected, and what the task names (``negation``)."""
    spans = always_protected(text)
    return spans + negations(text, language) if "negation" in kinds else spans


def reserved_words(language: str, kinds: Iterable[str]) -> regex.Pattern[str] | None:
    """What no edit may make of something else, among what the task names (``negation``)."""
    return negation_pattern(language) if "negation" in kinds else None


@lru_cache(maxsize=128)
def negation_pattern(language: str) -> regex.Pattern[str] | None:
    """The free-standing negation words of a language as one pattern, or None where none are listed."""
    words = _negation_words().get(language)
    if not words:
        return None
    choice = "|".join(regex.escape(word) for word in sorted(words, key=len, reverse=True))
    if language_of(language).script in _UNSPACED:
        return regex.compile(choice)
    edge = r"[\p{L}\p{M}\p{N}]"
    return regex.compile(rf"(?<!{edge})(?:{choice})(?!{edge})", regex.IGNORECASE)


@lru_cache(maxsize=1)
def _negation_words() -> dict[str, list[str]]:
    lines = (card_folder("attacks") / "tables" / "negation.tsv").read_text(encoding="utf-8").splitlines()
    words: dict[str, list[str]] = {}
    for line in lines:
        if line and not line.startswith(("#", "language\t")):
            code, word = line.split("\t")[:2]
            words.setdefault(code, []).append(word)
    return words
