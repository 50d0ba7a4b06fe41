"""Chunks are those that seqeval finds, whatever the tags, and F1 is its F1: checked against the released package.

seqeval splits ``B-LOC`` at the hyphen. The early way of splitting a tag, of versions no longer at hand, is checked by
giving today's the same position and type to split.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seqeval.metrics import f1_score
from seqeval.metrics.sequence_labeling import get_entities

from robustx.tasks.base import Metric, SkipLog, Statistic, Task
from robustx.tasks.chunks import chunks, split_tag, split_tag_early
from robustx.tasks.data import MINI
from robustx.tasks.registry import task

PANX, UDPOS = task("panx"), task("udpos")
ODD = ("B", "I", "O", "E-LOC", "S-LOC", "B-a-b", "I-a-b", ".", "B-")
tags = st.sampled_from((*PANX.labels, *UDPOS.labels, *ODD))
sentences = st.lists(tags, min_size=1, max_size=12)


def published(sentence: Sequence[str]) -> set[tuple[str, int, int]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says of every other tag that it seems to be none
        return set(get_entities(list(sentence)))


def published_f1(gold: list[list[str]], predicted: list[list[str]]) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(f1_score(gold, predicted))


def total(found: list[Statistic]) -> float:
    below = sum(one.denominator for one in found)
    return sum(one.numerator for one in found) / below if below else 0.0


def noisy(gold: list[list[str]], labels: Sequence[str], share: float, seed: int) -> list[list[str]]:
    chance = random.Random(seed)
    return [[chance.choice(labels) if chance.random() < share else tag for tag in tags] for tags in gold]


def mini(one: Task) -> list[list[str]]:
    return [example.gold.split(" ") for code in one.available(MINI) for example in one.read(MINI, code, SkipLog())]


@given(sentences)
def test_chunks_are_those_that_seqeval_finds(sentence: list[str]) -> None:
    assert chunks(sentence, split_tag) == published(sentence)


@given(st.lists(st.sampled_from((*PANX.labels, *UDPOS.labels)), min_size=1, max_size=12))
def test_split_as_in_early_versions_they_are_those_of_tags_whose_type_is_the_whole_tag(sentence: list[str]) -> None:
    named = [tag if "-" in tag or tag == "O" else f"{tag[0]}-{tag}" for tag in sentence]
    assert chunks(sentence, split_tag_early) == published(named)


def test_of_parts_of_speech_a_run_of_one_tag_is_a_chunk() -> None:
    assert chunks(["NOUN", "NOUN", "VERB"]) == {("OUN", 0, 1), ("ERB", 2, 2)}
    assert chunks(["NOUN", "NOUN", "VERB"], split_tag_early) == {("NOUN", 0, 1), ("VERB", 2, 2)}


def test_todays_seqeval_takes_one_conjunction_for_the_other_and_loses_a_final_x() -> None:
    assert chunks(["CCONJ", "NOUN"]) == {("CONJ", 0, 0), ("OUN", 1, 1)} == chunks(["SCONJ", "NOUN"])
    assert chunks(["NOUN", "X"]) == {("OUN", 0, 0)}
    assert chunks(["NOUN", "X"], split_tag_early) == {("NOUN", 0, 0), ("X", 1, 1)}


def late(one: Task) -> Metric:
    """Chunk F1 by the version of seqeval that is installed here."""
    return one.beside.get("F1 (seqeval 1)", one.statistic)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
@pytest.mark.parametrize("one", [PANX, UDPOS], ids=["panx", "udpos"])
def test_the_ratio_of_sums_is_seqevals_f1_over_the_corpus(one: Task, share: float) -> None:
    gold = mini(one)
    predicted = noisy(gold, one.labels, share, seed=1)
    pairs = [(g, p) for g, p in zip(gold, predicted, strict=True) if not g[0] == p[0] == "X"]
    found = [late(one)(" ".join(g), " ".join(p), "hi") for g, p in pairs]
    assert total(found) == pytest.approx(published_f1([g for g, _ in pairs], [p for _, p in pairs]), abs=1e-12)


@given(st.lists(st.tuples(sentences, st.randoms(use_true_random=False)), min_size=1, max_size=5))
def test_it_is_so_of_any_corpus_in_which_no_chunk_without_a_type_opens_a_sentence(
    drawn: list[tuple[list[str], random.Random]],
) -> None:
    gold = [["O", *sentence, "O"] for sentence, _ in drawn]
    predicted = [
        [chance.choice(["O", *UDPOS.labels]) for _ in one] for one, (_, chance) in zip(gold, drawn, strict=True)
    ]
    for one in (*gold, *predicted):
        one[0], one[1] = "NOUN", "VERB"
    found = [late(UDPOS)(" ".join(g), " ".join(p), "hi") for g, p in zip(gold, predicted, strict=True)]
    assert total(found) == pytest.approx(published_f1(gold, predicted), abs=1e-12)


def test_a_sentence_that_opens_with_x_is_read_on_its_own_which_seqeval_does_not() -> None:
    gold, predicted = [["VERB", "NOUN"], ["X", "NOUN"]], [["NOUN", "NOUN"], ["X", "NOUN"]]
    alone = late(UDPOS)("X NOUN", "X NOUN", "hi")
    assert alone == (4.0, 4.0)
    # in one sequence the two chunks of X begin in the sentence before, and there at different tokens
    found = [late(UDPOS)(" ".join(g), " ".join(p), "hi") for g, p in zip(gold, predicted, strict=True)]
    assert total(found) > published_f1(gold, predicted)


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_parts_of_speech_have_the_f1_of_xtremes_seqeval_and_token_accuracy_beside_it(share: float) -> None:
    gold = mini(UDPOS)
    predicted = noisy(gold, UDPOS.labels, share, seed=2)

    def named(corpus: list[list[str]]) -> list[list[str]]:
        return [[f"{tag[0]}-{tag}" for tag in sentence] for sentence in corpus]

    pairs = [(" ".join(g), " ".join(p)) for g, p in zip(gold, predicted, strict=True)]
    early = [UDPOS.statistic(g, p, "hi") for g, p in pairs]
    assert total(early) == pytest.approx(published_f1(named(gold), named(predicted)), abs=1e-12)
    exact = [UDPOS.beside["token accuracy"](g, p, "hi") for g, p in pairs]
    flat = [(g, p) for gs, ps in zip(gold, predicted, strict=True) for g, p in zip(gs, ps, strict=True)]
    assert total(exact) == sum(g == p for g, p in flat) / len(flat)
