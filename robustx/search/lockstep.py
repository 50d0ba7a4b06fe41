"""Many hunts at once: each round asks the model about the texts of all examples that still stand, in full batches."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from robustx.search.hunt import Found, Hunt
from robustx.search.ledger import Reply
from robustx.search.objective import Answer, Objective
from robustx.search.space import Probe
from robustx.suite.cells import CellRow

LIVE = 128
"""Examples that are searched at the same time."""

_REMEMBERED = 200_000
"""Texts whose answers are kept for examples and attacks to come."""


class Victim(Protocol):
    """A model to be attacked."""

    def answers(self, rows: Sequence[CellRow]) -> list[Answer]:
        """What the model makes of each row; rows that are the same to it are forwarded once."""
        ...


@dataclass
class Remembering:
    """A victim that is asked about the same text of the same example once in a run."""

    victim: Victim
    asked: int = 0
    forwarded: int = 0
    _known: OrderedDict[tuple[str, tuple[str, ...]], Answer] = field(default_factory=OrderedDict)

    def answers(self, rows: Sequence[CellRow]) -> list[Answer]:
        """What the model makes of each row."""
        self.asked += len(rows)
        keys = [(row.uid, row.fields) for row in rows]
        fresh = {key: row for key, row in zip(keys, rows, strict=True) if key not in self._known}
        self.forwarded += len(fresh)
        made = dict(zip(fresh, self.victim.answers(list(fresh.values())), strict=True)) if fresh else {}
        given = [made[key] if key in made else self._known[key] for key in keys]
        self._known.update(made)
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return given


@dataclass
class _Live:
    """An example that still stands, and the texts it waits for."""

    at: int
    row: CellRow
    clean: Answer
    hunt: Hunt
    waiting: list[Probe]


def search(
    rows: Sequence[CellRow],
    clean: Sequence[Answer],
    start: Callable[[CellRow, Answer], Hunt],
    victim: Victim,
    objective: Objective,
    advance: Callable[[int], None] | None = None,
) -> list[Found]:
    """Hunt for every row's worst case, a result a row, in the order of the rows.

    Args:
        clean: what the model makes of each row as it is.
        start: the hunt of a row, begun when its turn comes.
        advance: told how many rows are done.
    """
    found: dict[int, Found] = {}
    queue = deque(zip(range(len(rows)), rows, clean, strict=True))
    live: list[_Live] = []
    while queue or live:
        while queue and len(live) < LIVE:
            at, row, answer = queue.popleft()
            live += _begun(at, row, answer, start(row, answer), found)
        before = len(found)
        live = list(_round(live, victim, objective, found))
        if advance and len(found) > before:
            advance(len(found) - before)
    return [found[at] for at in range(len(rows))]


def _begun(at: int, row: CellRow, clean: Answer, hunt: Hunt, found: dict[int, Found]) -> Iterable[_Live]:
    try:
        return [_Live(at, row, clean, hunt, next(hunt))]
    except StopIteration as ended:
        found[at] = ended.value
        return []


def _round(live: list[_Live], victim: Victim, objective: Objective, found: dict[int, Found]) -> Iterator[_Live]:
    """Ask about what all wait for; those that go on."""
    rows = [one.row._replace(fields=probe.fields) for one in live for probe in one.waiting]
    answers = iter(victim.answers(rows) if rows else [])
    for one in live:
        replies = [_reply(objective, one, next(answers)) for _ in one.waiting]
        try:
            one.waiting = one.hunt.send(replies)
        except StopIteration as ended:
            found[one.at] = ended.value
        else:
            yield one


def _reply(objective: Objective, one: _Live, answer: Answer) -> Reply:
    moved = answer.digest != one.clean.digest
    return Reply(objective.loss(one.row, one.clean, answer), objective.wrong(one.row, one.clean, answer), moved)
