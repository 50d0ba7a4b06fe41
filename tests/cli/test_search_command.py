"""``robustx attack --search``: what it prints, what it refuses, and how a defended run is compared."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from command import Cli

CARD = """id = "sought"
version = 1
summary = "One attack to search"
seed = 3
tasks = ["xnli"]
languages = ["hi", "en"]

[[attacks]]
id = "invisible"
"""


@pytest.fixture(scope="module")
def given(
    checkpoint: Callable[[str], Path], small_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> list[object]:
    """The arguments that all have in common."""
    card = tmp_path_factory.mktemp("sought") / "sought.toml"
    card.write_text(CARD, encoding="utf-8")
    model = checkpoint("xlm-roberta")
    return ["attack", "--model", model, "--suite", card, "--data", small_data, "--device", "cpu"]


def test_prints_the_worst_case_by_script_and_budget(cli: Cli, given: list[object], tmp_path: Path) -> None:
    ended = cli(*given, "--search", "greedy", "--budget", "2", "--queries", "60", "--out", tmp_path / "run")
    assert ended.status == 0, ended.err
    rows = [line.split() for line in ended.out.splitlines() if line.startswith("invisible")]
    assert {row[1] for row in rows} >= {"Devanagari", "Latin"}
    assert "accuracy of the worst text found with at most so many edits (greedy)" in " ".join(ended.out.split())


def test_a_defence_is_compared_with_none(cli: Cli, given: list[object], tmp_path: Path) -> None:
    bare, behind = tmp_path / "bare", tmp_path / "behind"
    how = ["--search", "random", "--budget", "2", "--queries", "20"]
    assert cli(*given, *how, "--out", bare).status == 0
    assert cli(*given, *how, "--defence", "strip-invisible", "--out", behind).status == 0
    ended = cli("compare", bare, behind, "--json")
    assert ended.status == 0, ended.err
    figures = json.loads(ended.out)
    assert figures["candidate"]["model"]["name"].endswith("behind strip-invisible")
    for row in figures["tasks"]["xnli"]["languages"].values():
        assert row["clean"]["difference"]["value"] == 0, "what it costs on clean text"
    for row in json.loads((behind / "scores.json").read_text())["tasks"]["xnli"]["languages"].values():
        assert row["gap"]["value"] == pytest.approx(0.0), "nothing unseen gets through"


def test_a_dry_run_counts_the_texts_that_a_search_may_ask(cli: Cli, given: list[object], tmp_path: Path) -> None:
    ended = cli(*given, "--search", "greedy", "--queries", "60", "--dry-run", "--json", "--out", tmp_path / "run")
    assert ended.status == 0, ended.err
    would = json.loads(ended.out)
    assert would["cells"] == 4
    assert would["forward_passes"] == 2 * 12 + 2 * 12 * (60 + 8)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--search", "gredy"], 'there is no strategy "gredy". Did you mean "greedy"?'),
        (["--budget", "2"], "give --search too"),
        (["--search", "greedy", "--budget", "0"], "--budget 0: expected a number of edits from 1 to 100"),
        (["--search", "greedy", "--match", "clusters"], "leave them out with --search"),
        (["--defence", "nfk"], 'there is no defence "nfk". Did you mean "nfkc"?'),
    ],
)
def test_what_cannot_be_is_one_line_and_status_2(
    cli: Cli, given: list[object], tmp_path: Path, options: list[str], said: str
) -> None:
    ended = cli(*given, *options, "--out", tmp_path / "run")
    assert (ended.status, ended.out) == (2, "")
    assert said in ended.err
    assert ended.err.count("\n") == 1
    assert not (tmp_path / "run").exists()
