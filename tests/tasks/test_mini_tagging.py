"""The token tasks inside the package: whole, parallel in their sentences, and tagged as the schemes allow."""

from __future__ import annotations

import itertools
import unicodedata
from collections import Counter

import pytest

from robustx.tasks.base import Example, SkipLog, Task
from robustx.tasks.data import MINI
from robustx.tasks.registry import task
from robustx.text.languages import language

PANX, UDPOS = task("panx"), task("udpos")
LANGUAGES = ["ar", "bn", "el", "en", "he", "hi", "ja", "ko", "ru", "zh"]
SENTENCES = 32
BY_CHARACTER = {"ja", "zh"}
BOTH = [pytest.param(one, code, id=f"{one.name}-{code}") for one in (PANX, UDPOS) for code in LANGUAGES]


def rows(one: Task, code: str) -> list[Example]:
    skipped = SkipLog()
    found = list(one.read(MINI, code, skipped))
    assert skipped.count == 0, skipped.first
    return found


def tokens(example: Example) -> list[str]:
    return example.fields["sentence"].split("\n")


def tags(example: Example) -> list[str]:
    return example.gold.split(" ")


def test_ten_languages_have_both() -> None:
    assert PANX.available(MINI) == UDPOS.available(MINI) == LANGUAGES
    assert len({language(code).script for code in LANGUAGES if not language(code).latin}) == 9


@pytest.mark.parametrize(("one", "code"), BOTH)
def test_every_sentence_can_be_used_is_in_nfc_and_stands_once(one: Task, code: str) -> None:
    found = rows(one, code)
    assert len(found) == len({example.fields["sentence"] for example in found}) == SENTENCES
    for example in found:
        assert unicodedata.is_normalized("NFC", example.fields["sentence"])
        assert all(token == token.strip() for token in tokens(example))


@pytest.mark.parametrize("code", LANGUAGES)
def test_both_tasks_have_the_same_sentences(code: str) -> None:
    """WikiANN cuts Chinese and Japanese into characters, and so does mini."""
    for entities, parts in zip(rows(PANX, code), rows(UDPOS, code), strict=True):
        if code in BY_CHARACTER:
            assert "".join(tokens(entities)) == "".join(tokens(parts))
            assert all(len(token) == 1 or token.isdigit() for token in tokens(entities))
        else:
            assert tokens(entities) == tokens(parts)


@pytest.mark.parametrize("code", LANGUAGES)
def test_an_entity_goes_on_only_where_one_of_its_kind_began(code: str) -> None:
    for example in rows(PANX, code):
        for before, tag in itertools.pairwise(["O", *tags(example)]):
            assert not tag.startswith("I-") or before[1:] == tag[1:], example


@pytest.mark.parametrize("code", LANGUAGES)
def test_people_organisations_and_places_are_all_there(code: str) -> None:
    begun = Counter(tag for example in rows(PANX, code) for tag in tags(example) if tag.startswith("B-"))
    assert set(begun) == {"B-PER", "B-ORG", "B-LOC"}
    assert min(begun.values()) >= 6


@pytest.mark.parametrize("code", LANGUAGES)
def test_punctuation_and_nothing_else_is_tagged_so(code: str) -> None:
    for example in rows(UDPOS, code):
        for token, tag in zip(tokens(example), tags(example), strict=True):
            assert (tag == "PUNCT") == all(unicodedata.category(c)[0] == "P" for c in token), (token, tag)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_sentence_has_a_predicate_and_one_end(code: str) -> None:
    for example in rows(UDPOS, code):
        assert {"VERB", "AUX", "ADJ"} & set(tags(example)), example
        assert tags(example)[-1] == "PUNCT"
