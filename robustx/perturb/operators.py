"""The operators: code that, for one analysed text, lists the sites it could touch and the edits it could make there.

An operator never returns a rewritten text, never draws a random number and knows nothing of models or budgets; sampling,
search and enumeration all choose among the same edits. Sites lie inside open words only. No edit leaves a mark without
its base or an NFC text out of NFC, and two different (site, edit) pairs never make the same text.
"""

from __future__ import annotations

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import lru_cache

from robustx.perturb.edits import Edit
from robustx.perturb.tables import Row, Table, is_mark
from robustx.text.analysis import Text


class Operator(ABC):
    """What every operator offers. A site is an offset that only the operator that listed it can read."""

    version = 1

    @abstractmethod
    def sites(self, text: Text, word: int) -> list[int]:
        """The places in one open word where this operator may have an edit."""

    @abstractmethod
    def edits(self, text: Text, site: int) -> list[Edit]:
        """The edits at a site; may be empty."""


class Transpose(Operator):
    """Swap two neighbouring clusters of a word (Damerau 1964, doi:10.1145/363958.363994)."""

    def sites(self, text: Text, word: int) -> list[int]:
        first, end = text.words[word]
        clusters = text.clusters
        return [i for i in range(first, end - 1) if clusters[i] != clusters[i + 1] and not is_mark(clusters[i][0])]

    def edits(self, text: Text, site: int) -> list[Edit]:
        left, right = text.clusters[site], text.clusters[site + 1]
        return _kept(text, [Edit(text.starts[site], text.starts[site + 2], right + left)])


class Delete(Operator):
    """Leave out a cluster of a word that has at least two; of a run of equal ones, only the first."""

    def sites(self, text: Text, word: int) -> list[int]:
        first, end = text.words[word]
        if end - first < 2:
            return []
        clusters = text.clusters
        return [i for i in range(first, end) if i == first or clusters[i] != clusters[i - 1]]

    def edits(self, text: Text, site: int) -> list[Edit]:
        return _kept(text, [Edit(text.starts[site], text.starts[site + 1], "")])


class Duplicate(Operator):
    """Type a cluster twice; of a run of equal ones, only the first."""

    def sites(self, text: Text, word: int) -> list[int]:
        first, end = text.words[word]
        clusters = text.clusters
        return [
            i
            for i in range(first, end)
            if (i == first or clusters[i] != clusters[i - 1]) and not is_mark(clusters[i][0])
        ]

    def edits(self, text: Text, site: int) -> list[Edit]:
        at = text.starts[site + 1]
        return _kept(text, [Edit(at, at, text.clusters[site])])


class Insert(Operator):
    """Insert one of a table's strings between two clusters of a word."""

    def __init__(self, table: Table) -> None:
        self.strings = tuple(row.to for row in table.rows.get("", ()))

    def sites(self, text: Text, word: int) -> list[int]:
        first, end = text.words[word]
        return list(range(first + 1, end))

    def edits(self, text: Text, site: int) -> list[Edit]:
        at, after = text.starts[site], text.clusters[site]
        return _kept(text, [Edit(at, at, string) for string in self.strings if string != after])


class Substitute(Operator):
    """Replace a string inside a word by one that the table lists for it."""

    def __init__(self, table: Table) -> None:
        self.rows = table.rows
        self.lengths = sorted({len(source) for source in table.rows})
        self.first = frozenset(source[0] for source in table.rows)

    def sites(self, text: Text, word: int) -> list[int]:
        start, end = text.word_span(word)
        source, first = text.source, self.first
        return [i for i in range(start, end) if source[i] in first]

    def edits(self, text: Text, site: int) -> list[Edit]:
        start, end = _word_around(text, site)
        found = []
        for length in self.lengths:
            stop = site + length
            for row in self.rows.get(text.source[site:stop], ()) if stop <= end else ():
                if _fits(row, site == start, stop == end):
                    found.append(Edit(site, stop, row.to))
        return _kept(text, found)


class SubstituteDecomposed(Operator):
    """Replace code points inside a cluster's canonical decomposition (NFD) by what the table lists, and compose again.

    This is how a dakuten, a tonos, a Vietnamese tone or one jamo of a Hangul syllable is reached.
    """

    def __init__(self, table: Table) -> None:
        self.rows = table.rows
        self.lengths = sorted({len(source) for source in table.rows})
        self._variants = lru_cache(maxsize=65536)(self._make_variants)

    def sites(self, text: Text, word: int) -> list[int]:
        first, end = text.words[word]
        clusters, variants = text.clusters, self._variants
        return [i for i in range(first, end) if variants(clusters[i])]

    def edits(self, text: Text, site: int) -> list[Edit]:
        start, end = text.starts[site], text.starts[site + 1]
        return _kept(text, [Edit(start, end, variant) for variant in self._variants(text.clusters[site])])

    def _make_variants(self, cluster: str) -> tuple[str, ...]:
        parts = unicodedata.normalize("NFD", cluster)
        made: dict[str, None] = {}
        for i in range(len(parts)):
            for length in self.lengths:
                for row in self.rows.get(parts[i : i + length], ()):
                    if i and is_mark(parts[i]) or not row.to or not is_mark(row.to[0]):
                        made[unicodedata.normalize("NFC", parts[:i] + row.to + parts[i + length :])] = None
        made.pop(cluster, None)
        return tuple(variant for variant in made if variant and not is_mark(variant[0]))


PLAIN: dict[str, type[Transpose] | type[Delete] | type[Duplicate]] = {
    "transpose": Transpose,
    "delete": Delete,
    "duplicate": Duplicate,
}
"""Operators that need no table, by the name a card calls them."""


def make_operator(name: str, table: Table | None) -> Operator:
    """The operator of a card: its name, and its table as it holds for one language."""
    if table is None:
        return PLAIN[name]()
    if name == "insert":
        return Insert(table)
    return SubstituteDecomposed(table) if table.form == "NFD" else Substitute(table)


def _word_around(text: Text, offset: int) -> tuple[int, int]:
    spans = text.spans
    low, high = 0, len(spans)
    while low < high:
        middle = (low + high) // 2
        if spans[middle][1] <= offset:
            low = middle + 1
        else:
            high = middle
    return spans[low]


def _fits(row: Row, initial: bool, final: bool) -> bool:
    if row.where == "any":
        return True
    if row.where == "initial":
        return initial
    if row.where == "final":
        return final
    return not initial and not final


def _kept(text: Text, edits: Sequence[Edit]) -> list[Edit]:
    """The edits that leave the text as well formed as it was: seen in a window that normalisation cannot reach beyond."""
    source, good = text.source, []
    for edit in edits:
        low, high = max(0, edit.start - 8), min(len(source), edit.end + 8)
        made = source[low : edit.start] + edit.replacement + source[edit.end : high]
        begins = edit.replacement[:1] or source[edit.end : edit.end + 1]
        orphan = edit.start == 0 and begins and is_mark(begins) and not is_mark(source[:1])
        if not orphan and (unicodedata.is_normalized("NFC", made) or not unicodedata.is_normalized("NFC", source[low:high])):
            good.append(edit)
    return good
