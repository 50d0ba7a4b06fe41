"""``robustx check``: how it ends, and what it leaves where."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import pytest
from command import Cli
from synthetic import Planted, right, simple, write

TWO = {"hi": (0.8, 0.7), "en": (0.8, 0.7)}


@pytest.fixture
def check(cli: Cli) -> Cli:
    """Call ``robustx check``."""
    return partial(cli, "check")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("base") / "run", simple(200, TWO))


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same run with a third of what Hindi had right under attack lost."""
    run = simple(200, TWO)
    for key, part in run.cells.items():
        part.right = part.right * right(200, 0.67 if key[0] == "hi" else 1.0, 3)
    return write(tmp_path_factory.mktemp("bad") / "run", Planted(run.clean, run.cells, model="bad"))


def test_it_ends_with_0_where_the_gate_holds_and_1_where_it_does_not(check: Cli, base: Path, bad: Path) -> None:
    held = check(base, "--baseline", base)
    assert (held.status, held.err) == (0, "")
    assert "The gate held" in held.out
    fell = check(bad, "--baseline", base)
    assert (fell.status, fell.err) == (1, "")
    assert "The gate did not hold" in fell.out
    assert check(bad, "--baseline", base, "--tolerance", 0.5).status == 0
    assert check(base, "--baseline", base, "--non-inferiority").status == 1, "200 examples cannot show a point"
    assert check(base, "--baseline", base, "--non-inferiority", "--tolerance", 0.1).status == 0


def test_json_is_all_that_stands_on_standard_output(check: Cli, base: Path, bad: Path) -> None:
    ended = check(bad, "--baseline", base, "--json")
    raw = json.loads(ended.out)
    assert ended.status == 1
    assert (raw["passed"], raw["mode"], raw["tolerance"], raw["alpha"]) == (False, "regression", 0.01, 0.05)
    assert raw["candidate"]["model"] == "bad"


def test_it_writes_junit_and_a_summary_where_they_are_asked_for(
    check: Cli, base: Path, bad: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, summary, step = (tmp_path / name for name in ("deep/gate.xml", "summary.md", "step.md"))
    assert check(bad, "--baseline", base, "--junit", report, "--summary", summary).status == 1
    assert int(ElementTree.parse(report).getroot().get("failures", "0")) >= 1
    assert "did not hold" in summary.read_text(encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(step))
    check(bad, "--baseline", base)
    assert step.read_text(encoding="utf-8") == summary.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--baseline", "nowhere"], "nowhere/run.json: there is no such file"),
        (["--baseline", "{base}", "--tolerance", "2"], "--tolerance 2"),
        (["--baseline", "{base}", "--alpha", "0"], "--alpha 0"),
        (["--baseline", "{base}", "--tolerance", "0", "--non-inferiority"], "--tolerance 0"),
        (["--baseline", "{base}", "--junit", "{base}/run.json/x.xml"], "cannot be written"),
        (["--baseline", "{base}", "--summary", "{base}"], "cannot be written"),
        (["--baseline", "{others}"], "not of the same texts"),
    ],
)
def test_wrong_use_is_status_2_and_one_error(
    check: Cli, base: Path, tmp_path: Path, arguments: list[str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    others = write(tmp_path / "others", simple(200, TWO, texts="others"))
    ended = check(base, *(one.format(base=base, others=others) for one in arguments))
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith("robustx: ")
    assert message in ended.err
    assert "Traceback" not in ended.err


def test_a_baseline_must_be_given(check: Cli, base: Path) -> None:
    ended = check(base)
    assert ended.status == 2
    assert "--baseline" in ended.err
