"""Operators on whole clusters that need no table, and stray insertions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from robustx.perturb.edits import Edit
from robustx.perturb.operators.base import Choices, Operator, joins, kept
from robustx.perturb.tables import Table
from robustx.text.analysis import Text


class Transpose(Operator):
    """Swap two neighbouring clusters of a word (Damerau 1964, doi:10.1145/363958.363994)."""

    def sites(self, text: Text, word: int) -> list[int]:
        first, end = text.words[word]
        clusters = text.clusters
        return [i for i in range(first, end - 1) if clusters[i] != clusters[i + 1]]

    def edits(self, text: Text, site: int) -> list[Edit]:
        left, right = text.clusters[site], text.clusters[site + 1]
        made = [Edit(text.starts[site], text.starts[site + 2], right + left)]
        if text.regular:
            return made
        return [] if joins(left[0]) else kept(text, made)


class Delete(Operator):
    """Leave out a cluster of a word that has at least two; of equal ones in a row, over words too, only the first."""

    def sites(self, text: Text, word: int) -> list[int]:
        first, end = text.words[word]
        if end - first < 2:
            return []
        clusters = text.clusters
        return [i for i in range(first, end) if i == 0 or clusters[i] != clusters[i - 1]]

    def edits(self, text: Text, site: int) -> list[Edit]:
        made = [Edit(text.starts[site], text.starts[site + 1], "")]
        return made if text.regular else kept(text, made)


class Duplicate(Operator):
    """Type a cluster twice; of equal ones in a row, over words too, only the first."""

    def sites(self, text: Text, word: int) -> list[int]:
        first, end = text.words[word]
        clusters = text.clusters
        return [i for i in range(first, end) if i == 0 or clusters[i] != clusters[i - 1]]

    def edits(self, text: Text, site: int) -> list[Edit]:
        at = text.starts[site + 1]
        made = [Edit(at, at, text.clusters[site])]
        return made if text.regular else kept(text, made)


class Insert(Operator):
    """Insert one of a table's strings between two clusters of a word."""

    def __init__(self, table: Table) -> None:
        strings = tuple(row.to for row in table.rows.get("", ()))
        self._joining = any(joins(string[0]) for string in strings)
        self._but = lru_cache(maxsize=4096)(lambda cluster: tuple(s for s in strings if s != cluster))

    def sites(self, text: Text, word: int) -> list[int]:
        first, end = text.words[word]
        return list(range(first + 1, end))

    def edits(self, text: Text, site: int) -> Sequence[Edit]:
        # the same string before its equal would be the edit of the next site over again
        at = text.starts[site]
        made = Choices(at, at, self._but(text.clusters[site]))
        return kept(text, made) if self._joining or not text.regular else made
