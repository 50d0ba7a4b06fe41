"""The operator on what stands between two words: spaces that come, go or are of another kind."""

from __future__ import annotations

from robustx.perturb.edits import Edit
from robustx.perturb.operators.base import Operator, kept
from robustx.perturb.tables import Table
from robustx.text.analysis import Text


class Gap(Operator):
    """Replace the whole of what stands between two open words by what the table lists for it.

    The gap counts with the word before it. Between pseudo-words of a script without spaces there is no gap.
    """

    def __init__(self, table: Table) -> None:
        self._rows = table.rows

    def sites(self, text: Text, word: int) -> list[int]:
        if word + 1 >= len(text.spans) or not text.is_open(word + 1):
            return []
        end, start = text.spans[word][1], text.spans[word + 1][0]
        return [word] if end < start and text.source[end:start] in self._rows else []

    def edits(self, text: Text, site: int) -> list[Edit]:
        end, start = text.spans[site][1], text.spans[site + 1][0]
        return kept(text, [Edit(end, start, row.to) for row in self._rows[text.source[end:start]]])
