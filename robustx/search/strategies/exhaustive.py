"""Enumeration: every set of at most n edits where they are few enough, and a sample of them where they are not."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from itertools import islice

from robustx.perturb.keyed import numbers, shuffled
from robustx.search.space import Choice, Probe, Space
from robustx.search.strategies.base import Coverage, Limits, Steps

_STEP = 64
_ATTEMPTS = 4
"""Draws for each set that is wanted, before it is given up that so many fit."""


class Exhaustive:
    """All single edits whatever they cost; all sets of each further size that fits into the queries; else a random sample.

    Sets that clash or make no text are passed over. Within a size the sets whose single edits hurt most come first, so
    that an example that can fall falls soon; every size is done before the next, so that the first set that flips an
    example is one of the smallest.
    """

    name = "exhaustive"
    queries = 5000
    enumerates = True

    def budgets(self, budget: int) -> tuple[int, ...]:
        return tuple(range(1, budget + 1))

    def steps(self, space: Space, limits: Limits) -> Steps:
        spent = 0
        gains: dict[int, float] = {}
        for size in range(1, limits.budget + 1):
            sets, left = space.count(size), limits.queries - spent
            if size > 1 and sets > left:
                tried = yield from _sampled(space, size, max(0, left), limits.key)
                return Coverage(size - 1, tried, sets)
            choices = sorted(space.choices(size), key=lambda choice: -sum(gains.get(i, 0.0) for i in choice))
            probes = _made(space, choices)
            for begin in range(0, len(probes), _STEP):
                part = probes[begin : begin + _STEP]
                losses = yield part
                if size == 1:
                    gains |= {probe.choice[0]: loss for probe, loss in zip(part, losses, strict=True) if probe.choice}
            spent += len(probes)
        return Coverage(limits.budget, 0, 0)


def _made(space: Space, choices: Iterable[Choice]) -> list[Probe]:
    """Their texts, without those that cannot be made."""
    return [probe for choice in choices if (probe := space.probe(choice)) is not None]


def _sampled(space: Space, size: int, queries: int, key: bytes) -> Generator[list[Probe], list[float], int]:
    """Sets of one size, each as likely as any other and none twice; how many were tried."""
    seen: set[Choice] = set()
    tried = 0
    for attempt in range(_ATTEMPTS * queries // _STEP + 1):
        drawn = (_drawn(len(space.members), size, key, attempt * _STEP + at) for at in range(_STEP))
        fresh = [choice for choice in dict.fromkeys(drawn) if choice not in seen]
        seen.update(fresh)
        fitting = (choice for choice in fresh if all(space.fits(choice[:i], choice[i]) for i in range(1, size)))
        probes = _made(space, fitting)[: queries - tried]
        if probes:
            yield probes
        tried += len(probes)
        if tried >= queries:
            break
    return tried


def _drawn(count: int, size: int, key: bytes, draw: int) -> Choice:
    """A random set, whether its members fit together or not."""
    first = islice(shuffled(numbers(key, draw, 4), count), size)
    return tuple(sorted(i for i, _ in first))
