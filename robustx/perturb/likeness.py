"""How alike a text still looks once edits are made: the likeness of its words as they are drawn, weighted by their width.

What no edit touches is not drawn, for it looks as it did.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import NamedTuple

from robustx.perturb.edits import Edit, apply
from robustx.text.analysis import Text
from robustx.text.languages import language
from robustx.text.look import Look


class Seen(NamedTuple):
    """What is to be seen of a text, in ems of width: all of it, and as much as no longer looks as it did."""

    width: float
    lost: float

    def plus(self, other: Seen) -> Seen:
        """Two fields together."""
        return Seen(self.width + other.width, self.lost + other.lost)

    @property
    def likeness(self) -> float:
        """Mean likeness over the width, in [0, 1], to three decimals, so that it has the same bytes wherever it is kept."""
        return round(max(0.0, 1 - self.lost / self.width), 3) if self.width else 1.0


UNSEEN = Seen(0.0, 0.0)


def seen(text: Text, edits: Iterable[Edit], look: Look) -> Seen:
    """What edits leave of a text's looks; a word counts with its width before or after, whichever is more.

    Raises:
        UsageError: a font or a package is missing.
    """
    script = language(text.language).script
    width, lost = look.width(text.source, script), 0.0
    for before, after in redrawn(text, edits):
        old, new = look.width(before, script), look.width(after, script)
        width += max(old, new) - old
        lost += max(old, new) * (1 - look.likeness(before, after, script))
    return Seen(width, lost)


def redrawn(text: Text, edits: Iterable[Edit]) -> Iterator[tuple[str, str]]:
    """(before, after) of every stretch of whole words that edits touch, in order; words that one edit joins or parts, and
    the neighbours of what changes between words, stand together."""
    stretches: list[tuple[int, int, list[Edit]]] = []
    for edit in sorted(edits):
        start, end = _stretch(text, edit)
        if stretches and start < stretches[-1][1]:
            low, high, inside = stretches.pop()
            stretches.append((min(low, start), max(high, end), [*inside, edit]))
        else:
            stretches.append((start, end, [edit]))
    for start, end, inside in stretches:
        before = text.source[start:end]
        yield before, apply(before, [Edit(e.start - start, e.end - start, e.replacement) for e in inside])


def _stretch(text: Text, edit: Edit) -> tuple[int, int]:
    """Where the words begin and end that an edit overlaps or, if there are none, that it touches."""
    first = bisect_right(text.spans, edit.start, key=itemgetter(1))
    last = bisect_left(text.spans, edit.end, key=itemgetter(0))
    if first >= last:
        first = bisect_left(text.spans, edit.start, key=itemgetter(1))
        last = bisect_right(text.spans, edit.end, key=itemgetter(0))
    touched = text.spans[first:last]
    return (min(edit.start, touched[0][0]), max(edit.end, touched[-1][1])) if touched else (edit.start, edit.end)
