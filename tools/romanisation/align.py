"""Align native words with their romanisations: expectation maximisation over pieces of a word, each with its letters.

A piece is a consonant with its nukta and virama, or one code point; its chunk of Latin letters has the shape that the
kind of piece allows. What comes out are the pieces with the chunks of the likeliest alignment (Viterbi).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

import regex


class Pair(NamedTuple):
    """A word, one of its romanisations and how often people gave it."""

    word: str
    romanised: str
    count: float


class Piece(NamedTuple):
    """Where a piece of a word stands, and the letters it was given."""

    word: str
    start: int
    stop: int
    chunk: str
    count: float


Shape = Callable[[str, str, int], str]
"""The pattern of the letters that a piece may have: from its string, its word and its offset."""

Chunks = dict[str, float]


def aligned(pairs: Iterable[Pair], pieces: regex.Pattern[str], shape: Shape, rounds: int = 6) -> list[list[Piece]]:
    """The pieces of every pair that can be aligned.

    Args:
        pairs: words with their romanisations.
        pieces: matches a piece; a word is a sequence of matches.
        shape: see ``Shape``.
        rounds: how often to estimate anew.
    """
    lattices = [found for pair in pairs if (found := _lattice(pair, pieces, shape))]
    shares: dict[str, Chunks] = {}
    for _ in range(rounds):
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for lattice in lattices:
            _expect(lattice, shares, counts)
        shares = {piece: {c: n / found.total() for c, n in found.items()} for piece, found in counts.items()}
    return [best for lattice in lattices if (best := _best(lattice, shares))]


class _Lattice(NamedTuple):
    pair: Pair
    spans: list[tuple[int, int]]
    arcs: list[list[tuple[int, int]]]  # of each piece: where its letters may begin and end


def _lattice(pair: Pair, pieces: regex.Pattern[str], shape: Shape) -> _Lattice | None:
    spans = [match.span() for match in pieces.finditer(pair.word)]
    if not spans or "".join(pair.word[a:b] for a, b in spans) != pair.word:
        return None
    letters, ends, arcs = pair.romanised, {0}, []
    for start, stop in spans:
        pattern = regex.compile(shape(pair.word[start:stop], pair.word, start))
        found = [
            (i, j) for i in ends for j in range(i, min(i + 5, len(letters)) + 1) if pattern.fullmatch(letters[i:j])
        ]
        arcs.append(found)
        ends = {j for _, j in found}
    if len(letters) not in ends:
        return None
    wanted = {len(letters)}
    for at in range(len(arcs) - 1, -1, -1):
        arcs[at] = sorted(arc for arc in arcs[at] if arc[1] in wanted)
        wanted = {i for i, _ in arcs[at]}
    return _Lattice(pair, spans, arcs)


def _weight(lattice: _Lattice, at: int, arc: tuple[int, int], shares: dict[str, Chunks]) -> float:
    if not shares:
        return 0.5 ** abs(arc[1] - arc[0] - 1)
    start, stop = lattice.spans[at]
    return shares.get(lattice.pair.word[start:stop], {}).get(lattice.pair.romanised[slice(*arc)], 1e-6)


def _expect(lattice: _Lattice, shares: dict[str, Chunks], counts: dict[str, Counter[str]]) -> None:
    word, letters, count = lattice.pair
    forward: list[dict[int, float]] = [{0: 1.0}]
    for at, arcs in enumerate(lattice.arcs):
        sums: dict[int, float] = defaultdict(float)
        for arc in arcs:
            sums[arc[1]] += forward[-1].get(arc[0], 0.0) * _weight(lattice, at, arc, shares)
        forward.append(sums)
    backward = {len(letters): 1.0}
    total = forward[-1][len(letters)]
    for at in range(len(lattice.arcs) - 1, -1, -1):
        sums = defaultdict(float)
        start, stop = lattice.spans[at]
        for arc in lattice.arcs[at]:
            onward = _weight(lattice, at, arc, shares) * backward.get(arc[1], 0.0)
            sums[arc[0]] += onward
            counts[word[start:stop]][letters[slice(*arc)]] += count * forward[at].get(arc[0], 0.0) * onward / total
        backward = sums


def _best(lattice: _Lattice, shares: dict[str, Chunks]) -> list[Piece]:
    word, letters, count = lattice.pair
    paths: dict[int, tuple[float, list[tuple[int, int]]]] = {0: (0.0, [])}
    for at, arcs in enumerate(lattice.arcs):
        onward: dict[int, tuple[float, list[tuple[int, int]]]] = {}
        for arc in arcs:
            if arc[0] in paths:
                score = paths[arc[0]][0] + math.log(max(_weight(lattice, at, arc, shares), 1e-12))
                if arc[1] not in onward or score > onward[arc[1]][0]:
                    onward[arc[1]] = (score, [*paths[arc[0]][1], arc])
        paths = onward
    arcs = paths[len(letters)][1]
    return [Piece(word, a, b, letters[i:j], count) for (a, b), (i, j) in zip(lattice.spans, arcs, strict=True)]
