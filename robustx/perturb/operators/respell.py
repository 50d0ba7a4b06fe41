"""The operator that writes a whole word anew by the rules of a table: another script, another layout, another alphabet."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from robustx.perturb.edits import Edit
from robustx.perturb.operators.base import Operator, Weighted, joins, kept
from robustx.perturb.operators.ways import Rules, Ways, likeliest
from robustx.perturb.tables import Table, is_mark
from robustx.text.analysis import Text
from robustx.text.scripts import script_of

BEST = 20
"""How many spellings of a word are kept, the likeliest."""
_BEAM = 2 * BEST  # of a word begun: ways that lead to the same letters add up, so a late one may still overtake


class Spelling(NamedTuple):
    """One way to write a word, and its share among the ways that the rules give."""

    written: str
    share: float


class Respell(Operator):
    """Write a word anew, from its beginning, by the longest string that the table has a fitting row for.

    Where several rows of that string fit, each gives a spelling, as likely as its weight among them; the ``BEST``
    likeliest of the word are its edits: people romanise in many ways (Roark et al. 2020, arXiv:2007.01176). What no row
    covers is copied, or, where the table says ``# cover: all``, the word is left alone. ``# case: fold`` matches in
    lower case and writes in the case of the word; ``# choice: first`` lets only the first condition that holds count.

    Two facts serve scripts without spaces, whose words are cut by rule: with ``# context: text``, ``after`` and
    ``before`` see the letters, marks and digits beyond the edge of the word, and the edge only where there are none;
    and a word that runs on into the next gets a space behind it with ``# apart: word``, or with ``# apart: script``
    where the next is of another script (as a Japanese phrase ends where kana go over into kanji).
    """

    def __init__(self, table: Table) -> None:
        self._rules = Rules(table)
        self._decomposed = table.form == "NFD"
        self._copies = table.facts.get("cover", "some") == "some"
        self._folds = table.facts.get("case") == "fold"
        self._looks_out = table.facts.get("context", "word") == "text"
        self._apart = table.facts.get("apart", "")
        self.spellings = lru_cache(maxsize=65536)(self._spellings)

    def sites(self, text: Text, word: int) -> list[int]:
        return [text.spans[word][0]] if self._of(text, *text.spans[word]) else []

    def edits(self, text: Text, site: int) -> Sequence[Edit]:
        start, end = text.spans[text.word_at(site)]
        found = self._of(text, start, end)
        if self._apart and self._runs_on(text.source[end - 1], text.source[end : end + 1]):
            found = tuple(Spelling(one.written + " ", one.share) for one in found)
        if not text.regular or joins(text.source[end : end + 1]):
            sound = {edit.replacement for edit in kept(text, [Edit(start, end, one.written) for one in found])}
            found = tuple(one for one in found if one.written in sound)
        return Weighted(start, end, tuple(one.written for one in found), tuple(one.share for one in found))

    def _of(self, text: Text, start: int, end: int) -> tuple[Spelling, ...]:
        word = text.source[start:end]
        if not self._looks_out:
            return self.spellings(word)
        reach = self._rules.reach
        before = text.source[max(0, start - reach) : start]
        after = text.source[end : end + reach]
        return self.spellings(word, _run(before[::-1])[::-1], _run(after))

    def _runs_on(self, last: str, follows: str) -> bool:
        """Whether what follows a word is a word that a space should part from it."""
        return follows.isalnum() and (self._apart == "word" or script_of(last) != script_of(follows))

    def _spellings(self, word: str, before: str = "", after: str = "") -> tuple[Spelling, ...]:
        """The spellings of a word that differ from it, likeliest first; those of equal share in code point order.

        ``before`` and ``after`` are the letters, marks and digits that stand beside it, or nothing at an edge.
        """
        matched = unicodedata.normalize("NFD", word) if self._decomposed else word
        if self._folds:
            lowered = matched.lower()
            matched = lowered if len(lowered) == len(matched) else matched
        shares: dict[str, float] = {}
        for written, share in self._written(matched, before, after):
            finished = unicodedata.normalize("NFC", _cased(written, word) if self._folds else written)
            if finished != word and finished and not is_mark(finished[0]):
                shares[finished] = shares.get(finished, 0.0) + share
        return tuple(Spelling(*found) for found in sorted(shares.items(), key=likeliest)[:BEST])

    def _written(self, word: str, before: str, after: str) -> list[tuple[str, float]]:
        """The likeliest ways to write a word, with their shares; none where a part of it is not covered."""
        beam, at = [("", 1.0)], 0
        while at < len(word):
            stop, ways = self._rules.longest(word, at, before, after)
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


def _onward(beam: list[tuple[str, float]], ways: Ways) -> list[tuple[str, float]]:
    """The likeliest of all words begun with all ways to go on; both are sorted, the likeliest first."""
    shares: dict[str, float] = {}
    for n, (made, share) in enumerate(beam, start=1):
        # at least n times as many as there are ways before this one are likelier
        for to, weight in ways[: max(1, _BEAM // n)]:
            shares[made + to] = shares.get(made + to, 0.0) + share * weight
    return sorted(shares.items(), key=likeliest)[:_BEAM]


def _run(beside: str) -> str:
    """What a word sees of what stands beside it: letters, marks and digits, as far as they run on."""
    return "".join(takewhile(lambda c: c.isalnum() or is_mark(c), beside))


def _cased(written: str, word: str) -> str:
    if word.isupper() and len(word) > 1:
        return written.upper()
    return written[:1].upper() + written[1:] if word[:1].isupper() else written
