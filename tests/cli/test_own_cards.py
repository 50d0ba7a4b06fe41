"""``--cards``: a folder of one's own, whose cards and tables are used as robustx's are, and whose mistakes are named."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from command import Cli

from robustx import api
from robustx.errors import UsageError

ATTACK = """id = "dots"
version = 1
summary = "Two letters are mixed up"
family = "spelling"
operator = "substitute"
table = "tables/dots.tsv"
severity = "share of words that get one edit"
ladder = [0.5, 1.0]
validity = "unchecked"
source = "made up"
"""
TABLE = "# source: made up\n# licence: CC0-1.0\nfrom\tto\tlanguages\twhere\nबि\tपि\thi\tany\n"
SUITE = """id = "house"
version = 1
summary = "Mine"
seed = 1
tasks = ["xnli"]
languages = ["hi"]

[[attacks]]
id = "dots"
"""
LINE = "बिल्ली बैठी थी"


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    (tmp_path / "mine" / "attacks" / "tables").mkdir(parents=True)
    (tmp_path / "mine" / "suites").mkdir()
    (tmp_path / "mine" / "attacks" / "dots.toml").write_text(ATTACK, encoding="utf-8")
    (tmp_path / "mine" / "attacks" / "tables" / "dots.tsv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "mine" / "suites" / "house.toml").write_text(SUITE, encoding="utf-8")
    return tmp_path / "mine"


@pytest.fixture
def cli(cli: Cli) -> Cli:
    """The same, with one line on standard input."""
    return partial(cli, stdin=LINE.encode())


def test_an_attack_of_one_s_own_perturbs_lines(cli: Cli, mine: Path) -> None:
    assert cli("perturb", "dots", "--language", "hi", "--cards", mine) == (0, "पिल्ली बैठी थी\n", "")
    assert [one.text for one in api.perturb([LINE], "dots", "hi", cards=mine)] == ["पिल्ली बैठी थी"]
    with pytest.raises(UsageError, match='no attack "dots"'):
        list(api.perturb([LINE], "dots", "hi"))


@pytest.mark.parametrize(("kind", "name", "shipped"), [("attacks", "dots", "delete"), ("suite", "house", "quick")])
def test_own_cards_stand_in_lists_beside_robustx_s_and_are_shown(
    cli: Cli, mine: Path, kind: str, name: str, shipped: str
) -> None:
    names = {one["id"] for one in json.loads(cli(kind, "list", "--cards", mine, "--json")[1])}
    assert {name, shipped} <= names
    assert json.loads(cli(kind, "show", name, "--cards", mine, "--json")[1])["id"] == name
    assert cli(kind, "show", name)[0] == 2


def test_a_suite_of_one_s_own_is_built_and_attacked_with(
    cli: Cli, mine: Path, checkpoint: Callable[[str], Path], small_data: Path, tmp_path: Path
) -> None:
    status, out, _ = cli("suite", "build", "house", "--cards", mine, "--data", small_data, "--out", tmp_path / "built")
    assert (status, out.startswith("suite:house@1|")) == (0, True)
    common = ["--model", checkpoint("bert"), "--device", "cpu", "--out", tmp_path / "run"]
    status, out, _ = cli("attack", *common, "--suite", "house", "--cards", mine, "--data", small_data, "--json")
    assert status == 0
    assert list(json.loads(out)["tasks"]["xnli"]["attacks"]) == ["dots"]


def test_a_built_suite_takes_no_cards(
    cli: Cli, mine: Path, small_suite: Path, checkpoint: Callable[[str], Path]
) -> None:
    status, _, err = cli("attack", "--model", checkpoint("bert"), "--suite", small_suite, "--cards", mine)
    assert status == 2
    assert "is built already: its languages, rows, matching, likeness and attacks are fixed" in err


@pytest.mark.parametrize(
    ("file", "before", "after", "message"),
    [
        ("attacks/dots.toml", "ladder", "lader", "attacks/dots.toml: lader: unknown key"),
        ("attacks/dots.toml", "version = 1", "version = 0", "attacks/dots.toml: version: "),
        ("attacks/tables/dots.tsv", "बि\tपि", "बि\tबि", "tables/dots.tsv"),
        ("suites/house.toml", 'id = "dots"', 'id = "dost"', 'suites/house.toml: attacks[0]: there is no attack "dost"'),
        ("suites/house.toml", '"hi"', '"xx"', 'suites/house.toml: languages[0]: there is no language "xx"'),
    ],
)
def test_a_mistake_is_one_line_that_names_the_file(
    cli: Cli, mine: Path, tmp_path: Path, file: str, before: str, after: str, message: str
) -> None:
    path = mine / file
    path.write_text(path.read_text(encoding="utf-8").replace(before, after, 1), encoding="utf-8")
    status, out, err = cli("suite", "build", "house", "--cards", mine, "--out", tmp_path / "built")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert message in err
    assert not (tmp_path / "built").exists()
