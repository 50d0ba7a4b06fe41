"""The operators: code that, for one analysed text, lists the sites it could touch and the edits it could make there.

An operator never returns a rewritten text, never draws a random number and knows nothing of models or budgets; sampling,
search and enumeration all choose among the same edits. Sites lie inside open words only. No edit leaves a mark without
its base, a word without a character or an NFC text out of NFC.

Different (site, edit) pairs of ``transpose``, ``delete``, ``duplicate``, and of ``insert`` with strings of one cluster,
make different texts. Rows of a substitution table may meet (``ab`` to ``b``, ``a`` to nothing), so a substitution may
be reached twice: who counts texts compares texts.
"""

from __future__ import annotations

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import overload

import regex

from robustx.perturb.edits import Edit
from robustx.perturb.tables import Row, Table, is_jamo, is_mark
from robustx.text.analysis import Text
from robustx.text.scripts import script_of


class Operator(ABC):
    """What every operator offers. A site is an offset that only the operator that listed it can read."""

    version = 1

    @abstractmethod
    def sites(self, text: Text, word: int) -> list[int]:
        """The places in one open word where this operator may have an edit."""

    @abstractmethod
    def edits(self, text: Text, site: int) -> Sequence[Edit]:
        """The edits at a site; may be empty."""


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
        return [] if _joins(left[0]) else _kept(text, made)


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
        return made if text.regular else _kept(text, made)


class Duplicate(Operator):
    """Type a cluster twice; of equal ones in a row, over words too, only the first."""

    def sites(self, text: Text, word: int) -> list[int]:
        first, end = text.words[word]
        clusters = text.clusters
        return [i for i in range(first, end) if i == 0 or clusters[i] != clusters[i - 1]]

    def edits(self, text: Text, site: int) -> list[Edit]:
        at = text.starts[site + 1]
        made = [Edit(at, at, text.clusters[site])]
        return made if text.regular else _kept(text, made)


class Insert(Operator):
    """Insert one of a table's strings between two clusters of a word."""

    def __init__(self, table: Table) -> None:
        strings = tuple(row.to for row in table.rows.get("", ()))
        self._joining = any(_joins(string[0]) for string in strings)
        self._but = lru_cache(maxsize=4096)(lambda cluster: tuple(s for s in strings if s != cluster))

    def sites(self, text: Text, word: int) -> list[int]:
        first, end = text.words[word]
        return list(range(first + 1, end))

    def edits(self, text: Text, site: int) -> Sequence[Edit]:
        # the same string before its equal would be the edit of the next site over again
        at = text.starts[site]
        made = _Choices(at, at, self._but(text.clusters[site]))
        return _kept(text, made) if self._joining or not text.regular else made


class _Choices(Sequence[Edit]):
    """One edit a string at the same place, made when it is asked for: of an alphabet of them, sampling takes one."""

    def __init__(self, start: int, end: int, strings: tuple[str, ...]) -> None:
        self._start, self._end, self._strings = start, end, strings

    def __len__(self) -> int:
        return len(self._strings)

    @overload
    def __getitem__(self, i: int) -> Edit: ...
    @overload
    def __getitem__(self, i: slice) -> list[Edit]: ...
    def __getitem__(self, i: int | slice) -> Edit | list[Edit]:
        if isinstance(i, int):
            return Edit(self._start, self._end, self._strings[i])
        return [Edit(self._start, self._end, string) for string in self._strings[i]]


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
            and all(row.where == "any" and row.to and not _joins(row.to[0]) for row in rows)
        }

    def sites(self, text: Text, word: int) -> list[int]:
        start, end = text.spans[word]
        source, first = text.source, self.first
        return [i for i in range(start, end) if source[i] in first]

    def edits(self, text: Text, site: int) -> Sequence[Edit]:
        source = text.source
        plain = self._plain.get(source[site])
        if plain and not _joins(source[site + 1 : site + 2]):
            return _Choices(site, site + 1, plain)
        start, end = text.spans[text.word_at(site)]
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
                    and (row.where == "any" or _fits(row, site == start, stop == end))
                    and not (follows and _joins(follows) and _parts(source[stop - 1], row.to, follows))
                ]
        return _kept(text, found)


class SubstituteDecomposed(Operator):
    """Replace code points inside a cluster's canonical decomposition (NFD) by what the table lists, and compose again.

    This is how a dakuten, a tonos, a Vietnamese tone or one jamo of a Hangul syllable is reached. ``where`` is the place
    of the cluster in the word.
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
            made for made, row in self._variants(text.clusters[site]) if _fits(row, start == begins, end == ends)
        )
        return _kept(text, [Edit(start, end, made) for made in chosen])

    def _make_variants(self, cluster: str) -> tuple[tuple[str, Row], ...]:
        parts = unicodedata.normalize("NFD", cluster)
        made: dict[tuple[str, Row], None] = {}
        for i in range(len(parts)):
            for length in self.lengths:
                for row in self.rows.get(parts[i : i + length], ()):
                    variant = unicodedata.normalize("NFC", parts[:i] + row.to + parts[i + length :])
                    if variant and variant != cluster and not is_mark(variant[0]):
                        made[variant, row] = None
        return tuple(made)


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


def _fits(row: Row, initial: bool, final: bool) -> bool:
    if row.where == "any":
        return True
    if row.where == "initial":
        return initial
    if row.where == "final":
        return final
    return not initial and not final


def _parts(last: str, to: str, mark: str) -> bool:
    """Whether replacing a letter would part a mark that follows from the only letters it can stand on.

    A nukta makes another letter of its base; and a mark of one script on a letter of another shows a dotted circle.
    """
    if is_mark(last):
        return False
    return unicodedata.combining(mark) == _NUKTA or (bool(to) and script_of(to[-1]) != script_of(last))


_NUKTA = 7
"""Canonical combining class of nuktas (Unicode Standard, table 4-3)."""


@lru_cache(maxsize=65536)
def _joins(character: str) -> bool:
    """Whether a code point can attach to the one before it: a mark, or a jamo that composes; nothing cannot."""
    return bool(character) and is_mark(character)


def _kept(text: Text, edits: Iterable[Edit]) -> list[Edit]:
    """The edits that leave the text as well formed as it was.

    Where neither the replacement nor what follows it begins with something that attaches backwards, nothing can change
    across the seams; else the text around the edit is looked at.
    """
    source, good = text.source, []
    for edit in edits:
        follows = source[edit.end : edit.end + 1]
        begins = edit.replacement[:1] or follows
        if (not (begins and _joins(begins)) and not (follows and _joins(follows))) or _sound(source, edit, begins):
            good.append(edit)
    return good


def _sound(source: str, edit: Edit, begins: str) -> bool:
    low, high = max(0, edit.start - 8), min(len(source), edit.end + 8)
    before = source[edit.start - 1 : edit.start] if edit.start else ""
    replaced = source[edit.start : min(edit.start + 1, edit.end)]
    if is_mark(begins) and not _bears(before, begins) and not (replaced and is_mark(replaced)):
        return False
    last, follows = edit.replacement[-1:], source[edit.end : edit.end + 1]
    if last and follows and is_mark(follows) and not _bears(last, follows) and _bears(source[edit.end - 1], follows):
        return False
    made = source[low : edit.start] + edit.replacement + source[edit.end : high]
    return unicodedata.is_normalized("NFC", made) or not unicodedata.is_normalized("NFC", source[low:high])


def _bears(base: str, mark: str) -> bool:
    """Whether a mark can stand on a code point, or on nothing: not on a space, a control character or punctuation."""
    if is_jamo(mark):
        return bool(base) and regex.fullmatch(r"\X", base + mark) is not None
    return bool(base) and (unicodedata.category(base)[0] in "LMNS" or base in "\u200c\u200d")
