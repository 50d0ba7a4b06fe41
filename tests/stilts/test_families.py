"""Examples become inputs whose labels stand where the text says, and outputs become the metric that XTREME uses."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import seqeval.metrics
import torch
from tiny import make_checkpoint

from robustx.errors import DataError
from robustx.stilts.examples import Choice, Pair, Passage, Question, Tagged
from robustx.stilts.heads.base import IGNORED, Shape, collate
from robustx.stilts.heads.choices import Choices
from robustx.stilts.heads.masked import Masked, mask
from robustx.stilts.heads.pairs import Pairs
from robustx.stilts.heads.questions import Questions, agreement
from robustx.stilts.heads.tags import Tags, chunk_f1
from robustx.tasks.answers import Answer

WIDE, NARROW = Shape(64, 8), Shape(12, 0)


@pytest.fixture(scope="module")
def tokenizers(base: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Whole words, and the pieces of XLM-R's and BERT's kinds."""
    from transformers import AutoTokenizer

    top = tmp_path_factory.mktemp("pieces")
    folders = {family: make_checkpoint(top / family, family) for family in ("xlm-roberta", "bert")}
    return {name: AutoTokenizer.from_pretrained(folder) for name, folder in {"words": base, **folders}.items()}


KINDS = ["words", "xlm-roberta", "bert"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_word_is_labelled_once_at_its_first_piece_whatever_the_windows(
    tokenizers: dict[str, Any], kind: str
) -> None:
    tokens = ("Anna", "(", "of", "Acmeville", ")", "met", "naïve", "Łódź", "समाचार", "Oslo", ".") * 3
    tags = ("B-PER", "O", "O", "B-ORG", "O", "O", "O", "B-LOC", "O", "B-LOC", "O") * 3
    labels = ["O", "B-PER", "B-ORG", "B-LOC"]
    tokenizer = tokenizers[kind]
    for shape, several in ((Shape(512, 0), False), (NARROW, True)):
        made = Tags("f1").features([Tagged("a", tokens, tags)], tokenizer, labels, shape)
        assert (len(made) > 1) == several
        words = [word for feature in made for word in feature.note if word >= 0]
        assert words == list(range(len(tokens)))
        found = [labels[tag] for feature in made for tag in feature.arrays["labels"].tolist() if tag != IGNORED]
        assert found == list(tags)


def test_tags_are_decoded_to_words_over_windows(tokenizers: dict[str, Any]) -> None:
    example = Tagged("a", ("Anna", "run", "w1", "Oslo") * 6, ("B-PER", "O", "O", "B-LOC") * 6)
    labels = ["O", "B-PER", "B-LOC"]
    family = Tags("f1")
    made = family.features([example], tokenizers["words"], labels, NARROW)
    batch = collate(made, tokenizers["words"])
    logits = torch.nn.functional.one_hot(batch["labels"].clamp(min=0), 3).float()
    given = family.outputs(SimpleNamespace(logits=logits), made)
    assert family.score([example], made, given, labels) == (24.0, 24.0)
    worse = family.outputs(SimpleNamespace(logits=torch.zeros_like(logits)), made)
    assert family.score([example], made, worse, labels) == (0.0, 12.0)


def test_chunk_f1_is_seqevals() -> None:
    rng = np.random.default_rng(1)
    names = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
    gold, predicted = (rng.choice(names, (200, 9)).tolist() for _ in range(2))
    sums = np.sum([chunk_f1(a, b) for a, b in zip(gold, predicted, strict=True)], axis=0)
    assert sums[0] / sums[1] == pytest.approx(seqeval.metrics.f1_score(gold, predicted), abs=1e-12)


CONTEXT = "In 1903 the brothers Wright flew at Kitty Hawk, in the dunes of North Carolina , for twelve seconds ."


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("answer", ["Kitty Hawk", "In 1903", "twelve seconds"])
def test_an_answer_is_found_again_from_the_tokens_that_it_is_labelled_with(
    tokenizers: dict[str, Any], kind: str, answer: str
) -> None:
    example = Question("q", "Where did they fly ?", CONTEXT, (Answer(answer, CONTEXT.index(answer)),))
    family, tokenizer = Questions(), tokenizers[kind]
    for shape in (Shape(256, 32), Shape(90, 4)):
        made = family.features([example], tokenizer, (), shape)
        batch = collate(made, tokenizer)
        width = batch["input_ids"].shape[1]
        logits = [torch.nn.functional.one_hot(batch[f"{end}_positions"], width).float() * 9 for end in ("start", "end")]
        given = family.outputs(SimpleNamespace(start_logits=logits[0], end_logits=logits[1]), made)
        total = family.score([example], made, given, ())
        found = max(given, key=lambda one: one.score)
        if kind == "words":  # a piece of a whole-word tokenizer has its comma with it
            assert answer in CONTEXT[found.start : found.end]
        else:
            assert CONTEXT[found.start : found.end].strip() == answer
            assert total == (1.0, 1.0)


def test_a_window_without_the_answer_is_answered_by_the_first_token(tokenizers: dict[str, Any]) -> None:
    example = Question("q", "w1", " ".join([f"w{i % 30}" for i in range(150)] + ["gold"]), (Answer("gold", 0),))
    place = example.context.index("gold")
    example = Question("q", "w1", example.context, (Answer("gold", place),))
    made = Questions().features([example], tokenizers["words"], (), Shape(100, 8))
    starts = [int(feature.arrays["start_positions"]) for feature in made]
    assert len(starts) > 1
    assert starts[:-1] == [0] * (len(starts) - 1)
    assert made[-1].arrays["input_ids"][starts[-1]] == tokenizers["words"].convert_tokens_to_ids("gold")


def test_no_answer_is_an_answer_where_some_questions_have_none(tokenizers: dict[str, Any]) -> None:
    both = [Question("a", "w1", "w2 gold", (Answer("gold", 3),)), Question("b", "w1", "w2 w3", ())]
    family = Questions()
    made = family.features(both, tokenizers["words"], (), WIDE)
    best = family.outputs(SimpleNamespace(start_logits=torch.zeros(2, 6), end_logits=torch.zeros(2, 6)), made)
    silent = [one._replace(nothing=one.score + 1) for one in best]
    assert family.score(both, made, silent, ()) == (1.0, 2.0)


@pytest.mark.parametrize(
    ("gold", "given", "expected"),
    [
        ("the Wright brothers", "Wright brothers!", 1.0),
        ("Kitty Hawk", "Hawk", (0 + 2 / 3) / 2),
        ("", "", 1.0),
        ("", "x", 0.0),
        ("a", "", 1.0),
    ],
)
def test_agreement_is_half_exact_match_and_half_f1(gold: str, given: str, expected: float) -> None:
    assert agreement(gold, given) == pytest.approx(expected)


def test_long_questions_are_cut_so_that_the_context_has_room(tokenizers: dict[str, Any]) -> None:
    example = Question("q", " ".join(["w1"] * 500), "w2 gold", (Answer("gold", 3),))
    (made,) = Questions().features([example], tokenizers["words"], (), Shape(128, 16))
    assert made.length == 1 + 64 + 1 + 2 + 1


def test_endings_are_stacked_and_padding_among_them_is_masked(tokenizers: dict[str, Any]) -> None:
    items = [Choice("a", "w1", ("w2", "w3 w4 w5"), 1), Choice("b", "w1 w2 w3", ("w2", "w3"), 0)]
    made = Choices().features(items, tokenizers["words"], (), WIDE)
    batch = collate(made, tokenizers["words"])
    assert batch["input_ids"].shape == batch["attention_mask"].shape == (2, 2, 7)
    assert batch["attention_mask"].sum(-1).tolist() == [[5, 7], [7, 7]]
    assert batch["labels"].tolist() == [1, 0]
    with pytest.raises(DataError, match="items have 2 and 3 endings"):
        Choices().features([*items, Choice("c", "w1", ("w1", "w2", "w3"), 0)], tokenizers["words"], (), WIDE)


def test_pairs_are_cut_at_the_longer_text(tokenizers: dict[str, Any]) -> None:
    (made,) = Pairs().features([Pair("a", " ".join(["w1"] * 90), "yes", "y")], tokenizers["words"], ["x", "y"], WIDE)
    assert made.length == 64
    assert int(made.arrays["input_ids"][-2]) == tokenizers["words"].convert_tokens_to_ids("yes")
    assert int(made.arrays["labels"]) == 1


def test_masks_are_bert_s_and_depend_on_the_key_alone(tokenizers: dict[str, Any]) -> None:
    words = tokenizers["words"]
    text = " ".join(f"w{i % 40}" for i in range(4000))
    (made,) = Masked().features([Passage("p", text, "en")], words, (), Shape(4002, 0))
    masked = mask(made, words, (1, 2))
    chosen = masked.arrays["labels"] != IGNORED
    ids = masked.arrays["input_ids"]
    assert chosen.mean() == pytest.approx(0.15, abs=0.02)
    assert (ids[chosen] == words.mask_token_id).mean() == pytest.approx(0.8, abs=0.06)
    assert (ids[~chosen] == made.arrays["input_ids"][~chosen]).all()
    assert (masked.arrays["labels"][chosen] == made.arrays["input_ids"][chosen]).all()
    assert not chosen[[0, -1]].any()
    assert (mask(made, words, (1, 2)).arrays["input_ids"] == ids).all()
    assert (mask(made, words, (1, 3)).arrays["input_ids"] != ids).any()
