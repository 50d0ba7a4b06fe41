"""The token classifier: tags by first subwords, and windows that lose nothing, in fast and slow tokenizers alike."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tiny import make_checkpoint

from robustx.errors import CheckpointError
from robustx.model.checkpoint import Checkpoint, Settings, load
from robustx.model.heads.base import Asked, Encoded, Given
from robustx.model.heads.registry import head_of, lacks
from robustx.model.heads.tagging import frame_of, homes, windows
from robustx.model.predict import predict
from robustx.perturb.measure import NOTHING
from robustx.suite.cells import CellRow
from robustx.tasks.registry import task

PANX, UDPOS = task("panx"), task("udpos")
HEAD = head_of(PANX)
FAMILIES = [
    "xlm-roberta",
    "xlm-roberta-sentencepiece",
    "bert",
    "bert-slow",
    "deberta-v2",
    "modernbert",
    "canine",
    "mt5",
]
SENTENCES = [
    ["Anna", "Petrova", "lives", "in", "Moscow", "."],
    ["गंगा", "नदी", "वाराणसी", "से", "बहती", "है", "।"],
    ["new york", "a\u200cb", "500"],
    ["x"],
]
Loaded = Callable[[str], Checkpoint]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    made: dict[str, Checkpoint] = {}

    def of(family: str) -> Checkpoint:
        if family not in made:
            folder = tmp_path_factory.mktemp("taggers") / family
            make_checkpoint(folder, family, labels=PANX.labels, auto="TokenClassification")
            made[family] = load(str(folder), Settings(device="cpu"))
        return made[family]

    return of


def rows(*sentences: list[str]) -> list[CellRow]:
    return [
        CellRow(f"u{i}", " ".join(["O"] * len(tokens)), ("\n".join(tokens),), (), NOTHING)
        for i, tokens in enumerate(sentences)
    ]


def encoded(checkpoint: Checkpoint, *sentences: list[str]) -> Encoded:
    return HEAD.encode(checkpoint, PANX, rows(*sentences))


def decided(checkpoint: Checkpoint, *sentences: list[str]) -> list[Given]:
    cells = rows(*sentences)
    return HEAD.decide(checkpoint, Asked(PANX, cells, range(len(cells))), HEAD.encode(checkpoint, PANX, cells))


def directly(checkpoint: Checkpoint, ids: list[int]) -> torch.Tensor:
    """Probabilities of one input by the model itself, [positions, outputs]."""
    with torch.inference_mode():
        return torch.softmax(checkpoint.model(input_ids=torch.tensor([ids])).logits, -1)[0]


@pytest.mark.parametrize("family", FAMILIES)
def test_every_token_has_a_tag_and_its_probability(loaded: Loaded, family: str) -> None:
    for tokens, one in zip(SENTENCES, decided(loaded(family), *SENTENCES), strict=True):
        tags = one.prediction.split(" ")
        assert len(tags) == len(one.probabilities) == len(tokens)
        assert set(tags) <= set(PANX.labels)
        assert all(1 / len(PANX.labels) <= share <= 1 for share in one.probabilities)


@pytest.mark.parametrize("family", [family for family in FAMILIES if family != "canine"])
def test_ids_are_those_the_tokenizer_itself_makes_of_the_tokens(loaded: Loaded, family: str) -> None:
    tokenizer = loaded(family).tokenizer
    made = tokenizer(SENTENCES, is_split_into_words=True)
    assert encoded(loaded(family), *SENTENCES).ids == made["input_ids"]


@pytest.mark.parametrize("family", ["xlm-roberta", "bert", "deberta-v2", "modernbert", "mt5"])
def test_a_tag_is_read_off_the_first_subword_where_a_fast_tokenizer_says_that_is(loaded: Loaded, family: str) -> None:
    checkpoint = loaded(family)
    made = checkpoint.tokenizer(SENTENCES, is_split_into_words=True)
    for i, places in enumerate(encoded(checkpoint, *SENTENCES).notes):
        words = made.word_ids(i)
        assert [place.position for place in places] == [words.index(token) for token in range(len(SENTENCES[i]))]


def test_tags_are_those_of_the_model_at_these_positions(loaded: Loaded) -> None:
    checkpoint = loaded("xlm-roberta")
    made = encoded(checkpoint, *SENTENCES)
    for i, one in enumerate(decided(checkpoint, *SENTENCES)):
        whole = directly(checkpoint, made.ids[i])[[place.position for place in made.notes[i]]]
        assert one.prediction == " ".join(PANX.labels[best] for best in whole.argmax(-1).tolist())
        np.testing.assert_allclose(one.probabilities, whole.max(-1).values.numpy(), atol=1e-5)


def test_outputs_in_another_order_mean_what_the_config_says(loaded: Loaded) -> None:
    checkpoint = loaded("xlm-roberta")
    names = (*PANX.labels[1:], PANX.labels[0])
    turned = replace(checkpoint, outputs=dict(enumerate(names)))
    plain = decided(checkpoint, *SENTENCES)
    renamed = dict(zip(PANX.labels, names, strict=True))
    for one, other in zip(plain, decided(turned, *SENTENCES), strict=True):
        assert other.prediction.split(" ") == [renamed[tag] for tag in one.prediction.split(" ")]
        assert other.probabilities == one.probabilities


def test_a_token_of_which_nothing_is_left_is_the_unknown_token_and_counts_as_one(loaded: Loaded) -> None:
    checkpoint = loaded("bert")
    assert checkpoint.tokenizer.tokenize("\u200b\u00ad") == []
    made = encoded(checkpoint, ["Anna", "\u200b\u00ad", "sings"], ["Anna", "sings"])
    assert (made.unknown - made.unknown[1]).tolist() == [1, 0]
    position = made.notes[0][1].position
    assert made.ids[0][position] == checkpoint.tokenizer.unk_token_id
    assert len(decided(checkpoint, ["\u200b"])[0].prediction.split(" ")) == 1


def test_the_same_subwords_of_other_tokens_are_another_input(loaded: Loaded) -> None:
    checkpoint = loaded("bert")
    first, second, third = encoded(checkpoint, ["new", "york"], ["new york"], ["new", "york"]).digests
    assert encoded(checkpoint, ["new", "york"]).ids == encoded(checkpoint, ["new york"]).ids
    assert first == third != second


class TestLongSentences:
    LONG = [f"word{i}" for i in range(40)] + ["Moscow", "."] * 30

    @pytest.fixture
    def short(self, loaded: Loaded) -> Checkpoint:
        return replace(loaded("xlm-roberta"), max_length=24)

    def test_are_read_in_windows_and_not_cut(self, short: Checkpoint) -> None:
        made = encoded(short, self.LONG, ["x"])
        assert not made.truncated.any()
        assert len(made.windows[0]) > 1 == len(made.windows[1])
        assert max(map(len, made.inputs.ids)) <= short.max_length
        assert len(made.ids[0]) == len(short.tokenizer(self.LONG, is_split_into_words=True)["input_ids"])
        assert len(decided(short, self.LONG)[0].prediction.split(" ")) == len(self.LONG)

    def test_every_window_is_framed_as_a_text_of_its_own(self, short: Checkpoint) -> None:
        frame = frame_of(short)
        for ids in encoded(short, self.LONG).inputs.ids:
            assert ids[: len(frame.before)] == frame.before == [short.tokenizer.cls_token_id]
            assert ids[-len(frame.after) :] == frame.after == [short.tokenizer.sep_token_id]

    def test_each_tag_comes_from_its_window(self, short: Checkpoint) -> None:
        made, one = encoded(short, self.LONG), decided(short, self.LONG)[0]
        windows_read = [directly(short, ids) for ids in made.inputs.ids]
        for place, tag, share in zip(made.notes[0], one.prediction.split(" "), one.probabilities, strict=True):
            there = windows_read[place.window][place.position]
            assert PANX.labels[int(there.argmax())] == tag
            assert float(there.max()) == pytest.approx(share, abs=1e-5)

    def test_at_the_place_the_first_subword_of_the_token_stands(self, short: Checkpoint) -> None:
        made = encoded(short, self.LONG)
        for place, token in zip(made.notes[0], self.LONG, strict=True):
            ids = short.tokenizer([token], is_split_into_words=True, add_special_tokens=False)["input_ids"]
            window = made.inputs.ids[place.window]
            assert window[place.position : place.position + len(ids)] == ids

    def test_one_token_that_fills_more_than_a_window_is_cut_and_said_to_be(self, short: Checkpoint) -> None:
        made = encoded(short, ["so", "abcdefgh" * 40, "ends"], ["so"])
        assert made.truncated.tolist() == [True, False]
        assert len(decided(short, ["so", "abcdefgh" * 40, "ends"])[0].prediction.split(" ")) == 3

    def test_further_inputs_are_as_long_as_the_ids(self, loaded: Loaded) -> None:
        canine = replace(loaded("canine"), max_length=24)
        made = encoded(canine, self.LONG)
        assert list(made.inputs.extra) == ["token_type_ids"]
        assert [len(one) for one in made.inputs.extra["token_type_ids"]] == [len(ids) for ids in made.inputs.ids]


lengths = st.lists(st.integers(1, 9), min_size=1, max_size=80)


@given(lengths, st.integers(9, 60))
def test_windows_hold_every_token_fit_and_overlap(tokens: list[int], room: int) -> None:
    made = windows(tokens, room)
    assert {token for span in made for token in span} == set(range(len(tokens)))
    assert all(len(span) and sum(tokens[token] for token in span) <= room for span in made)
    assert all(one.start < other.start and one.stop < other.stop for one, other in itertools.pairwise(made))
    if sum(tokens) <= room:
        assert len(made) == 1
    else:
        assert all(other.start <= one.stop for one, other in itertools.pairwise(made))
        # the one after the next holds nothing that the first did
        assert all(later.start >= one.stop - 1 for one, later in zip(made, made[2:-1], strict=False))


@given(lengths, st.integers(9, 60))
def test_no_other_window_gives_a_token_more_context_than_its_own(tokens: list[int], room: int) -> None:
    made = windows(tokens, room)
    count = len(tokens)

    def context(token: int, span: range) -> float:
        left = sum(tokens[span.start : token]) if span.start else np.inf
        right = sum(tokens[token + 1 : span.stop]) if span.stop < count else np.inf
        return min(left, right)

    for token, home in enumerate(homes(tokens, made)):
        assert token in made[home]
        assert context(token, made[home]) == max(context(token, span) for span in made if token in span)


def test_away_from_long_tokens_a_quarter_of_a_window_stands_on_both_sides() -> None:
    tokens = [1] * 200
    made = windows(tokens, 40)
    for token, home in enumerate(homes(tokens, made)):
        span = made[home]
        assert token - span.start >= 9 or span.start == 0
        assert span.stop - token - 1 >= 9 or span.stop == 200


def test_predictions_of_a_cell_are_kept_for_what_did_not_change(loaded: Loaded) -> None:
    checkpoint = loaded("bert")
    cells = rows(*SENTENCES)
    clean = predict(checkpoint, PANX, cells, None)
    known = {row.uid: one for row, one in zip(cells, clean.rows, strict=True)}
    edited = [cells[0]._replace(fields=("Anne\nPetrova\nlives\nin\nMoscow\n.",)), *cells[1:]]
    again = predict(checkpoint, PANX, edited, known)
    assert (clean.forwarded, again.forwarded) == (4, 1)
    assert again.survived == [True, False, False, False]
    assert again.rows[1:] == clean.rows[1:]


def test_a_head_of_another_size_is_refused(loaded: Loaded) -> None:
    assert lacks(loaded("bert"), PANX) is None
    assert "its head has 7 outputs; udpos has 17 tags" in str(lacks(loaded("bert"), UDPOS))


def test_a_model_that_gives_no_numbers_is_refused(loaded: Loaded, tmp_path: Path) -> None:
    make_checkpoint(tmp_path / "broken", "bert", labels=PANX.labels, auto="TokenClassification")
    broken = load(str(tmp_path / "broken"), Settings(device="cpu"))
    with torch.no_grad():
        broken.model.get_parameter("classifier.bias").fill_(float("nan"))
    with pytest.raises(CheckpointError, match="gave NaN for 4 of 4 inputs"):
        decided(broken, *SENTENCES)


def test_a_cell_without_rows_is_predicted_as_nothing(loaded: Loaded) -> None:
    assert decided(loaded("bert")) == []
