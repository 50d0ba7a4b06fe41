"""Best of n: sets of edits by chance, as ordinary noise makes them."""

from __future__ import annotations

from robustx.perturb.keyed import numbers, shuffled
from robustx.search.space import Choice, Probe, Space, joined
from robustx.search.strategies.base import Limits, Steps

_STEP = 32


class BestOf:
    """As many random sets of as many edits as the budget has; the worst of them counts."""

    enumerates = False

    def __init__(self, name: str, queries: int) -> None:
        self.name, self.queries = name, queries

    def budgets(self, budget: int) -> tuple[int, ...]:
        return (budget,)

    def steps(self, space: Space, limits: Limits) -> Steps:
        for begin in range(0, limits.queries, _STEP):
            draws = range(begin, min(begin + _STEP, limits.queries))
            probes = [probe for draw in draws if (probe := drawn(space, limits, draw)) is not None]
            yield probes
        return None


def drawn(space: Space, limits: Limits, draw: int) -> Probe | None:
    """A random set: words in keyed order, one edit each, and again where the words are fewer than the edits."""
    chances = numbers(limits.key, draw, 1)
    chosen: Choice = ()
    places = list(space.words)
    while len(chosen) < limits.budget:
        before = chosen
        for at, chance in shuffled(chances, len(places)):
            chosen = _one_more(space, chosen, space.words[places[at]], chance)
            if len(chosen) == limits.budget:
                break
        if chosen == before:
            break
    return space.probe(chosen) if chosen else None


def _one_more(space: Space, chosen: Choice, members: list[int], chance: int) -> Choice:
    """The set with an edit of one word, or as it is where none of them fits beside the others."""
    fitting = [i for i in members if space.fits(chosen, i)]
    return joined(chosen, fitting[chance % len(fitting)]) if fitting else chosen
