"""Cards of guests: found by name, not listed, strict; and what is missing is named."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from robustx.bridges.resources import require
from robustx.cards import card_folder
from robustx.errors import CardError, MissingExtraError, UsageError
from robustx.perturb.attacks import all_attacks, load_attack
from robustx.perturb.guests import GuestUse, guest_operator, guests

GUESTS = sorted(path.stem for path in (card_folder("attacks") / "guests").glob("*.toml"))

pytestmark = pytest.mark.skipif(
    not {"nlpaug", "textattack"} <= set(guests()), reason="robustx was installed before it had guests"
)


def test_there_are_the_recipes_and_augmenters_that_the_docs_name() -> None:
    recipes = {"deepwordbug", "pruthi", "pwws", "textfooler", "bae"}
    assert {name.removeprefix("textattack-") for name in GUESTS if name.startswith("textattack-")} == recipes
    assert sum(name.startswith("nlpaug-") for name in GUESTS) >= 5


@pytest.mark.parametrize("name", GUESTS)
def test_a_guest_s_card_is_found_by_name_and_not_listed(name: str) -> None:
    attack = load_attack(name)
    assert attack.card.validity == "unchecked"
    assert attack.card.guest is not None
    assert attack.applies_to("hi")
    assert name not in {one.id for one in all_attacks()}


@pytest.mark.parametrize(
    ("guest", "more", "message"),
    [
        ("", {}, r"guest: operator nlpaug needs a table \[guest\] with a name"),
        ('[guest]\nnmae = "KeyboardAug"', {}, r"guest\.nmae: unknown key"),
        ('[guest]\nname = "KeyboardAug"\ncalls = 0', {}, r"guest\.calls: .*greater than or equal to 1"),
        ('[guest]\nname = "KeyboardAug"\n[guest.options]\nlang = [1]', {}, r"guest\.options\.lang"),
        ('[guest]\nname = "KeyboardAug"', {"table": '"tables/a.tsv"'}, "table: operator nlpaug takes no table"),
        ('[guest]\nname = "x"', {"operator": "delete"}, "guest: operator delete is robustx's own and takes no guest"),
        ('[guest]\nname = "x"', {"operator": "nlpogg"}, 'there is no operator "nlpogg". Did you mean "nlpaug"?'),
    ],
)
def test_a_wrong_card_is_an_error(card: Any, guest: str, more: dict[str, str], message: str) -> None:
    operator = more.pop("operator", "nlpaug")
    with pytest.raises(CardError, match=message):
        load_attack(card(guest, operator, **more))


@pytest.mark.parametrize("package", ["nlpaug", "textattack"])
def test_without_its_package_a_guest_says_what_to_install(package: str) -> None:
    if find_spec(package) is not None:
        pytest.skip(f"{package} is installed")
    name = next(name for name in GUESTS if name.startswith(package))
    with pytest.raises(MissingExtraError, match=re.escape(f"pip install 'robustx[{package}]'")):
        load_attack(name).operator("hi")


def test_a_guest_that_no_package_brings_is_an_error() -> None:
    with pytest.raises(UsageError, match='there is no guest "nobody"; installed: .*nlpaug'):
        guest_operator("nobody", GuestUse(name="x"), "hi")


def test_everything_that_is_missing_is_named_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TA_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path))
    needs = [
        "module:no_such_module",
        "textattack:vectors",
        "tfhub:https://tfhub.dev/x/1",
        "hub:nobody/nothing",
        "module:json",
    ]
    with pytest.raises(UsageError) as caught:
        require("TextFooler", needs)
    said = str(caught.value)
    assert said.startswith(
        "TextFooler needs what is not on this machine: no_such_module (pip install no_such_module); "
    )
    assert all(name in said for name in ("vectors", "https://tfhub.dev/x/1", "nobody/nothing"))
    assert "json" not in said


def test_what_is_there_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TA_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path))
    (tmp_path / "vectors").mkdir()
    # TensorFlow Hub names the folder by the SHA-1 of the address, here of "a"
    (tmp_path / "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8").mkdir()
    require("TextFooler", ["module:json", "textattack:vectors", "tfhub:a", f"hub:{tmp_path}"])


def test_a_need_of_no_known_kind_is_an_error() -> None:
    with pytest.raises(CardError, match='expected kind:name, found "ntlk:corpora/wordnet". Did you mean "nltk"?'):
        require("PWWS", ["ntlk:corpora/wordnet"])
