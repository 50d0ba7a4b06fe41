"""Attacks beside answers: no attack touches a gold answer, and edits around it say where it stands afterwards."""

from __future__ import annotations

from functools import lru_cache

import pytest

from robustx.perturb.attacks import Attack, all_attacks
from robustx.perturb.edits import Edit, apply
from robustx.perturb.protection import protected_spans, reserved_words
from robustx.perturb.sample import Place, sample
from robustx.tasks.answers import Answer, from_gold, located, moved
from robustx.tasks.base import Example, SkipLog
from robustx.tasks.data import MINI
from robustx.tasks.registry import task
from robustx.text.analysis import Text

XQUAD = task("xquad")
ATTACKS = all_attacks()
LANGUAGES = XQUAD.available(MINI)


@lru_cache(maxsize=32)
def contexts(code: str) -> list[tuple[Example, Text]]:
    """Two questions on different contexts, each context analysed with its answer protected."""
    rows = list(XQUAD.read(MINI, code, SkipLog()))[1:25:12]
    return [(row, _analysed(row, code)) for row in rows]


def _analysed(row: Example, code: str) -> Text:
    context = row.fields["context"]
    spans = protected_spans(context, code, XQUAD.protects) + XQUAD.protected(row, "context")
    return Text(context, code, spans, reserved=reserved_words(code, XQUAD.protects))


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.id)
def test_no_attack_touches_an_answer_and_its_offset_is_known_afterwards(attack: Attack) -> None:
    strongest = 1.0 if attack.card.unit == "words" else 40.0
    changed = 0
    for code in LANGUAGES:
        if not attack.applies_to(code):
            continue
        for row, text in contexts(code):
            (edits,) = sample(attack, text, Place(7, row.uid, "context"), [strongest], 1)[0]
            after = apply(text.source, edits)
            changed += after != text.source
            for answer in moved(from_gold(row.gold), edits):
                assert after[answer.start : answer.start + len(answer.text)] == answer.text, (code, row.uid, edits)
            assert XQUAD.carries(row, {**row.fields, "context": after})
    if any(attack.applies_to(code) for code in LANGUAGES) and attack.card.family != "normal form":
        assert changed


def test_an_answer_moves_with_what_is_inserted_and_deleted_before_it() -> None:
    answer = Answer("1924", 6)
    context = "Built 1924, in stone"
    edits = [Edit(0, 2, ""), Edit(6, 6, "\u200b"), Edit(10, 11, " ;")]
    assert apply(context, edits) == "ilt \u200b1924 ; in stone"
    assert moved([answer], edits) == (Answer("1924", 5),)


def test_an_answer_is_found_nearest_to_its_offset_and_the_earlier_of_two_as_near() -> None:
    assert located("aXaaXa", "X", 2) == Answer("X", 1)
    assert located("aXaaaXa", "X", 3) == Answer("X", 1)
    assert located("aXaaaXa", "X", 4) == Answer("X", 5)
    assert located("aaa", "aa", 1) == Answer("aa", 1)
    assert located("aXa", "Y", 0) is None
    assert located("aXa", "", 0) is None
