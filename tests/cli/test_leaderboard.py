"""``robustx leaderboard`` and ``robustx submission``: what they print where, and how they end."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from robustx.cli.main import run as console_script

sys.path.append(str(Path(__file__).parents[1] / "score"))
from entrants import entrant


class Ended(NamedTuple):
    """How a command ended."""

    status: int
    out: str
    err: str


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Call ``robustx`` as the console script does, in this process."""

    def call(*arguments: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["robustx", *map(str, arguments)])
        capsys.readouterr()
        try:
            console_script()
            status = 0
        except SystemExit as ended:
            status = int(ended.code or 0)
        return Ended(status, *capsys.readouterr())

    return call


Cli = Callable[..., Ended]


def test_from_a_run_to_a_file_to_a_site(cli: Cli, tmp_path: Path) -> None:
    entrant(tmp_path / "runs" / "a", "lab/a", seed=1)
    entrant(tmp_path / "runs" / "b", "lab/b", seed=2)
    made = cli("submission", "make", tmp_path / "runs" / "a", "--out", tmp_path / "a.json")
    assert (made.status, made.out) == (0, "")
    assert "submission: " in made.err
    held = cli("submission", "verify", tmp_path / "a.json")
    assert (held.status, held.out, held.err) == (0, f"{tmp_path / 'a.json'}: holds\n", "")
    built = cli("leaderboard", tmp_path / "a.json", tmp_path / "runs" / "b", "--out", tmp_path / "site")
    assert built.status == 0
    assert "lab/a" in built.out
    assert "lab/b" in built.out
    assert built.err.split() == ["site:", str(tmp_path / "site" / "index.html")]
    assert (tmp_path / "site" / "index.html").is_file()


def test_json_is_all_that_stands_on_standard_output(cli: Cli, tmp_path: Path) -> None:
    entrant(tmp_path / "runs" / "a", "lab/a")
    built = cli("leaderboard", tmp_path / "runs", "--out", tmp_path / "site", "--json")
    assert json.loads(built.out) == json.loads((tmp_path / "site" / "leaderboard.json").read_text(encoding="utf-8"))


def test_one_file_that_does_not_hold_fails_and_the_others_are_told(cli: Cli, tmp_path: Path) -> None:
    for name in "ab":
        cli("submission", "make", entrant(tmp_path / name, name), "--out", tmp_path / f"{name}.json")
    text = (tmp_path / "b.json").read_text(encoding="utf-8")
    (tmp_path / "b.json").write_text(text.replace('"n": 60', '"n": 61', 1), encoding="utf-8")
    (tmp_path / "c.json").write_text('{"\u202e": "\x1b[31m"}', encoding="utf-8")
    ended = cli("submission", "verify", *(tmp_path / f"{name}.json" for name in "abc"))
    assert ended.status == 2
    assert ended.out == f"{tmp_path / 'a.json'}: holds\n"
    assert "2 of 3 submissions do not hold" in ended.err
    assert "b.json: xnli: " in ended.err
    assert "\x1b" not in ended.err
    assert "\u202e" not in ended.err


def test_a_folder_without_runs_is_wrong_use(cli: Cli, tmp_path: Path) -> None:
    ended = cli("leaderboard", tmp_path, "--out", tmp_path / "site")
    assert (ended.status, ended.out) == (2, "")
    assert "holds no run and no submission" in ended.err
    assert not (tmp_path / "site").exists()
