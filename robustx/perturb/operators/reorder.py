"""The operator on direction: two neighbours are encoded in the other order, and displayed as before."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import regex

from robustx.perturb.edits import Edit
from robustx.perturb.operators.base import Operator
from robustx.text.analysis import Text

_JOINS_ON = regex.compile(r"[\p{Joining_Type=D}\p{Joining_Type=L}\p{Joining_Type=C}]\p{Joining_Type=T}*$")
_JOINS_BACK = regex.compile(r"[\p{Joining_Type=D}\p{Joining_Type=R}\p{Joining_Type=C}]")
_LINKED = regex.compile(r"[\p{InSC=Virama}\p{InSC=Invisible_Stacker}][\u200c\u200d]*$")
_FRAMES = {
    "L": ("\u200e\u2066\u202e\u2066", "\u2069\u2066", "\u2069\u202c\u2069\u200e"),
    "R": ("\u200f\u2067\u202d\u2067", "\u2069\u2067", "\u2069\u202c\u2069\u200f"),
    "AL": ("\u061c\u2067\u202d\u2067", "\u2069\u2067", "\u2069\u202c\u2069\u061c"),
}
"""What stands before, between and after a pair whose letters are of a bidirectional class.

An isolate in the letters' own direction, in it an override to the other one, and each of the two in an isolate again, so
that it keeps its inner order; a directional mark on either side is to the surroundings what the letters were.
"""


class Reorder(Operator):
    """Encode two neighbours of a word in the other order, inside controls that display them in the right one.

    This is the reordering of Boucher et al. 2022 (arXiv:2106.09898, section IV-C), with directional marks in place of
    their outer override, so that the direction of the paragraph is found as before (UAX #9, P2). What is moved is what
    is shaped alone: a grapheme cluster, or letters of a cursive script that join, or consonants that a virama joins.
    """

    def sites(self, text: Text, word: int) -> list[int]:
        bounds = self._bounds(text, word)
        source = text.source
        return [
            bounds[i]
            for i in range(len(bounds) - 2)
            if _direction(source[bounds[i] : bounds[i + 1]]) == _direction(source[bounds[i + 1] : bounds[i + 2]]) != ""
        ]

    def edits(self, text: Text, site: int) -> list[Edit]:
        bounds = self._bounds(text, text.word_at(site))
        at = bounds.index(site)
        start, middle, end = bounds[at : at + 3]
        left, right = text.source[start:middle], text.source[middle:end]
        before, between, after = _FRAMES[_direction(left)]
        return [Edit(start, end, before + right + between + left + after)]

    def _bounds(self, text: Text, word: int) -> list[int]:
        """The offsets in a word that nothing is shaped across, its own two edges among them where they are such."""
        first, end = text.words[word]
        clusters, starts = text.clusters, text.starts
        return [
            starts[i]
            for i in range(first, end + 1)
            if not (0 < i < len(clusters) and _shaped_across(clusters[i - 1], clusters[i]))
        ]


@lru_cache(maxsize=65536)
def _shaped_across(left: str, right: str) -> bool:
    if _LINKED.search(left):
        return True
    return _JOINS_ON.search(left) is not None and _JOINS_BACK.match(right) is not None


@lru_cache(maxsize=65536)
def _direction(unit: str) -> str:
    """The bidirectional class of all letters of a string, or nothing where they are not of one strong class."""
    classes = {unicodedata.bidirectional(character) for character in unit} - {"NSM", "BN"}
    return classes.pop() if len(classes) == 1 and classes <= set(_FRAMES) else ""
