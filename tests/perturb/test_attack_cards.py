"""Cards of attacks and their tables: what each must say, whom it serves, and every way it can be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from attack_material import (
    ATTACKS,
    LANGUAGES,
)

from robustx.cards import card_folder
from robustx.errors import CardError, UsageError
from robustx.perturb.attacks import Attack, AttackCard, load_attack
from robustx.perturb.operators import WITH_RULES
from robustx.perturb.rules import read_rules
from robustx.perturb.tables import read_table
from robustx.text.languages import languages


def test_every_language_with_a_table_of_its_own_is_tested() -> None:
    tables = card_folder("attacks") / "tables"
    own = {path.stem for path in tables.glob("*/*.tsv")} & set(languages())
    assert own <= set(LANGUAGES)


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_applies_to_every_language_it_lists_and_to_some(name: str) -> None:
    attack = ATTACKS[name]
    applied = [code for code in languages() if attack.applies_to(code)]
    assert applied
    assert set(attack.card.languages or applied) == set(applied)


def test_every_row_of_every_table_is_sound_in_every_language() -> None:
    """``read_table`` checks each row; here every table is read for every language that it serves."""
    served = {
        (attack.table_path(code), code)
        for attack in ATTACKS.values()
        for code in languages()
        if attack.applies_to(code)
    }
    by_rules = [attack for attack in ATTACKS.values() if attack.card.operator in WITH_RULES]
    rules = {attack.table_path(code) for attack in by_rules for code in languages()}
    read = {
        path for path, code in served if path and (read_rules(path) if path in rules else read_table(path, code).rows)
    }
    lying = set((card_folder("attacks") / "tables").rglob("*.tsv"))
    assert lying - read <= {card_folder("attacks") / "tables" / "negation.tsv"}


def test_fingerprints_tell_attacks_and_languages_apart() -> None:
    assert len({attack.fingerprint("hi") for attack in ATTACKS.values() if attack.applies_to("hi")}) > 5
    assert ATTACKS["keyboard"].fingerprint("hi") != ATTACKS["keyboard"].fingerprint("ta")


def test_an_attack_that_does_not_apply_says_so() -> None:
    with pytest.raises(UsageError, match="attack homophone does not apply to en"):
        ATTACKS["homophone"].operator("en")


def test_an_unknown_attack_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(UsageError, match=r'there is no attack "hommoglyph".*Did you mean "homoglyph"'):
        load_attack("hommoglyph")


CARD = """
id = "mine"
version = 1
summary = "s"
family = "typing"
operator = "substitute"
table = "mine.tsv"
severity = "share"
ladder = [0.1, 0.2]
validity = "likely"
source = "me"
"""
TABLE = "# source: me\n# licence: CC0-1.0\nfrom\tto\nx\ty\n"


def mine(folder: Path, card: str = CARD, table: str = TABLE) -> Attack:
    (folder / "attacks").mkdir(parents=True, exist_ok=True)
    (folder / "attacks" / "mine.toml").write_text(card, encoding="utf-8")
    (folder / "attacks" / "mine.tsv").write_text(table, encoding="utf-8")
    return load_attack("mine", folder)


def test_a_card_and_a_table_in_a_users_folder_are_an_attack(tmp_path: Path) -> None:
    attack = mine(tmp_path)
    assert attack.applies_to("sw")
    assert repr(attack) == "Attack(mine@1)"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id = "mine"', 'id = "yours"', r'id: expected "mine".*found "yours"'),
        ('operator = "substitute"', 'operator = "delete"', "operator delete takes no table"),
        ('table = "mine.tsv"', "", "operator substitute needs a table"),
        ('table = "mine.tsv"', 'table = "{lang}.tsv"', "table: '{lang}.tsv': expected no fields but"),
        ('"likely"', '"provable"', "provable where a normaliser proves it"),
        ('"likely"', '"likely"\nnormaliser = "nfc"', "provable where a normaliser proves it"),
        ("[0.1, 0.2]", "[0.0, 0.2]", "ladder: expected rising severities"),
        ("[0.1, 0.2]", "[0.2, 0.1]", "ladder: expected rising severities"),
        ("[0.1, 0.2]", "[0.2, 0.2]", "ladder: expected rising severities"),
        ("[0.1, 0.2]", "[0.5, 1.5]", "ladder: expected rising severities"),
        ("[0.1, 0.2]", "[nan]", "ladder: expected rising severities"),
        ("ladder = [0.1, 0.2]", 'ladder = [0.4]\nunit = "edits"', "ladder: expected rising severities"),
        ("ladder = [0.1, 0.2]", 'ladder = [inf]\nunit = "edits"', "ladder: expected rising severities"),
        ("ladder = [0.1, 0.2]", "ladder = []", "ladder"),
        ("version = 1", 'version = 1\nlanguages = ["zzz"]', "mine.toml: languages: there is no language"),
        ("version = 1", "version = 0", "version"),
        ('family = "typing"', 'famly = "typing"', "family|famly"),
    ],
)
def test_a_wrong_card_is_an_error_that_names_file_and_key(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in CARD
    with pytest.raises(CardError, match=message) as caught:
        mine(tmp_path, CARD.replace(old, new))
    assert "mine.toml" in str(caught.value)


def test_a_table_of_the_other_kind_is_an_error(tmp_path: Path) -> None:
    here, there = tmp_path / "a", tmp_path / "b"
    here.mkdir()
    there.mkdir()
    with pytest.raises(CardError, match=r"mine.tsv: mine replaces"):
        mine(here, table=TABLE.replace("from\tto\nx\ty", "to\ny")).operator("en")
    with pytest.raises(CardError, match=r"mine.tsv: mine inserts"):
        mine(there, CARD.replace("substitute", "insert")).operator("en")


def test_a_table_without_rows_for_a_language_does_not_apply_to_it(tmp_path: Path) -> None:
    table = "# source: me\n# licence: CC0-1.0\nfrom\tto\tlanguages\nx\ty\ten,sw\n"
    attack = mine(tmp_path, table=table)
    assert [code for code in ("en", "sw", "tr") if attack.applies_to(code)] == ["en", "sw"]


def test_editing_a_table_changes_the_fingerprint(tmp_path: Path) -> None:
    before = mine(tmp_path).fingerprint("en")
    assert mine(tmp_path).fingerprint("en") == before
    (tmp_path / "attacks" / "mine.tsv").write_text(TABLE + "y\tz\n", encoding="utf-8")
    assert load_attack("mine", tmp_path).fingerprint("en") != before


def test_a_card_never_changes_once_read() -> None:
    with pytest.raises(ValueError, match="frozen"):
        ATTACKS["delete"].card.version = 2
    assert AttackCard.model_config["extra"] == "forbid"
