"""From alignments to the rows of a table: a tree for every string, a row for every way its leaves know to write it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from align import Pair, Piece
from sets import ranges
from tree import EDGE, REACH, Leaf, Sets, grown, seen

Classes = Sequence[frozenset[str]]


def read(path: Path) -> list[Pair]:
    """The pairs of a Dakshina lexicon."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return [Pair(word, romanised, float(count)) for word, romanised, count in rows]


def learned(alignments: Iterable[list[Piece]], classes: Classes, gain: float, least: float) -> dict[str, list[Leaf]]:
    """The leaves of every piece's tree."""
    by_piece: dict[str, list[Piece]] = {}
    for pieces in alignments:
        for piece in pieces:
            by_piece.setdefault(piece.word[piece.start : piece.stop], []).append(piece)
    return {
        string: list(grown([seen(p) for p in found], classes, gain, least))
        for string, found in sorted(by_piece.items())
    }


def rows(string: str, leaf: Leaf, classes: Classes, least: float) -> Iterable[str]:
    """The rows of a leaf; letters given too rarely are left out."""
    everything = frozenset().union(*classes)
    before, after = _sets(leaf.sets[REACH:], everything), _sets(leaf.sets[:REACH][::-1], everything)[::-1]
    for chunk, share in sorted(leaf.shares.items(), key=lambda one: (-one[1], one[0])):
        if share >= least:
            yield "\t".join([string, chunk, "", "".join(after), "".join(before), f"{100 * share:.1f}"])


def _sets(sets: Sets, everything: frozenset[str]) -> list[str]:
    """The neighbours from the nearest outwards as sets of a table; the last that may be anything are left out."""
    made = [_set(one, everything) for one in sets]
    while made and made[-1] == _ANY:
        made.pop()
    return made


_ANY = r"[\s\S]"


def _set(members: frozenset[str], everything: frozenset[str]) -> str:
    if members == everything:
        return _ANY
    if EDGE in members:  # said by what it is not, for what the lexicon never had is taken for an edge
        return f"[^{ranges(everything - members)}]"
    return f"[{ranges(members)}]"
