"""One cell through one checkpoint: nothing is run twice, and what did not reach the model is said."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from robustx.model.checkpoint import Checkpoint, Settings, load
from robustx.model.heads.base import Known
from robustx.model.predict import Predicted, predict, repeatable
from robustx.perturb.measure import NOTHING
from robustx.suite.cells import CellRow
from robustx.tasks.registry import task

XNLI = task("xnli")
ZWSP = "\u200b"


def rows(*pairs: tuple[str, str]) -> list[CellRow]:
    return [CellRow(f"u{i}", "neutral", pair, (), NOTHING) for i, pair in enumerate(pairs)]


def known(cells: list[CellRow], predicted: Predicted) -> dict[str, Known]:
    return {row.uid: one for row, one in zip(cells, predicted.rows, strict=True)}


def probabilities(made: Predicted) -> npt.NDArray[np.float32]:
    return np.array([one.probabilities for one in made.rows], np.float32).reshape(-1, 3)


def column(made: Predicted, name: str) -> list[Any]:
    return [getattr(one, name) for one in made.rows]


class Counted:
    """A checkpoint that counts the inputs that go through its model."""

    def __init__(self, folder: Path) -> None:
        self.checkpoint = load(str(folder), Settings(device="cpu"))
        self.inputs = 0
        self.checkpoint.model.register_forward_pre_hook(self._count, with_kwargs=True)

    def _count(self, model: object, args: object, inputs: dict[str, object]) -> None:
        self.inputs += len(inputs["input_ids"])  # type: ignore[arg-type]


@pytest.fixture
def bert(checkpoint: Callable[[str], Path]) -> Iterator[Counted]:
    """WordPiece drops zero-width spaces."""
    yield Counted(checkpoint("bert"))


@pytest.fixture
def xlmr(checkpoint: Callable[[str], Path]) -> Iterator[Counted]:
    """Unigram does not."""
    yield Counted(checkpoint("xlm-roberta"))


def test_identical_inputs_are_run_once(bert: Counted) -> None:
    made = predict(bert.checkpoint, XNLI, rows(("a cat", "a dog"), ("no", "yes"), ("a cat", "a dog")), None)
    assert bert.inputs == made.forwarded == 2
    np.testing.assert_array_equal(probabilities(made)[0], probabilities(made)[2])
    assert np.abs(probabilities(made)[0] - probabilities(made)[1]).max() > 1e-3


def test_a_row_that_was_not_changed_is_not_run_again(bert: Counted) -> None:
    cells = rows(("a cat", "a dog"), ("no", "yes"))
    clean = predict(bert.checkpoint, XNLI, cells, None)
    bert.inputs = 0
    noisy = predict(bert.checkpoint, XNLI, [cells[0], cells[1]._replace(fields=("on", "yes"))], known(cells, clean))
    assert bert.inputs == noisy.forwarded == 1
    assert noisy.survived == [False, True]
    np.testing.assert_array_equal(probabilities(noisy)[0], probabilities(clean)[0])
    assert column(noisy, "tokens")[0] == column(clean, "tokens")[0]


def test_what_the_tokenizer_strips_did_not_survive_and_is_not_run(bert: Counted, xlmr: Counted) -> None:
    cells = rows(("the cat sat", "a dog"))
    hidden = [cells[0]._replace(fields=(f"the c{ZWSP}at sat", "a dog"))]
    for model, survives in ((bert, False), (xlmr, True)):
        clean = predict(model.checkpoint, XNLI, cells, None)
        model.inputs = 0
        noisy = predict(model.checkpoint, XNLI, hidden, known(cells, clean))
        assert noisy.survived == [survives]
        assert model.inputs == noisy.forwarded == int(survives)
        assert np.array_equal(probabilities(noisy), probabilities(clean)) is not survives
        assert (column(noisy, "ids_hash") == column(clean, "ids_hash")) is not survives
        assert column(noisy, "fields_hash") != column(clean, "fields_hash")


def test_a_row_that_reads_as_its_clean_input_did_not_survive_though_another_row_brings_that_input_anew(
    bert: Counted,
) -> None:
    cells = rows(("the cat", "a dog"), ("the bat", "a dog"))
    clean = predict(bert.checkpoint, XNLI, cells, None)
    # row 0 is stripped back to its own clean input; row 1 is turned into just that input
    noisy = [cells[0]._replace(fields=(f"the c{ZWSP}at", "a dog")), cells[1]._replace(fields=("the cat", "a dog"))]
    made = predict(bert.checkpoint, XNLI, noisy, known(cells, clean))
    assert made.survived == [False, True]
    np.testing.assert_allclose(probabilities(made)[1], probabilities(clean)[0], atol=1e-6)


def test_the_audit_s_counts_are_the_tokenizer_s(xlmr: Counted) -> None:
    cells = rows(("the cat", "a dog"), ("the ሰላም", "a dog"), ("so " * 300, "a dog"))
    made = predict(xlmr.checkpoint, XNLI, cells, None)
    tokenizer = xlmr.checkpoint.tokenizer
    lengths = [len(tokenizer(*row.fields)["input_ids"]) for row in cells]
    assert column(made, "tokens") == [lengths[0], lengths[1], xlmr.checkpoint.max_length]
    assert column(made, "unknown") == [0, 1, 0]
    assert column(made, "truncated") == [False, False, True]
    assert all(made.survived)


def test_probabilities_stand_in_the_order_of_the_task_s_labels(
    checkpoint: Callable[[str], Path], tmp_path: Path
) -> None:
    outputs = ("contradiction", "entailment", "neutral")
    folder = shutil.copytree(checkpoint("bert"), tmp_path / "turned")
    config = json.loads((folder / "config.json").read_text())
    config |= {"id2label": dict(enumerate(outputs)), "label2id": {label: i for i, label in enumerate(outputs)}}
    (folder / "config.json").write_text(json.dumps(config))
    plain, turned = (load(str(one), Settings(device="cpu")) for one in (checkpoint("bert"), folder))
    cells = rows(("the cat", "a dog"), ("no", "yes"))
    first, second = predict(plain, XNLI, cells, None), predict(turned, XNLI, cells, None)
    # the same weights: output i is called LABELS[i] by one and outputs[i] by the other
    for i, label in enumerate(XNLI.labels):
        np.testing.assert_array_equal(probabilities(second)[:, i], probabilities(first)[:, outputs.index(label)])
    for labels, table in (
        (column(first, "prediction"), probabilities(first)),
        (column(second, "prediction"), probabilities(second)),
    ):
        assert labels == [XNLI.labels[best] for best in table.argmax(axis=1)]


def test_a_cell_without_rows_is_predicted_as_nothing(bert: Counted) -> None:
    made = predict(bert.checkpoint, XNLI, [], None)
    assert probabilities(made).shape == (0, 3)
    assert bert.inputs == 0


def test_a_model_that_draws_random_numbers_is_seen_not_to_repeat(bert: Counted) -> None:
    cells = rows(("the cat", "a dog"), ("no", "yes"))
    assert repeatable(bert.checkpoint, XNLI, cells)
    noisy: Checkpoint = replace(bert.checkpoint, model=bert.checkpoint.model.train())  # dropout is on
    assert not repeatable(noisy, XNLI, cells)


def test_a_text_that_a_lower_severity_made_is_not_run_again(xlmr: Counted) -> None:
    clean = rows(("a cat", "b"), ("a dog", "b"), ("a cow", "b"))
    weak = rows(("a cta", "b"), ("a dog", "b"), ("a cwo", "b"))
    strong = rows(("a cta", "b"), ("a dgo", "b"), ("a cwo", "c"))
    at_clean = predict(xlmr.checkpoint, XNLI, clean, None)
    seen = known(clean, at_clean)
    at_weak = predict(xlmr.checkpoint, XNLI, weak, seen)
    xlmr.inputs = 0
    made = predict(xlmr.checkpoint, XNLI, strong, seen, [known(weak, at_weak)])
    assert (xlmr.inputs, made.forwarded) == (2, 2)
    np.testing.assert_array_equal(probabilities(made)[0], probabilities(at_weak)[0])
    assert made.survived == [True, True, True]
    alone = predict(xlmr.checkpoint, XNLI, strong, seen)
    np.testing.assert_allclose(probabilities(made), probabilities(alone), atol=1e-5)
    assert (column(made, "prediction"), column(made, "ids_hash"), column(made, "tokens")) == (
        column(alone, "prediction"),
        column(alone, "ids_hash"),
        column(alone, "tokens"),
    )
