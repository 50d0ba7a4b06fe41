"""TextAttack's recipes as attacks: one step of each is an operator."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from robustx import api
from robustx.bridges.damage import audit
from robustx.errors import CardError, UsageError
from robustx.perturb.attacks import load_attack
from robustx.perturb.candidates import candidates
from robustx.text.analysis import Text

pytestmark = pytest.mark.usefixtures("textattack")

ENGLISH = "The quick brown foxes jumped over the lazy dogs."
HINDI = "बिल्ली दरवाज़े के पास पुरानी चटाई पर बैठी थी।"


def made(attack: Any, line: str, language: str = "en", severity: float = 2) -> str:
    return next(api.perturb([line], attack, language, severity=severity)).text


@pytest.mark.parametrize("name", ["textattack-deepwordbug", "textattack-pruthi"])
def test_a_recipe_changes_text_and_the_same_way_every_time(name: str) -> None:
    first = made(load_attack(name), ENGLISH)
    made(load_attack(name), "Something else came in between.")
    assert made(load_attack(name), ENGLISH) == first != ENGLISH


def test_a_recipe_s_constraints_hold() -> None:
    """Pruthi touches no stop word, none of three letters, and neither end of a word."""
    text = Text(ENGLISH, "en")
    found = list(candidates(load_attack("textattack-pruthi").operator("en"), text))
    assert {text.word_text(one.word) for one in found} == {"quick", "brown", "foxes", "jumped", "lazy", "dogs"}
    for word, edit in found:
        start, end = text.spans[word]
        assert start < edit.start <= edit.end < end


def test_deepwordbug_puts_latin_letters_into_hindi_words() -> None:
    """What its makers never meant: the damage is what it is, and counted."""
    found = audit(load_attack("textattack-deepwordbug"), [HINDI], "hi")
    assert found.altered == found.texts > 0
    assert found.foreign > 0


@pytest.mark.parametrize(
    ("recipe", "missing"),
    [
        ("pwws", ["corpora/wordnet", "corpora/omw-1.4"]),
        ("textfooler", ["word_embeddings/paragramcf", "averaged_perceptron_tagger_eng"]),
        ("bae", ["bert-base-uncased", "averaged_perceptron_tagger_eng"]),
    ],
)
def test_a_recipe_whose_resources_are_not_there_names_them_all(recipe: str, missing: list[str]) -> None:
    with pytest.raises(UsageError, match="needs what is not on this machine") as caught:
        load_attack(f"textattack-{recipe}").operator("en")
    assert all(name in str(caught.value) for name in missing)


def test_a_recipe_that_there_is_not_is_an_error(card: Any) -> None:
    attack = load_attack(card('[guest]\nname = "DeepWordBug"', "textattack"))
    with pytest.raises(CardError, match='TextAttack has no recipe "DeepWordBug". Did you mean "DeepWordBugGao2018"'):
        attack.operator("en")


def test_options_reach_the_recipe(card: Any) -> None:
    one = load_attack(
        card('[guest]\nname = "DeepWordBugGao2018"\n[guest.options]\nuse_all_transformations = false', "textattack")
    )
    edits = [edit for _, edit in candidates(one.operator("en"), Text(ENGLISH, "en"))]
    assert all(edit.end - edit.start == len(edit.replacement) == 1 for edit in edits)  # substitution alone
    other = load_attack(card('[guest]\nname = "DeepWordBugGao2018"\n[guest.options]\nlanguage = "hi"', "textattack"))
    with pytest.raises(CardError, match="DeepWordBugGao2018 cannot be made: TypeError"):
        other.operator("en")


def test_the_import_fetches_nothing_and_leaves_no_mark_that_it_did() -> None:
    """TextAttack itself would now think that it had downloaded NLTK's data."""
    assert list(Path(os.environ["HOME"]).rglob("post_install_check_3")) == []


def test_without_stop_words_the_import_is_not_tried(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import nltk

    from robustx.bridges.textattack_package import imported

    monkeypatch.setattr(nltk.data, "path", [str(tmp_path)])
    with pytest.raises(UsageError, match="TextAttack needs .*corpora/stopwords .*NLTK_DATA"):
        imported("this")
