"""The questions inside the package: whole, parallel, answered in their contexts, and in the language's own script."""

from __future__ import annotations

import unicodedata

import pytest

from robustx.tasks.answers import from_gold
from robustx.tasks.base import Example, SkipLog
from robustx.tasks.data import MINI
from robustx.tasks.registry import task
from robustx.text.languages import language
from robustx.text.scripts import script_of

COUNTS = {"xquad": 30, "mlqa": 12, "tydiqa": 12}
SETS = [(name, code) for name in COUNTS for code in task(name).available(MINI)]
# Han stands in Japanese, and either kind of Han is one code to Unicode
OWN = {"Jpan": {"Hira", "Kana", "Hani", "Jpan"}, "Hans": {"Hani", "Hans"}, "Kore": {"Hang", "Kore"}}


def rows(name: str, code: str) -> list[Example]:
    skipped = SkipLog()
    found = list(task(name).read(MINI, code, skipped))
    assert skipped.count == 0, skipped.first
    return found


def test_there_are_nine_languages_in_other_scripts_and_english_beside_them() -> None:
    assert task("xquad").available(MINI) == ["ar", "bn", "el", "en", "hi", "ja", "ko", "ru", "th", "zh"]
    assert task("mlqa").available(MINI) == ["ar", "en", "hi", "zh"]
    assert task("tydiqa").available(MINI) == ["ar", "bn", "en", "ko", "ru", "te"]


@pytest.mark.parametrize(("name", "code"), SETS)
class TestEverySet:
    def test_can_be_used_whole_and_is_in_nfc(self, name: str, code: str) -> None:
        found = rows(name, code)
        assert len(found) == COUNTS[name]
        for row in found:
            for text in row.fields.values():
                assert unicodedata.is_normalized("NFC", text)
                assert text == text.strip()
                assert "\ufffd" not in text

    def test_has_one_answer_a_question_and_says_where(self, name: str, code: str) -> None:
        for row in rows(name, code):
            (answer,) = from_gold(row.gold)
            assert row.fields["context"][answer.start :].startswith(answer.text)
            assert answer.text == answer.text.strip() != ""

    def test_asks_three_different_questions_on_every_context(self, name: str, code: str) -> None:
        found = rows(name, code)
        assert len({row.fields["question"] for row in found}) == len(found)
        contexts = [row.fields["context"] for row in found]
        assert all(contexts.count(context) == 3 for context in contexts)

    def test_is_in_its_own_script(self, name: str, code: str) -> None:
        script = language(code).script
        letters = [
            c
            for row in rows(name, code)
            for text in row.fields.values()
            for c in text
            if unicodedata.category(c)[0] == "L"
        ]
        own = sum(script_of(c) in OWN.get(script, {script}) or c == "ー" for c in letters)
        assert own / len(letters) > 0.97


@pytest.mark.parametrize("name", ["xquad", "mlqa"])
def test_a_question_has_the_same_uid_in_every_language(name: str) -> None:
    uids = {code: [row.uid for row in rows(name, code)] for other, code in SETS if other == name}
    assert len({tuple(one) for one in uids.values()}) == 1


def test_a_question_of_tydiqa_belongs_to_one_language() -> None:
    uids = [row.uid for name, code in SETS if name == "tydiqa" for row in rows(name, code)]
    assert len(set(uids)) == len(uids)
