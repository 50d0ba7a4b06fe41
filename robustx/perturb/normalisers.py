"""Normalisers: what takes a perturbed text and the text it was made from to one and the same string.

An attack is provably readable where such a function exists and its card names it: nothing that the function keeps was
lost. The same functions are defences that can stand before a model (Boucher et al. 2022, arXiv:2106.09898, section VII).
Where the original is in normal form already, the normaliser gives the original back.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import partial
from typing import Literal

import regex

Normaliser = Literal[
    "nfc",
    "nfkc",
    "strip-ignorable",
    "one-space",
    "latin-digits",
    "fold-arabic",
    "fold-hebrew",
    "apply-backspace",
    "undo-reordering",
]
"""The name that a card calls a normaliser by."""

_IGNORABLE = regex.compile(r"\p{Default_Ignorable_Code_Point}+")
_SPACE = regex.compile(r"\s+")
_DIGIT = regex.compile(r"(?![0-9])\p{Nd}")
_ARABIC_UNWRITTEN = regex.compile("[\u0640\u064b-\u0652\u0670]+")
_ARABIC_TWINS = str.maketrans("یىکہ", "ييكه")
_HEBREW_UNWRITTEN = regex.compile("[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]+")
_BACKSPACED = regex.compile("[^\u0008]\u0008")
_UNIT = "[^\u202a-\u202e\u2066-\u2069]+"
_REORDERED = regex.compile(
    "[\u200e\u200f\u061c\u202d\u202e]"
    f"(?:\u2066\u202e\u2066({_UNIT})\u2069\u2066|\u2067\u202d\u2067({_UNIT})\u2069\u2067)({_UNIT})"
    "\u2069\u202c\u2069[\u200e\u200f\u061c\u202c]"
)


def strip_ignorable(text: str) -> str:
    """The text without default-ignorable code points (Unicode Standard 5.21): joiners, soft hyphens, selectors, tags.

    In Persian and Indic text some joiners are spelling; a defence that strips them changes clean text too.
    """
    return str(_IGNORABLE.sub("", text))


def one_space(text: str) -> str:
    """The text with every run of white space as one U+0020, and none at its ends."""
    return str(_SPACE.sub(" ", text)).strip()


def latin_digits(text: str) -> str:
    """The text with every decimal digit as the ASCII digit of its value."""
    return str(_DIGIT.sub(lambda found: str(unicodedata.digit(found.group())), text))


def fold_arabic(text: str) -> str:
    """The text without harakat and tatweel, and with one code point for each of yeh, kaf and heh, as Lucene folds them."""
    return str(_ARABIC_UNWRITTEN.sub("", text)).translate(_ARABIC_TWINS)


def fold_hebrew(text: str) -> str:
    """The text without points and accents (niqqud, te'amim), which everyday spelling leaves out."""
    return str(_HEBREW_UNWRITTEN.sub("", text))


def apply_backspace(text: str) -> str:
    """The text after its backspaces: each U+0008 takes the code point before it away."""
    while (applied := str(_BACKSPACED.sub("", text))) != text:
        text = applied
    return text


def undo_reordering(text: str) -> str:
    """The text with pairs that bidirectional controls display in the other order put in that order, the controls gone.

    It knows the two nestings there are: that of Boucher et al. 2022 and that of operator ``reorder``.
    """
    return str(_REORDERED.sub(lambda found: found.group(3) + (found.group(1) or found.group(2)), text))


NORMALISERS: dict[Normaliser, Callable[[str], str]] = {
    "nfc": partial(unicodedata.normalize, "NFC"),
    "nfkc": partial(unicodedata.normalize, "NFKC"),
    "strip-ignorable": strip_ignorable,
    "one-space": one_space,
    "latin-digits": latin_digits,
    "fold-arabic": fold_arabic,
    "fold-hebrew": fold_hebrew,
    "apply-backspace": apply_backspace,
    "undo-reordering": undo_reordering,
}
"""Every normaliser by its name."""
