"""Differential evolution over sets of edits (Storn and Price 1997, doi:10.1023/A:1008202821328), as Bad Characters uses it.

Boucher et al. 2022 (arXiv:2106.09898, section V) run SciPy's with a population of 32 and up to ten generations; the same
variant is here (best/1/bin, dithered weight, crossover 0.7), a generation at a time, so that many examples share a batch.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass

from robustx.perturb.keyed import numbers, shuffled
from robustx.search.space import Choice, Probe, Space, joined
from robustx.search.strategies.base import Limits, Steps

POPULATION = 32
GENERATIONS = 10
_LEAST = 4
"""Vectors that differ take three others."""

_CROSSOVER = 0.7
_WEIGHT = (0.5, 1.0)


@dataclass
class _Member:
    """A vector of genes in [0, 1), and the loss of the set that it stands for."""

    genes: tuple[float, ...]
    loss: float


class Evolution:
    """Every gene is a place in the text-ordered list of edits, or no edit; edits that clash with earlier genes are dropped."""

    name = "evolution"
    queries = POPULATION * (GENERATIONS + 1)
    enumerates = False

    def budgets(self, budget: int) -> tuple[int, ...]:
        return (budget,)

    def steps(self, space: Space, limits: Limits) -> Steps:
        chances = _shares(numbers(limits.key, 0, 2))
        size = min(POPULATION, limits.queries)
        genes = list(_first(limits, size, chances))
        losses = yield from _asked(space, genes)
        crowd = [_Member(*pair) for pair in zip(genes, losses, strict=True)]
        for _ in range(limits.queries // size - 1 if size >= _LEAST else 0):
            weight = _WEIGHT[0] + next(chances) * (_WEIGHT[1] - _WEIGHT[0])
            genes = [_trial(crowd, i, weight, chances) for i in range(len(crowd))]
            losses = yield from _asked(space, genes)
            better = [_Member(*pair) for pair in zip(genes, losses, strict=True)]
            crowd = [new if new.loss >= old.loss else old for old, new in zip(crowd, better, strict=True)]
        return None


def _asked(space: Space, vectors: list[tuple[float, ...]]) -> Generator[list[Probe], list[float], list[float]]:
    """The losses of vectors; one whose set makes no text is the worst there is."""
    probes = [space.probe(_decoded(space, genes)) for genes in vectors]
    losses = iter((yield [probe for probe in probes if probe is not None]))
    return [float("-inf") if probe is None else next(losses) for probe in probes]


def _decoded(space: Space, genes: tuple[float, ...]) -> Choice:
    """The set that a vector stands for."""
    choice: Choice = ()
    for gene in genes:
        i = int(gene * (len(space.members) + 1)) - 1
        if i >= 0 and space.fits(choice, i):
            choice = joined(choice, i)
    return choice


def _first(limits: Limits, size: int, chances: Iterator[float]) -> Iterator[tuple[float, ...]]:
    """The first population, a Latin hypercube: every gene has one value in each of as many equal parts."""
    columns = []
    for gene in range(limits.budget):
        order = [row for row, _ in shuffled(numbers(limits.key, gene, 3), size)]
        columns.append([(row + next(chances)) / size for row in order])
    return zip(*columns, strict=True)


def _trial(crowd: list[_Member], i: int, weight: float, chances: Iterator[float]) -> tuple[float, ...]:
    """The best vector moved by the difference of two others, crossed with the ``i``-th; what leaves [0, 1) is drawn anew."""
    best = max(crowd, key=lambda member: member.loss)
    others = [at for at in range(len(crowd)) if at != i]
    first = others.pop(int(next(chances) * len(others)))
    second = others[int(next(chances) * len(others))]
    genes = list(crowd[i].genes)
    sure = int(next(chances) * len(genes))
    for at in range(len(genes)):
        if next(chances) < _CROSSOVER or at == sure:
            moved = best.genes[at] + weight * (crowd[first].genes[at] - crowd[second].genes[at])
            genes[at] = moved if 0 <= moved < 1 else next(chances)
    return tuple(genes)


def _shares(chances: Iterator[int]) -> Iterator[float]:
    """Keyed numbers as shares in [0, 1)."""
    return ((number >> 11) / (1 << 53) for number in chances)
