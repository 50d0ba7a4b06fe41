"""Attacks leave tokens their tags: every attack there is, in every language that mini has tokens of."""

from __future__ import annotations

from pathlib import Path

import pytest

from robustx.perturb.attacks import Attack, all_attacks, load_attack
from robustx.perturb.edits import Edit
from robustx.suite.build import variants
from robustx.suite.cells import CellRow
from robustx.tasks.base import Example, SkipLog, Task
from robustx.tasks.data import MINI
from robustx.tasks.registry import task
from robustx.text.analysis import Text

PANX, UDPOS = task("panx"), task("udpos")
ATTACKS = all_attacks()
CASES = [pytest.param(one, code, id=f"{one.name}-{code}") for one in (PANX, UDPOS) for code in PANX.available(MINI)]
LADDER = {"words": (0.1, 0.5, 1.0), "edits": (1.0, 3.0, 8.0)}


def made(attack: Attack, one: Task, example: Example, draws: int = 1) -> list[tuple[int, float, CellRow]]:
    text = Text(example.fields["sentence"], example.language, one.protected(example, "sentence"))
    return list(variants(attack, one, example, {"sentence": text}, 3, LADDER[attack.card.unit], draws))


@pytest.mark.parametrize(("one", "code"), CASES)
def test_under_every_attack_tokens_stay_as_many_and_none_becomes_blank(one: Task, code: str) -> None:
    examples = list(one.read(MINI, code, SkipLog()))
    changed = 0
    for number, attack in enumerate(one for one in ATTACKS if one.applies_to(code)):
        for i in range(3):
            example = examples[(7 * number + i) % len(examples)]
            before: set[Edit] = set()
            for _, severity, row in made(attack, one, example):
                where = f"{attack.id} at {severity} on {example.uid}"
                tokens = row.fields[0].split("\n")
                assert len(tokens) == len(example.gold.split(" ")), where
                assert all(token.strip() for token in tokens), where
                now = {found.edit for found in row.edits}
                assert before <= now, f"{where}: what a lower severity did is undone"
                before = now
            changed += bool(before)
    assert changed > 30, "the attacks of a language are many, and most find something"


@pytest.fixture
def careless(tmp_path: Path) -> Attack:
    """A card of one's own that takes the letter away of which a token may be all there is."""
    (tmp_path / "tables").mkdir()
    rows = "a\t\nб\t\n"
    (tmp_path / "tables" / "gone.tsv").write_text(
        f"# source: this test\n# licence: CC0-1.0\nfrom\tto\n{rows}", encoding="utf-8"
    )
    card = """id = "gone"
version = 1
summary = "A letter is left out"
family = "spelling"
operator = "substitute"
table = "tables/gone.tsv"
severity = "share of words that get one edit"
ladder = [1.0]
validity = "unchecked"
source = "this test"
"""
    (tmp_path / "gone.toml").write_text(card, encoding="utf-8")
    return load_attack(str(tmp_path / "gone.toml"))


def test_an_edit_that_would_empty_a_token_is_left_out_and_the_others_are_made(careless: Attack) -> None:
    example = Example("u", "en", {"sentence": "a\nbat\na\nman\nb"}, "DET NOUN DET NOUN X")
    rows = {severity: row for _, severity, row in made(careless, UDPOS, example)}
    assert rows[1.0].fields == ("a\nbt\na\nmn\nb",)
    assert {found.edit for found in rows[1.0].edits} == {Edit(3, 4, ""), Edit(9, 10, "")}
    assert {found.edit for found in rows[0.1].edits} <= {found.edit for found in rows[1.0].edits}


def test_a_space_may_come_into_a_token_which_stays_one() -> None:
    example = Example("u", "en", {"sentence": "wonderful\nmorning"}, "ADJ NOUN")
    for _, _, row in made(load_attack("space-split"), UDPOS, example, draws=3):
        assert row.fields[0].count("\n") == 1
        assert " " in row.fields[0]
