"""Decision trees on the code points around a piece: what its letters depend on, as the rows of a table can say it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from align import Piece

EDGE = "#"
REACH = 2
"""How many code points to each side a question may ask of."""

Sets = tuple[frozenset[str], ...]
"""Of each neighbour, from the leftmost to the rightmost, what it may be."""


class Seen(NamedTuple):
    """A piece as the tree sees it: its neighbours, its letters and how often."""

    neighbours: tuple[str, ...]
    chunk: str
    count: float


Shares = dict[str, float]

TRUST = 15.0
"""How many pieces of a node its parent's shares are worth (interpolated as in Witten-Bell smoothing)."""


class Leaf(NamedTuple):
    """Pieces with the same kind of neighbours, and which letters they have how often."""

    sets: Sets
    shares: Shares


def seen(piece: Piece) -> Seen:
    """The piece with ``REACH`` neighbours to each side."""
    word = EDGE * REACH + piece.word + EDGE * REACH
    start, stop = piece.start + REACH, piece.stop + REACH
    return Seen((*word[start - REACH : start], *word[stop : stop + REACH]), piece.chunk, piece.count)


def grown(found: Sequence[Seen], classes: Sequence[frozenset[str]], gain: float, least: float) -> Iterator[Leaf]:
    """The leaves of the tree that asks, again and again, the question that tells most about the letters.

    Args:
        found: the pieces of one string.
        classes: the sets that a question may ask for; single code points are asked for as well.
        gain: bits that a question must save over all pieces of a node.
        least: how many pieces each side of a question must have.
    """
    everything = frozenset().union(*classes)
    yield from _grown(list(found), (everything,) * (2 * REACH), {}, classes, gain, least)


def _grown(
    found: list[Seen], sets: Sets, prior: Shares, classes: Sequence[frozenset[str]], gain: float, least: float
) -> Iterator[Leaf]:
    chunks = _count(found)
    shares = _smoothed(chunks, prior)
    best: tuple[float, int, frozenset[str]] | None = None
    for at in range(2 * REACH):
        by_neighbour: dict[str, Counter[str]] = {}
        for one in found:
            by_neighbour.setdefault(one.neighbours[at], Counter())[one.chunk] += one.count
        for asked in [*classes, *(frozenset(c) for c in sorted(by_neighbour))]:
            yes: Counter[str] = Counter()
            for neighbour in sorted(by_neighbour):
                if neighbour in asked:
                    yes.update(by_neighbour[neighbour])
            no = chunks - yes
            if min(yes.total(), no.total()) >= least:
                saved = _bits(chunks) - _bits(yes) - _bits(no)
                if saved > gain and (best is None or saved > best[0] + 1e-9):
                    best = (saved, at, asked)
    if best is None:
        yield Leaf(sets, shares)
        return
    _, at, asked = best
    for side in (asked, frozenset().union(*classes) - asked):
        kept = [one for one in found if one.neighbours[at] in side]
        narrowed = (*sets[:at], sets[at] & side, *sets[at + 1 :])
        yield from _grown(kept, narrowed, shares, classes, gain, least)


def _count(found: list[Seen]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for one in found:
        counts[one.chunk] += one.count
    return counts


def _smoothed(chunks: Counter[str], prior: Shares) -> Shares:
    trust = TRUST if prior else 0.0
    total = chunks.total() + trust
    return {c: (chunks[c] + trust * prior.get(c, 0.0)) / total for c in sorted({*chunks, *prior})}


def _bits(counts: Counter[str]) -> float:
    total = counts.total()
    return -sum(n * math.log2(n / total) for n in counts.values() if n > 0)
