"""Retrieval with any encoder: what a sentence's vector is, who looks for whom, and what is kept from cell to cell."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tiny import make_checkpoint

from robustx.errors import UsageError
from robustx.model.checkpoint import Checkpoint, Settings, load
from robustx.model.heads.base import Asked, Given, Known
from robustx.model.heads.classification import tokenised
from robustx.model.heads.registry import lacks
from robustx.model.heads.retrieval import Retrieval, sentence_vectors, usual_layer
from robustx.model.infer import Inputs
from robustx.model.neighbours import Vectors
from robustx.model.predict import Predicted, predict, repeatable
from robustx.perturb.measure import NOTHING
from robustx.suite.cells import CellRow
from robustx.tasks.base import SkipLog
from robustx.tasks.data import MINI
from robustx.tasks.registry import task

TATOEBA, BUCC = task("tatoeba"), task("bucc2018")


def texts(code: str, count: int) -> list[str]:
    """Sentences that are all different, parallel by row."""
    rows = task("xnli").read(MINI, code, SkipLog())
    return [row.fields["hypothesis"] for row in itertools.islice(rows, count)]


def aligned(count: int) -> list[CellRow]:
    pairs = enumerate(zip(texts("hi", count), texts("en", count), strict=True))
    return [CellRow(f"t{i}", f"t{i}", pair, (), NOTHING) for i, pair in pairs]


def collections(pairs: int, alone: int) -> list[CellRow]:
    """``pairs`` sentences with their like, then as many without one on either side as ``alone`` says.

    An encoder with random weights knows no translations; it does know sentences that differ by an exclamation mark.
    """
    english = texts("en", pairs + 2 * alone)
    own = [f"{one[:-1]}!" for one in [*english[:pairs], *texts("hi", alone)]]
    rows = [(f"s{i}", f"s{i}" if i < pairs else "", one) for i, one in enumerate(own)]
    beside = [*english[:pairs], *[""] * alone]
    made = [CellRow(uid, gold, (one, other), (), NOTHING) for (uid, gold, one), other in zip(rows, beside, strict=True)]
    return made + [CellRow(f"e{i}", "", ("", one), (), NOTHING) for i, one in enumerate(english[pairs + alone :])]


def seen(rows: list[CellRow], made: Predicted) -> dict[str, Known]:
    """As a run reads it back from a file, in float32."""
    return {
        row.uid: one._replace(probabilities=tuple(float(np.float32(p)) for p in one.probabilities))
        for row, one in zip(rows, made.rows, strict=True)
    }


def reference(checkpoint: Checkpoint, sentences: list[str], layer: int) -> Vectors:
    """One sentence at a time, without padding: the mean over its tokens, at length one."""
    made = []
    for sentence in sentences:
        inputs = checkpoint.tokenizer(sentence, return_tensors="pt")
        inputs.pop("token_type_ids", None)
        with torch.inference_mode():
            output = checkpoint.model(**inputs, output_hidden_states=True)
        states = output.get("encoder_hidden_states") or output.hidden_states
        mean = states[layer][0].numpy().mean(axis=0)
        made.append(mean / np.sqrt((mean**2).sum()))
    return np.array(made)


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    """XLM-R without a head."""
    folder = make_checkpoint(tmp_path_factory.mktemp("encoder") / "xlmr", "xlm-roberta", auto="")
    return load(str(folder), Settings(device="cpu"))


class Counted:
    """Counts the inputs that go through a model."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        self.inputs = 0
        self.handle = checkpoint.model.register_forward_pre_hook(self._count, with_kwargs=True)

    def _count(self, model: object, args: object, inputs: dict[str, Any]) -> None:
        self.inputs += len(inputs["input_ids"])


class TestAVector:
    @pytest.mark.parametrize(
        "family", ["xlm-roberta", "xlm-roberta-sentencepiece", "bert", "bert-slow", "deberta-v2", "modernbert", "mt5"]
    )
    @pytest.mark.parametrize("layer", [0, 1, 2])
    def test_is_the_mean_over_all_tokens_whatever_it_is_batched_with(
        self, checkpoint: Callable[[str], Path], family: str, layer: int
    ) -> None:
        """Classifiers do retrieval too: the head on them is not asked."""
        loaded = load(str(checkpoint(family)), Settings(device="cpu", layer=layer))
        sentences = ["a", *texts("hi", 6), *texts("en", 5)]
        ids, extra, _ = tokenised(loaded, [sentences])
        made = sentence_vectors(loaded, Inputs(ids, extra), None)
        assert np.abs(made - reference(loaded, sentences, layer)).max() < 1e-4

    def test_of_equal_sentences_is_made_once(self, encoder: Checkpoint) -> None:
        counted = Counted(encoder)
        ids, extra, _ = tokenised(encoder, [["one", "two", "one", "one"]])
        made = sentence_vectors(encoder, Inputs(ids, extra), None)
        counted.handle.remove()
        assert counted.inputs == 2
        assert np.array_equal(made[0], made[2])
        assert not np.array_equal(made[0], made[1])


class TestTheLayer:
    def test_is_xtreme_s_where_it_is_not_given(self) -> None:
        assert [usual_layer(depth) for depth in (12, 24)] == [8, 14]
        assert [usual_layer(depth) for depth in (1, 2, 4, 6)] == [1, 2, 4, 5]

    @pytest.mark.parametrize("layer", [-1, 3])
    def test_must_be_there(self, encoder: Checkpoint, layer: int) -> None:
        asked = replace(encoder, settings=Settings(layer=layer))
        with pytest.raises(UsageError, match=rf"--layer {layer}: .* has layers 1 to 2, and 0 for its embeddings"):
            lacks(asked, TATOEBA)

    def test_is_in_the_signature_where_it_is_given(self, encoder: Checkpoint) -> None:
        assert "layer" not in encoder.signature
        assert replace(encoder, settings=Settings(layer=1)).signature == f"{encoder.signature}|layer:1"


class TestWhoCanDoIt:
    def test_an_encoder_and_a_classifier(self, encoder: Checkpoint, checkpoint: Callable[[str], Path]) -> None:
        assert lacks(encoder, TATOEBA) is None
        assert lacks(load(str(checkpoint("mt5")), Settings(device="cpu")), TATOEBA) is None

    def test_not_what_has_no_vector_a_token(self, checkpoint: Callable[[str], Path], tmp_path: Path) -> None:
        canine = load(str(checkpoint("canine")), Settings(device="cpu"))
        assert "needs an encoder with a vector a token" in (lacks(canine, BUCC) or "")
        bare = load(str(make_checkpoint(tmp_path / "mt5", "mt5", auto="")), Settings(device="cpu"))
        assert "is a MT5Model; bucc2018 needs an encoder" in (lacks(bare, BUCC) or "")


class TestTatoeba:
    def test_each_english_sentence_finds_the_nearest_of_the_language(self, encoder: Checkpoint) -> None:
        rows = aligned(20)
        own, english = (reference(encoder, [row.fields[side] for row in rows], 2) for side in (0, 1))
        expected = [f"t{(own @ query).argmax()}" for query in english]
        made = predict(encoder, TATOEBA, rows, None)
        assert [one.prediction for one in made.rows] == expected
        assert made.rows[0].probabilities == pytest.approx([(own @ english[0]).max()], abs=1e-4)

    def test_an_answer_may_change_with_a_row_that_is_not_one_s_own(self, encoder: Checkpoint) -> None:
        rows = aligned(6)
        clean = predict(encoder, TATOEBA, rows, None)
        noisy = [*rows[:5], rows[5]._replace(fields=(rows[0].fields[1], rows[5].fields[1]))]
        made = predict(encoder, TATOEBA, noisy, seen(rows, clean))
        assert made.rows[0].prediction == "t5"
        assert made.survived == [False] * 5 + [True]

    def test_the_english_side_goes_through_the_model_once(self, encoder: Checkpoint) -> None:
        rows = [row._replace(uid=f"once{row.uid}") for row in aligned(11)]
        head, counted = Retrieval(), Counted(encoder)
        asked = Asked(TATOEBA, rows, range(11))
        first = head.decide(encoder, asked, head.encode(encoder, TATOEBA, rows))
        assert counted.inputs == 22
        again = head.decide(encoder, asked, head.encode(encoder, TATOEBA, rows))
        assert counted.inputs == 33
        other = replace(encoder, settings=Settings(layer=1))
        head.decide(other, asked, head.encode(other, TATOEBA, rows))
        counted.handle.remove()
        assert counted.inputs == 55
        assert first == again

    def test_what_is_kept_is_no_more_than_the_english_of_two_languages(self, encoder: Checkpoint) -> None:
        head = Retrieval()
        for start in range(5):
            rows = aligned(12)[start : start + 4]
            head.decide(encoder, Asked(TATOEBA, rows, range(4)), head.encode(encoder, TATOEBA, rows))
        assert len(head._kept) == 2

    def test_the_audit_counts_both_sides(self, encoder: Checkpoint) -> None:
        rows = aligned(3)
        made = predict(encoder, TATOEBA, rows, None)
        for row, one in zip(rows, made.rows, strict=True):
            assert one.tokens == sum(len(encoder.tokenizer(text)["input_ids"]) for text in row.fields)

    def test_the_same_is_found_twice(self, encoder: Checkpoint) -> None:
        assert repeatable(encoder, TATOEBA, aligned(9))


def mined_reference(rows: list[CellRow], own: Vectors, english: Vectors, once: set[str]) -> tuple[list[Any], float]:
    """The pairs of ``mine`` by their definition, with the best threshold, on rows whose sentences stand once."""
    from robustx.model.mining import best_threshold, mine

    sources = [row for row in rows if row.fields[0]]
    targets = [row for row in rows if row.fields[1]]
    mined = mine(own.astype(np.float32), english.astype(np.float32))
    pairs = [
        (sources[i], targets[j].uid, score)
        for i, j, score in zip(mined.source.tolist(), mined.target.tolist(), mined.score.tolist(), strict=True)
    ]
    pairs = [pair for pair in pairs if pair[0].uid in once]
    right = np.array([row.gold == uid for row, uid, _ in pairs])
    gold = sum(bool(row.gold) for row in rows)
    return pairs, best_threshold(np.array([score for _, _, score in pairs]), right, gold)


class TestBucc:
    def test_pairs_above_the_best_threshold_are_taken(self, encoder: Checkpoint) -> None:
        rows = collections(20, 15)
        own = reference(encoder, [row.fields[0] for row in rows if row.fields[0]], 2)
        english = reference(encoder, [row.fields[1] for row in rows if row.fields[1]], 2)
        pairs, threshold = mined_reference(rows, own, english, {row.uid for row in rows})
        made = predict(encoder, BUCC, rows, None)
        answers = {row.uid: one.prediction for row, one in zip(rows, made.rows, strict=True)}
        assert answers == {row.uid: "" for row in rows} | {
            row.uid: uid for row, uid, score in pairs if score >= threshold
        }
        assert len({one.probabilities[1] for one in made.rows}) == 1
        assert made.rows[0].probabilities[1] == pytest.approx(threshold, abs=1e-4)

    def test_the_threshold_of_the_clean_cell_is_kept(self, encoder: Checkpoint) -> None:
        rows = collections(20, 15)
        clean = predict(encoder, BUCC, rows, None)
        noisy = [row._replace(fields=(row.fields[0][::-1], row.fields[1])) for row in rows]
        made = predict(encoder, BUCC, noisy, seen(rows, clean))
        (threshold,) = {one.probabilities[1] for one in clean.rows}
        assert threshold > 0
        assert {one.probabilities[1] for one in made.rows} == {threshold}
        for one in made.rows:
            assert bool(one.prediction) == (one.probabilities[0] >= threshold)

    def test_a_cell_that_nothing_was_changed_in_is_answered_as_the_clean_one(self, encoder: Checkpoint) -> None:
        rows = collections(12, 10)
        clean = predict(encoder, BUCC, rows, None)
        again = predict(encoder, BUCC, rows, seen(rows, clean))
        assert [one.prediction for one in again.rows] == [one.prediction for one in clean.rows]
        assert sum(bool(one.prediction) for one in clean.rows) > 0
        assert not any(again.survived)

    def test_a_sentence_that_stands_twice_is_in_no_pair(self, encoder: Checkpoint) -> None:
        rows = collections(20, 15)
        whole = predict(encoder, BUCC, rows, None)
        paired = next(i for i, one in enumerate(whole.rows) if one.prediction)
        twin = CellRow("twin", "", (f" {rows[paired].fields[0]}", ""), (), NOTHING)
        made = predict(encoder, BUCC, [*rows, twin], None)
        assert (made.rows[paired].prediction, made.rows[-1].prediction) == ("", "")

    def test_one_side_alone_gives_no_pairs(self, encoder: Checkpoint) -> None:
        rows = [CellRow(f"s{i}", "", (text, ""), (), NOTHING) for i, text in enumerate(texts("hi", 4))]
        assert [one.prediction for one in predict(encoder, BUCC, rows, None).rows] == [""] * 4


def test_another_s_task_is_a_mistake_of_the_caller(encoder: Checkpoint) -> None:
    head = Retrieval()
    rows = aligned(2)
    with pytest.raises(TypeError, match="xnli is no retrieval task"):
        head.decide(encoder, Asked(task("xnli"), rows, range(2)), head.encode(encoder, TATOEBA, rows))


def test_no_rows_are_no_answers(encoder: Checkpoint) -> None:
    for one in (TATOEBA, BUCC):
        made: list[Given] = Retrieval().decide(encoder, Asked(one, [], []), Retrieval().encode(encoder, one, []))
        assert made == []
