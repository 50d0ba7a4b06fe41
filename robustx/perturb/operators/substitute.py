"""Operators that replace a string inside a word by what a table lists for it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from robustx.perturb.edits import Edit
from robustx.perturb.operators.base import Choices, Operator, joins, kept
from robustx.perturb.tables import Row, Table, is_mark
from robustx.text.analysis import Text
from robustx.text.scripts import script_of


class Substitute(Operator):
    """Replace a string inside a word by one that the table lists for it."""

    def __init__(self, table: Table) -> None:
        self.rows = table.rows
        self.lengths = sorted({len(source) for source in table.rows})
        self.first = frozenset(source[0] for source in table.rows)
        # characters with replacements that hold anywhere and attach to nothing: what most sites are
        self._plain = {
            source: tuple(row.to for row in rows)
            for source, rows in table.rows.items()
            if len(source) == 1
            and self.lengths == [1]
            and all(row.anywhere and row.weight == 1 and row.to and not joins(row.to[0]) for row in rows)
        }

    def sites(self, text: Text, word: int) -> list[int]:
        start, end = text.spans[word]
        source, first = text.source, self.first
        return [i for i in range(start, end) if source[i] in first]

    def edits(self, text: Text, site: int) -> Sequence[Edit]:
        source = text.source
        plain = self._plain.get(source[site])
        if plain and not joins(source[site + 1 : site + 2]):
            return Choices(site, site + 1, plain)
        start, end = text.spans[text.word_at(site)]
        word = source[start:end]
        found = []
        for length in self.lengths:
            stop = site + length
            rows = self.rows.get(source[site:stop]) if stop <= end else None
            if rows:
                follows = source[stop : stop + 1]
                found += [
                    Edit(site, stop, row.to)
                    for row in rows
                    if (row.to or stop - site < end - start)
                    and (row.anywhere or row.fits(word, site - start, stop - start))
                    and not (follows and joins(follows) and _parts(source[stop - 1], row.to, follows))
                ]
        return kept(text, found)


class SubstituteDecomposed(Operator):
    """Replace code points inside a cluster's canonical decomposition (NFD) by what the table lists, and compose again.

    This is how a dakuten, a tonos, a Vietnamese tone or one jamo of a Hangul syllable is reached. ``where`` is the place
    of the cluster in the word; ``after`` and ``before`` look inside the cluster.
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
        begins, ends = text.spans[text.word_at(start)]
        chosen = dict.fromkeys(
            made for made, row in self._variants(text.clusters[site]) if row.at(start == begins, end == ends)
        )
        return kept(text, [Edit(start, end, made) for made in chosen])

    def _make_variants(self, cluster: str) -> tuple[tuple[str, Row], ...]:
        parts = unicodedata.normalize("NFD", cluster)
        made: dict[tuple[str, Row], None] = {}
        for i in range(len(parts)):
            for length in self.lengths:
                for row in self.rows.get(parts[i : i + length], ()):
                    if not row.between(parts, i, i + length):
                        continue
                    variant = unicodedata.normalize("NFC", parts[:i] + row.to + parts[i + length :])
                    if variant and variant != cluster and not is_mark(variant[0]):
                        made[variant, row] = None
        return tuple(made)


def _parts(last: str, to: str, mark: str) -> bool:
    """Whether replacing a letter would part a mark that follows from the only letters it can stand on.

    A nukta makes another letter of its base; and a mark of one script on a letter of another shows a dotted circle.
    """
    if is_mark(last):
        return False
    return unicodedata.combining(mark) == _NUKTA or (bool(to) and script_of(to[-1]) != script_of(last))


_NUKTA = 7
"""Canonical combining class of nuktas (Unicode Standard, table 4-3)."""
