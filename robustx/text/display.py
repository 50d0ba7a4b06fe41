"""How text is shown to a person: right-to-left runs isolated, unseen and control characters named."""

from __future__ import annotations

import unicodedata

import regex

FIRST_STRONG_ISOLATE = "\u2068"
POP_ISOLATE = "\u2069"

_SHORT = {
    "\u200b": "ZWSP",
    "\u200c": "ZWNJ",
    "\u200d": "ZWJ",
    "\u200e": "LRM",
    "\u200f": "RLM",
    "\u2060": "WJ",
    "\ufeff": "BOM",
    "\u00ad": "SHY",
    "\u00a0": "NBSP",
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
}

_UNSEEN = regex.compile(r"[\p{Default_Ignorable_Code_Point}\u2800]|(?![ \u3000])\p{Zs}")


def name_of(character: str) -> str:
    """``U+0915 DEVANAGARI LETTER KA``."""
    return f"U+{ord(character):04X} {unicodedata.name(character, 'unnamed')}"


def visible(text: str) -> str:
    """The text with every unseen or control character replaced by its name in angle brackets."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_seen(character) for character in text)


def isolated(text: str) -> str:
    """``visible(text)`` between bidi isolates, so that it cannot reorder what stands around it."""
    return f"{FIRST_STRONG_ISOLATE}{visible(text)}{POP_ISOLATE}"


def _seen(character: str) -> str:
    if character in _SHORT:
        return f"<{_SHORT[character]}>"
    category = unicodedata.category(character)
    if category in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") or _UNSEEN.match(character):
        return f"<U+{ord(character):04X}>"
    return character
