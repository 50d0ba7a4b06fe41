"""The smallest flip: a set of edits that flips an answer, reduced until no edit can be left out."""

from __future__ import annotations

from collections.abc import Generator
from itertools import combinations
from math import comb

from robustx.search.ledger import Reply
from robustx.search.space import Choice, Probe, Space

SUBSETS = 64
"""All subsets are tried where there are no more than these; else edits are left out one by one."""

Reduction = Generator[list[Probe], list[Reply], Choice]


def smallest(space: Space, flips: Choice) -> Reduction:
    """A set that still flips the answer, within one that does.

    Of a set with few subsets it is one of the fewest edits; of a larger one it is minimal: it flips, and with any one of
    its edits left out it does not.
    """
    if sum(comb(len(flips), size) for size in range(1, len(flips))) <= SUBSETS:
        return (yield from _fewest(space, flips))
    return (yield from _eliminated(space, flips))


def _fewest(space: Space, flips: Choice) -> Reduction:
    for size in range(1, len(flips)):
        found = yield from _falling(space, list(combinations(flips, size)))
        if found is not None:
            return found
    return flips


def _eliminated(space: Space, flips: Choice) -> Reduction:
    while len(flips) > 1:
        found = yield from _falling(space, [flips[:i] + flips[i + 1 :] for i in range(len(flips))])
        if found is None:
            return flips
        flips = found
    return flips


def _falling(space: Space, choices: list[Choice]) -> Generator[list[Probe], list[Reply], Choice | None]:
    """The first set that makes the answer wrong."""
    probes = [probe for choice in choices if (probe := space.probe(choice)) is not None]
    replies = yield probes
    return next((probe.choice for probe, reply in zip(probes, replies, strict=True) if reply.fallen), None)
