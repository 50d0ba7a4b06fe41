"""What ``attack`` and ``compare`` write for reading, and that nothing is begun where it could not be written."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from robustx.cli.main import run as console_script

Folder = Callable[[str], Path]


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Call ``robustx`` as the console script does; its exit status."""

    def call(*arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", ["robustx", *map(str, arguments)])
        try:
            console_script()
        except SystemExit as ended:
            return int(ended.code or 0)
        return 0

    return call


def test_a_run_and_a_comparison_are_written_for_reading(
    cli: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
    checkpoint: Folder,
    small_card: Path,
    small_data: Path,
    tmp_path: Path,
) -> None:
    for family in ("bert", "byt5"):
        common = ["--suite", small_card, "--data", small_data, "--device", "cpu", "--out", tmp_path / family]
        assert cli("attack", "--model", checkpoint(family), *common, "--tables", "--json") == 0
        page = (tmp_path / family / "report.html").read_text(encoding="utf-8")
        signature = json.loads(capsys.readouterr().out)["signature"]
        assert signature in page
        assert (tmp_path / family / "tables" / "xnli-languages.tex").is_file()
    report, tables = tmp_path / "both.html", tmp_path / "tables"
    both = (tmp_path / "bert", tmp_path / "byt5")
    assert cli("compare", *both, "--report", report, "--tables", tables, "--json") == 0
    verdict = json.loads(capsys.readouterr().out)["tasks"]["xnli"]["verdict"]
    assert verdict.split(";")[0] in report.read_text(encoding="utf-8")
    assert {path.name for path in tables.glob("*.csv")} == {"xnli-differences.csv", "xnli-cells.csv"}


@pytest.mark.parametrize("command", ["attack", "compare"])
def test_figures_that_cannot_be_drawn_end_the_command_before_it_begins(
    cli: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    command: str,
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    out = tmp_path / "out"
    if command == "attack":
        assert cli("attack", "--model", "demo:anli", "--out", out, "--figures") == 2
    else:
        assert cli("compare", tmp_path, tmp_path, "--figures", out) == 2
    assert capsys.readouterr().err == (
        "robustx: drawing figures needs matplotlib, which is not installed: pip install 'robustx[plot]'\n"
    )
    assert not out.exists()


def test_a_report_that_cannot_be_written_is_one_line(
    cli: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
    checkpoint: Folder,
    small_card: Path,
    small_data: Path,
    tmp_path: Path,
) -> None:
    common = ["--suite", small_card, "--data", small_data, "--device", "cpu", "--out", tmp_path / "run"]
    assert cli("attack", "--model", checkpoint("bert"), *common) == 0
    (tmp_path / "file").write_text("")
    capsys.readouterr()
    assert cli("compare", tmp_path / "run", tmp_path / "run", "--report", tmp_path / "file" / "x.html") == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "x.html: cannot be written" in err
