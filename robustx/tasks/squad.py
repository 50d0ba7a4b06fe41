"""Files of SQuAD's form (v1.1): ``{"data": [{"paragraphs": [{"context", "qas": [{"id", "question", "answers"}]}]}]}``.

What is read is checked: a question that cannot be used is named and counted, and no type is taken on trust.
Source: Rajpurkar et al. 2016, arXiv:1606.05250.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from robustx.errors import DataError
from robustx.tasks.answers import Answer, located
from robustx.tasks.base import SkipLog, field_problem

_LONGEST_ID = 100
_EXPECTED = 'expected SQuAD\'s form, {"data": [{"paragraphs": [{"context": ..., "qas": [...]}]}]}'


class Question(NamedTuple):
    """A question on a context, with its answers in the order of the file.

    Attributes:
        mended: how many of the answers do not stand where the file says, and were found elsewhere.
    """

    id: str
    question: str
    context: str
    answers: tuple[Answer, ...]
    mended: int = 0


class UnusableError(ValueError):
    """Why a question cannot be used."""


Entry = tuple[int, Any, Any]
"""The number of a question, counted from 1, its context and what is said of it."""


def read_squad(path: Path, skipped: SkipLog) -> Iterator[Question]:
    """The questions of a file, in order, as ``usable`` gives them.

    Raises:
        DataError: the file is missing, is no JSON or has another form.
    """
    entries = _entries(_articles(path))
    return usable(path, ((i, context, entry) for i, (context, entry) in enumerate(entries, start=1)), skipped)


def usable(source: Path | str, entries: Iterable[Entry], skipped: SkipLog) -> Iterator[Question]:
    """The questions that can be used; ``skipped`` counts and names the others, and those with an answer put right."""
    seen: set[str] = set()
    for number, context, entry in entries:
        try:
            question = checked(context, entry)
            if question.id in seen:
                raise UnusableError(f'the id "{question.id}" for the second time')
        except UnusableError as problem:
            skipped.add(source, number, str(problem))
            continue
        seen.add(question.id)
        if question.mended:
            skipped.mend(source, number, "an answer that is not at its offset; the nearest occurrence was taken")
        yield question


def has_answers(path: Path) -> bool:
    """Whether any answer of a file has a text, without taking it apart; what cannot be read is taken to have some.

    XTREME's utils_preprocess.py blanks the answers of every test file (``remove_qa_test_annotations``).
    """
    try:
        content = path.read_bytes()
    except OSError:
        return True
    return _SOME_TEXT.search(content) is not None or _NO_TEXT.search(content) is None


_SOME_TEXT, _NO_TEXT = re.compile(rb'"text"\s*:\s*"[^"]'), re.compile(rb'"text"\s*:\s*""')


def checked(context: Any, entry: Any) -> Question:
    """One question of a file, or of the hub.

    Raises:
        UnusableError: something is missing, of another type, empty, or not where it should be.
    """
    if not isinstance(entry, dict):
        raise UnusableError("no question where one was expected")
    name, question, answers = entry.get("id"), entry.get("question"), entry.get("answers")
    if not isinstance(name, str) or not name or len(name) > _LONGEST_ID or not name.isprintable():
        raise UnusableError(f"no id; expected one of at most {_LONGEST_ID} printable characters")
    for what, text in (("question", question), ("context", context)):
        problem = field_problem([text]) if isinstance(text, str) else "no text"
        if problem is not None:
            raise UnusableError(f"{what}: {problem}")
    if not isinstance(answers, list) or not answers:
        raise UnusableError("a question without an answer")
    found = tuple(_answer(str(context), answer) for answer in answers)
    mended = sum(one.start != answer["answer_start"] for one, answer in zip(found, answers, strict=True))
    return Question(name, str(question), str(context), found, mended)


def _answer(context: str, answer: Any) -> Answer:
    text, start = (answer.get("text"), answer.get("answer_start")) if isinstance(answer, dict) else (None, None)
    if not isinstance(text, str) or not isinstance(start, int):
        raise UnusableError('an answer that is no {"text": ..., "answer_start": ...}')
    if not text.strip():
        raise UnusableError(
            "an empty answer; XTREME's scripts take the answers out of test files, the published have them"
        )
    found = located(context, text, start)
    if found is None:
        raise UnusableError("an answer that does not stand in its context")
    return found


def _articles(path: Path) -> list[Any]:
    try:
        read = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise DataError(f"{path}: there is no such file; {_EXPECTED}") from error
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(f"{path}: cannot be read as JSON ({error}); {_EXPECTED}") from error
    articles = read.get("data") if isinstance(read, dict) else read
    if not isinstance(articles, list):
        raise DataError(f'{path}: has no list "data"; {_EXPECTED}')
    return articles


def _entries(articles: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Every context with each of its questions; what has no questions counts as one that cannot be used."""
    for article in articles:
        for paragraph in _list(article, "paragraphs"):
            for entry in _list(paragraph, "qas"):
                yield (paragraph.get("context") if isinstance(paragraph, dict) else None), entry


def _list(holder: Any, key: str) -> list[Any]:
    found = holder.get(key) if isinstance(holder, dict) else None
    return found if isinstance(found, list) else [None]
