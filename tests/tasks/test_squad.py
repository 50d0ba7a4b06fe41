"""Reading files of SQuAD's form: what can be used is read as it stands, and what cannot is named and counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from squad_files import CONTEXT, QUESTION, entry, write_json, write_squad

from robustx.errors import DataError
from robustx.tasks.answers import Answer
from robustx.tasks.base import SkipLog
from robustx.tasks.squad import Question, read_squad

FIRST, SECOND = CONTEXT.index("1924"), CONTEXT.rindex("1924")


def read(path: Path) -> tuple[list[Question], SkipLog]:
    skipped = SkipLog()
    return list(read_squad(path, skipped)), skipped


def test_a_question_comes_with_its_context_and_all_its_answers_in_order(tmp_path: Path) -> None:
    answers = [{"text": "बाँध", "answer_start": CONTEXT.index("बाँध")}, {"text": "1924", "answer_start": FIRST}]
    found, skipped = read(write_squad(tmp_path / "a.json", entry(answers=answers)))
    assert found == [Question("q1", QUESTION, CONTEXT, (Answer("बाँध", CONTEXT.index("बाँध")), Answer("1924", FIRST)))]
    assert skipped.count == 0


def test_a_bare_list_of_articles_and_a_byte_order_mark_are_read_as_xtreme_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    articles = [{"paragraphs": [{"context": CONTEXT, "qas": [entry()]}]}]
    path.write_text("\ufeff" + json.dumps(articles), encoding="utf-8")
    assert [question.id for question in read(path)[0]] == ["q1"]


@pytest.mark.parametrize(
    ("said", "stands"),
    [(FIRST + 1, FIRST), (0, FIRST), (-5, FIRST), (SECOND - 3, SECOND), (10**30, SECOND), (SECOND, SECOND)],
)
def test_an_answer_that_is_not_at_its_offset_is_found_where_it_is_nearest(
    tmp_path: Path, said: int, stands: int
) -> None:
    found, skipped = read(write_squad(tmp_path / "a.json", entry(answers=[{"text": "1924", "answer_start": said}])))
    assert found[0].answers == (Answer("1924", stands),)
    assert skipped.count == 0
    what = ("a.json", 1, "an answer that is not at its offset; the nearest occurrence was taken")
    assert (skipped.mended, skipped.mended_first) == ((0, []) if said == stands else (1, [what]))


def _answer(text: Any, start: Any = 0) -> list[Any]:
    return [{"text": text, "answer_start": start}]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (entry("b", answers=_answer("1925")), "an answer that does not stand in its context"),
        (entry("b", answers=[*_answer("1924", FIRST), *_answer("1925")]), "does not stand in its context"),
        (entry("b", answers=[]), "a question without an answer"),
        (entry("b", answers=_answer("")), "an empty answer; XTREME's scripts take the answers out of test files"),
        (entry("b", answers=_answer(" \n")), "an empty answer"),
        (entry("b", answers=_answer(1924)), "an answer that is no"),
        (entry("b", answers=_answer("1924", "7")), "an answer that is no"),
        (entry("b", answers=["1924"]), "an answer that is no"),
        (entry("b", answers="1924"), "a question without an answer"),
        (entry("b", question="  "), "question: an empty text"),
        (entry("b", question=None), "question: no text"),
        (entry("b", question="a\x00"), "question: a NUL character"),
        (entry("q1"), 'the id "q1" for the second time'),
        (entry(""), "no id"),
        (entry("a\u202eb"), "no id; expected one of at most 100 printable characters"),
        (entry("x" * 101), "no id"),
        ({"question": QUESTION}, "no id"),
        (["q"], "no question where one was expected"),
        (None, "no question where one was expected"),
    ],
)
def test_a_question_that_cannot_be_used_is_named_and_counted(tmp_path: Path, bad: Any, reason: str) -> None:
    found, skipped = read(write_squad(tmp_path / "a.json", entry("q1"), bad, entry("q3")))
    assert [question.id for question in found] == ["q1", "q3"]
    assert skipped.count == 1
    assert (skipped.first[0].path, skipped.first[0].row) == ("a.json", 2)
    assert reason in skipped.first[0].reason


@pytest.mark.parametrize(
    ("context", "reason"),
    [
        ("", "context: an empty text"),
        ("\n \t", "context: an empty text"),
        ("x" * 20_001, "context: a text of 20,001 characters"),
        (None, "context: no text"),
        (7, "context: no text"),
    ],
)
def test_every_question_on_a_context_that_cannot_be_used_is_counted(tmp_path: Path, context: Any, reason: str) -> None:
    found, skipped = read(write_squad(tmp_path / "a.json", entry("q1"), entry("q2"), context=context))
    assert (found, skipped.count) == ([], 2)
    assert reason in skipped.first[0].reason


@pytest.mark.parametrize(
    "data", [[7], [{}], [{"paragraphs": 7}], [{"paragraphs": [None]}], [{"paragraphs": [{"context": CONTEXT}]}]]
)
def test_an_article_without_questions_is_counted(tmp_path: Path, data: Any) -> None:
    good = {"paragraphs": [{"context": CONTEXT, "qas": [entry()]}]}
    found, skipped = read(write_json(tmp_path / "a.json", {"data": [*data, good]}))
    assert ([question.id for question in found], skipped.count) == (["q1"], 1)
    assert (skipped.first[0].row, skipped.first[0].reason) == (1, "no question where one was expected")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b'{"data": 7}', b'{"rows": []}', b"7", b"\xff\xfe{}", b"[" * 100_000, b"[" + b"9" * 5000 + b"]" * 2],
)
def test_a_file_of_another_form_is_refused_with_what_was_expected(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r'a\.json: .*expected SQuAD\'s form, \{"data": \[\{"paragraphs"'):
        read(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"a\.json: there is no such file"):
        read(tmp_path / "a.json")
