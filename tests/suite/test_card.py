"""Suite cards: every wrong name or value is one error that names the file, the key and what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny import CARD

from robustx.cards import card_paths
from robustx.errors import CardError, RobustxError, UsageError
from robustx.suite.card import load_suite

Change = tuple[str, str]


def card(folder: Path, *changes: Change) -> str:
    text = CARD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "tiny.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", card_paths("suites"))
def test_every_suite_that_comes_with_robustx_loads(name: str) -> None:
    assert load_suite(name).card.id == name


@pytest.mark.parametrize("name", card_paths("suites"))
def test_every_attack_of_a_suite_applies_to_a_language_of_it(name: str) -> None:
    spec = load_suite(name)
    for attack, _, _ in spec.attacks:
        assert any(attack.applies_to(code) for code in spec.card.languages), attack


def test_a_card_says_what_it_says(tmp_path: Path) -> None:
    spec = load_suite(card(tmp_path))
    assert [(attack.id, severities, draws) for attack, severities, draws in spec.attacks] == [
        ("delete", (0.1, 0.4), 2),
        ("invisible", (2.0,), 1),
    ]
    assert spec.languages(None) == ["hi", "en"]
    assert spec.languages(["en", "hi"]) == ["hi", "en"]
    assert spec.languages(["en"]) == ["en"]


def test_severities_that_are_not_named_are_the_attack_s_ladder(tmp_path: Path) -> None:
    spec = load_suite(card(tmp_path, ("severities = [0.1, 0.4]\n", "")))
    attack, severities, _ = spec.attacks[0]
    assert severities == tuple(attack.card.ladder)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("seed = 3", "seeds = 3"), r'tiny\.toml: seeds: unknown key\. Did you mean "seed"\?'),
        (("draws = 2", "drawz = 2"), r'tiny\.toml: attacks\[0\]\.drawz: unknown key\. Did you mean "draws"\?'),
        (("version = 1\n", ""), r"tiny\.toml: version: Field required"),
        (("seed = 3", 'seed = "3"'), r"tiny\.toml: seed: .*integer"),
        (("seed = 3", "seed ="), r"tiny\.toml: cannot be read as TOML"),
        (("version = 1", "version = 0"), r"tiny\.toml: version: "),
        (('id = "tiny"', 'id = "Tiny Suite"'), r"tiny\.toml: id: "),
        (("draws = 2", "draws = 0"), r"tiny\.toml: attacks\[0\]\.draws: "),
        (('["xnli"]', '["xnlii"]'), r'tiny\.toml: tasks\[0\]: there is no task "xnlii"\. Did you mean "xnli"'),
        (('["xnli"]', "[]"), r"tiny\.toml: tasks: "),
        (('"hi", "en"', '"hi", "eng"'), r'tiny\.toml: languages\[1\]: there is no language "eng"'),
        (
            ('id = "invisible"', 'id = "invisble"'),
            r'attacks\[1\]: there is no attack "invisble"\. Did you mean "invisible"',
        ),
        (('id = "invisible"\nseverities = [2]', 'id = "delete"'), r"tiny\.toml: attacks: an attack is named twice"),
        (("[0.1, 0.4]", "[0.4, 0.1]"), r"attacks\[0\]\.severities: expected rising severities"),
        (("[0.1, 0.4]", "[0.1, 0.1]"), r"attacks\[0\]\.severities: expected rising severities"),
        (("[0.1, 0.4]", "[0.1, 1.5]"), r"attacks\[0\]\.severities: expected rising severities"),
        (("[0.1, 0.4]", "[-0.1]"), r"attacks\[0\]\.severities: expected rising severities"),
        (("[0.1, 0.4]", "[]"), r"attacks\[0\]\.severities: expected rising severities"),
        (("[0.1, 0.4]", "[nan]"), r"attacks\[0\]\.severities: "),
        (("[0.1, 0.4]", "[0.1, nan]"), r"attacks\[0\]\.severities: "),
        (("severities = [2]", "severities = [inf]"), r"attacks\[1\]\.severities: "),
        (("severities = [2]", "severities = [1.2, 1.4]"), r"attacks\[1\]\.severities: "),
    ],
)
def test_a_wrong_key_or_value_is_one_error_that_names_it(tmp_path: Path, change: Change, message: str) -> None:
    with pytest.raises(CardError, match=message) as caught:
        load_suite(card(tmp_path, change))
    assert "\n" not in str(caught.value)


def test_an_unknown_suite_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r'there is no suite "quik"\. Did you mean "quick"\? `robustx suite list`'):
        load_suite("quik")


@pytest.mark.parametrize("name", ["no/such.toml", ""])
def test_a_card_file_that_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="there is no"):
        load_suite(name)


def test_a_card_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "binary.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CardError, match=r"binary\.toml: cannot be read as TOML"):
        load_suite(str(path))


def test_a_language_that_the_suite_has_not_is_refused(tmp_path: Path) -> None:
    spec = load_suite(card(tmp_path))
    with pytest.raises(UsageError, match="suite tiny has no language ru; it has hi en"):
        spec.languages(["ru"])
    with pytest.raises(RobustxError, match='no language "tlh"'):
        spec.languages(["tlh"])
