"""The letters of a language that can stand anywhere in a word: what a stray key adds."""

import unicodedata

from .layouts import Keys, Layout, usable
from .syllable import slot


def stray_letters(layout: Layout, keys: Keys) -> set[str]:
    """The everyday letters of a layout, in lower case; of abugidas the consonants only."""
    typed = {char for levels in keys.values() for char in levels[:2]}
    return {char for char in typed if usable(char, layout) and unicodedata.category(char) != "Lu" and _plain(char)}


def _plain(char: str) -> bool:
    return unicodedata.category(char)[0] == "L" and slot(char) == "letter"


def amharic_syllables(keys: Keys) -> set[str]:
    """The fidel: every consonant of the Ethiopian layout in its seven orders (Unicode has them in a row)."""
    layout = Layout(name="", script="ETHIOPIC", skip="ቐዸጘ")  # letters of Tigrinya, Oromo and Bilin
    return {chr(ord(first) + order) for first in stray_letters(layout, keys) for order in range(7)}
