"""The operator on digits: the same number in the digits of another script."""

from __future__ import annotations

import unicodedata

from robustx.perturb.edits import Edit
from robustx.perturb.operators.base import Operator
from robustx.perturb.tables import Table
from robustx.text.analysis import Text


class OtherDigits(Operator):
    """Write a run of digits in the other digits of the language; the value stays.

    Digits are protected, and this is the one operator that touches them: a run that is protected for being digits and
    nothing more, not one in a URL or a placeholder.
    """

    def __init__(self, table: Table) -> None:
        self._rows = table.rows
        for source, rows in table.rows.items():
            for row in rows:
                if unicodedata.digit(source, -1) != unicodedata.digit(row.to, -2):
                    raise ValueError(f"{source!r} and {row.to!r} are not the same digit")

    def closed(self, text: Text) -> frozenset[int]:
        return frozenset()

    def sites(self, text: Text, word: int) -> list[int]:
        start, end = text.spans[word]
        return [s for s, e in text.protected if start <= s and e <= end and text.source[s] in self._rows]

    def edits(self, text: Text, site: int) -> list[Edit]:
        ends = [e for s, e in text.protected if s == site]
        run = text.source[site : min(ends)]
        if len(ends) != 1 or any(s < ends[0] and site < e for s, e in text.protected if s != site):
            return []
        columns = [self._rows.get(digit, ()) for digit in run]
        count = min(map(len, columns))
        return [Edit(site, ends[0], "".join(rows[i].to for rows in columns)) for i in range(count)]
