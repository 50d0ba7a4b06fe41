"""What guests break is counted: marks, spaces, words, letters of another script."""

from __future__ import annotations

from typing import Any

import pytest

from robustx.bridges.damage import Damage, audit, damage
from robustx.errors import UsageError
from robustx.perturb.attacks import load_attack


def test_nothing_broken() -> None:
    assert damage("यह किताब है।", "यह किताब है।", "hi") == Damage(1, 0, marks=3, characters=12, words=3, untouched=3)


@pytest.mark.parametrize(
    ("rewritten", "marks_lost", "orphans", "spaces", "untouched", "foreign"),
    [
        ("यह कताब है।", 1, 0, 0, 2, 0),  # a vowel sign is gone
        ("यह क िताब है।", 0, 1, 1, 2, 0),  # a space before a mark leaves it without a letter
        ("यह किताब ह ै ।", 0, 1, 2, 2, 0),
        ("यह kiताब है।", 1, 0, 0, 2, 2),  # Latin letters in Devanagari
        ("ि यह किताब है।", 0, 1, 1, 3, 0),  # nothing before it at all
    ],
)
def test_what_is_broken(
    rewritten: str, marks_lost: int, orphans: int, spaces: int, untouched: int, foreign: int
) -> None:
    found = damage("यह किताब है।", rewritten, "hi")
    wanted = (1, marks_lost, orphans, spaces, untouched, foreign)
    assert (found.altered, found.marks_lost, found.orphans, found.spaces, found.untouched, found.foreign) == wanted


def test_a_joiner_between_letter_and_mark_leaves_it_where_it_was() -> None:
    assert damage("क्ष", "क्\u200dष\u093f", "hi").orphans == 0


def test_counts_add_up() -> None:
    one, two = damage("यह है।", "यह ह ै।", "hi"), damage("a b", "a c", "en")
    both = one.plus(two)
    assert (both.texts, both.altered, both.orphans, both.words, both.untouched) == (2, 2, 1, 4, 2)


def test_the_audit_takes_every_answer(nlpaug: None, card: Any) -> None:
    """The default tokenizer of nlpaug tears marks off Hindi words even when it augments nothing."""
    nothing = "aug_char_min = 0\naug_word_min = 0\naug_char_p = 0.0\naug_word_p = 0.0"
    idle = load_attack(card(f'[guest]\nname = "KeyboardAug"\ncalls = 3\n[guest.options]\n{nothing}'))
    found = audit(idle, ["यह किताब अच्छी है।", "एक और वाक्य"], "hi")
    assert (found.texts, found.altered) == (6, 6)
    assert found.orphans == found.marks > 0
    assert found.untouched < found.words
    assert audit(idle, ["The old mat"], "en") == Damage(3, 0, characters=33, words=9, untouched=9)


def test_an_attack_of_ours_rewrites_nothing() -> None:
    with pytest.raises(UsageError, match="keyboard is no guest"):
        audit(load_attack("keyboard"), ["यह"], "hi")
