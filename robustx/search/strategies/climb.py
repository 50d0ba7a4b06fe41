"""Greedy and beam search: one climb along nested sets of edits, which serves every budget up to its own."""

from __future__ import annotations

import math
from collections.abc import Generator

from robustx.perturb.keyed import numbers, shuffled
from robustx.search.space import Choice, Place, Probe, Space, joined
from robustx.search.strategies.base import Limits, Steps
from robustx.search.strategies.ranking import Ranking

_RANKING = 4
"""Ranking asks at most one text of so many, be they those allowed or those there are to try."""

_WAVE = 8
"""Single edits that are asked in one round at least, so that batches stay full where a text has few words."""

Losses = dict[int, float]
"""What each single edit that was tried did, by its position in ``Space.members``."""


class Climb:
    """Tries single edits, then extends the ``width`` best sets of each size by one; greedy search is that with a width of 1.

    Each size gets two thirds of the queries that are left, and the last what remains: the losses of single edits say which
    larger sets to try first, so these need few. Where words can be ranked cheaply, important ones are tried first (word
    importance ranking, as in Jin et al. 2020, arXiv:1907.11932); else one edit of every word tells which words matter.
    """

    enumerates = False

    def __init__(self, name: str, width: int, queries: int, ranking: Ranking) -> None:
        self.name, self.queries = name, queries
        self._width, self._ranking = width, ranking

    def budgets(self, budget: int) -> tuple[int, ...]:
        return tuple(range(1, budget + 1))

    def steps(self, space: Space, limits: Limits) -> Steps:
        left, promises = limits.queries, dict.fromkeys(space.words, math.inf)
        cost = self._ranking.cost(space)
        if _RANKING * cost <= min(left, len(space.members)):
            ranked = yield from self._ranking.rank(space)
            promises = {place: ranked.get(place, -math.inf) for place in space.words}
            left -= cost
        singles = yield from _singles(space, promises, limits.key, _share(left, limits.budget))
        left -= len(singles)
        order = sorted(singles, key=lambda i: -singles[i])
        kept: list[Choice] = [(i,) for i in order[: self._width]]
        order += [i for i in range(len(space.members)) if i not in singles]
        for size in range(2, limits.budget + 1):
            probes = _extended(space, kept, order, _share(left, limits.budget - size + 1))
            if not probes:
                return None
            losses = yield probes
            left -= len(probes)
            best = sorted(zip(losses, probes, strict=True), key=lambda tried: -tried[0])
            kept = [probe.choice for _, probe in best[: self._width] if probe.choice]
        return None


def _share(left: int, sizes: int) -> int:
    """Texts for the first of so many sizes: two thirds of those left, but one for each size to come."""
    if sizes == 1:
        return left
    return max(min(1, left), min(math.ceil(left * 2 / 3), left - sizes + 1))


def _singles(
    space: Space, promises: dict[Place, float], key: bytes, share: int
) -> Generator[list[Probe], list[float], Losses]:
    """Single edits, wave after wave, until their share is spent or there are no more.

    Args:
        promises: the loss that each word promises; infinite where nothing is known of any.
    """
    waiting, promises, best = _waiting(space, key), dict(promises), dict[Place, float]()
    tried: Losses = {}
    while waiting and len(tried) < share:
        wave = _wave(waiting, promises)
        probes = [probe for i in wave if (probe := space.probe((i,))) is not None][: share - len(tried)]
        losses = yield probes
        for probe, loss in zip(probes, losses, strict=True):
            for i in probe.choice or ():
                tried[i] = loss
                best[space.places[i]] = max(loss, best.get(space.places[i], -math.inf))
        promises |= {space.places[i]: best.get(space.places[i], -math.inf) for i in wave}
    return tried


def _waiting(space: Space, key: bytes) -> dict[Place, list[int]]:
    """The edits of each word, words and edits in keyed order."""
    chances = numbers(key, 0)
    places = list(space.words)
    mixed = [places[i] for i, _ in shuffled(chances, len(places))]
    return {place: [space.words[place][i] for i, _ in shuffled(chances, len(space.words[place]))] for place in mixed}


def _wave(waiting: dict[Place, list[int]], promises: dict[Place, float]) -> list[int]:
    """The edits to try next, taken from those that wait: of every word of which nothing is known, else of the better half."""
    places = sorted(waiting, key=lambda place: -promises[place])
    unknown = sum(promises[place] == math.inf for place in places)
    chosen = places[: unknown or math.ceil(len(places) / 2)]
    each = max(1, _WAVE // len(chosen))
    wave = [waiting[place].pop() for _ in range(each) for place in chosen if waiting[place]]
    for place in chosen:
        if not waiting[place]:
            del waiting[place]
    return wave


def _extended(space: Space, kept: list[Choice], order: list[int], share: int) -> list[Probe]:
    """The sets that one more edit makes of those kept, no text twice, at most ``share`` in all."""
    made: dict[tuple[str, ...], Probe] = {}
    for at, choice in enumerate(kept):
        most = len(made) + (share - len(made)) // (len(kept) - at)
        for i in order:
            if len(made) >= most:
                break
            if space.fits(choice, i) and (probe := space.probe(joined(choice, i))) is not None:
                made.setdefault(probe.fields, probe)
    return list(made.values())
