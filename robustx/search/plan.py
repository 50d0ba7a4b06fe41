"""What is searched: a strategy with its budgets, and for every task and language the cells and stages that come of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from robustx.errors import UsageError, did_you_mean
from robustx.perturb.attacks import Attack
from robustx.search.hunt import Stage
from robustx.search.strategies.base import Strategy
from robustx.search.strategies.registry import NOISE, STRATEGIES, WHITE_BOX
from robustx.suite.cells import Cell

CASCADE = "cascade"
"""Every attack of the suite on every example, cheap strategies first, each later one only on what still stands."""

_CASCADE = ("random", "greedy", "evolution")
"""The strategies of a cascade, in order."""

VALIDITY = ("provable", "likely", "unchecked")
"""How sure it is that an attack keeps what a text means, the surest first, as its card says."""

_RANDOM_FIRST = 8
"""Random sets of each attack that a cascade begins with."""

MOST_EDITS = 100


class Quarry(NamedTuple):
    """What one search fills: an attack's cells (or the cascade's), and the stages that every example goes through."""

    attack: str
    stages: tuple[Stage, ...]
    budgets: tuple[int, ...]

    @property
    def queries(self) -> int:
        """Texts that an example costs at most, beside those that reduce its flip and an enumeration's single edits."""
        return sum(stage.queries for stage in self.stages)

    def cells(self, task: str, language: str) -> list[Cell]:
        """One cell a budget; its severity is the edits that a whole example may get."""
        return [Cell(task, language, self.attack, float(budget), 0) for budget in self.budgets]


@dataclass(frozen=True)
class Search:
    """How the worst case is looked for.

    Attributes:
        strategy: greedy, gradient, beam, random, evolution, exhaustive or cascade.
        budget: edits, over all fields of an example together.
        queries: texts that each stage may ask about one example; the strategy's own number where it is None.
        validity: the least sure class of attacks that are searched; all where it is None.
    """

    strategy: str
    budget: int
    queries: int | None = None
    validity: str | None = None

    @property
    def signature(self) -> str:
        """Its part of a run's signature: ``search:greedy/edits:3/queries:500``."""
        asked = f"/queries:{self.queries}" if self.queries is not None else ""
        sure = f"/validity:{self.validity}" if self.validity is not None else ""
        return f"search:{self.strategy}/edits:{self.budget}{asked}{sure}"

    @property
    def name(self) -> str:
        """Its part of a folder's name."""
        return f"{self.strategy}-{self.budget}" + (f"-{self.validity}" if self.validity else "")

    @property
    def white_box(self) -> bool:
        """Whether it looks into the model."""
        return self.strategy in WHITE_BOX

    def facts(self) -> dict[str, Any]:
        """What ``run.json`` says of it."""
        asked = {name: value for name, value in asdict(self).items() if name != "validity" or value is not None}
        return asked | {"certificate": self.strategy == "exhaustive"}

    def allowed(self, attacks: Sequence[Attack]) -> list[Attack]:
        """Those attacks that are as sure as was asked."""
        classes = VALIDITY[: VALIDITY.index(self.validity) + 1] if self.validity else VALIDITY
        return [attack for attack in attacks if attack.card.validity in classes]

    def quarries(self, attacks: Sequence[Attack], language: str) -> list[Quarry]:
        """What is searched in a language, with the attacks that apply to it."""
        able = [attack.id for attack in self.allowed(attacks) if attack.applies_to(language)]
        if self.strategy == CASCADE:
            return [Quarry(CASCADE, self._cascade(able), (self.budget,))] if able else []
        strategy = STRATEGIES[self.strategy]
        return [Quarry(attack, self._alone(attack, strategy), strategy.budgets(self.budget)) for attack in able]

    def _alone(self, attack: str, strategy: Strategy) -> tuple[Stage, ...]:
        own = Stage(attack, strategy, self.queries or strategy.queries)
        # what enumerates or is chance itself needs no chance beside it
        return (own,) if self.strategy in ("random", "exhaustive") else (own, Stage(attack, NOISE, NOISE.queries))

    def _cascade(self, attacks: Sequence[str]) -> tuple[Stage, ...]:
        return tuple(self._stages(attacks))

    def _stages(self, attacks: Sequence[str]) -> Iterator[Stage]:
        for name in _CASCADE:
            strategy = STRATEGIES[name]
            queries = _RANDOM_FIRST if name == "random" else self.queries or strategy.queries
            for attack in attacks:
                yield Stage(attack, strategy, queries)


def checked(
    strategy: str | None, budget: int | None, queries: int | None, validity: str | None = None
) -> Search | None:
    """A search as it was asked for, or None where none was.

    Raises:
        UsageError: there is no such strategy, or a number makes no sense.
    """
    if strategy is None:
        if (budget, queries, validity) != (None, None, None):
            raise UsageError(
                "--budget, --queries and --validity say how to search: give --search too, such as --search greedy"
            )
        return None
    known = [*STRATEGIES, CASCADE]
    if strategy not in known:
        raise UsageError(
            f'--search: there is no strategy "{strategy}".{did_you_mean(strategy, known)} Known: {", ".join(known)}'
        )
    edits = 1 if budget is None else budget
    if not 1 <= edits <= MOST_EDITS:
        raise UsageError(f"--budget {edits}: expected a number of edits from 1 to {MOST_EDITS}")
    if queries is not None and queries < 1:
        raise UsageError(f"--queries {queries}: expected at least one text")
    if validity is not None and validity not in VALIDITY:
        raise UsageError(
            f'--validity: there is no class "{validity}".{did_you_mean(validity, VALIDITY)} Known: {", ".join(VALIDITY)}'
        )
    return Search(strategy, edits, queries, validity)
