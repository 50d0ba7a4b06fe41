"""``robustx translate`` as it is typed: printed counts, bad engines, and a process that is killed in the middle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command import Cli

sys.path.append(str(Path(__file__).parents[1] / "translate"))
from engine_material import program

TEXTS = [f"Text number {i} is here." for i in range(1200)]


@pytest.fixture(scope="module")
def xnli(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("xnli")
    rows = [f"{TEXTS[i]}\t{TEXTS[i + 1]}\tneutral\n" for i in range(0, len(TEXTS), 2)]
    (root / "test-en.tsv").write_text("".join(rows))
    return root


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a program called ``apertium`` that takes a fifth of a second a call."""
    folder = tmp_path_factory.mktemp("tools")
    Path(program(folder, "sleep 0.2")).rename(folder / "apertium")
    return folder


def arguments(xnli: Path, out: Path) -> list[str]:
    return [
        "translate",
        "--data",
        f"xnli={xnli}",
        "--to",
        "hi",
        "--engine",
        "apertium",
        "--out",
        str(out),
        "--split",
        "test",
    ]


def test_counts_are_printed_and_json_is_the_manifest(
    cli: Cli, xnli: Path, tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    planned = cli(*arguments(xnli, tmp_path / "out"), "--limit", "3", "--dry-run")
    assert planned.out.splitlines() == [
        f"3 rows of xnli in en, by apertium, into {tmp_path / 'out'}",
        "hi: 6 texts, 6 of 6 pieces to translate",
    ]
    made = cli(*arguments(xnli, tmp_path / "out"), "--limit", "3")
    assert made.status == 0
    first, why = made.out.splitlines()[1:3]
    assert first == "  hi test: 3 rows: 0 kept, 0 doubtful, 3 rejected"
    assert why.startswith("  hi why: ")
    assert "the source was given back 3" in why
    again = json.loads(cli(*arguments(xnli, tmp_path / "out"), "--limit", "3", "--json").out)
    assert again == json.loads((tmp_path / "out" / "manifest.json").read_text())


def test_a_process_that_is_killed_is_taken_up_and_ends_with_the_same_bytes(
    xnli: Path, tools: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", "from robustx.cli.main import run; run()"]
    environment = os.environ | {"PATH": f"{tools}:{os.environ['PATH']}"}

    def start(out: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen([*command, *arguments(xnli, out)], env=environment, stdout=subprocess.PIPE)

    whole, killed = start(tmp_path / "whole"), start(tmp_path / "killed")
    deadline = time.monotonic() + 120
    while not list((tmp_path / "killed").rglob("*.jsonl")) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(killed.pid, signal.SIGKILL)
    assert killed.wait(60) == -signal.SIGKILL
    assert not (tmp_path / "killed" / "manifest.json").exists()
    again = start(tmp_path / "killed")
    assert (again.wait(120), whole.wait(120)) == (0, 0)
    for process in (whole, killed, again):
        assert process.stdout is not None
        process.stdout.close()
    first, second = (
        {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}
        for root in (tmp_path / "whole", tmp_path / "killed")
    )
    assert first == second


def test_an_engine_that_is_not_there_is_an_error_that_says_how_to_get_it(
    cli: Cli, xnli: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    ended = cli(*arguments(xnli, tmp_path / "out"))
    assert (ended.status, ended.out) == (2, "")
    assert "apt-get install apertium" in ended.err
