"""``Example``, ``Task`` and the record of rows that were passed over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple, Protocol

from robustx.errors import UsageError
from robustx.perturb.edits import Edit

MAX_FIELD = 20_000
"""Longest field, in code points, that is read; a longer one is counted and passed over."""


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled row of a task in one language; ``uid`` is the same for the same row in every language."""

    uid: str
    language: str
    fields: Mapping[str, str]
    gold: str


class Skipped(NamedTuple):
    """One row that was passed over, and why."""

    path: str
    row: int
    reason: str


@dataclass
class SkipLog:
    """Counts every row that was passed over, and every one that was put right, and keeps the first few by name."""

    keep: int = 20
    count: int = 0
    first: list[Skipped] = field(default_factory=list)
    mended: int = 0
    mended_first: list[Skipped] = field(default_factory=list)

    def add(self, path: Path | str, row: int, reason: str) -> None:
        """Record one row (counted from 1)."""
        self.count += 1
        if len(self.first) < self.keep:
            self.first.append(Skipped(Path(path).name, row, reason))

    def mend(self, path: Path | str, row: int, what: str) -> None:
        """Record one row (counted from 1) that is used, but not quite as it was given."""
        self.mended += 1
        if len(self.mended_first) < self.keep:
            self.mended_first.append(Skipped(Path(path).name, row, what))


class Statistic(NamedTuple):
    """What one example adds to a metric that is a ratio of sums: accuracy, F1, and (EM + F1) / 2 all are."""

    numerator: float
    denominator: float


Head = Literal["classification", "tagging", "answering", "retrieval"]
"""Which kind of model does a task: a sequence classifier, a token classifier, an extractive reader, or any encoder."""

Metric = Callable[[str, str, str], Statistic]
"""What an example with this gold and prediction, in this language, adds to a metric."""


class Task(Protocol):
    """What a task module offers; a task derives from this and need not repeat what it leaves as it is.

    Attributes:
        metric: how tables call what ``statistic`` sums to.
        fields: the text fields of an example, in the order in which the head takes them.
        attackable: those that attacks may touch.
        protects: kinds of words that attacks may not touch (``negation``).
        labels: what the outputs of the head mean; empty where the head has none.
        chance: the metric of a guess.
        beside: other metrics, by name, that are shown beside the task's own.
        published: the languages that the hub has; empty where any may be asked for.
    """

    name: str
    head: Head
    metric: str = "accuracy"
    fields: tuple[str, ...]
    attackable: tuple[str, ...]
    protects: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    chance: float = 0.0
    beside: Mapping[str, Metric] = MappingProxyType({})
    published: tuple[str, ...] = ()

    def available(self, root: Path) -> list[str]:
        """The languages that a folder has data for."""
        ...

    def split(self, root: Path, language: str) -> str:
        """Which split a folder has of a language, of those it is ``available`` in: ``test``, or else ``dev``."""
        return "test"

    def read(self, root: Path, language: str, skipped: SkipLog) -> Iterator[Example]:
        """The rows of one language, in order; bad rows go to ``skipped``."""
        ...

    def read_hub(self, language: str, skipped: SkipLog) -> Iterator[Example]:
        """The same from the hub, through ``datasets``."""
        ...

    def of_hub(self, name: str) -> Task:
        """The task over one set of the hub, where it is a task of many sets (``--data hub:NAME``).

        Raises:
            UsageError: the task has one data set, or there is no such set.
        """
        raise UsageError(f"--data hub:{name}: {self.name} is one data set on the hub; expected --data {self.name}=hub")

    def statistic(self, gold: str, predicted: str, language: str) -> Statistic:
        """What an example with this gold and prediction adds to the metric."""
        ...

    def protected(self, example: Example, field: str) -> list[tuple[int, int]]:
        """(start, end) in code points of what attacks may not touch in a field, such as an answer."""
        return []

    def carries(self, example: Example, fields: Mapping[str, str]) -> bool:
        """Whether perturbed fields still carry the example's gold; edits after which they do not are not made.

        It must be so that where a set of edits leaves the gold, fewer of them do too.
        """
        return True

    def gold_after(self, example: Example, edits: Mapping[str, Sequence[Edit]]) -> str:
        """The gold once the fields are edited: the same, unless it says where something stands in a field."""
        return example.gold


def field_problem(texts: Iterable[str]) -> str | None:
    """Why these fields cannot be used, or None."""
    for text in texts:
        if not text.strip():
            return "an empty text"
        if len(text) > MAX_FIELD:
            return f"a text of {len(text):,} characters (the limit is {MAX_FIELD:,})"
        if any("\ud800" <= character <= "\udfff" for character in text):
            return "a lone surrogate"
        if "\x00" in text:
            return "a NUL character"
    return None
