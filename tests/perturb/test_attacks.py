"""Every attack in every language it applies to keeps the promises of robustx.

Each test runs over all cards of ``attacks/`` and real text, so a new card or table is held to them at once.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
import regex
from attack_material import (
    ATTACKS,
    DRAWS,
    LANGUAGES,
    PAIRS,
    SEED,
    SENTENCES,
    offered,
    orphans,
    sampled,
    severities,
    text_of,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from robustx.perturb.attacks import Attack, AttackCard
from robustx.perturb.edits import apply
from robustx.perturb.normalisers import NORMALISERS
from robustx.perturb.protection import negations, protected_spans
from robustx.perturb.sample import Place, amount, sample
from robustx.tasks.sentences import sentences
from robustx.text.analysis import Text
from robustx.text.languages import language
from robustx.text.scripts import belongs

CODES = {name: [code for one, code in PAIRS if one == name] for name in ATTACKS}
"""The languages with texts that an attack applies to."""


def pairs(
    suits: Callable[[AttackCard], bool] = lambda card: True,
) -> Callable[[Callable[[str, str], None]], Callable[[str], None]]:
    """A test an attack that suits, over every language that it applies to; a failure says which."""

    def over(test: Callable[[str, str], None]) -> Callable[[str], None]:
        def in_every_language(name: str) -> None:
            for code in CODES[name]:
                try:
                    test(name, code)
                except AssertionError as error:
                    error.add_note(f"{name} in {code}")
                    raise

        in_every_language.__doc__ = test.__doc__
        names = [name for name in CODES if suits(ATTACKS[name].card)]
        return pytest.mark.parametrize("name", names)(in_every_language)

    return over


every_pair = pairs()


@every_pair
def test_severity_0_is_the_identity(name: str, code: str) -> None:
    for _, draws in sampled(name, code):
        assert [edits[0] for edits in draws] == [[]] * DRAWS


@every_pair
def test_edits_at_a_lower_severity_are_the_first_of_those_at_a_higher_one(name: str, code: str) -> None:
    for _, draws in sampled(name, code):
        for edits in draws:
            for less, more in itertools.pairwise(edits):
                assert more[: len(less)] == less


@every_pair
def test_there_are_as_many_edits_as_asked_for_or_as_there_is_room_for(name: str, code: str) -> None:
    attack = ATTACKS[name]
    by_word = attack.card.unit == "words"
    for i, (text, draws) in enumerate(sampled(name, code)):
        found = offered(name, code, i)
        room = len({word if by_word else site for word, site, _ in found})
        for edits in draws:
            for severity, chosen in zip(severities(attack), edits, strict=True):
                most = min(amount(severity, attack.card.unit, text), room)
                if by_word or attack.card.operator == "insert":
                    assert len(chosen) == most
                else:
                    assert min(most, 1) <= len(chosen) <= most


@every_pair
def test_every_edit_made_is_one_that_the_operator_offers(name: str, code: str) -> None:
    for i, (_, draws) in enumerate(sampled(name, code)):
        found = {edit for _, _, edit in offered(name, code, i)}
        assert {edit for edits in draws for edit in edits[-1]} <= found


@every_pair
def test_every_edit_changes_the_text_and_lies_in_its_own_open_word(name: str, code: str) -> None:
    over_gaps = "gaps" in ATTACKS[name].card.exempt
    for i in (0, -1):
        text = text_of(code, i)
        for word, _, edit in offered(name, code, i):
            start, end = text.spans[word]
            if over_gaps:
                start, end = end, text.spans[word + 1][0] if word + 1 < len(text.spans) else len(text.source)
            assert start <= edit.start <= edit.end <= end
            assert text.source[edit.start : edit.end] != edit.replacement


@every_pair
def test_what_lies_outside_the_edits_is_byte_identical(name: str, code: str) -> None:
    for text, draws in sampled(name, code):
        for edits in draws:
            made = apply(text.source, edits[-1])
            at_source = at_made = 0
            for edit in sorted(edits[-1]):
                kept = edit.start - at_source
                assert made[at_made : at_made + kept] == text.source[at_source : edit.start]
                at_made += kept
                assert made[at_made : at_made + len(edit.replacement)] == edit.replacement
                at_made += len(edit.replacement)
                at_source = edit.end
            assert made[at_made:] == text.source[at_source:]


@pairs(lambda card: "marks" not in card.exempt)
def test_no_mark_loses_its_base(name: str, code: str) -> None:
    for text, draws in sampled(name, code):
        before = orphans(text.source)
        for edits in draws:
            for chosen in edits[1:]:
                made = apply(text.source, chosen)
                assert orphans(made) <= before, (text.source, chosen)
                assert made.strip()
                made.encode("utf-8")


@pairs(lambda card: "nfc" not in card.exempt)
def test_nfc_text_stays_nfc(name: str, code: str) -> None:
    for text, draws in sampled(name, code):
        assert unicodedata.is_normalized("NFC", text.source)
        for edits in draws:
            for chosen in edits:
                assert unicodedata.is_normalized("NFC", apply(text.source, chosen)), (text.source, chosen)


@pairs(lambda card: card.normaliser is not None)
def test_the_normaliser_that_a_card_names_takes_text_and_original_to_the_same(name: str, code: str) -> None:
    normaliser = ATTACKS[name].card.normaliser
    assert normaliser
    normalised = NORMALISERS[normaliser]
    for text, draws in sampled(name, code):
        for edits in draws:
            for chosen in edits:
                assert normalised(apply(text.source, chosen)) == normalised(text.source), (text.source, chosen)


@pairs(lambda card: "script" not in card.exempt)
def test_what_is_written_belongs_to_the_script_of_the_language(name: str, code: str) -> None:
    script = language(code).script
    for i in (0, -1):
        text = text_of(code, i)
        for _, _, edit in offered(name, code, i):
            new = set(edit.replacement) - set(text.source)
            assert all(belongs(c, script) for c in new), edit


@pairs(lambda card: "digits" not in card.exempt)
def test_digits_addresses_placeholders_and_negations_are_left_alone(name: str, code: str) -> None:
    for text, draws in sampled(name, code):
        for start, end in protected_spans(text.source, code, ["negation"]):
            for edits in draws:
                assert not [e for e in edits[-1] if e.start < end and start < e.end]


def seen(text: str) -> str:
    """The text without what no reader sees."""
    return regex.sub(r"\p{Default_Ignorable_Code_Point}", "", text)


@every_pair
def test_no_single_edit_makes_a_negation(name: str, code: str) -> None:
    for text, draws in sampled(name, code):
        before = len(negations(seen(text.source), code))
        for edits in draws:
            for edit in edits[-1]:
                assert len(negations(seen(apply(text.source, [edit])), code)) <= before, edit


@every_pair
def test_draws_begin_with_different_texts_as_long_as_there_are_any(name: str, code: str) -> None:
    for i, (text, draws) in enumerate(sampled(name, code)):
        firsts = {apply(text.source, edits[-1][:1]) for edits in draws}
        possible = {apply(text.source, [edit]) for _, _, edit in offered(name, code, i)[:64]}
        assert len(firsts) >= min(DRAWS, max(1, len(possible)))


@every_pair
def test_the_edits_of_a_text_depend_on_no_other_text_severity_or_draw(name: str, code: str) -> None:
    attack = ATTACKS[name]
    alone = Attack(attack.card, attack.path)
    for i, (text, draws) in reversed(list(enumerate(sampled(name, code)))):
        place = Place(SEED, f"{code}-{i}", "text")
        last = severities(attack)[-1]
        assert sample(alone, text, place, [last], 1) == [[draws[0][-1]]]


@pairs(lambda card: card.operator != "substitute")
def test_operators_that_need_no_table_and_insertions_reach_no_text_twice(name: str, code: str) -> None:
    for i in (0, -1):
        text = text_of(code, i)
        made = [apply(text.source, [edit]) for _, _, edit in offered(name, code, i)]
        assert len(made) == len(set(made))


_FINGERPRINT = """
import hashlib, json, sys
sys.path.insert(0, sys.argv[1])
from attack_material import PAIRS, sampled
print(json.dumps({f"{n} {c}": hashlib.sha256(repr([d for _, d in sampled(n, c)]).encode()).hexdigest() for n, c in PAIRS[::-1]}))
"""


def test_a_fresh_process_with_another_hash_seed_makes_the_same_edits() -> None:
    here = {
        f"{name} {code}": hashlib.sha256(repr([draws for _, draws in sampled(name, code)]).encode()).hexdigest()
        for name, code in PAIRS
    }
    environment = {**os.environ, "PYTHONHASHSEED": "4711"}
    command = [sys.executable, "-c", _FINGERPRINT, str(Path(__file__).parent)]
    there = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    assert json.loads(there.stdout) == here


@pytest.mark.parametrize("name", ATTACKS)
def test_another_seed_uid_or_field_makes_other_edits(name: str) -> None:
    """One edit each, drawn many times, where the attack has the most to choose from."""
    attack = ATTACKS[name]
    code = max((code for code in LANGUAGES if attack.applies_to(code)), key=lambda code: len(offered(name, code, -1)))
    everything = " ".join([*sentences(code)[:60], SENTENCES[code][-1]])
    text = Text(everything, code, protected_spans(everything, code, ["negation"]))
    severity = 0.001 if attack.card.unit == "words" else 1.0

    def made(seed: int, uid: str, field: str) -> list[object]:
        return [sample(attack, text, Place(seed, f"{uid}{i}", field), [severity], 1) for i in range(8)]

    base = made(1, "u", "premise")
    assert made(1, "u", "premise") == base
    for other in ((2, "u", "premise"), (1, "v", "premise"), (1, "u", "hypothesis")):
        assert made(*other) != base


@settings(max_examples=25)
@given(st.text(max_size=20), st.sampled_from(PAIRS))
def test_severity_0_is_the_identity_on_any_text(source: str, pair: tuple[str, str]) -> None:
    assert sample(ATTACKS[pair[0]], Text(source, pair[1]), Place(0, "", ""), [0.0], 2) == [[[]], [[]]]
