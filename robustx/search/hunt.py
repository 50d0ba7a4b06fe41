"""The hunt for one example's worst case: stage after stage until it falls, and then the smallest flip."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from robustx.perturb.keyed import key_of
from robustx.search.ledger import Ledger, Reply, Worst
from robustx.search.smallest import smallest
from robustx.search.space import Probe, Space
from robustx.search.strategies.base import Coverage, Limits, Strategy
from robustx.suite.cells import CellRow

_CHUNK = 64
"""Texts that are asked before it is looked whether one of them made the example fall."""

Hunt = Generator[list[Probe], list[Reply], "Found"]
"""Yields texts that were not asked before and is sent what they did."""

Spaces = Callable[[str], Space]
"""The space of an example under an attack, by its id."""


@dataclass(frozen=True)
class Stage:
    """One strategy through one attack's edits.

    Attributes:
        label: how tables call it: ``homoglyph by greedy``.
        queries: texts that it may ask about one example.
    """

    attack: str
    strategy: Strategy
    queries: int

    @property
    def label(self) -> str:
        return f"{self.attack} by {self.strategy.name}"


@dataclass(frozen=True)
class Found:
    """What a hunt came to.

    Attributes:
        worst: for each budget asked, the worst that was found; None where there was nothing to change.
        queries: texts asked until the example fell or the stages were through, each counted once.
        reducing: texts asked after that, to reduce the flip.
        felled_by: the stage that felled it, or nothing.
        coverage: how much of the space an enumeration saw, where one was asked; of an example that fell, up to the edit
            before its flip.
    """

    worst: dict[int, Worst | None]
    queries: int
    reducing: int
    felled_by: str
    coverage: Coverage | None


def hunt(row: CellRow, stages: Sequence[Stage], spaces: Spaces, budget: int, budgets: Sequence[int], seed: int) -> Hunt:
    """Try the stages in order on one example, none after it fell.

    Random choices are keyed by seed, attack and its version, language, strategy and example, so what is found depends on no
    other example.
    """
    spaces = lru_cache(maxsize=None)(spaces)
    ledger, felled_by, coverage = Ledger(), "", None
    for stage in stages:
        space = spaces(stage.attack)
        if not space.members:
            coverage = Coverage(budget, 0, 0)
            continue
        key = key_of(seed, "search", *space.identity, stage.strategy.name, row.uid)
        coverage = yield from _stage(ledger, space, stage, Limits(budget, stage.queries, key))
        if ledger.fallen is not None:
            felled_by = stage.label
            coverage = Coverage(len(ledger.fallen[1]) - 1, 0, 0) if stage.strategy.enumerates else None
            break
    spent = ledger.queries
    if ledger.fallen is not None:
        yield from _reduced(ledger, *ledger.fallen)
    worst = {at: ledger.at(at) for at in budgets}
    return Found(worst, spent, ledger.queries - spent, felled_by, coverage)


def _stage(
    ledger: Ledger, space: Space, stage: Stage, limits: Limits
) -> Generator[list[Probe], list[Reply], Coverage | None]:
    steps = stage.strategy.steps(space, limits)
    try:
        probes = next(steps)
        while True:
            yield from _asked(ledger, space, probes)
            if ledger.fallen is not None:
                return None
            probes = steps.send([ledger.reply(probe).loss for probe in probes])
    except StopIteration as ended:
        coverage: Coverage | None = ended.value
        return coverage
    finally:
        steps.close()


def _asked(ledger: Ledger, space: Space, probes: list[Probe]) -> Generator[list[Probe], list[Reply], None]:
    """Ask about texts, some at a time, until one makes the example fall."""
    for begin in range(0, len(probes), _CHUNK):
        part = probes[begin : begin + _CHUNK]
        if fresh := ledger.unknown(part):
            ledger.take(fresh, (yield fresh))
        ledger.judge(space, part)
        if ledger.fallen is not None:
            return


def _reduced(ledger: Ledger, space: Space, flips: tuple[int, ...]) -> Generator[list[Probe], list[Reply], None]:
    steps = smallest(space, flips)
    try:
        probes = next(steps)
        while True:
            if fresh := ledger.unknown(probes):
                ledger.take(fresh, (yield fresh))
            ledger.judge(space, probes)
            probes = steps.send([ledger.reply(probe) for probe in probes])
    except StopIteration:
        return
