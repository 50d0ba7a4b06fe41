"""The operator that writes a whole word anew by the rules of a table: another script, another layout, another alphabet."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from robustx.perturb.edits import Edit
from robustx.perturb.operators.base import Operator, Weighted, joins, kept
from robustx.perturb.tables import EDGE, Row, Table, in_set, is_mark, sets_of
from robustx.text.analysis import Text

BEST = 20
"""How many spellings of a word are kept, the likeliest."""
_BEAM = 2 * BEST  # of a word begun: ways that lead to the same letters add up, so a late one may still overtake


Ways = tuple[tuple[str, float], ...]
"""What may be written for a string, each with its share."""


class Spelling(NamedTuple):
    """One way to write a word, and its share among the ways that the rules give."""

    written: str
    share: float


class Respell(Operator):
    """Write a word anew, from its beginning, by the longest string that the table has a fitting row for.

    Where several rows of that string fit, each gives a spelling, as likely as its weight among them; the ``BEST``
    likeliest of the word are its edits: people romanise in many ways (Roark et al. 2020, arXiv:2007.01176). What no row
    covers is copied, or, where the table says ``# cover: all``, the word is left alone. ``# case: fold`` matches in
    lower case and writes in the case of the word.
    """

    def __init__(self, table: Table) -> None:
        self._rows = table.rows
        self._lengths = sorted({len(source) for source in table.rows}, reverse=True)
        self._decomposed = table.form == "NFD"
        self._copies = table.facts.get("cover", "some") == "some"
        self._folds = table.facts.get("case") == "fold"
        self._reach = max((row.reach for rows in table.rows.values() for row in rows), default=1)
        self._near = lru_cache(maxsize=65536)(self._fitting_near)
        self._ways = lru_cache(maxsize=65536)(self._fitting)
        self.spellings = lru_cache(maxsize=65536)(self._spellings)

    def sites(self, text: Text, word: int) -> list[int]:
        start, end = text.spans[word]
        return [start] if self.spellings(text.source[start:end]) else []

    def edits(self, text: Text, site: int) -> Sequence[Edit]:
        start, end = text.spans[text.word_at(site)]
        found = self.spellings(text.source[start:end])
        if not text.regular or joins(text.source[end : end + 1]):
            sound = {edit.replacement for edit in kept(text, [Edit(start, end, one.written) for one in found])}
            found = tuple(one for one in found if one.written in sound)
        return Weighted(start, end, tuple(one.written for one in found), tuple(one.share for one in found))

    def _spellings(self, word: str) -> tuple[Spelling, ...]:
        """The spellings of a word that differ from it, likeliest first; those of equal share in code point order."""
        matched = unicodedata.normalize("NFD", word) if self._decomposed else word
        if self._folds:
            lowered = matched.lower()
            matched = lowered if len(lowered) == len(matched) else matched
        shares: dict[str, float] = {}
        for written, share in self._written(matched):
            finished = unicodedata.normalize("NFC", _cased(written, word) if self._folds else written)
            if finished != word and finished and not is_mark(finished[0]):
                shares[finished] = shares.get(finished, 0.0) + share
        return tuple(Spelling(*found) for found in sorted(shares.items(), key=_likeliest)[:BEST])

    def _written(self, word: str) -> list[tuple[str, float]]:
        """The likeliest ways to write a word, with their shares; none where a part of it is not covered."""
        beam, at = [("", 1.0)], 0
        while at < len(word):
            stop, ways = self._longest(word, at)
            if len(ways) == 1:
                beam = [(made + ways[0][0], share) for made, share in beam]
            elif ways:
                beam = _onward(beam, ways)
            elif self._copies:
                beam = [(made + word[at:stop], share) for made, share in beam]
            else:
                return []
            at = stop
        return beam

    def _longest(self, word: str, at: int) -> tuple[int, Ways]:
        """Where the longest string with fitting rows ends, and its ways; one code point on and none, if nothing fits."""
        for length in self._lengths:
            stop = at + length
            if stop <= len(word) and word[at:stop] in self._rows:
                left = word[max(0, at - self._reach) : at]
                ways = self._ways(left, word[at:stop], word[stop : stop + self._reach])
                if ways:
                    return stop, ways
        return at + 1, ()

    def _fitting(self, left: str, string: str, right: str) -> Ways:
        """What is written for a string between its neighbours, each way with its share; empty where no row fits."""
        around, start = left + string + right, len(left)
        near = self._near(left[-1:], string, right[:1])
        fitting = [row for rows in near if rows[0].between(around, start, start + len(string)) for row in rows]
        total = sum(row.weight for row in fitting)
        return tuple(sorted(((row.to, row.weight / total) for row in fitting), key=_likeliest))

    def _fitting_near(self, left: str, string: str, right: str) -> list[tuple[Row, ...]]:
        """The rows of a string that its nearest neighbours allow, those with the same condition together."""
        alike: dict[tuple[str, str, str], list[Row]] = {}
        for row in self._rows[string]:
            alike.setdefault((row.where, row.after, row.before), []).append(row)
        found = []
        for (_, after, before), rows in alike.items():
            if rows[0].at(not left, not right) and _nearest(after, -1, left) and _nearest(before, 0, right):
                found.append(tuple(rows))
        return found


def _nearest(sets: str, at: int, character: str) -> bool:
    return not sets or in_set(sets_of(sets)[at], character or EDGE)


def _onward(beam: list[tuple[str, float]], ways: Ways) -> list[tuple[str, float]]:
    """The likeliest of all words begun with all ways to go on; both are sorted, the likeliest first."""
    shares: dict[str, float] = {}
    for n, (made, share) in enumerate(beam, start=1):
        # at least n times as many as there are ways before this one are likelier
        for to, weight in ways[: max(1, _BEAM // n)]:
            shares[made + to] = shares.get(made + to, 0.0) + share * weight
    return sorted(shares.items(), key=_likeliest)[:_BEAM]


def _likeliest(one: tuple[str, float]) -> tuple[float, str]:
    # rounded, for products that differ only in the order of their factors are a tie
    return -round(one[1], 15), one[0]


def _cased(written: str, word: str) -> str:
    if word.isupper() and len(word) > 1:
        return written.upper()
    return written[:1].upper() + written[1:] if word[:1].isupper() else written
