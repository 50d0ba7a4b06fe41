"""What each normaliser undoes, and that none undoes more the second time."""

from __future__ import annotations

import pytest
from attack_material import ATTACKS, WILD
from hypothesis import given

from robustx.perturb.normalisers import NORMALISERS, Normaliser


@pytest.mark.parametrize(
    ("name", "perturbed", "plain"),
    [
        ("nfc", "e\u0301 \u1112\u1161\u11ab \u2126", "é 한 Ω"),
        ("nfkc", "ﬁ ﾊﾟﾝ ﻻ\u00a0ｗ", "fi パン لا w"),
        ("strip-ignorable", "a\u200bb\u00adc\ufe0ad\U000e0061e\u2066f", "abcdef"),
        ("one-space", "\ta  b\u3000c \r\n", "a b c"),
        ("latin-digits", "१९८४ ۱２3 ²", "1984 123 ²"),
        ("fold-arabic", "یَهـــود کتاب ہے على", "يهود كتاب هے علي"),
        ("fold-hebrew", "שָׁל֥וֹם בֵּית־אֵל׃", "שלום בית־אל׃"),
        ("apply-backspace", "ax\u0008bcd\u0008\u0008", "ab"),
        ("undo-reordering", "x\u200e\u2066\u202e\u2066b\u2069\u2066a\u2069\u202c\u2069\u200ey", "xaby"),
    ],
)
def test_a_normaliser_gives_the_plain_text(name: Normaliser, perturbed: str, plain: str) -> None:
    assert NORMALISERS[name](perturbed) == plain


def test_reordering_is_undone_in_the_nesting_of_its_first_description_too() -> None:
    boucher = "\u202d\u2066\u202e\u2066b\u2069\u2066a\u2069\u202c\u2069\u202c"
    assert NORMALISERS["undo-reordering"](f"c{boucher}c") == "cabc"


@pytest.mark.parametrize("name", NORMALISERS)
@given(text=WILD)
def test_what_is_normal_stays(name: Normaliser, text: str) -> None:
    once = NORMALISERS[name](text)
    assert NORMALISERS[name](once) == once


def test_every_normaliser_serves_a_card() -> None:
    assert set(NORMALISERS) == {attack.card.normaliser for attack in ATTACKS.values()} - {None}
