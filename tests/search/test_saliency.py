"""Gradient saliency: the gradients are the model's, the words are the text's, and what cannot be told is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from tiny import ROWS

from robustx.errors import UsageError
from robustx.model.checkpoint import Checkpoint, Settings, load
from robustx.perturb.measure import NOTHING
from robustx.search.saliency import Gradients
from robustx.search.space import Place
from robustx.suite.build import analysed
from robustx.suite.cells import CellRow
from robustx.tasks.base import Example
from robustx.tasks.registry import task
from robustx.text.analysis import Text

XNLI = task("xnli")
Folder = Callable[[str], Path]


def row(language: str, which: int = 0) -> CellRow:
    premise, hypothesis, gold = ROWS[language][which]
    return CellRow("1", gold, (premise, hypothesis), (), NOTHING)


def texts(language: str, one: CellRow) -> dict[str, Text]:
    example = Example("1", language, dict(zip(XNLI.fields, one.fields, strict=True)), one.gold)
    return analysed(XNLI, example, XNLI.attackable, None)


def by_rows(checkpoint: Checkpoint, one: CellRow) -> dict[int, float]:
    """The gradient's norm at the row of the embedding matrix of every token that stands once: by another way through torch."""
    encoded = checkpoint.tokenizer(*one.fields, return_tensors="pt")
    weights = checkpoint.model.get_input_embeddings().weight
    taken = {name: encoded[name] for name in ("input_ids", "attention_mask", "token_type_ids") if name in encoded}
    label = checkpoint.order(XNLI.labels)[XNLI.labels.index(one.gold)]
    loss = -torch.log_softmax(checkpoint.model(**taken).logits[0], dim=-1)[label]
    (gradient,) = torch.autograd.grad(loss, weights)
    ids = encoded["input_ids"][0].tolist()
    return {token: float(gradient[token].norm()) for token in ids if ids.count(token) == 1}


@pytest.mark.parametrize("family", ["xlm-roberta", "bert"])
@pytest.mark.parametrize("language", ["hi", "en"])
def test_the_saliency_of_a_word_is_that_of_its_most_salient_token(
    checkpoint: Folder, family: str, language: str
) -> None:
    loaded = load(str(checkpoint(family)), Settings(device="cpu"))
    one = row(language)
    found = Gradients(loaded, XNLI).words(one, texts(language, one))
    norms = by_rows(loaded, one)
    encoded = loaded.tokenizer(*one.fields, return_offsets_mapping=True)
    ids, spans, sequences = encoded["input_ids"], encoded["offset_mapping"], encoded.sequence_ids(0)
    checked = 0
    for place, value in found.items():
        start, end = texts(language, one)[place.field].spans[place.word]
        which = XNLI.fields.index(place.field)
        mine = [
            token
            for token, (begin, stop), sequence in zip(ids, spans, sequences, strict=True)
            if sequence == which and begin < stop and start <= begin < end
        ]
        if mine and all(token in norms for token in mine):
            assert value >= max(norms[token] for token in mine) * (1 - 1e-4)
            checked += 1
    assert checked >= 2
    assert {place.field for place in found} == set(XNLI.fields)


def test_words_that_were_cut_off_have_none(checkpoint: Folder) -> None:
    loaded = load(str(checkpoint("bert")), Settings(device="cpu", max_length=12))
    one = row("en")._replace(fields=("word " * 40, "An animal was sitting down."))
    found = Gradients(loaded, XNLI).words(one, texts("en", one))
    assert Place("premise", 0) in found
    assert Place("premise", 39) not in found


@pytest.mark.parametrize(
    ("family", "settings", "said"),
    [
        ("byt5", Settings(device="cpu"), "needs a fast tokenizer, .* this is ByT5Tokenizer"),
        ("bert", Settings(device="cpu", defence="nfkc"), "a defence changes where words stand"),
    ],
)
def test_what_cannot_be_told_is_refused(checkpoint: Folder, family: str, settings: Settings, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        Gradients(load(str(checkpoint(family)), settings), XNLI)


def test_a_task_without_labels_to_flip_is_refused(checkpoint: Folder) -> None:
    with pytest.raises(UsageError, match="ranks words for classifiers, and panx is tagging"):
        Gradients(load(str(checkpoint("bert")), Settings(device="cpu")), task("panx"))


def test_a_model_that_takes_no_embeddings_is_refused(checkpoint: Folder) -> None:
    loaded = load(str(checkpoint("mt5")), Settings(device="cpu"))
    with pytest.raises(UsageError, match="takes no embeddings; search by greedy"):
        Gradients(loaded, XNLI).words(row("en"), texts("en", row("en")))
