"""The retrieval and paraphrase data inside the package: aligned, balanced, and with something to be mistaken for."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pytest

from robustx.tasks.base import Example, SkipLog
from robustx.tasks.data import MINI
from robustx.tasks.registry import task
from robustx.text.languages import language

TATOEBA, BUCC, PAWSX, XNLI = (task(name) for name in ("tatoeba", "bucc2018", "pawsx", "xnli"))


def rows(name: str, code: str) -> list[Example]:
    skipped = SkipLog()
    found = list(task(name).read(MINI, code, skipped))
    assert skipped.count == 0, skipped.first
    assert len({row.uid for row in found}) == len(found)
    for row in found:
        assert all(unicodedata.is_normalized("NFC", text) and text == text.strip() for text in row.fields.values())
    return found


def test_tatoeba_has_every_language_of_the_natural_language_inference_data() -> None:
    assert TATOEBA.available(MINI) == [code for code in XNLI.available(MINI) if code != "en"]
    assert sum(not language(code).latin for code in TATOEBA.available(MINI)) == 20


@pytest.mark.parametrize("code", TATOEBA.available(MINI))
def test_a_sentence_stands_beside_its_translation(code: str) -> None:
    own, english = (
        {row.uid: row.fields["hypothesis"] for row in XNLI.read(MINI, one, SkipLog())} for one in (code, "en")
    )
    found = rows("tatoeba", code)
    assert [row.fields["source"] for row in found] == list(own.values())
    assert [row.fields["target"] for row in found] == list(english.values())
    assert len(set(own.values())) == len(set(english.values())) == len(found) == 96


def test_bucc_has_48_pairs_and_as_many_sentences_alone_on_either_side() -> None:
    assert BUCC.available(MINI) == ["ru", "zh"]
    for code in ("ru", "zh"):
        found = rows("bucc2018", code)
        kinds = Counter((bool(row.fields["source"]), bool(row.fields["target"]), bool(row.gold)) for row in found)
        assert kinds == {(True, True, True): 48, (True, False, False): 48, (False, True, False): 48}


def test_bucc_s_pairs_are_translations() -> None:
    for code in ("ru", "zh"):
        known = {
            own.fields[name]: english.fields[name]
            for own, english in zip(*(XNLI.read(MINI, one, SkipLog()) for one in (code, "en")), strict=True)
            for name in XNLI.fields
        }
        for row in rows("bucc2018", code):
            if row.gold:
                assert known[row.fields["source"]] == row.fields["target"]


def test_paraphrases_are_balanced_and_the_first_sentence_says_nothing_of_them() -> None:
    assert PAWSX.available(MINI) == ["en", "ja", "ko", "zh"]
    gold = [row.gold for row in rows("pawsx", "en")]
    assert Counter(gold) == {"different": 16, "paraphrase": 16}
    for code in PAWSX.available(MINI):
        found = rows("pawsx", code)
        assert [(row.uid, row.gold) for row in found] == [(f"pawsx-{i}", one) for i, one in enumerate(gold, start=1)]
        by_first: dict[str, set[str]] = {}
        for row in found:
            by_first.setdefault(row.fields["sentence1"], set()).add(row.gold)
        assert list(by_first.values()) == [{"different", "paraphrase"}] * 16


@pytest.mark.parametrize("code", ["ja", "ko", "zh"])
def test_paraphrases_and_others_are_made_of_the_same_words_alike(code: str) -> None:
    """Overlap of letters must not give the label away: other sentences share at least as many with the first."""
    shared: dict[str, list[float]] = {"different": [], "paraphrase": []}
    for row in rows("pawsx", code):
        first, second = (Counter(row.fields[name]) for name in PAWSX.fields)
        shared[row.gold].append((first & second).total() / max(first.total(), second.total()))
    assert sum(shared["different"]) / 16 > sum(shared["paraphrase"]) / 16 > 0.7
