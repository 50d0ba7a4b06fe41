"""``robustx leaderboard`` and ``robustx submission``: what they print where, and how they end."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import yaml
from command import Cli

from robustx import api
from robustx.model.checkpoint import Settings
from robustx.score.packed import pack

sys.path.append(str(Path(__file__).parents[1] / "score"))
from entrants import entrant


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


class TestAgainstTheSuite:
    """A real run of a tiny checkpoint, held against the suite it was run on."""

    @pytest.fixture
    def file(self, cli: Cli, checkpoint: Callable[[str], Path], small_suite: Path, tmp_path: Path) -> Path:
        out = tmp_path / "run"
        api.attack(str(checkpoint("xlm-roberta")), str(small_suite), out=out, settings=Settings(device="cpu"))
        assert cli("submission", "make", out, "--out", tmp_path / "one.json").status == 0
        return tmp_path / "one.json"

    def test_what_was_run_holds(self, cli: Cli, file: Path, small_suite: Path) -> None:
        ended = cli("submission", "verify", file, "--suite", small_suite)
        assert (ended.status, ended.out) == (0, f"{file}: holds\n")

    def test_a_text_that_was_not_changed_cannot_be_claimed_as_changed(
        self, cli: Cli, file: Path, small_suite: Path
    ) -> None:
        """Nor the other way: to leave hard examples out would raise a score."""
        value = json.loads(file.read_text(encoding="utf-8"))
        task = value["tasks"]["xnli"]
        nothing = pack(np.zeros(task["examples"]))
        task["cells"][0] |= {"changed": nothing, "reached": nothing, "numerator": nothing}
        file.write_text(json.dumps(value), encoding="utf-8")
        ended = cli("submission", "verify", file, "--suite", small_suite)
        assert ended.status == 2
        assert "its own numbers give" in ended.err
        with pytest.raises(api.RunError, match="counts other texts as there or as changed"):
            _check_texts_alone(file, small_suite)

    def test_another_suite_is_told(self, cli: Cli, file: Path, tmp_path: Path) -> None:
        assert cli("suite", "build", "quick", "--limit", 2, "--language", "hi", "--out", tmp_path / "quick").status == 0
        ended = cli("submission", "verify", file, "--suite", tmp_path / "quick")
        assert ended.status == 2
        assert "and the suite is suite:quick@1" in ended.err


def _check_texts_alone(file: Path, suite: Path) -> None:
    """As ``api.verify_submission`` does, with claims that were made to fit."""
    from robustx.score.claims import claims
    from robustx.score.submission import read_submission, write_submission

    made = read_submission(file)
    task = made.tasks["xnli"]
    scripts = {code: language.script for code, language in made.languages.items()}
    honest = task.model_copy(update={"scores": claims(task, "xnli", scripts)})
    write_submission(made.model_copy(update={"tasks": {"xnli": honest}}), file)
    api.verify_submission(file)
    api.verify_submission(file, suite)


def test_the_example_workflow_is_yaml_and_calls_commands_that_there_are(cli: Cli) -> None:
    path = Path(__file__).parents[2] / "docs" / "examples" / "leaderboard.yml"
    jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]
    commands = [step["run"].split() for step in jobs["verify"]["steps"] if step.get("run", "").startswith("robustx ")]
    assert len(commands) == 3
    for _, *words in commands:
        named = words[:2] if words[0] in ("suite", "submission") else words[:1]
        help_text = cli(*named, "--help").out
        for option in (word for word in words if word.startswith("--")):
            assert option in help_text
