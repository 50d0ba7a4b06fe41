"""Words in Latin letters, without the endings that English and other languages put onto names."""

from __future__ import annotations

import regex

_WORD = regex.compile(r"\p{Latin}[\p{Latin}\p{M}\p{N}]*")


def latin_words(text: str) -> list[str]:
    """The words in Latin letters; apostrophes and hyphens part them."""
    return [str(word) for word in _WORD.findall(text)]


def given_words(text: str) -> frozenset[str]:
    """Those words of a text in lower case, each with and without a plural's s."""
    found = {word.lower() for word in latin_words(text)}
    return frozenset(found | {word.removesuffix("s") for word in found})


def without_words(text: str, given: frozenset[str]) -> str:
    """A text without some words in Latin letters."""
    return str(_WORD.sub(lambda match: "" if match.group().lower() in given else match.group(), text))
