"""The operator on what stands between two words: spaces and punctuation that come, go or are of another kind."""

from __future__ import annotations

from robustx.perturb.edits import Edit
from robustx.perturb.operators.base import Operator, kept
from robustx.perturb.tables import Table
from robustx.text.analysis import Text


class Gap(Operator):
    """Replace the whole of what stands between two open words, or after the last, by what the table lists for it.

    The gap counts with the word before it. Between pseudo-words of a script without spaces there is no gap.
    """

    def __init__(self, table: Table) -> None:
        self._rows = table.rows

    def sites(self, text: Text, word: int) -> list[int]:
        if word + 1 < len(text.spans) and not text.is_open(word + 1):
            return []
        start, end = _gap(text, word)
        return [word] if start < end and text.source[start:end] in self._rows else []

    def edits(self, text: Text, site: int) -> list[Edit]:
        start, end = _gap(text, site)
        return kept(text, [Edit(start, end, row.to) for row in self._rows[text.source[start:end]]])


def _gap(text: Text, word: int) -> tuple[int, int]:
    """From the end of a word to the next one, or to the end of the text, white space there left out."""
    end = text.spans[word][1]
    if word + 1 < len(text.spans):
        return end, text.spans[word + 1][0]
    return end, end + len(text.source[end:].rstrip())
