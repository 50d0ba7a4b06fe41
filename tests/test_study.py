"""The command that repeats the study asks robustx for what there is."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from robustx.stilts.recipe import load_recipe

PLACE = Path(__file__).parent.parent / "docs" / "study" / "repeat.py"
spec = importlib.util.spec_from_file_location("repeat", PLACE)
assert spec and spec.loader
repeat = importlib.util.module_from_spec(spec)
spec.loader.exec_module(repeat)

COMMANDS = list(repeat.commands(Path("data"), Path("out"), ["1", "2", "3"], {"nonlatin": 5, "imperceptible": 5}))


def test_every_arm_and_seed_of_the_recipe_is_attacked_and_every_pair_compared() -> None:
    recipe = load_recipe("study-nli")
    assert tuple(arm.id for arm in recipe.card.arms) == repeat.ARMS
    models = {word for command in COMMANDS for word in command if word.endswith("/target")}
    assert models == {f"out/models/{arm}/seed-{seed}/target" for arm in repeat.ARMS for seed in recipe.card.seeds}
    assert sum(command[0] == "compare" for command in COMMANDS) == 2 * len(repeat.PAIRS)


def test_it_calls_robustx_as_it_can_be_called(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[list[str]] = []

    def run(words: list[str], check: bool) -> SimpleNamespace:
        called.append(words)
        return SimpleNamespace(returncode=3)

    monkeypatch.setattr(repeat.subprocess, "run", run)
    monkeypatch.setattr(sys, "argv", ["repeat.py", "--data", "data"])
    assert repeat.main() == 3
    *program, _ = called[0][: called[0].index("train") + 1]
    monkeypatch.undo()
    done = subprocess.run([*program, "--version"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_option_is_one_that_the_command_has(command: list[str]) -> None:
    from typer.main import get_command

    from robustx.cli.main import app

    known = get_command(app).commands[command[0]].params  # type: ignore[attr-defined]
    options = {option for parameter in known for option in parameter.opts}
    assert {word for word in command if word.startswith("--")} <= options
