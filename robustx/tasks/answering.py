"""Extractive question answering: what XQuAD, MLQA and TyDiQA-GoldP share.

A prediction is the answer's text; the metric is (exact match + F1) / 2, the best over the gold answers, each by the rules of the
data set's own script. Gold answers are never edited: their spans in the context are protected.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from robustx.errors import DataError
from robustx.perturb.edits import Edit
from robustx.tasks.answers import as_gold, from_gold, moved
from robustx.tasks.base import Example, Head, SkipLog, Statistic, Task
from robustx.tasks.squad import Question, has_answers, read_squad, usable
from robustx.text.languages import language as language_of
from robustx.text.languages import languages


class Answering(Task):
    """A task of questions on contexts.

    Attributes:
        layout: the names a language's file may have below the data folder; the first that has answers is read. ``{code}`` is
            the language's BCP 47 code and ``{name}`` its English name in lower case.
    """

    head: Head = "answering"
    metric = "(EM+F1)/2"
    fields: tuple[str, ...] = ("question", "context")
    attackable: tuple[str, ...] = ("question", "context")
    protects: tuple[str, ...] = ("negation",)
    layout: tuple[str, ...]

    def __init__(self) -> None:
        self.beside = {"EM": self.exact_match, "F1": self.f1}

    def available(self, root: Path) -> list[str]:
        """Languages with a file that has answers, of those robustx knows."""
        return [code for code in languages() if self.file(root, code) is not None]

    def file(self, root: Path, language: str) -> Path | None:
        """The first file of a language that has answers."""
        return next((path for path in self._files(root, language) if has_answers(path)), None)

    def read(self, root: Path, language: str, skipped: SkipLog) -> Iterator[Example]:
        """The questions of one language, in the order of its file.

        Raises:
            DataError: there is no such file, or it is not of SQuAD's form.
        """
        path = self.file(root, language) or next(self._files(root, language), None)
        if path is None:
            names = " or ".join(self._names(language))
            raise DataError(f"{root}: has no {self.name} file for {language}; expected {names}")
        for question in read_squad(path, skipped):
            yield self._example(question, language)

    def read_hub(self, language: str, skipped: SkipLog) -> Iterator[Example]:
        """The same from the hub."""
        from robustx.tasks.hub import hub_rows

        dataset, config, split = self.hub(language)
        rows = enumerate(hub_rows(dataset, config, split), start=1)
        entries = (
            (number, row.get("context"), {**row, "answers": _answers(row.get("answers"))})
            for number, row in rows
            if self.is_of(str(row.get("id")), language)
        )
        for question in usable(f"{dataset}/{config}", entries, skipped):
            yield self._example(question, language)

    def hub(self, language: str) -> tuple[str, str, str]:
        """The data set on the hub, its config and its split."""
        raise NotImplementedError

    def is_of(self, name: str, language: str) -> bool:
        """Whether a question of the hub's split is of a language, by its id."""
        return True

    def tokens(self, text: str, language: str) -> list[str]:
        """An answer's words as exact match and F1 compare them."""
        return squad_tokens(text)

    def statistic(self, gold: str, predicted: str, language: str) -> Statistic:
        """Half of exact match and half of F1, of one question."""
        exact, overlap = self.exact_match(gold, predicted, language), self.f1(gold, predicted, language)
        return Statistic((exact.numerator + overlap.numerator) / 2, 1.0)

    def exact_match(self, gold: str, predicted: str, language: str) -> Statistic:
        """Whether the prediction is one of the gold answers."""
        given = self.tokens(predicted, language)
        return Statistic(float(any(self.tokens(one.text, language) == given for one in from_gold(gold))), 1.0)

    def f1(self, gold: str, predicted: str, language: str) -> Statistic:
        """F1 over words with the gold answer that it is best with."""
        given = self.tokens(predicted, language)
        return Statistic(max(overlap_f1(self.tokens(one.text, language), given) for one in from_gold(gold)), 1.0)

    def protected(self, example: Example, field: str) -> list[tuple[int, int]]:
        """Where the gold answers stand in the context."""
        return [answer.span for answer in from_gold(example.gold)] if field == "context" else []

    def carries(self, example: Example, fields: Mapping[str, str]) -> bool:
        """Whether every gold answer still stands in the context."""
        return all(answer.text in fields["context"] for answer in from_gold(example.gold))

    def gold_after(self, example: Example, edits: Mapping[str, Sequence[Edit]]) -> str:
        """The answers where they stand in the edited context."""
        return as_gold(moved(from_gold(example.gold), edits["context"])) if edits.get("context") else example.gold

    def _example(self, question: Question, language: str) -> Example:
        fields = {"question": question.question, "context": question.context}
        return Example(f"{self.name}-{question.id}", language, fields, as_gold(question.answers))

    def _files(self, root: Path, code: str) -> Iterator[Path]:
        places = (top / name for name in self._names(code) for top in (root / self.name, root))
        return (path for path in places if path.is_file())

    def _names(self, code: str) -> list[str]:
        name = language_of(code).name.lower()
        return [template.format(code=code, name=name) for template in self.layout]


def _answers(given: Any) -> Any:
    """Answers as files have them, from the columns that the hub has."""
    if not isinstance(given, dict):
        return given
    texts, starts = given.get("text") or [], given.get("answer_start") or []
    return [{"text": text, "answer_start": start} for text, start in zip(texts, starts, strict=False)]


_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def squad_tokens(text: str) -> list[str]:
    """The words of an answer by the rules of SQuAD's evaluate-v1.1.py: lower case, no ASCII punctuation, no English articles.

    XTREME scores XQuAD and TyDiQA-GoldP by these in every language.
    """
    return _ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split()


def overlap_f1(gold: list[str], given: list[str]) -> float:
    """F1 of the words two answers share, counted with repeats; 0 where they share none."""
    shared = (Counter(given) & Counter(gold)).total()
    if not shared:
        return 0.0
    precision, recall = shared / len(given), shared / len(gold)
    return 2 * precision * recall / (precision + recall)
