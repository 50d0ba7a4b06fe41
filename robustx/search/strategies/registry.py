"""The strategies by the name that the command line calls them."""

from __future__ import annotations

from robustx.search.strategies.base import Strategy
from robustx.search.strategies.chance import BestOf
from robustx.search.strategies.climb import Climb
from robustx.search.strategies.evolution import Evolution
from robustx.search.strategies.exhaustive import Exhaustive
from robustx.search.strategies.ranking import ByDeletion, ByGradient

STRATEGIES: dict[str, Strategy] = {
    strategy.name: strategy
    for strategy in (
        Climb("greedy", 1, 500, ByDeletion()),
        Climb("gradient", 1, 500, ByGradient()),
        Climb("beam", 4, 1000, ByDeletion()),
        BestOf("random", 100),
        Evolution(),
        Exhaustive(),
    )
}
"""Every strategy by its name."""

WHITE_BOX = frozenset({"gradient"})
"""Strategies that look into the model."""

NOISE = BestOf("noise", 8)
"""Ordinary noise, tried last on what a search left standing: a search that finds less than chance is not to be trusted."""
