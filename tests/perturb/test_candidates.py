"""Candidates are what sampling could choose: the same sites under the same constraints, all of them and none besides."""

from __future__ import annotations

import pytest

from robustx.perturb.attacks import load_attack
from robustx.perturb.candidates import candidates, together
from robustx.perturb.edits import apply
from robustx.perturb.protection import protected_spans, reserved_words
from robustx.perturb.sample import Place, sample
from robustx.text.analysis import Text

SOURCES = {
    "hi": "वह 12 दिन नहीं सोया, www.example.org देखो।",
    "th": "เขาไม่ได้นอน 12 วัน",
    "zh": "他不是医生，他住在北京12号。",
    "en": "She did not sleep for 12 days; see www.example.org.",
}
ATTACKS = ["transpose", "delete", "keyboard", "invisible", "deletions", "space-joined"]


def text(language: str) -> Text:
    source = SOURCES[language]
    kinds = ("negation",)
    return Text(source, language, protected_spans(source, language, kinds), None, reserved_words(language, kinds))


@pytest.mark.parametrize("language", SOURCES)
@pytest.mark.parametrize("name", ATTACKS)
def test_every_edit_that_chance_makes_first_is_a_candidate(name: str, language: str) -> None:
    attack, here = load_attack(name), text(language)
    if not attack.applies_to(language):
        pytest.skip(f"{name} has nothing for {language}")
    made = {apply(here.source, [one.edit]) for one in candidates(attack.operator(language), here)}
    severity = 1.0 if attack.card.unit == "words" else 3.0
    drawn = sample(attack, here, Place(3, "uid", "text"), [severity], 40)
    firsts = {apply(here.source, edits[:1]) for (edits,) in drawn if edits}
    assert firsts <= made
    assert bool(firsts) == bool(made)


@pytest.mark.parametrize("language", SOURCES)
@pytest.mark.parametrize("name", ATTACKS)
def test_no_candidate_touches_what_is_protected_or_makes_a_text_twice(name: str, language: str) -> None:
    attack, here = load_attack(name), text(language)
    if not attack.applies_to(language):
        pytest.skip(f"{name} has nothing for {language}")
    found = list(candidates(attack.operator(language), here))
    made = [apply(here.source, [one.edit]) for one in found]
    assert len(set(made)) == len(made)
    assert here.source not in made
    assert all(one.strip() for one in made)
    if name != "space-joined":  # whose edits stand between words
        for one in found:
            assert one.word not in here.closed
            assert all(one.edit.end <= start or stop <= one.edit.start for start, stop in here.protected)


def test_words_get_one_edit_each_where_severity_counts_words() -> None:
    here, operator = text("en"), load_attack("transpose").operator("en")
    first, second, *rest = candidates(operator, here)
    other = next(one for one in rest if one.word != first.word)
    assert first.word == second.word
    assert not together("words", first, [second])
    assert together("words", first, [other])


def test_insertions_at_one_place_clash_where_severity_counts_edits() -> None:
    here, operator = text("en"), load_attack("invisible").operator("en")
    found = list(candidates(operator, here))
    here_too = [one for one in found if one.edit.start == found[0].edit.start]
    beside = next(one for one in found if one.edit.start != found[0].edit.start and one.word == found[0].word)
    assert len(here_too) > 1
    assert not together("edits", here_too[0], here_too[1:2])
    assert together("edits", here_too[0], [beside])
