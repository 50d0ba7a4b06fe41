"""The label map: which output means which label."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robustx.errors import CheckpointError, UsageError
from robustx.model.labels import label_order

LABELS = ("entailment", "neutral", "contradiction")
SPELLINGS = {
    "entailment": ["entailment", "ENTAILMENT", "Entailment", "entail", "E", " entailment "],
    "neutral": ["neutral", "Neutral", "NEUTRAL", "n"],
    "contradiction": ["contradiction", "CONTRADICTION", "contradictory", "Contradict", "c"],
}


@given(st.permutations(LABELS), st.data())
def test_names_are_recognised_in_any_order_and_case(outputs: list[str], data: st.DataObject) -> None:
    names = {i: data.draw(st.sampled_from(SPELLINGS[label])) for i, label in enumerate(outputs)}
    order = label_order(names, LABELS, None, "model")
    assert [outputs[i] for i in order] == list(LABELS)


@given(st.permutations(LABELS))
def test_a_head_without_names_takes_them_from_the_command_line(outputs: list[str]) -> None:
    unnamed = {i: f"LABEL_{i}" for i in range(3)}
    order = label_order(unnamed, LABELS, ",".join(outputs), "model")
    assert [outputs[i] for i in order] == list(LABELS)


def test_a_head_without_names_is_refused_with_what_to_type() -> None:
    with pytest.raises(
        CheckpointError, match=r"m/x: .*LABEL_0, LABEL_1, LABEL_2.*--labels entailment,neutral,contradiction"
    ):
        label_order({i: f"LABEL_{i}" for i in range(3)}, LABELS, None, "m/x")


@pytest.mark.parametrize("names", [("entailment", "neutral", "entail"), ("positive", "neutral", "negative")])
def test_names_that_are_doubled_or_of_another_task_are_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(CheckpointError, match="does not say which label is which"):
        label_order(dict(enumerate(names)), LABELS, None, "model")


@pytest.mark.parametrize("count", [1, 2, 4])
def test_a_head_with_another_number_of_outputs_is_refused(count: int) -> None:
    with pytest.raises(CheckpointError, match=rf"{count} outputs; the task has 3"):
        label_order({i: f"LABEL_{i}" for i in range(count)}, LABELS, ",".join(LABELS), "model")


@pytest.mark.parametrize("named", ["", "entailment", "entailment,neutral", "entailment,neutral,neutral", "a,b,c"])
def test_labels_that_are_no_permutation_are_refused(named: str) -> None:
    with pytest.raises(UsageError, match=r"--labels .*expected entailment, neutral, contradiction"):
        label_order({i: f"LABEL_{i}" for i in range(3)}, LABELS, named, "model")


def test_labels_that_contradict_the_config_are_refused() -> None:
    clear = {0: "contradiction", 1: "entailment", 2: "neutral"}
    with pytest.raises(UsageError, match="config of model says contradiction, entailment, neutral"):
        label_order(clear, LABELS, "entailment,neutral,contradiction", "model")
    assert label_order(clear, LABELS, "contradiction,entailment,neutral", "model") == [1, 2, 0]


@pytest.mark.parametrize(
    "names", [("0", "1"), ("not_paraphrase", "paraphrase"), ("Different", "Paraphrase"), ("no", "yes")]
)
def test_paraphrase_heads_are_recognised_in_either_order(names: tuple[str, str]) -> None:
    labels = ("different", "paraphrase")
    assert label_order(dict(enumerate(names)), labels, None, "model") == [0, 1]
    assert label_order(dict(enumerate(names[::-1])), labels, None, "model") == [1, 0]
