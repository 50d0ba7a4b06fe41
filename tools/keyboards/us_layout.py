"""Typing on the wrong layout: what the keys of a word give where the US layout is on (привет -> ghbdtn)."""

import sys
import unicodedata
from functools import lru_cache

from .geometry import key_edges
from .layouts import Keys, Layout
from .tables import Row

IN_WORDS = "'ʼ\u200c\u200d"  # what stands inside words besides letters and marks
# Vowels of two signs: libX11 composes them from code points that Unicode leaves unassigned (Compose of en_US.UTF-8).
KHMER_PAIRS = {
    "\u17ff": "\u17b6\u17c6",
    "\u17fe": "\u17c4\u17c7",
    "\u17fd": "\u17c1\u17c7",
    "\u17fc": "\u17bb\u17c6",
    "\u17fb": "\u17bb\u17c7",
}


def us_rows(layout: Layout, keys: Keys, us: Keys, dead: dict[str, tuple[str, int]]) -> set[Row]:
    """Everything that the layout types, with what the same keys type on the US layout; letters they share are left out.

    Args:
        layout: of the language.
        keys: what its keys type.
        us: what those of the US layout type.
        dead: combining mark -> its dead key on the language's layout.
    """
    made: dict[str, str] = {}
    for level in range(2):
        for key in ["SPCE", *sorted(key_edges().keys() - {"LSGT"})]:  # no American keyboard has a key beside left Shift
            typed = _text(keys[key][level]) if len(keys.get(key, ())) > level else ""
            instead = us[key][level] if key in us else " "
            if typed and _in_words(typed, layout.script):
                made.setdefault(typed, instead)
    for letter in layout.accented + layout.composed:
        base, mark = tuple(unicodedata.normalize("NFD", letter))
        key, level = dead[mark]
        made.setdefault(letter, us[key][level] + made.get(base, base))
    made |= {written: made[typed] for written, typed in layout.corrected.items()} | _by_parts(layout, made)
    return {(typed, instead, "any") for typed, instead in made.items() if typed != instead}


def _by_parts(layout: Layout, made: dict[str, str]) -> dict[str, str]:
    """Characters that no key types, whose parts (letter and nukta, two halves of a vowel sign) have keys of their own."""
    return {
        char: "".join(made[part] for part in parts)
        for char, parts in _composites().items()
        if char not in made and all(part in made for part in parts) and _in_words(char, layout.script)
    }


@lru_cache(maxsize=1)
def _composites() -> dict[str, str]:
    """Every character that NFC keeps whole, with its canonical decomposition."""
    parted = {char: unicodedata.normalize("NFD", char) for char in map(chr, range(sys.maxunicode))}
    return {char: parts for char, parts in parted.items() if len(parts) > 1 and unicodedata.is_normalized("NFC", char)}


def _text(typed: str) -> str:
    """What a key types, as text has it: a lam-alef key two letters, a Khmer vowel pair two signs, in NFC."""
    if unicodedata.category(typed[:1] or " ") == "Lo" and "\ufb50" <= typed <= "\ufeff":
        typed = unicodedata.normalize("NFKC", typed)
    return unicodedata.normalize("NFC", KHMER_PAIRS.get(typed, typed))


def _in_words(text: str, script: str) -> bool:
    """Whether a text is made of letters and marks of the script and of what stands inside words."""
    return all(
        char in IN_WORDS
        or (
            unicodedata.category(char)[0] in "LM"
            and char not in "ªº\u0640"
            and unicodedata.name(char).split()[0] == script
        )
        for char in text
    )
