"""What falling means for each kind of task, and that each can be searched the whole way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from tiny import make_checkpoint

from robustx import api
from robustx.errors import UsageError
from robustx.model.checkpoint import Settings, load
from robustx.model.predict import predict
from robustx.perturb.measure import NOTHING
from robustx.search.objective import Answer, objective_of
from robustx.search.plan import Search
from robustx.search.victim import CheckpointVictim, NeighbourVictim
from robustx.suite.cells import CellRow
from robustx.tasks.base import SkipLog
from robustx.tasks.data import MINI
from robustx.tasks.registry import task

CPU = Settings(device="cpu", max_length=64)


def row(gold: str) -> CellRow:
    return CellRow("1", gold, ("a", "b"), (), NOTHING)


def tagged(tokens: str, gold: str) -> CellRow:
    """A sentence of tokens with their tags."""
    return CellRow("1", gold, (tokens.replace(" ", "\n"),), (), NOTHING)


def answer(prediction: str, *chances: float) -> Answer:
    return Answer(prediction, chances, "digest")


class TestFalling:
    def test_a_label_that_flips(self) -> None:
        goal, gold = objective_of(task("xnli"), "en"), row("neutral")
        near, far, lost = (
            answer("neutral", 0.4, 0.5, 0.1),
            answer("neutral", 0.1, 0.9, 0),
            answer("entailment", 0.6, 0.3, 0.1),
        )
        assert goal.loss(gold, near, far) < goal.loss(gold, near, near) < 0 < goal.loss(gold, near, lost)
        assert [goal.wrong(gold, near, one) for one in (near, far, lost)] == [False, False, True]

    def test_a_margin_that_no_float_can_hold_is_finite(self) -> None:
        goal = objective_of(task("xnli"), "en")
        sure = answer("neutral", 0.0, 1.0, 0.0)
        assert np.isfinite(goal.loss(row("neutral"), sure, sure))

    def test_a_tag_less_than_before(self) -> None:
        goal, gold = objective_of(task("panx"), "en"), tagged("Ada Byron saw Rome", "B-PER I-PER O B-LOC")
        clean, worse, none = answer("B-PER I-PER O O"), answer("O O O B-LOC"), answer("O O O O")
        assert not goal.wrong(gold, clean, clean)
        assert goal.wrong(gold, clean, none)
        assert goal.loss(gold, clean, none) > goal.loss(gold, clean, clean)
        assert not goal.wrong(gold, clean, worse), "one chunk of two found is as good as the other"
        assert goal.wrong(gold, none, none), "where nothing is right nothing is left to lose"

    def test_a_tag_of_a_token_that_no_attack_may_touch(self) -> None:
        """Even where the F1 stays, the chunk being as wrong as before: the number 1848 had its right tag, and has it no more."""
        goal, gold = objective_of(task("panx"), "en"), tagged("Ada saw Rome 1848", "B-PER O B-LOC I-LOC")
        clean, lost = answer("B-PER O O I-LOC"), answer("B-PER O O B-LOC")
        assert goal.loss(gold, clean, lost) == goal.loss(gold, clean, clean)
        assert [goal.wrong(gold, clean, one) for one in (clean, lost)] == [False, True]
        other = tagged("Ada saw Rome Bay", gold.gold)
        assert not goal.wrong(other, clean, lost), "any other token is edited, and its tag alone is no fall"

    def test_an_answer_that_is_lost(self) -> None:
        goal = objective_of(task("xquad"), "en")
        gold = row(json.dumps([{"text": "the old iron bridge", "start": 3}]))
        clean, part, lost = answer("the old iron bridge"), answer("old iron"), answer("the river")
        assert [goal.wrong(gold, clean, one) for one in (clean, part, lost)] == [False, False, True]
        assert goal.loss(gold, clean, clean) < goal.loss(gold, clean, part) < goal.loss(gold, clean, lost)

    def test_a_neighbour_that_is_lost(self) -> None:
        goal, gold = objective_of(task("tatoeba"), "hi"), row("7")
        found, lost = answer("7", 0.9, 0.8), answer("3", 0.7, 0.8)
        assert [goal.wrong(gold, found, one) for one in (found, lost)] == [False, True]
        assert goal.loss(gold, found, found) < 0 < goal.loss(gold, found, lost)


CARD = """id = "heads"
version = 1
summary = "One attack on one task"
seed = 3
tasks = ["{task}"]
languages = ["hi", "zh", "en"]

[[attacks]]
id = "transpose"
"""


@pytest.mark.parametrize(
    ("name", "auto"), [("panx", "TokenClassification"), ("xquad", "QuestionAnswering"), ("tatoeba", "")]
)
def test_every_kind_of_task_is_searched(name: str, auto: str, tmp_path: Path) -> None:
    labels = task(name).labels or ("start", "end")
    model = make_checkpoint(tmp_path / "model", "xlm-roberta", labels=labels, auto=auto)
    card = tmp_path / "heads.toml"
    card.write_text(CARD.format(task=name), encoding="utf-8")
    how = Search("greedy", 2, 25)
    data = str(sentences(tmp_path / "data")) if name == "tatoeba" else "mini"
    run = api.attack(
        str(model), str(card), data, languages=["hi"], limit=12, out=tmp_path / "run", settings=CPU, search=how
    )
    rows = pq.read_table(run.folder / "cells" / f"{name}_hi_transpose_2_0.parquet").to_pylist()
    clean = pq.read_table(run.folder / "cells" / f"{name}_hi_clean_0_0.parquet").to_pylist()
    assert len(rows) == 12
    assert all(0 < len(one["edits"]) <= 2 for one in rows)
    goal = objective_of(task(name), "hi")
    for before, after in zip(clean, rows, strict=True):
        if name != "tatoeba" and after["survived"]:  # of tatoeba, a cell perturbs all sentences at once
            fields = tuple(before[field] for field in task(name).fields)
            wrong = goal.wrong(
                CellRow(before["uid"], after["gold"], fields, (), NOTHING), _answer(before), _answer(after)
            )
            assert wrong == after["fallen"]
    search = json.loads((run.folder / "scores.json").read_text())["tasks"][name]["search"]
    assert list(search["attacks"]["transpose"]) == ["Deva"]


def _answer(one: dict[str, Any]) -> Answer:
    return Answer(one["prediction"], tuple(one["probabilities"]), "")


def test_a_neighbour_is_found_as_the_whole_cell_finds_it(tmp_path: Path) -> None:
    """With nothing perturbed, the search of one sentence sees what a run of all of them sees."""
    tatoeba = task("tatoeba")
    checkpoint = load(str(make_checkpoint(tmp_path / "model", "xlm-roberta", auto="")), CPU)
    rows = [
        CellRow(one.uid, one.gold, tuple(one.fields.values()), (), NOTHING)
        for one in tatoeba.read(sentences(tmp_path / "data"), "hi", SkipLog())
    ]
    whole = predict(checkpoint, tatoeba, rows, None).rows
    found = NeighbourVictim(checkpoint, tatoeba, rows).answers(rows)
    assert len(rows) == 12
    assert [one.prediction for one in found] == [one.prediction for one in whole]
    assert [max(one.probabilities) for one in found] == pytest.approx([one.probabilities[0] for one in whole], abs=1e-5)


def test_what_the_tokenizer_folds_goes_through_the_model_once(tmp_path: Path) -> None:
    """BERT's tokenizer drops invisible characters."""
    xnli = task("xnli")
    victim = CheckpointVictim(load(str(make_checkpoint(tmp_path / "model", "bert")), CPU), xnli)
    texts = ["A cat sat.", "A c\u200bat sat.", "A cat s\u200bat.", "A dog sat."]
    rows = [CellRow(str(i), "neutral", (text, "It sat."), (), NOTHING) for i, text in enumerate(texts)]
    one, two, three, other = victim.answers(rows)
    assert one == two == three != other
    assert victim.forwarded == 2
    assert victim.answers(rows[::-1]) == [other, three, two, one]
    assert victim.forwarded == 2


def test_mined_pairs_cannot_be_searched_and_say_why(tmp_path: Path) -> None:
    model = make_checkpoint(tmp_path / "model", "xlm-roberta", auto="")
    card = tmp_path / "heads.toml"
    card.write_text(CARD.format(task="bucc2018"), encoding="utf-8")
    with pytest.raises(UsageError, match="bucc2018: its pairs are mined from all sentences together"):
        api.prepare(str(model), str(card), str(mined(tmp_path / "data")), settings=CPU, search=Search("greedy", 1))


def sentences(folder: Path) -> Path:
    """Twelve premises in Hindi and English, as LASER's Tatoeba files."""
    (folder / "tatoeba").mkdir(parents=True)
    for code, name in (("hi", "hin"), ("en", "eng")):
        rows = task("xnli").read(MINI, code, SkipLog())
        lines = list(dict.fromkeys(row.fields["premise"] for row in rows))[:12]
        (folder / "tatoeba" / f"tatoeba.hin-eng.{name}").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def mined(folder: Path) -> Path:
    """One pair of sentences, as BUCC's files."""
    (folder / "bucc2018").mkdir(parents=True)
    for name, text in (("zh", "z1\t他住在北京。"), ("en", "e1\tHe lives in Beijing."), ("gold", "z1\te1")):
        (folder / "bucc2018" / f"zh-en.dev.{name}").write_text(f"{text}\n", encoding="utf-8")
    return folder
