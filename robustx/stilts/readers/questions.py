"""Questions on a context in SQuAD's JSON: SQuAD v1.1 and v2.0, XQuAD, MLQA and TyDiQA-GoldP, or as rows of the hub."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from robustx.errors import DataError
from robustx.stilts.examples import Question
from robustx.stilts.readers.rows import json_file
from robustx.stilts.sources import Source
from robustx.tasks.answers import located
from robustx.tasks.base import SkipLog, field_problem


def read(path: Path, source: Source, skipped: SkipLog, language: str = "en") -> Iterator[Question]:
    """The questions of one file; an answer that does not stand at its offset is looked for, and passed over if it is not there.

    Raises:
        DataError: the file is not SQuAD's JSON.
    """
    whole = json_file(path)
    try:
        paragraphs = [paragraph for article in whole["data"] for paragraph in article["paragraphs"]]
        rows = [(str(paragraph["context"]), question) for paragraph in paragraphs for question in paragraph["qas"]]
    except (KeyError, TypeError) as error:
        raise DataError(f"{path}: expected SQuAD's JSON, data[].paragraphs[].qas[]; {error!r} is missing") from error
    for number, (context, row) in enumerate(rows, start=1):
        try:
            answers = [(str(answer["text"]), int(answer["answer_start"])) for answer in row.get("answers", [])]
            uid, question = str(row["id"]), str(row["question"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            skipped.add(path, number, f"no SQuAD question: {error!r}")
            continue
        impossible = bool(row.get("is_impossible"))
        made = _question(path, number, uid, question, context, answers, impossible, source, skipped, language)
        if made is not None:
            yield made


def from_rows(
    rows: Iterable[tuple[int, Mapping[str, Any]]], path: Path, source: Source, skipped: SkipLog, language: str = "en"
) -> Iterator[Question]:
    """The questions of the hub's rows (``answers`` holds lists of ``text`` and ``answer_start``)."""
    for number, row in rows:
        uid = str(row.get("id", ""))
        if source.hub and source.hub.prefix and not uid.startswith(source.hub.prefix):
            continue
        given = row["answers"]
        answers = list(zip(map(str, given["text"]), map(int, given["answer_start"]), strict=True))
        texts = str(row["question"]), str(row["context"])
        made = _question(path, number, uid, *texts, answers, source.name == "squad-2.0", source, skipped, language)
        if made is not None:
            yield made


def _question(
    path: Path,
    number: int,
    uid: str,
    question: str,
    context: str,
    answers: list[tuple[str, int]],
    may_be_impossible: bool,
    source: Source,
    skipped: SkipLog,
    language: str,
) -> Question | None:
    problem = field_problem((question, context))
    found = (
        [] if problem else [made for text, start in answers if text.strip() and (made := located(context, text, start))]
    )
    if problem is None and not found and (answers or not may_be_impossible):
        problem = "an answer that is not in its context" if answers else "no answer"
    if problem is not None:
        skipped.add(path, number, problem)
        return None
    return Question(uid, question.strip(), context, tuple(dict.fromkeys(found)), language)
