"""Rows of any set of natural language inference as examples: usual names of columns, labels, uids, and the hold-out rule."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from robustx.errors import DataError
from robustx.tasks.base import Example, SkipLog, field_problem
from robustx.tasks.holdout import NAME, Holdout
from robustx.tasks.nli_labels import NLI_LABELS, nli_label

PREMISE = ("premise", "sentence1", "context", "text1", "text_a", "text")
HYPOTHESIS = ("hypothesis", "sentence2", "statement", "text2", "text_b")
LABEL = ("gold_label", "label", "label_name", "labels")
LANGUAGE = ("language", "lang", "locale")
UID = ("uid", "guid", "pairid", "sentence_pair_id", "id", "idx")
ORIGINAL = ("premise_original", "hypothesis_original")
"""The English text beside a machine translation of training rows, as in multilingual-NLI-26lang-2mil7."""


class Origin(NamedTuple):
    """Where rows are from.

    Attributes:
        where: the file or data set, as errors name it.
        training: whether models may have been trained on its rows.
        rule: which of its training rows may be read; None where nothing says so.
        classes: what whole numbers mean as labels; empty for entailment, neutral, contradiction.
    """

    where: str
    training: bool
    rule: Holdout | None
    classes: Sequence[str] = ()


def examples(
    rows: Iterable[tuple[int, Mapping[str, Any]]], origin: Origin, language: str, skipped: SkipLog
) -> Iterator[Example]:
    """The examples of numbered rows, in order; those that cannot be used go to ``skipped``.

    Raises:
        DataError: the first row has no columns of NLI, or a training row comes without a hold-out rule.
    """
    seen: set[str] = set()
    for place, (number, row) in enumerate(rows):
        if place == 0:
            _check(origin.where, number, row)
        if origin.training or all(name in row for name in ORIGINAL):
            if origin.rule is None:
                raise DataError(_TRAINING.format(where=origin.where, row=number))
            if not origin.rule.holds(str(cell(row, (ORIGINAL[0], *PREMISE)) or "")):
                continue
        example = _example(row, number, language, origin.classes)
        if not isinstance(example, str) and example.uid in seen:
            example = f"the uid {example.uid[:60]} stands in an earlier row too"
        if isinstance(example, str):
            skipped.add(origin.where, number, example)
            continue
        seen.add(example.uid)
        yield example


def cell(row: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    """The first cell that is there under one of some names."""
    return next((row[name] for name in names if row.get(name) is not None), None)


_TRAINING = (
    "{where}: row {row}: these are training rows, and a model may have been trained on them. Hold some out: leave the rows of "
    f"a share of the premises out of training and say so in {NAME} beside them, or as hub:SET:{NAME} (share = 0.1); "
    "only those are read then"
)


def _check(where: str, number: int, row: Mapping[str, Any]) -> None:
    for names in (PREMISE, HYPOTHESIS, LABEL):
        if not any(name in row for name in names):
            have = ", ".join(map(str, row))[:120]
            raise DataError(f"{where}: row {number}: expected a column {' or '.join(names)}; it has {have}")


def _example(row: Mapping[str, Any], number: int, language: str, classes: Sequence[str]) -> Example | str:
    """The example of a row, or why there is none."""
    texts = [value if isinstance(value := cell(row, names), str) else "" for names in (PREMISE, HYPOTHESIS)]
    said = cell(row, LABEL)
    if isinstance(said, int) and not isinstance(said, bool) and 0 <= said < len(classes):
        said = classes[said]
    gold = nli_label(said)
    problem = field_problem(texts)
    if problem is not None or gold is None:
        return problem or f'the label "{str(said)[:40]}"; expected {", ".join(NLI_LABELS)}'
    return Example(_uid(row, number), language, {"premise": texts[0], "hypothesis": texts[1]}, gold)


def _uid(row: Mapping[str, Any], number: int) -> str:
    if all(name in row for name in ORIGINAL):
        original = "\n".join(str(row[name]) for name in ORIGINAL)
        return "nli-" + hashlib.sha256(original.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    given = cell(row, UID)
    return f"nli-{number}" if given is None else str(given)
