"""Operators on whole clusters that need no table, and stray insertions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import permutations

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


class Shuffle(Operator):
    """Put the inner clusters of a word in another order, the middle five of a long one; first and last stay.

    Belinkov and Bisk 2018, arXiv:1711.02173, call it Mid.
    """

    def __init__(self) -> None:
        self._orders = lru_cache(maxsize=65536)(_other_orders)

    def sites(self, text: Text, word: int) -> list[int]:
        first, end = text.words[word]
        inner = text.clusters[first + 1 : end - 1]
        return [word] if len(set(inner)) > 1 else []

    def edits(self, text: Text, site: int) -> Sequence[Edit]:
        first, end = text.words[site]
        low = first + 1 + max(0, end - first - 2 - _SHUFFLED) // 2
        high = min(end - 1, low + _SHUFFLED)
        start, stop = text.starts[low], text.starts[high]
        made = Choices(start, stop, self._orders(tuple(text.clusters[low:high])))
        return made if text.regular else kept(text, made)


_SHUFFLED = 5


def _other_orders(clusters: tuple[str, ...]) -> tuple[str, ...]:
    """Every other order of the clusters, each text once."""
    return tuple(sorted({"".join(order) for order in permutations(clusters)} - {"".join(clusters)}))


class Insert(Operator):
    """Insert one of a table's strings between two clusters of a word; ``after`` and ``before`` say where it may stand."""

    def __init__(self, table: Table) -> None:
        rows = table.rows.get("", ())
        self._joining = any(joins(row.to[0]) for row in rows)
        self._looks = any(row.after or row.before for row in rows)
        # the same string before its equal would be the edit of the next site over again
        self._fitting = lru_cache(maxsize=65536)(
            lambda before, cluster: tuple(
                row.to for row in rows if row.to != cluster and (not before or row.between(before + cluster, 1, 1))
            )
        )

    def sites(self, text: Text, word: int) -> list[int]:
        first, end = text.words[word]
        return list(range(first + 1, end))

    def edits(self, text: Text, site: int) -> Sequence[Edit]:
        at = text.starts[site]
        made = Choices(at, at, self._fitting(text.source[at - 1] if self._looks else "", text.clusters[site]))
        return kept(text, made) if self._joining or not text.regular else made


class Mistype(Insert):
    """Type a stray character and delete it again: a letter of the table, and U+0008 BACKSPACE.

    A terminal shows nothing of it (Boucher et al. 2022, arXiv:2106.09898, section IV-D).
    """

    def __init__(self, table: Table) -> None:
        rows = [row for row in table.rows.get("", ()) if len(row.to) == 1 and not joins(row.to)]
        deleted = tuple(row._replace(to=row.to + "\u0008") for row in rows)
        super().__init__(Table({"": deleted}, table.form, table.facts))
