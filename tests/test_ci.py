"""``.ci/run`` on machines that lack apt-get, npm or a browser, or where these fail: it goes on, and says what is left out."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / ".ci" / "run"
NEEDED = ("bash", "dirname", "id", "mktemp", "rm", "timeout", "touch")

pytestmark = pytest.mark.skipif(not SCRIPT.is_file(), reason="an sdist has no .ci/run")


def tool(folder: Path, name: str, does: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{does}\n")
    path.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A repository whose tests, lint and types only note their call, and a folder of programs with the plainest alone."""
    for name in NEEDED:
        found = shutil.which(name)
        assert found is not None
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / name).symlink_to(found)
    (tmp_path / ".ci").mkdir()
    shutil.copy(SCRIPT, tmp_path / ".ci" / "run")
    note = f'echo "$0 $* axe=${{ROBUSTX_AXE:-none}}" >> {tmp_path}/calls'
    tool(tmp_path / "bin", "python3", note)
    for name in ("ruff", "mypy"):
        tool(tmp_path / ".venv" / "bin", name, note)
    return tmp_path


def ran(machine: Path) -> tuple[list[str], str]:
    """What was called, and what the script said; its exit status must be 0."""
    made = subprocess.run(
        ["bash", str(machine / ".ci" / "run")],
        env={name: value for name, value in os.environ.items() if name != "ROBUSTX_AXE"}
        | {"PATH": str(machine / "bin")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return (machine / "calls").read_text().splitlines(), made.stderr


@pytest.mark.parametrize("there", [(), ("apt-get", "npm")], ids=["missing", "failing"])
def test_without_apt_and_npm_the_tests_run_and_the_browser_is_left_out(machine: Path, there: tuple[str, ...]) -> None:
    for name in there:
        tool(machine / "bin", name, "exit 100")
    calls, said = ran(machine)
    assert len(calls) == 5
    assert calls[0].endswith("start.py test -rs axe=none")
    assert calls[1].endswith("start.py guests test -rs axe=none")
    assert "no Chromium: the tests in a browser are skipped" in said
    assert "no axe-core: its rules are skipped" in said
    assert "no Apertium: the tests that translate by it are skipped" in said


def test_with_all_of_them_the_tests_are_told_where_axe_is(machine: Path) -> None:
    tool(machine / "bin", "chromium", "exit 0")
    tool(machine / "bin", "apertium", "exit 0")
    tool(machine / "bin", "npm", 'for last in "$@"; do :; done; [ "$last" = axe-core@4 ]')
    calls, said = ran(machine)
    assert calls[0].endswith("/node_modules/axe-core")
    assert said == ""
