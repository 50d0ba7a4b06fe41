"""What the tests of the commands share; the synthetic runs of the score tests serve here too."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from command import Cli, Ended

from robustx.cli.main import run as console_script

sys.path.append(str(Path(__file__).parents[1] / "score"))


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Call ``robustx`` as the console script does, in this process."""
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)

    def call(*arguments: object, stdin: bytes = b"") -> Ended:
        monkeypatch.setattr(sys, "argv", ["robustx", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        capsys.readouterr()
        try:
            console_script()
            status = 0
        except SystemExit as ended:
            status = int(ended.code or 0)
        return Ended(status, *capsys.readouterr())

    return call
