"""The operators on normalisation forms: the same text in other code points."""

from __future__ import annotations

import unicodedata

from robustx.perturb.edits import Edit
from robustx.perturb.operators.base import Operator
from robustx.perturb.tables import Table
from robustx.text.analysis import Text


class Decompose(Operator):
    """Write a cluster in its canonical decomposition (NFD, UAX #15): the same to the eye, other code points to a model."""

    def sites(self, text: Text, word: int) -> list[int]:
        first, end = text.words[word]
        clusters = text.clusters
        return [i for i in range(first, end) if not unicodedata.is_normalized("NFD", clusters[i])]

    def edits(self, text: Text, site: int) -> list[Edit]:
        made = unicodedata.normalize("NFD", text.clusters[site])
        return [Edit(text.starts[site], text.starts[site + 1], made)]


class Equivalent(Operator):
    """Replace a string by a canonically equivalent one (Unicode Standard, D70) that its table lists.

    Equivalence holds in any surroundings, so the edits need no further check. The table says ``# form: any``.
    """

    def __init__(self, table: Table) -> None:
        self._rows = {source: tuple(row.to for row in rows) for source, rows in table.rows.items()}
        self._lengths = sorted({len(source) for source in table.rows})
        self._first = frozenset(source[0] for source in table.rows)
        for source, strings in self._rows.items():
            for to in strings:
                if unicodedata.normalize("NFD", source) != unicodedata.normalize("NFD", to):
                    raise ValueError(f"{source!r} and {to!r} are not canonically equivalent")

    def sites(self, text: Text, word: int) -> list[int]:
        start, end = text.spans[word]
        source = text.source
        return [i for i in range(start, end) if source[i] in self._first and self._found(source, i, end)]

    def edits(self, text: Text, site: int) -> list[Edit]:
        end = text.spans[text.word_at(site)][1]
        return self._found(text.source, site, end)

    def _found(self, source: str, site: int, end: int) -> list[Edit]:
        return [
            Edit(site, site + length, to)
            for length in self._lengths
            if site + length <= end
            for to in self._rows.get(source[site : site + length], ())
        ]
