"""robustx inside TextAttack: a checkpoint is attacked by TextAttack's search with robustx's edits, on the whole text."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny import ROWS

from robustx.errors import CheckpointError, UsageError
from robustx.model.checkpoint import Settings, load
from robustx.model.predict import predict
from robustx.perturb.attacks import load_attack
from robustx.perturb.candidates import candidates
from robustx.perturb.edits import apply
from robustx.perturb.measure import NOTHING
from robustx.suite.cells import CellRow
from robustx.tasks.base import Task
from robustx.tasks.registry import task
from robustx.tasks.xnli import Xnli
from robustx.text.analysis import Text

HINDI = ROWS["hi"][0]


def fields(row: tuple[str, str, str]) -> OrderedDict[str, str]:
    return OrderedDict(premise=row[0], hypothesis=row[1])


@pytest.fixture(scope="module")
def victim(textattack: Any, checkpoint: Callable[[str], Path]) -> Any:
    from robustx.bridges.textattack import RobustxModel

    return RobustxModel(load(str(checkpoint("xlm-roberta")), Settings(device="cpu")), task("xnli"))


class Unprotected(Xnli):
    """XNLI where any word may be edited."""

    protects = ()


class HypothesisOnly(Xnli):
    """XNLI where the premise is left as it is."""

    attackable = ("hypothesis",)


def transformation(attack: str, language: str = "hi", of: Task | None = None) -> Any:
    from robustx.bridges.textattack import RobustxTransformation

    return RobustxTransformation(load_attack(attack), language, of or task("xnli"))


def texts(textattack: Any, made: Any, row: tuple[str, str, str] = HINDI) -> list[OrderedDict[str, str]]:
    return [one._text_input for one in made(textattack.shared.AttackedText(fields(row)))]


def test_scores_are_robustx_s_probabilities(textattack: Any, victim: Any) -> None:
    rows = [CellRow("", "", row[:2], (), NOTHING) for row in ROWS["hi"]]
    goal = textattack.goal_functions.UntargetedClassification(victim)
    scored = goal._call_model([textattack.shared.AttackedText(fields(row)) for row in ROWS["hi"]])
    ours = [one.probabilities for one in predict(victim.checkpoint, task("xnli"), rows, None).rows]
    np.testing.assert_allclose(np.stack([one.numpy() for one in scored]), ours, atol=1e-6)


def test_a_text_of_other_fields_than_the_task_s_is_an_error(victim: Any) -> None:
    with pytest.raises(UsageError, match="xnli has the fields premise, hypothesis"):
        victim(["एक पाठ"])


def test_what_is_no_classification_or_not_this_one_is_an_error(victim: Any) -> None:
    from robustx.bridges.textattack import RobustxModel

    with pytest.raises(UsageError, match="panx is no classification"):
        RobustxModel(victim.checkpoint, task("panx"))
    with pytest.raises(CheckpointError, match="3 outputs"):
        RobustxModel(victim.checkpoint, task("pawsx"))


def test_it_offers_every_edit_of_both_fields_and_nothing_else_changes(textattack: Any) -> None:
    wanted = []
    for name, source in fields(HINDI).items():
        text = Text(source, "hi")  # nothing in it is protected
        operator = load_attack("delete").operator("hi")
        wanted += [fields(HINDI) | {name: apply(source, [one.edit])} for one in candidates(operator, text)]
    made = texts(textattack, transformation("delete"))
    assert len(made) > 20
    assert sorted(map(tuple, (one.items() for one in made))) == sorted(map(tuple, (one.items() for one in wanted)))


def test_only_the_fields_that_may_be_edited_are(textattack: Any) -> None:
    made = texts(textattack, transformation("delete", of=HypothesisOnly()))
    assert made
    assert all(one["premise"] == HINDI[0] and one["hypothesis"] != HINDI[1] for one in made)


def test_negations_are_kept_where_the_task_says_so(textattack: Any) -> None:
    row = ROWS["hi"][1]
    assert " नहीं " in row[0]
    free = texts(textattack, transformation("delete", of=Unprotected()), row)
    assert any(" नहीं " not in one["premise"] for one in free)
    kept = texts(textattack, transformation("delete"), row)
    assert kept
    assert all(" नहीं " in one["premise"] for one in kept)


def test_a_second_step_edits_the_original_in_another_word(textattack: Any) -> None:
    made = transformation("delete", of=HypothesisOnly())
    (first, *_) = made(textattack.shared.AttackedText(fields(HINDI)))
    once = {one["hypothesis"] for one in texts(textattack, made)}
    lengths = {len(one._text_input["hypothesis"]) for one in made(first)}
    assert lengths
    assert max(lengths) < len(HINDI[1])
    assert len(made(first)) < len(once)


def test_edits_are_counted_over_all_fields_for_constraints_on_their_number(textattack: Any) -> None:
    from robustx.bridges.textattack import edits_made

    made, original = transformation("delete"), textattack.shared.AttackedText(fields(HINDI))
    (first, *_) = made(original)
    assert edits_made(original) == 0
    assert {edits_made(one) for one in made(original)} == {1}
    assert {edits_made(one) for one in made(first)} == {2}
    assert {
        name for one in made(first) for name in one._text_input if one._text_input[name] != HINDI[name != "premise"]
    } == {
        "premise",
        "hypothesis",
    }


@pytest.mark.parametrize(("language", "attack"), [("hi", "marks-confused"), ("en", "keyboard")])
def test_textattack_s_greedy_search_runs_with_both(textattack: Any, victim: Any, language: str, attack: str) -> None:
    goal = textattack.goal_functions.UntargetedClassification(victim, query_budget=200)
    search = textattack.search_methods.GreedySearch()
    whole = textattack.Attack(goal, [], transformation(attack, language), search)
    found = []
    for row in ROWS[language][:3]:
        gold = int(np.argmax(victim([row[:2]]).numpy()))
        result = whole.attack(fields(row), gold)
        found.append(result)
        assert result.num_queries <= 201
        assert result.perturbed_text() != result.original_text()
    assert any(type(one).__name__ == "SuccessfulAttackResult" for one in found)


def test_what_numbers_words_is_an_error(textattack: Any, victim: Any) -> None:
    from textattack.constraints.pre_transformation import RepeatModification

    goal = textattack.goal_functions.UntargetedClassification(victim)
    searches = textattack.search_methods
    held = textattack.Attack(goal, [RepeatModification()], transformation("delete"), searches.GreedySearch())
    with pytest.raises(UsageError, match="works on whole texts"):
        held.attack(fields(HINDI), int(np.argmax(victim([HINDI[:2]]).numpy())))
    with pytest.raises(ValueError, match="incompatible"):
        textattack.Attack(goal, [], transformation("delete"), searches.GreedyWordSwapWIR())
