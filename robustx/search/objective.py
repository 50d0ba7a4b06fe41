"""What an adversary wants of an answer: one small class a head says how near it is to wrong, and whether it is."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple, Protocol

from robustx.perturb.protection import protected_spans
from robustx.suite.cells import CellRow
from robustx.tasks.base import Task
from robustx.tasks.tagging import SEPARATOR


class Answer(NamedTuple):
    """What the model made of one text.

    Attributes:
        digest: equal for texts that are the same to the model.
    """

    prediction: str
    probabilities: tuple[float, ...]
    digest: str


class Objective(Protocol):
    """How far an answer has gone wrong; ``clean`` is what the model made of the unperturbed text."""

    def loss(self, row: CellRow, clean: Answer, answer: Answer) -> float:
        """Higher is nearer to wrong, or further into it."""
        ...

    def wrong(self, row: CellRow, clean: Answer, answer: Answer) -> bool:
        """Whether the answer is wrong."""
        ...


class LabelFlips:
    """Classification: another label than the gold one is predicted; the loss is the margin between their logits."""

    def __init__(self, labels: tuple[str, ...]) -> None:
        self._codes = {label: i for i, label in enumerate(labels)}

    def loss(self, row: CellRow, clean: Answer, answer: Answer) -> float:
        """The best other label's logit minus the gold label's."""
        gold = self._codes[row.gold]
        other = max(value for i, value in enumerate(answer.probabilities) if i != gold)
        return math.log(max(other, _LEAST)) - math.log(max(answer.probabilities[gold], _LEAST))

    def wrong(self, row: CellRow, clean: Answer, answer: Answer) -> bool:
        """Whether the label is not the gold one."""
        return answer.prediction != row.gold


class MetricFalls:
    """The example's metric is lower than it was clean; the loss is how much it lacks."""

    def __init__(self, task: Task, language: str) -> None:
        self._task, self._language = task, language

    def loss(self, row: CellRow, clean: Answer, answer: Answer) -> float:
        """One minus the example's metric."""
        return 1 - self._metric(row, answer)

    def wrong(self, row: CellRow, clean: Answer, answer: Answer) -> bool:
        """Whether the metric fell; an example that was all wrong before is wrong."""
        before = self._metric(row, clean)
        return self._metric(row, answer) < before or before == 0

    def _metric(self, row: CellRow, answer: Answer) -> float:
        top, bottom = self._task.statistic(row.gold, answer.prediction, self._language)
        return top / bottom if bottom else 1.0


class TagsFall(MetricFalls):
    """Tagging: the sentence's F1 is lower, or the tag of a token is lost that no attack may touch, such as a number."""

    def wrong(self, row: CellRow, clean: Answer, answer: Answer) -> bool:
        """Whether the F1 fell, or a right tag of a protected token is no longer right."""
        if super().wrong(row, clean, answer):
            return True
        gold, before, now = (tags.split(" ") for tags in (row.gold, clean.prediction, answer.prediction))
        return any(
            gold[at] == before[at] != now[at] for at in _closed(row.fields[0], self._language, self._task.protects)
        )


class AnswerLost(MetricFalls):
    """Answering: less than half of the F1 is left."""

    def wrong(self, row: CellRow, clean: Answer, answer: Answer) -> bool:
        """Whether the answer is lost."""
        return self._metric(row, answer) < _LOST

    def _metric(self, row: CellRow, answer: Answer) -> float:
        top, bottom = self._task.beside["F1"](row.gold, answer.prediction, self._language)
        return top / bottom if bottom else 1.0


class NeighbourLost:
    """Retrieval: the English sentence finds another; the loss is how much nearer another is than the right one."""

    def loss(self, row: CellRow, clean: Answer, answer: Answer) -> float:
        """The similarity of the nearest other sentence minus that of the right one."""
        own, other = answer.probabilities
        return other - own

    def wrong(self, row: CellRow, clean: Answer, answer: Answer) -> bool:
        """Whether none of the sentences that belong to the row was found."""
        return answer.prediction not in row.gold.split()


_LEAST = 1e-38
_LOST = 0.5


def objective_of(task: Task, language: str) -> Objective:
    """What an adversary of a task wants."""
    if task.head == "classification":
        return LabelFlips(task.labels)
    if task.head == "retrieval":
        return NeighbourLost()
    return TagsFall(task, language) if task.head == "tagging" else AnswerLost(task, language)


@lru_cache(maxsize=4096)
def _closed(sentence: str, language: str, kinds: tuple[str, ...]) -> tuple[int, ...]:
    """The numbers of the tokens of a sentence that are protected from end to end."""
    kept = protected_spans(sentence, language, kinds)
    made, start = [], 0
    for number, token in enumerate(sentence.split(SEPARATOR)):
        covered = {at for a, b in kept for at in range(max(a, start), min(b, start + len(token)))}
        if len(covered) == len(token):
            made.append(number)
        start += len(token) + len(SEPARATOR)
    return tuple(made)
