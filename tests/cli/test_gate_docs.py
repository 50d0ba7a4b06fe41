"""What docs/gate.md and the example workflow tell people to type exists."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer
import yaml

from robustx.cli.main import app

ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / "docs" / "examples" / "robustx-gate.yml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"


def commands() -> list[str]:
    """Every ``robustx ...`` line that is to be typed."""
    guide = (ROOT / "docs" / "gate.md").read_text(encoding="utf-8")
    found = re.findall(r"^robustx .+$", guide, re.MULTILINE) + re.findall(r"`(robustx [^`]+)`", guide)
    steps = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]["gate"]["steps"]
    found += [step["run"] for step in steps if step.get("run", "").startswith("robustx")]
    found += re.findall(r"^#\s+(robustx attack.+)$", WORKFLOW.read_text(encoding="utf-8"), re.MULTILINE)
    return [one for one in dict.fromkeys(found) if " --" in one or "verify" in one]


def test_there_are_commands_to_check() -> None:
    assert len(commands()) >= 6


@pytest.mark.parametrize("line", commands())
def test_a_command_of_the_guide_is_one_that_robustx_takes(line: str) -> None:
    command = typer.main.get_command(app)
    _, *words = shlex.split(line)
    while hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    context = command.make_context("robustx", words)
    assert context.params


def test_the_hook_for_pre_commit_verifies_the_folders_it_is_given() -> None:
    (hook,) = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))
    assert hook["entry"] == "robustx suite verify"
    assert hook["pass_filenames"] is False
