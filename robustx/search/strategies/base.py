"""What every strategy offers, and the limits it works under."""

from __future__ import annotations

from collections.abc import Generator
from typing import NamedTuple, Protocol

from robustx.search.space import Probe, Space

Steps = Generator[list[Probe], list[float], "Coverage | None"]
"""Yields texts to ask about and is sent their losses; ends when it has nothing more to try."""


class Limits(NamedTuple):
    """What a strategy may spend on one example.

    Attributes:
        budget: edits, at most.
        queries: texts, at most; a text that was asked before costs nothing.
        key: what its random choices are keyed by.
    """

    budget: int
    queries: int
    key: bytes


class Coverage(NamedTuple):
    """How much of the space an enumeration has seen.

    Attributes:
        complete: every set of at most so many edits was tried.
        tried, sets: sets tried of the size where it had to stop, and how many there are of it at most; 0 where it had not.
    """

    complete: int
    tried: int
    sets: int


class Strategy(Protocol):
    """A way of choosing sets of edits. It knows losses and spaces, and neither the model nor other examples."""

    name: str
    queries: int
    """What it spends where nothing else is asked."""
    enumerates: bool
    """Whether it tries every set of a size before any larger one, so that a flip proves that no smaller set flips."""

    def budgets(self, budget: int) -> tuple[int, ...]:
        """The budgets whose worst case it seeks on the way to a budget."""
        ...

    def steps(self, space: Space, limits: Limits) -> Steps:
        """The search through one space."""
        ...
