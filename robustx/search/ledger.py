"""What is known of one example: every text that was asked, and the worst set of edits of each size."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from robustx.search.space import Choice, Probe, Space
from robustx.suite.cells import FieldEdit


class Reply(NamedTuple):
    """What a text did to the model.

    Attributes:
        wrong: the answer is wrong.
        moved: the model can tell the input from the clean one.
    """

    loss: float
    wrong: bool
    moved: bool

    @property
    def fallen(self) -> bool:
        """The answer is wrong, to an input that the model can tell from the clean one."""
        return self.wrong and self.moved

    @property
    def rank(self) -> tuple[bool, bool, float]:
        """Wrong answers are worst, then those to inputs that the model can tell from the clean one, then the nearest to wrong."""
        return self.fallen, self.moved, self.loss


class Worst(NamedTuple):
    """The worst that was found with so many edits."""

    reply: Reply
    fields: tuple[str, ...]
    edits: tuple[FieldEdit, ...]


class Ledger:
    """The texts that were asked for one example; a text that was asked before is not a query."""

    def __init__(self) -> None:
        self._replies: dict[bytes, Reply] = {}
        self._worst: dict[int, Worst] = {}
        self._smallest: Worst | None = None
        self.fallen: tuple[Space, Choice] | None = None

    @property
    def queries(self) -> int:
        """Texts that were asked, each counted once."""
        return len(self._replies)

    def reply(self, probe: Probe) -> Reply:
        """What a text did that was asked."""
        return self._replies[_digest(probe.fields)]

    def unknown(self, probes: Sequence[Probe]) -> list[Probe]:
        """Those of the texts that were not asked yet, each once."""
        fresh = {_digest(probe.fields): probe for probe in reversed(probes)}
        return [probe for key, probe in reversed(fresh.items()) if key not in self._replies]

    def take(self, probes: Sequence[Probe], replies: Sequence[Reply]) -> None:
        """Write down what texts did."""
        for probe, reply in zip(probes, replies, strict=True):
            self._replies[_digest(probe.fields)] = reply

    def judge(self, space: Space, probes: Sequence[Probe]) -> None:
        """Hold what sets of edits did against the worst of their size; of those that flip the answer the smallest is kept."""
        for probe in probes:
            if probe.choice:
                self._judged(space, probe, probe.choice, self.reply(probe))

    def _judged(self, space: Space, probe: Probe, choice: Choice, reply: Reply) -> None:
        known = self._worst.get(len(choice))
        further = known is None or reply.rank > known.reply.rank
        smaller = reply.fallen and (self.fallen is None or len(choice) < len(self.fallen[1]))
        if further or smaller:
            made = Worst(reply, probe.fields, space.edits(choice))
            if further:
                self._worst[len(choice)] = made
            if smaller:
                self.fallen, self._smallest = (space, choice), made

    def at(self, budget: int) -> Worst | None:
        """The smallest flip where it has at most so many edits, else what came nearest to one."""
        if self._smallest is not None and len(self._smallest.edits) <= budget:
            return self._smallest
        found = [self._worst[size] for size in sorted(self._worst) if size <= budget]
        return max(found, key=lambda one: one.reply.rank, default=None)


def _digest(fields: Sequence[str]) -> bytes:
    return hashlib.blake2b("\x00".join(fields).encode(), digest_size=12).digest()
