"""The pytest plugin, in a pytest of its own: what it collects, what it fails, and that it stays out of the way."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from robustx import api
from robustx.model.checkpoint import Settings
from robustx.score.gate import TOLERANCE

pytest_plugins = ["pytester"]
Folder = Callable[[str], Path]


@pytest.fixture(scope="module")
def base(checkpoint: Folder, small_suite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run of a tiny checkpoint on the small suite."""
    folder = tmp_path_factory.mktemp("base") / "run"
    api.attack(str(checkpoint("bert")), str(small_suite), out=folder, settings=Settings(device="cpu"))
    api.check(folder, folder)  # so that every import is made before a pytest within takes its picture of them
    return folder


@pytest.fixture(scope="module")
def perfect(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same run as if every answer had been right, and every edit had reached the model."""
    folder = tmp_path_factory.mktemp("perfect") / "run"
    shutil.copytree(base, folder)
    for path in (folder / "cells").iterdir():
        table = pq.read_table(path)
        for name, value in (("numerator", 1.0), ("denominator", 1.0)):
            table = table.set_column(table.schema.get_field_index(name), name, pa.array([value] * len(table)))
        pq.write_table(table, path)
    return folder


Session = Callable[..., pytest.RunResult]


@pytest.fixture(autouse=True)
def _nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pytest within loads the plugin once, whether robustx is installed or not, and nothing else."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


@pytest.fixture
def session(pytester: pytest.Pytester) -> Session:
    """Run a pytest in this process with the plugin."""

    def call(*arguments: object) -> pytest.RunResult:
        return pytester.runpytest_inprocess("-p", "robustx.bridges.pytest_plugin", *map(str, arguments))

    return call


@pytest.fixture
def options(checkpoint: Folder, small_suite: Path, base: Path) -> list[object]:
    return [f"--robustx-model={checkpoint('bert')}", f"--robustx-suite={small_suite}"]


def test_without_its_options_it_does_nothing(pytester: pytest.Pytester, session: Session) -> None:
    pytester.makepyfile("def test_one(): pass")
    result = session()
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*robustx:*")


def test_the_same_model_holds_and_every_question_is_an_item(
    session: Session, options: list[object], base: Path, pytester: pytest.Pytester
) -> None:
    pytester.makepyfile("def test_one(): pass")
    result = session(*options, f"--robustx-baseline={base}", "-v")
    asked = api.check(base, base).findings
    held = sum(one.outcome == "held" for one in asked)
    result.assert_outcomes(passed=1 + held, skipped=len(asked) - held)
    assert held == len(asked) - 1, "this tokenizer drops what is invisible, so one attack cannot be judged"
    result.stdout.fnmatch_lines(["robustx::xnli-robust-language[[]hi[]] PASSED*", "*= robustx =*", "The gate held: *"])
    result.stdout.fnmatch_lines(["! xnli: clean accuracy by language: too small to see 1 point*"])


def test_a_model_that_lost_fails_where_it_lost_and_says_by_how_much(
    session: Session, options: list[object], perfect: Path
) -> None:
    result = session(*options, f"--robustx-baseline={perfect}", "--robustx-tolerance", "0.02")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert result.parseoutcomes()["failed"] >= 1
    result.stdout.fnmatch_lines(
        ["*accuracy * points * after Holm*", "The gate did not hold: a fall of more than 2 points*"]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_questions_can_be_chosen_and_listed_without_running_a_model(
    session: Session, options: list[object], base: Path, tmp_path: Path
) -> None:
    out = tmp_path / "kept"
    result = session(
        *options, f"--robustx-baseline={base}", f"--robustx-out={out}", "--collect-only", "-q", "-k", "clean"
    )
    result.stdout.fnmatch_lines(["robustx::xnli-clean-language[[]hi[]]", "robustx::xnli-clean-language[[]en[]]"])
    result.stdout.no_fnmatch_line("*robust-language*")
    assert not out.exists()


def test_the_fixture_gives_the_run_and_its_scores(
    pytester: pytest.Pytester, session: Session, options: list[object], tmp_path: Path
) -> None:
    pytester.makepyfile("""
        def test_accuracy(robustx_run):
            language = robustx_run.scores["tasks"]["xnli"]["languages"]["hi"]
            assert 0 <= language["accuracy"]["value"] <= 1
            assert robustx_run.run.signature == robustx_run.scores["signature"]

        def test_floor(robustx_run):
            assert robustx_run.scores["tasks"]["xnli"]["languages"]["hi"]["accuracy"]["value"] > 1
        """)
    result = session(*options, f"--robustx-out={tmp_path / 'kept'}")
    result.assert_outcomes(passed=1, failed=1)
    assert json.loads((tmp_path / "kept" / "scores.json").read_text())["signature"]


def test_the_fixture_skips_where_no_model_is_named(pytester: pytest.Pytester, session: Session) -> None:
    pytester.makepyfile("def test_one(robustx_run): pass")
    result = session("-rs")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*needs --robustx-model*"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--robustx-baseline", "x"], "*--robustx-baseline needs --robustx-model*"),
        (["--robustx-model", "./no-such"], "*no-such: *no such folder*"),
        (["--robustx-model", "{model}", "--robustx-suite", "quik"], '*Did you mean "quick"*'),
        (["--robustx-model", "{model}", "--robustx-baseline", "nowhere"], "*--robustx-baseline: nowhere*run.json*"),
    ],
)
def test_a_wrong_option_ends_the_session_before_anything_is_begun(
    session: Session, base: Path, checkpoint: Folder, arguments: list[str], message: str
) -> None:
    result = session(*(one.format(model=checkpoint("bert")) for one in arguments))
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    (result.stderr if result.errlines else result.stdout).fnmatch_lines([message])


def test_a_baseline_of_other_texts_is_one_message_an_item_and_one_attack(
    session: Session, options: list[object], base: Path, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(base, tmp_path / "other"))
    facts = json.loads((other / "run.json").read_text())
    facts["suite"]["content_sha256"] = "0" * 64
    (other / "run.json").write_text(json.dumps(facts))
    result = session(*options, f"--robustx-baseline={other}")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["robustx: *are not of the same texts*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_pytest_is_told_of_the_plugin_and_its_tolerance_is_the_gate_s(pytester: pytest.Pytester) -> None:
    root = Path(__file__).parents[2]
    points = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    assert points["pytest11"] == {"robustx": "robustx.bridges.pytest_plugin"}
    config = pytester.parseconfig("-p", "robustx.bridges.pytest_plugin")
    assert config.getoption("--robustx-tolerance") == TOLERANCE
