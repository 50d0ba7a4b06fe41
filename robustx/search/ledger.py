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
        fallen: the answer is wrong, to an input that the model can tell from the clean one.
        moved: the model can tell the input from the clean one.
    """

    loss: float
    fallen: bool
    moved: bool


class Worst(NamedTuple):
    """The worst that was found with so many edits."""

    reply: Reply
    fields: tuple[str, ...]
    edits: tuple[FieldEdit, ...]

    @property
    def rank(self) -> tuple[bool, bool, float]:
        """Wrong answers are worst, then those to inputs that the model can tell from the clean one, then the nearest to wrong."""
        return self.reply.fallen, self.reply.moved, self.reply.loss


class Ledger:
    """The texts that were asked for one example; a text that was asked before is not a query."""

    def __init__(self) -> None:
        self._replies: dict[bytes, Reply] = {}
        self.worst: dict[int, Worst] = {}
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
        """Hold what sets of edits did against the worst of their size; the first that makes the answer wrong is kept."""
        for probe in probes:
            if probe.choice:
                reply = self.reply(probe)
                known = self.worst.get(len(probe.choice))
                if known is None or (reply.fallen, reply.moved, reply.loss) > known.rank:
                    self.worst[len(probe.choice)] = Worst(reply, probe.fields, space.edits(probe.choice))
                if reply.fallen and self.fallen is None:
                    self.fallen = space, probe.choice

    def at(self, budget: int) -> Worst | None:
        """The worst that was found with at most so many edits: of those that flip the answer the one of fewest edits."""
        found = [self.worst[size] for size in sorted(self.worst) if size <= budget]
        return _worst(found)


def _worst(found: Sequence[Worst]) -> Worst | None:
    """The first that is wrong, else the one that came nearest to it."""
    fallen = next((one for one in found if one.reply.fallen), None)
    return fallen or max(found, key=lambda one: one.rank, default=None)


def _digest(fields: Sequence[str]) -> bytes:
    return hashlib.blake2b("\x00".join(fields).encode(), digest_size=12).digest()
