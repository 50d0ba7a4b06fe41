"""Slips on one keyboard: the neighbouring key, and the other shift level of the same key.

Two keys are neighbours when they touch on a standard staggered keyboard. A neighbour is of the same shift level and
letter case. A base letter never becomes a mark; pairs that could leave two signs fighting for one slot are kept for the
word's end, or left out.
"""

import re
import unicodedata

from .geometry import neighbours
from .layouts import Keys, Layout, usable
from .syllable import INDIC, place_of_slip, slot
from .tables import Row

NUKTA_BASES = "যডঢडढ"  # inside a word mostly with a nukta, which their neighbours cannot bear; never so at its start


def neighbour_rows(layout: Layout, keys: Keys) -> set[Row]:
    """A touching key is hit."""
    rows: set[Row] = set()
    for one, two in neighbours():
        if one in layout.apart or two in layout.apart:
            continue
        for level in range(2):
            source, target = (keys[key][level] if len(keys.get(key, [])) > level else "" for key in (one, two))
            if source == target or not usable(source, layout) or not usable(target, layout):
                continue
            place = place_of_slip(source, target)
            if source in NUKTA_BASES and "\u093c" not in layout.skip:
                place = "initial" if place == "any" else None
            if place:
                rows.add((source, target, place))
    return rows | _accented(layout, rows)


def _accented(layout: Layout, rows: set[Row]) -> set[Row]:
    """The slips of letters that a dead key makes."""
    made: set[Row] = set()
    for source, target, _ in rows:
        for mark in "\u0300\u0301\u0302\u0308":
            new = [unicodedata.normalize("NFC", char + mark) for char in (source, target)]
            if all(char in layout.accented for char in new):
                made.add((new[0], new[1], "any"))
    return made


def shift_rows(layout: Layout, keys: Keys) -> set[Row]:
    """A key is typed at its other level, in scripts without case."""
    rows: set[Row] = set()
    for levels in keys.values():
        pair = [char for char in levels[:2] if usable(char, layout) and unicodedata.category(char) != "Lu"]
        if len(pair) == 2 and pair[0] != pair[1]:
            for source, target in (pair, pair[::-1]):
                if place := _place_of_shift(source, target):
                    rows.add((source, target, place))
    return rows


def _place_of_shift(source: str, target: str) -> str | None:
    if source == "\u102e" and target == "\u102d":  # ii is the last vowel of its syllable, i may have u after it
        return "any"
    # InScript has the vowel letter above its sign; nothing that follows the sign could not follow the letter
    sign = slot(source) in ("vowel", "virama") and re.match(INDIC, unicodedata.name(source))
    return "any" if sign and slot(target) == "lone" else place_of_slip(source, target)
