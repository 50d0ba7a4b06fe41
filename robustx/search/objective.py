"""What an adversary wants of an answer: one small class a head says how near it is to wrong, and whether it is."""

from __future__ import annotations

import math
from typing import NamedTuple, Protocol

from robustx.suite.cells import CellRow


class Answer(NamedTuple):
    """What the model made of one text.

    Attributes:
        digest: equal for texts that are the same to the model.
    """

    prediction: str
    probabilities: tuple[float, ...]
    digest: str


class Objective(Protocol):
    """How far an answer has gone wrong."""

    def loss(self, row: CellRow, answer: Answer) -> float:
        """Higher is nearer to wrong, or further into it."""
        ...

    def fallen(self, row: CellRow, answer: Answer) -> bool:
        """Whether the answer is wrong."""
        ...


class LabelFlips:
    """Classification: another label than the gold one is predicted; the loss is the margin between their logits."""

    def __init__(self, labels: tuple[str, ...]) -> None:
        self._codes = {label: i for i, label in enumerate(labels)}

    def loss(self, row: CellRow, answer: Answer) -> float:
        """The best other label's logit minus the gold label's."""
        gold = self._codes[row.gold]
        other = max(value for i, value in enumerate(answer.probabilities) if i != gold)
        return math.log(max(other, _LEAST)) - math.log(max(answer.probabilities[gold], _LEAST))

    def fallen(self, row: CellRow, answer: Answer) -> bool:
        """Whether the label flipped."""
        return answer.prediction != row.gold


_LEAST = 1e-38
