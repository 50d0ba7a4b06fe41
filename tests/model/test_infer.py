"""Inference: a probability does not depend on its neighbours, and what the audit says of an input is so."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from robustx.model.checkpoint import Checkpoint, Settings, load
from robustx.model.heads.base import Asked, Encoded
from robustx.model.heads.classification import Classification
from robustx.model.infer import POLICIES, Policy, batches, pad
from robustx.perturb.measure import NOTHING
from robustx.suite.cells import CellRow
from robustx.tasks.registry import task

Folder = Callable[[str], Path]
PAIRS = [
    ("The cat sat on the mat.", "An animal sat."),
    ("उस सुबह स्टेशन पर कोई नहीं आया।", "स्टेशन भरा था।"),
    ("a", "b"),
    ("She bought seven apples at the market on the way home from work. " * 2, "They were red."),
    ("No", "Yes, that is so, and it has always been so."),
]
XNLI, HEAD = task("xnli"), Classification()


def rows(pairs: Sequence[tuple[str, str]]) -> list[CellRow]:
    return [CellRow(f"u{i}", "neutral", pair, (), NOTHING) for i, pair in enumerate(pairs)]


def encode(loaded: Checkpoint, pairs: Sequence[tuple[str, str]]) -> Encoded:
    return HEAD.encode(loaded, XNLI, rows(pairs))


def probabilities(loaded: Checkpoint, encoded: Encoded) -> npt.NDArray[np.float32]:
    made = HEAD.decide(loaded, Asked(XNLI, [], range(len(encoded.ids))), encoded)
    return np.array([given.probabilities for given in made], np.float32).reshape(-1, 3)


@given(st.lists(st.integers(1, 300), max_size=3000))
def test_a_cpu_s_budget_lets_the_cores_end_together(lengths: list[int]) -> None:
    inputs, made = np.array(lengths, dtype=np.int32), POLICIES["cpu"]
    budget = made.budget(inputs)
    assert made.least <= budget <= made.most
    if made.least < budget < made.most:
        assert len(list(batches(inputs, budget, made.call_cost))) >= 5


@given(st.lists(st.integers(1, 300), max_size=60), st.integers(1, 500), st.integers(0, 50))
def test_batches_hold_every_row_once_and_respect_the_budget(lengths: list[int], budget: int, call_cost: int) -> None:
    made = [rows.tolist() for rows in batches(np.array(lengths, dtype=np.int32), budget, call_cost)]
    assert sorted(row for rows in made for row in rows) == list(range(len(lengths)))
    for rows in made:
        assert len(rows) == 1 or len(rows) * max(lengths[row] for row in rows) <= budget
    for rows, after in itertools.pairwise(made):
        assert min(lengths[row] for row in rows) >= max(lengths[row] for row in after)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=7), st.integers(1, 90), st.integers(0, 40))
def test_no_other_cut_of_the_sorted_rows_costs_less(lengths: list[int], budget: int, call_cost: int) -> None:
    """Every way to cut seven sorted rows is tried."""

    def cost(parts: list[list[int]]) -> int:
        return sum(len(part) * max(part) + call_cost for part in parts)

    falling = sorted(lengths, reverse=True)
    possible = []
    for cuts in itertools.product([False, True], repeat=len(falling) - 1):
        parts = [[falling[0]]]
        for cut, length in zip(cuts, falling[1:], strict=True):
            if cut:
                parts.append([length])
            else:
                parts[-1].append(length)
        if all(len(part) == 1 or len(part) * part[0] <= budget for part in parts):
            possible.append(cost(parts))
    made = [[lengths[row] for row in rows] for rows in batches(np.array(lengths, dtype=np.int32), budget, call_cost)]
    assert cost(made) == min(possible)


@pytest.mark.parametrize("family", ["xlm-roberta", "bert", "deberta-v2", "modernbert", "canine", "mt5", "byt5"])
def test_the_token_budget_does_not_move_a_probability(
    checkpoint: Folder, family: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = load(str(checkpoint(family)), Settings(device="cpu"))
    encoded = encode(loaded, PAIRS)
    made = []
    for budget in (1, 300, 100_000):
        monkeypatch.setitem(POLICIES, "cpu", Policy(budget, budget, budget))
        made.append(probabilities(loaded, encoded))
    assert np.ptp(made[0], axis=0).max() > 0.01, "the test says nothing where all inputs give the same"
    np.testing.assert_allclose(made[1], made[0], atol=1e-4)
    np.testing.assert_allclose(made[2], made[0], atol=1e-4)


@pytest.mark.parametrize(
    "family", ["xlm-roberta", "xlm-roberta-sentencepiece", "bert", "bert-slow", "modernbert", "mt5", "byt5"]
)
def test_probabilities_are_what_transformers_gives_one_by_one(checkpoint: Folder, family: str) -> None:
    loaded = load(str(checkpoint(family)), Settings(device="cpu"))
    made = probabilities(loaded, encode(loaded, PAIRS))
    for pair, mine in zip(PAIRS, made, strict=True):
        inputs = loaded.tokenizer(*pair, return_tensors="pt", truncation="longest_first", max_length=loaded.max_length)
        if family == "mt5":  # transformers 4 makes token types for a model that takes none
            inputs.pop("token_type_ids", None)
        with torch.no_grad():
            theirs = torch.softmax(loaded.model(**inputs).logits, -1)[0].numpy()
        np.testing.assert_allclose(mine, theirs, atol=1e-4)


def test_padding_is_masked_and_filled_with_the_pad_token(checkpoint: Folder) -> None:
    loaded = load(str(checkpoint("xlm-roberta")), Settings(device="cpu"))
    encoded = encode(loaded, PAIRS)
    block = pad(loaded, encoded.inputs, np.arange(len(PAIRS)))
    assert block["attention_mask"].sum(dim=1).tolist() == encoded.inputs.lengths.tolist()
    for row, ids in zip(block["input_ids"].tolist(), encoded.ids, strict=True):
        assert row[: len(ids)] == ids
        assert set(row[len(ids) :]) <= {loaded.tokenizer.pad_token_id}


@pytest.mark.parametrize("family", ["xlm-roberta", "bert", "bert-slow", "byt5", "mt5"])
def test_an_input_that_is_too_long_is_cut_and_marked(checkpoint: Folder, family: str) -> None:
    loaded = load(str(checkpoint(family)), Settings(device="cpu", max_length=24))
    words = ["a " * n + "end" for n in (1, 5, 10, 15, 20, 25, 400)]
    encoded = encode(loaded, [(text, "b c") for text in words])
    whole = [len(loaded.tokenizer(text, "b c")["input_ids"]) for text in words]
    assert encoded.truncated.tolist() == [length > 24 for length in whole]
    assert encoded.inputs.lengths.tolist() == [min(length, 24) for length in whole]
    assert True in encoded.truncated
    assert False in encoded.truncated
    assert np.isfinite(probabilities(loaded, encoded)).all()


def test_the_longer_text_of_a_pair_is_cut(checkpoint: Folder) -> None:
    loaded = load(str(checkpoint("byt5")), Settings(device="cpu", max_length=24))
    encoded = encode(loaded, [("x" * 100, "hypothesis")])
    assert loaded.tokenizer.decode(encoded.ids[0]).count("x") == 24 - len("hypothesis") - 2
    assert "hypothesis" in loaded.tokenizer.decode(encoded.ids[0])


@pytest.mark.parametrize(("family", "count"), [("xlm-roberta", 2), ("bert", 2), ("byt5", 0)])
def test_unknown_tokens_are_counted(checkpoint: Folder, family: str, count: int) -> None:
    """Ethiopic is in nobody's training text: two words of it are two unknown tokens, except to bytes."""
    loaded = load(str(checkpoint(family)), Settings(device="cpu"))
    encoded = encode(loaded, [("the cat", "a cat"), ("the ሰላም cat", "a ዓለም")])
    assert encoded.unknown.tolist() == [0, count]


def test_nothing_to_encode_gives_nothing(checkpoint: Folder) -> None:
    loaded = load(str(checkpoint("bert")), Settings(device="cpu"))
    assert probabilities(loaded, encode(loaded, [])).shape == (0, 3)
