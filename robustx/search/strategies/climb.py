"""Greedy and beam search: sets grow edit by edit, the most important words first."""

from __future__ import annotations

from collections.abc import Generator
from typing import Protocol

from robustx.perturb.keyed import numbers, shuffled
from robustx.search.space import Choice, Place, Probe, Space, joined
from robustx.search.strategies.base import Limits, Steps

_PER_WORD = 8
"""Edits of a word that are tried before the next word's turn."""


class Ranking(Protocol):
    """How much each word matters to the model."""

    def cost(self, space: Space) -> int:
        """Texts that ranking asks, at most."""
        ...

    def rank(self, space: Space) -> Generator[list[Probe], list[float], dict[Place, float]]:
        """The importance of each word that has edits; higher is more."""
        ...


class ByDeletion:
    """A word matters as much as the loss grows when it is left out (Li et al. 2016, arXiv:1612.08220)."""

    def cost(self, space: Space) -> int:
        return len(space.words)

    def rank(self, space: Space) -> Generator[list[Probe], list[float], dict[Place, float]]:
        probes = {place: space.without(place) for place in space.words}
        asked = {place: probe for place, probe in probes.items() if probe is not None}
        losses = yield list(asked.values())
        return dict(zip(asked, losses, strict=False))


class ByGradient:
    """A word matters as much as the space's saliency says, which asks nothing."""

    def cost(self, space: Space) -> int:
        return 0

    def rank(self, space: Space) -> Generator[list[Probe], list[float], dict[Place, float]]:
        yield from ()  # a ranking is a generator, and this one has nothing to ask
        return space.saliency()


class Climb:
    """Keeps the ``width`` best sets of each size and extends them; greedy search is that with a width of 1.

    The queries that are left are shared among the sizes still to come, so that a budget of many edits does not spend all
    on the first. Within a size, the edits of important words come first (word importance ranking, as in Jin et al. 2020,
    arXiv:1907.11932); once single edits were tried, the better ones come first.
    """

    enumerates = False

    def __init__(self, name: str, width: int, queries: int, ranking: Ranking) -> None:
        self.name, self.queries = name, queries
        self._width, self._ranking = width, ranking

    def budgets(self, budget: int) -> tuple[int, ...]:
        return tuple(range(1, budget + 1))

    def steps(self, space: Space, limits: Limits) -> Steps:
        left = limits.queries
        importance: dict[Place, float] = {}
        # words that cost as much to rank as to try are not ranked
        if len(space.members) > self._ranking.cost(space) and self._ranking.cost(space) <= left // 2:
            importance = yield from self._ranking.rank(space)
            left -= self._ranking.cost(space)
        order = _by_importance(space, importance, limits.key)
        kept: list[Choice] = [()]
        for size in range(1, limits.budget + 1):
            share = left // (limits.budget - size + 1)
            probes = _extended(space, kept, order, share)
            losses = yield probes
            left -= len(probes)
            tried = sorted(
                ((loss, -i, probe.choice) for i, (probe, loss) in enumerate(zip(probes, losses, strict=False))),
                reverse=True,
            )
            kept = [choice for _, _, choice in tried[: self._width] if choice is not None]
            if not kept:
                return None
            if size == 1:
                better = [choice[0] for _, _, choice in tried if choice]
                order = [*better, *(i for i in order if i not in set(better))]
        return None


def _extended(space: Space, kept: list[Choice], order: list[int], share: int) -> list[Probe]:
    """The sets that one more edit makes of those kept, no set twice, at most ``share`` in all."""
    made: dict[Choice, Probe] = {}
    for at, choice in enumerate(kept):
        most = len(made) + (share - len(made)) // (len(kept) - at)
        for i in order:
            if len(made) >= most:
                break
            more = joined(choice, i)
            if more not in made and space.fits(choice, i) and (probe := space.probe(more)) is not None:
                made[more] = probe
    return list(made.values())


def _by_importance(space: Space, importance: dict[Place, float], key: bytes) -> list[int]:
    """Every member: some edits of each word, the most important word first, then some more of each."""
    places = sorted(space.words, key=lambda place: -importance.get(place, float("-inf")))
    chances = numbers(key, 0)
    mixed = {place: [space.words[place][i] for i, _ in shuffled(chances, len(space.words[place]))] for place in places}
    rounds = -(-max(map(len, mixed.values()), default=0) // _PER_WORD)
    return [
        i
        for begin in range(0, rounds * _PER_WORD, _PER_WORD)
        for place in places
        for i in mixed[place][begin : begin + _PER_WORD]
    ]
