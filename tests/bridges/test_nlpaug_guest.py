"""nlpaug's augmenters as attacks: any of them, the same text every time, errors that name what is wrong."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tiny import CARD

from robustx import api
from robustx.errors import CardError, UsageError
from robustx.perturb.attacks import load_attack
from robustx.perturb.sample import Place, sample
from robustx.suite.build import build
from robustx.suite.manifest import read_manifest
from robustx.text.analysis import Text

pytestmark = pytest.mark.usefixtures("nlpaug")

ENGLISH = "The quick brown foxes jumped over the lazy dogs near the river."
LINES = [ENGLISH, "Nobody came to the station that morning.", "She bought 7 apples at www.market.org today."]


def made(attack: Any, lines: list[str], language: str = "en", severity: float = 2) -> list[str]:
    return [one.text for one in api.perturb(lines, attack, language, severity=severity)]


@pytest.mark.parametrize("name", ["keyboard", "ocr", "random", "spelling", "split"])
def test_an_augmenter_changes_text_and_the_same_way_whatever_came_before(name: str) -> None:
    alone = [made(load_attack(f"nlpaug-{name}"), LINES)[i] for i in range(len(LINES))]
    random.seed(len(name))
    attack = load_attack(f"nlpaug-{name}")
    made(attack, ["Something else came first."])
    assert made(attack, LINES) == alone
    assert any(one != line for one, line in zip(alone, LINES, strict=True))


def test_another_process_makes_the_same_texts() -> None:
    """Python hashes strings anew in each; nlpaug keeps misspellings in sets."""
    code = f"""
from robustx.bridges.nlpaug import Augmented
from robustx.perturb.guests import GuestUse
for name in ("SpellingAug", "OcrAug", "KeyboardAug"):
    print(list(Augmented(GuestUse(name=name)).rewrites({ENGLISH!r})))
"""
    made = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(made) == 1


def test_severities_are_nested_and_draws_differ() -> None:
    text = Text(ENGLISH, "en")
    draws = sample(load_attack("nlpaug-keyboard"), text, Place(1, "one", "text"), [1, 2, 4], 3)
    assert all(set(low) < set(high) for draw in draws for low, high in pairwise(draw))
    assert len({tuple(draw[-1]) for draw in draws}) == 3


def test_addresses_and_digits_are_kept() -> None:
    for severity in (1, 4, 16):
        (text,) = made("nlpaug-random", [LINES[2]], severity=severity)
        assert "www.market.org" in text
        assert " 7 " in text


def test_a_card_of_one_s_own_calls_any_augmenter_with_its_options(card: Any) -> None:
    """The Ukrainian keyboard, and words left out, which no card of ours does."""
    ukrainian = load_attack(card('[guest]\nname = "KeyboardAug"\n[guest.options]\nlang = "uk"\naug_char_p = 0.5'))
    (text,) = made(ukrainian, ["Книга лежить на столі біля вікна"], "uk")
    assert text != "Книга лежить на столі біля вікна"
    assert len(text) == 32
    fewer = load_attack(card('[guest]\nname = "RandomWordAug"'))
    (text,) = made(fewer, [ENGLISH], severity=2)
    assert len(text.split()) == len(ENGLISH.split()) - 2


def test_words_that_move_do_so_whole(card: Any) -> None:
    swapped = load_attack(card('[guest]\nname = "RandomWordAug"\n[guest.options]\naction = "swap"'))
    line = "one two three four five six"
    (text,) = made(swapped, [line], severity=1)
    assert text != line
    assert sorted(text.lower().split()) == sorted(line.split())


@pytest.mark.parametrize(
    ("guest", "error", "message"),
    [
        ('name = "KeybordAug"', CardError, 'mine.toml: guest: name: nlpaug has no augmenter "KeybordAug". Did you mean "KeyboardAug"'),
        ('name = "AudioAug"', CardError, "nlpaug has no augmenter"),
        ('name = "KeyboardAug"\n[guest.options]\nlang = "xx"', CardError, "KeyboardAug does not take .*xx"),
        ('name = "KeyboardAug"\n[guest.options]\nlong = "uk"', CardError, "KeyboardAug does not take .*long"),
        ('name = "KeyboardAug"\n[guest.options]\nmodel_path = "no/such"', CardError, "model_path does not exist"),
        ('name = "KeyboardAug"\nneeds = ["module:no_such_module"]', UsageError, "pip install no_such_module"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(card: Any, guest: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        load_attack(card(f"[guest]\n{guest}")).operator("en")


def test_wordnet_that_is_not_there_is_not_fetched(card: Any) -> None:
    with pytest.raises(UsageError, match="SynonymAug needs what is not on this machine"):
        made(load_attack(card('[guest]\nname = "SynonymAug"')), [ENGLISH])


def test_a_text_that_an_augmenter_fails_on_is_left_as_it_is() -> None:
    """KeyboardAug raises where no word is long enough for it."""
    assert made("nlpaug-keyboard", ["a b c"]) == ["a b c"]


def test_a_suite_names_guests_beside_our_own_attacks(
    small_data: Path, tmp_path: Path, checkpoint: Callable[[str], Path]
) -> None:
    card = tmp_path / "guests.toml"
    mixed = CARD.replace('id = "tiny"', 'id = "guests"').replace('id = "invisible"', 'id = "nlpaug-random"')
    card.write_text(mixed, encoding="utf-8")
    run = api.attack(str(checkpoint("xlm-roberta")), str(card), str(small_data), out=tmp_path / "run")
    attacks = {record.cell.attack for record in read_manifest(run.folder / "suite").cells}
    assert attacks == {"clean", "delete", "nlpaug-random"}
    again = build(api.plan_suite(str(card), str(small_data)), tmp_path / "again")
    assert again.content_sha256 == read_manifest(run.folder / "suite").content_sha256
    assert "nlpaug-random" in str(api.scores(run.folder))


def test_the_fingerprint_knows_the_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = load_attack("nlpaug-keyboard").fingerprint("en")
    monkeypatch.setattr("robustx.bridges.nlpaug.version", lambda name: "2.0.0")
    assert load_attack("nlpaug-keyboard").fingerprint("en") != before
