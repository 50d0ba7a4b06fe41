"""What a table lets a string become between its neighbours: the longest string with fitting rows, and their shares."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice

from robustx.perturb.tables import EDGE, Row, Table, in_set, sets_of

Ways = tuple[tuple[str, float], ...]
"""What may be written for a string, each with its share, the likeliest first."""


class Rules:
    """The rows of a table, asked for the longest string at a place that has fitting ones.

    All rows that fit count; with the fact ``# choice: first``, only those with the first condition that holds, as the
    rules of an orthography are told: from the special to the general.

    Attributes:
        reach: how many code points to each side the rows ask of, at most.
    """

    def __init__(self, table: Table) -> None:
        self._rows = table.rows
        self._lengths = sorted({len(source) for source in table.rows}, reverse=True)
        self.reach = max((row.reach for rows in table.rows.values() for row in rows), default=1)
        self._placed = any(row.where != "any" for rows in table.rows.values() for row in rows)
        self._first = table.facts.get("choice") == "first"
        self._conditions = lru_cache(maxsize=4096)(self._by_condition)
        self._near = lru_cache(maxsize=65536)(self._fitting_near)
        self._ways = lru_cache(maxsize=65536)(self._fitting)

    def longest(self, word: str, at: int, before: str, after: str) -> tuple[int, Ways]:
        """Where the longest string with fitting rows ends, and its ways; one code point on and none, if nothing fits.

        ``before`` and ``after`` are what stands beside the word, or nothing at an edge.
        """
        for length in self._lengths:
            stop = at + length
            if stop <= len(word) and word[at:stop] in self._rows:
                left = (before + word[max(0, at - self.reach) : at])[-self.reach :]
                right = (word[stop : stop + self.reach] + after)[: self.reach]
                placed = self._placed  # else all places are one to the caches
                ways = self._ways(left, word[at:stop], right, placed and at == 0, placed and stop == len(word))
                if ways:
                    return stop, ways
        return at + 1, ()

    def _fitting(self, left: str, string: str, right: str, initial: bool, final: bool) -> Ways:
        """What is written for a string between its neighbours, each way with its share; empty where no row fits."""
        around, start = left + string + right, len(left)
        near = self._near(left[-1:], string, right[:1], initial, final)
        conditions = (rows for rows in near if rows[0].between(around, start, start + len(string)))
        fitting = [row for rows in islice(conditions, 1 if self._first else None) for row in rows]
        total = sum(row.weight for row in fitting)
        return tuple(sorted(((row.to, row.weight / total) for row in fitting), key=likeliest))

    def _fitting_near(self, left: str, string: str, right: str, initial: bool, final: bool) -> list[tuple[Row, ...]]:
        """The rows of a string that its nearest neighbours allow, those with the same condition together."""
        found = []
        for (_, after, before), rows in self._conditions(string).items():
            if rows[0].at(initial, final) and _nearest(after, -1, left) and _nearest(before, 0, right):
                found.append(rows)
        return found

    def _by_condition(self, string: str) -> dict[tuple[str, str, str], tuple[Row, ...]]:
        """The rows of a string by their condition, in the order of the table."""
        alike: dict[tuple[str, str, str], list[Row]] = {}
        for row in self._rows[string]:
            alike.setdefault((row.where, row.after, row.before), []).append(row)
        return {condition: tuple(rows) for condition, rows in alike.items()}


def likeliest(one: tuple[str, float]) -> tuple[float, str]:
    """The order of ways: by falling share, equal ones by code points."""
    # rounded, for products that differ only in the order of their factors are a tie
    return -round(one[1], 15), one[0]


def _nearest(sets: str, at: int, character: str) -> bool:
    return not sets or in_set(sets_of(sets)[at], character or EDGE)
