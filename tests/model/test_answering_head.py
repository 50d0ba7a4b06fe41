"""The extractive reader: what it is given of long contexts, and that its answer is the best span of them all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from tiny import make_checkpoint

from robustx.model.checkpoint import Checkpoint, Settings, load
from robustx.model.heads.answering import Answering, Note
from robustx.model.heads.base import Asked, Encoded, Given
from robustx.model.heads.registry import head_of, lacks
from robustx.perturb.measure import NOTHING
from robustx.suite.cells import CellRow
from robustx.tasks.base import SkipLog
from robustx.tasks.data import MINI
from robustx.tasks.registry import task

XQUAD = task("xquad")
HEAD = head_of(XQUAD)
FAST = ["xlm-roberta", "xlm-roberta-sentencepiece", "bert", "deberta-v2", "modernbert", "mt5"]
SHORT = ("Who came?", "The cat came.")
LONG = (
    "The cat sat on the old mat near the door. बिल्ली पुरानी चटाई पर बैठी थी। 「猫」はマットの上。 😀e\u0301\u00a0 " * 12
)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Checkpoint]:
    """A tiny reader of a family, with random weights, built when it is first asked for."""
    made: dict[str, Checkpoint] = {}

    def loaded(family: str) -> Checkpoint:
        if family not in made:
            folder = tmp_path_factory.mktemp(family)
            make_checkpoint(folder, family, labels=("start", "end"), auto="QuestionAnswering")
            made[family] = load(str(folder), Settings(device="cpu"))
        return made[family]

    return loaded


Reader = Callable[[str], Checkpoint]


def rows(*pairs: tuple[str, str]) -> list[CellRow]:
    return [CellRow(str(i), '[{"text": "cat", "start": 4}]', pair, (), NOTHING) for i, pair in enumerate(pairs)]


def answers(checkpoint: Checkpoint, cells: list[CellRow]) -> tuple[Encoded, list[Given]]:
    encoded = HEAD.encode(checkpoint, XQUAD, cells)
    return encoded, HEAD.decide(checkpoint, Asked(XQUAD, cells, range(len(cells))), encoded)


@pytest.mark.parametrize("family", FAST)
class TestOfEveryFamily:
    def test_a_short_pair_is_what_the_tokenizer_makes_of_it(self, reader: Reader, family: str) -> None:
        checkpoint = reader(family)
        encoded = HEAD.encode(checkpoint, XQUAD, rows(SHORT))
        made = checkpoint.tokenizer(*SHORT, return_token_type_ids=True)
        assert encoded.ids == encoded.inputs.ids == [made["input_ids"]]
        assert encoded.inputs.extra.get("token_type_ids", [made["token_type_ids"]]) == [made["token_type_ids"]]
        assert encoded.truncated.tolist() == [False]

    def test_a_long_context_is_windowed_not_cut(self, reader: Reader, family: str) -> None:
        checkpoint = reader(family)
        encoded = HEAD.encode(checkpoint, XQUAD, rows((SHORT[0], LONG), SHORT))
        note: Note = encoded.notes[0]
        whole = checkpoint.tokenizer(LONG, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        assert note.offsets == whole["offset_mapping"]
        assert len(note.parts) == len(encoded.windows[0]) > 1
        assert sorted({token for part in note.parts for token in part}) == list(range(len(note.offsets)))
        for i, part in zip(encoded.windows[0], note.parts, strict=True):
            ids = encoded.inputs.ids[i]
            assert len(ids) <= checkpoint.max_length
            assert ids[note.begin : note.begin + len(part)] == whole["input_ids"][part.start : part.stop]
        assert encoded.ids[0][note.begin :][: len(note.offsets)] == whole["input_ids"]
        assert encoded.truncated.tolist() == [False, False]
        assert encoded.windows[1] == range(len(note.parts), len(note.parts) + 1)

    def test_the_answer_is_the_best_span_of_all_windows(self, reader: Reader, family: str) -> None:
        checkpoint = reader(family)
        encoded, given = answers(checkpoint, rows((SHORT[0], LONG), SHORT, ("Where?", LONG[40:])))
        for row, one in enumerate(given):
            spans = every_span(checkpoint, encoded, row)
            best = max(score for _, score in spans)
            near = [text for text, score in spans if score > best - 1e-3]
            assert one.prediction in near, "batched and alone, logits differ in the last digits"
            assert one.prediction == one.prediction.strip() != ""
            top = np.sort([score for _, score in spans])[::-1][:20]
            assert one.probabilities == (pytest.approx(1 / np.exp(top - top[0]).sum(), rel=1e-2),)


def every_span(checkpoint: Checkpoint, encoded: Encoded, row: int) -> list[tuple[str, float]]:
    """The text and score of every span that may be an answer, each window run alone and looked at by hand."""
    note: Note = encoded.notes[row]
    found = []
    context = {
        token: max(
            min(token - part.start, part.stop - 1 - token) + 0.01 * len(part) for part in note.parts if token in part
        )
        for token in range(len(note.offsets))
    }
    begun: set[int] = set()
    for i, part in zip(encoded.windows[row], note.parts, strict=True):
        extra = {name: torch.tensor([values[i]]) for name, values in encoded.inputs.extra.items()}
        with torch.inference_mode():
            made = checkpoint.model(input_ids=torch.tensor([encoded.inputs.ids[i]]), **extra)
        start, end = made.start_logits[0].double(), made.end_logits[0].double()
        for first in part:
            mine = min(first - part.start, part.stop - 1 - first) + 0.01 * len(part)
            blank = not note.context[slice(*note.offsets[first])].strip()
            if mine < context[first] or first in begun or blank:
                continue
            begun.add(first)
            for last in range(first, min(first + 30, part.stop)):
                score = start[note.begin + first - part.start] + end[note.begin + last - part.start]
                found.append((note.context[note.offsets[first][0] : note.offsets[last][1]].strip(), float(score)))
    return found


class TestTheQuestion:
    def test_is_read_for_half_of_what_a_small_model_takes_and_only_its_cut_counts_as_truncation(
        self, reader: Reader
    ) -> None:
        checkpoint = reader("xlm-roberta")
        encoded = HEAD.encode(checkpoint, XQUAD, rows((LONG, "The cat came."), (SHORT[0], LONG)))
        assert encoded.truncated.tolist() == [True, False]
        room = checkpoint.max_length - 4
        assert encoded.notes[0].begin == 1 + room // 2 + 2

    def test_is_read_for_64_tokens_of_a_larger_one(self, reader: Reader) -> None:
        encoded = HEAD.encode(reader("modernbert"), XQUAD, rows((LONG, "The cat came.")))
        assert encoded.notes[0].begin == 1 + 64 + 1

    def test_without_a_token_is_no_error(self, reader: Reader) -> None:
        encoded, given = answers(reader("bert"), rows(("\u200b", "The cat came.")))
        assert encoded.notes[0].begin == 2
        assert given[0].prediction in "The cat came."


class TestTheAudit:
    def test_what_the_tokenizer_drops_leaves_the_digest_and_everything_else_changes_it(self, reader: Reader) -> None:
        hidden, other = ("Who came?", "The c\u200bat came."), ("Who came?", "The cat came!")
        encoded = HEAD.encode(
            reader("bert"), XQUAD, rows(SHORT, hidden, other, (SHORT[0], LONG), (SHORT[0], LONG + " a"))
        )
        assert encoded.digests[0] == encoded.digests[1]
        assert len(set(encoded.digests)) == 4

    def test_counts_every_token_once_and_the_unknown_ones(self, reader: Reader) -> None:
        checkpoint = reader("bert")
        encoded = HEAD.encode(checkpoint, XQUAD, rows((SHORT[0], LONG)))
        whole = checkpoint.tokenizer(SHORT[0], LONG, verbose=False)["input_ids"]
        assert encoded.ids == [whole]
        assert encoded.unknown.tolist() == [whole.count(checkpoint.tokenizer.unk_token_id)] != [0]


def test_an_answer_is_cut_out_of_the_context_as_it_stands(reader: Reader) -> None:
    for code in ("ar", "hi", "th", "zh"):
        cells = [
            CellRow(row.uid, row.gold, tuple(row.fields.values()), (), NOTHING)
            for row in list(XQUAD.read(MINI, code, SkipLog()))[:6]
        ]
        for cell, one in zip(cells, answers(reader("xlm-roberta"), cells)[1], strict=True):
            assert one.prediction in cell.fields[1]
            assert one.prediction == one.prediction.strip() != ""


def test_a_context_of_which_the_tokenizer_leaves_nothing_has_no_answer(reader: Reader) -> None:
    assert answers(reader("bert"), rows(("Who came?", "\u200b\u200d")))[1] == [Given("", (0.0,))]


def test_no_rows_have_no_answers(reader: Reader) -> None:
    assert answers(reader("bert"), [])[1] == []


def test_a_context_that_many_questions_share_is_tokenised_once(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    tokenizer = reader("bert").tokenizer
    seen: list[str] = []
    plain = type(tokenizer).__call__

    def counted(self: object, text: object, *more: object, **how: object) -> object:
        seen.extend(text if isinstance(text, list) else [text])
        return plain(self, text, *more, **how)

    monkeypatch.setattr(type(tokenizer), "__call__", counted)
    HEAD.encode(reader("bert"), XQUAD, rows(("Who?", LONG), ("Where?", LONG), ("Who?", SHORT[1])))
    assert seen.count(LONG) == seen.count("Who?") == 1


class TestACheckpointThatCannot:
    def test_say_where_a_token_stands_is_told_so(self, reader: Reader) -> None:
        checkpoint = reader("bert-slow")
        if checkpoint.tokenizer.is_fast:
            pytest.skip("transformers 4 makes a fast tokenizer of every BERT's")
        reason = str(lacks(checkpoint, XQUAD))
        assert type(checkpoint.tokenizer).__name__ in reason
        assert "xquad needs a fast tokenizer (tokenizer.json)" in reason

    def test_tell_start_from_end_is_told_so(self, tmp_path: Path) -> None:
        folder = make_checkpoint(tmp_path / "three", "bert", auto="QuestionAnswering")
        reason = Answering().lacks(load(str(folder), Settings(device="cpu")), XQUAD)
        assert "its head has 3 outputs; xquad needs 2: start and end" in str(reason)

    def test_and_one_that_can_lacks_nothing(self, reader: Reader) -> None:
        assert lacks(reader("bert"), XQUAD) is None
