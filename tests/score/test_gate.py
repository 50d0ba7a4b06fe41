"""The gate: what it asks, what it fails on, what it refuses, and what it says it could not see."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter
from synthetic import Planted, right, simple, write

from robustx import files
from robustx.errors import RunError, UsageError
from robustx.score.compare import compare_runs
from robustx.score.finding import Finding, Gate
from robustx.score.gate import check_runs
from robustx.score.questions import names_of_run
from robustx.score.resample import holm

FOUR = {"hi": (0.7, 0.6), "th": (0.8, 0.7), "en": (0.8, 0.7), "sw": (0.7, 0.6)}
TWO = {code: FOUR[code] for code in ("hi", "th")}
SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "check.json"


def worse(run: Planted, language: str, lost: float, seed: int = 9) -> Planted:
    """The same run with a share of one language's right answers under attack lost."""
    cells = {
        key: replace(part, right=part.right * right(len(part.right), 1 - lost, seed + i))
        if key[0] == language
        else part
        for i, (key, part) in enumerate(run.cells.items())
    }
    return Planted(run.clean, cells, model="worse")


def checked(folder: Path, first: Planted, second: Planted, **more: Any) -> Gate:
    names = [folder / name for name in ("a", "b")]
    for name, run in zip(names, (first, second), strict=True):
        if not name.exists():
            write(name, run)
    return check_runs(*names, **more)


def keyed(gate: Gate) -> dict[tuple[str, str, str], Finding]:
    return {(one.measure, one.by, one.about): one for one in gate.findings}


def failed(gate: Gate) -> set[tuple[str, str, str]]:
    return {key for key, one in keyed(gate).items() if one.outcome == "failed"}


def test_it_asks_for_groups_languages_attacks_and_clean_accuracy(tmp_path: Path) -> None:
    gate = checked(tmp_path, simple(60, FOUR), simple(60, FOUR, seed=1))
    robust = [("group", ("non-Latin", "Latin")), ("language", tuple(FOUR)), ("attack", ("typo", "swap"))]
    asked = [("robust", by, about) for by, abouts in robust for about in abouts]
    assert list(keyed(gate)) == asked + [("clean", "language", code) for code in FOUR]


def test_what_will_be_asked_is_known_from_the_baseline_alone(tmp_path: Path) -> None:
    first = simple(60, FOUR)
    first.cells = {key: part for key, part in first.cells.items() if key[0] not in ("en", "sw")}
    gate = checked(tmp_path, first, first)
    names = names_of_run(json.loads((tmp_path / "a" / "run.json").read_text()))
    assert [(*name.family, name.about) for name in names] == [
        (one.task, one.measure, one.by, one.metric, one.about) for one in gate.findings
    ]
    assert ("robust", "group", "Latin") not in keyed(gate)
    assert ("clean", "language", "en") in keyed(gate)


def test_figures_are_those_of_the_comparison(tmp_path: Path) -> None:
    gate = checked(tmp_path, simple(90, FOUR), simple(90, FOUR, seed=1))
    task = compare_runs(tmp_path / "a", tmp_path / "b")["tasks"]["xnli"]
    for (measure, by, about), one in keyed(gate).items():
        if by == "attack":
            continue
        block = task["languages" if by == "language" else "groups"][about][measure]
        assert one.baseline == block["baseline"]["value"]
        assert one.candidate == block["candidate"]["value"]
        assert (one.difference, one.low, one.high) == tuple(block["difference"][k] for k in ("value", "low", "high"))


def test_an_attack_is_judged_over_all_its_languages(tmp_path: Path) -> None:
    first, second = simple(90, FOUR), simple(90, FOUR, seed=1)
    one = keyed(checked(tmp_path, first, second))["robust", "attack", "typo"]
    for side, run in ((one.baseline, first), (one.candidate, second)):
        assert side == pytest.approx(np.mean([run.cells[code, "typo", 0.1, 0].right.mean() for code in FOUR]))


def test_a_planted_fall_is_found_where_it_is_and_nowhere_else(tmp_path: Path) -> None:
    base = simple(400, FOUR)
    gate = checked(tmp_path, base, worse(base, "th", 0.2))
    assert not gate.passed
    assert ("robust", "language", "th") in failed(gate)
    assert not {key for key in failed(gate) if key[0] == "clean" or key[2] in ("hi", "en", "sw", "Latin")}
    assert "robust accuracy of th: -1" in gate.verdict
    assert "after Holm" in gate.verdict


@pytest.mark.parametrize("n", [20, 400])
def test_a_run_against_itself_holds(tmp_path: Path, n: int) -> None:
    gate = checked(tmp_path, simple(n, FOUR), simple(n, FOUR))
    assert gate.passed
    assert "held" in gate.verdict
    assert {one.difference for one in gate.findings} == {0.0}
    assert all(one.p_holm == 1 for one in gate.findings)


def test_an_improvement_never_fails_a_gate(tmp_path: Path) -> None:
    base = simple(300, FOUR)
    gate = checked(tmp_path, worse(base, "th", 0.5), base)
    assert gate.passed
    assert keyed(gate)["robust", "language", "th"].p > 0.99  # type: ignore[operator]


def test_a_fall_within_the_tolerance_is_none(tmp_path: Path) -> None:
    base = simple(400, FOUR)
    low = worse(base, "th", 0.2)
    assert not checked(tmp_path, base, low, tolerance=0.05).passed
    assert checked(tmp_path, base, low, tolerance=0.2).passed


def test_every_line_of_every_family_is_in_one_holm_correction(tmp_path: Path) -> None:
    gate = checked(tmp_path, simple(90, FOUR), simple(90, FOUR, seed=1))
    assert [one.p_holm for one in gate.findings] == pytest.approx(holm([one.p for one in gate.findings]))  # type: ignore[misc]
    assert [one.outcome == "failed" for one in gate.findings] == [one.p_holm <= 0.05 for one in gate.findings]  # type: ignore[operator]


def churned(base: Planted, share: float) -> Planted:
    """As many right answers lost as won, in every cell."""
    swapped = {}
    for at, part in enumerate([*base.clean.values(), *base.cells.values()]):
        moved = part.right.copy()
        rng = np.random.default_rng(at)
        for value in (0, 1):
            moved[rng.choice(np.flatnonzero(part.right == value), int(share * len(moved)), replace=False)] = 1 - value
        swapped[at] = replace(part, right=moved)
    size = len(base.clean)
    clean = dict(zip(base.clean, list(swapped.values())[:size], strict=True))
    return Planted(clean, dict(zip(base.cells, list(swapped.values())[size:], strict=True)))


def test_non_inferiority_must_be_shown(tmp_path: Path) -> None:
    few, many = simple(60, TWO), simple(2500, TWO)
    small = checked(tmp_path / "few", few, churned(few, 0.02), mode="non-inferiority")
    assert not small.passed
    assert "not shown to lie less than 1 point below" in small.verdict
    assert checked(tmp_path / "few", few, few).passed, "and no regression is shown either"
    large = checked(tmp_path / "many", many, churned(many, 0.02), mode="non-inferiority")
    assert large.passed, large.verdict
    assert "all 7 figures are shown to lie less than 1 point below" in large.verdict


def test_no_clear_fall_is_ever_called_not_inferior(tmp_path: Path) -> None:
    base = simple(2500, TWO)
    gate = checked(tmp_path, base, worse(base, "th", 0.1), mode="non-inferiority")
    assert ("robust", "language", "th") in failed(gate)
    assert ("robust", "language", "hi") not in failed(gate)


def test_a_gate_of_many_questions_can_still_fail(tmp_path: Path) -> None:
    """The smallest p that random flips can give, times the number of questions, must stay under the level."""
    attacks = [f"attack-{i}" for i in range(20)]
    base = simple(150, FOUR, attacks)
    gate = checked(tmp_path, base, worse(base, "th", 0.5), alpha=0.001)
    assert ("robust", "language", "th") in failed(gate)


def test_a_suite_too_small_says_how_large_it_would_have_to_be(tmp_path: Path) -> None:
    base = simple(100, TWO, ("typo",))
    gate = checked(tmp_path, base, churned(base, 0.05))
    one = keyed(gate)["clean", "language", "hi"]
    assert one.detectable > 0.01  # type: ignore[operator]
    (line,) = (line for line in gate.warnings if line.startswith("xnli: clean accuracy by language"))
    assert "too small to see 1 point (2 of 2)" in line
    assert "(now 100)" in line
    # and the size it names is the size it takes
    times = -(-one.needed // 100)  # type: ignore[operator]
    large = tuple(tiled(run, times) for run in (base, churned(base, 0.05)))
    grown = keyed(checked(tmp_path / "large", *large))["clean", "language", "hi"]
    assert 0.9 * 0.01 <= grown.detectable <= 0.01  # type: ignore[operator]


def tiled(run: Planted, times: int) -> Planted:
    """Every example as often."""
    clean, cells = (
        {key: replace(part, right=np.tile(part.right, times)) for key, part in parts.items()}
        for parts in (run.clean, run.cells)
    )
    return Planted(clean, cells)


def test_what_did_not_reach_both_models_is_not_judged_and_not_passed_over_in_silence(tmp_path: Path) -> None:
    base, folded = simple(60, FOUR), simple(60, FOUR)
    for key, part in folded.cells.items():
        part.survived = key[0] != "th"
    for mode in ("regression", "non-inferiority"):
        gate = checked(tmp_path, base, folded, mode=mode)
        one = keyed(gate)["robust", "language", "th"]
        assert (one.outcome, one.p, one.difference, one.needed) == ("not judged", None, None, None)
        assert any("reached both models to judge th" in line for line in gate.warnings)
        assert gate.passed == (mode == "regression")


def test_runs_of_other_texts_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="not of the same texts"):
        checked(tmp_path, simple(30, FOUR), simple(30, FOUR, texts="others"))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_sums_that_are_no_numbers_are_refused_and_not_passed(tmp_path: Path, value: float) -> None:
    spoilt = simple(30, FOUR)
    spoilt.cells["th", "typo", 0.1, 0].right[3] = value
    with pytest.raises(RunError, match="th_typo.*no numbers"):
        checked(tmp_path, simple(30, FOUR), spoilt)


@pytest.mark.parametrize("missing", ["suite", "model", "tasks", "signature"])
def test_a_damaged_run_is_refused_by_name(tmp_path: Path, missing: str) -> None:
    folders = [write(tmp_path / name, simple(30, FOUR)) for name in ("a", "b")]
    facts = json.loads((folders[1] / "run.json").read_text())
    (folders[1] / "run.json").write_text(json.dumps(facts | {missing: {} if missing == "tasks" else None}))
    with pytest.raises(RunError, match=r"run\.json"):
        check_runs(*folders)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"tolerance": -0.01}, "--tolerance -0.01"),
        ({"tolerance": 1.0}, "--tolerance 1: expected a share"),
        ({"tolerance": float("nan")}, "--tolerance nan"),
        ({"alpha": 0.0}, "--alpha 0"),
        ({"alpha": 0.5}, "--alpha 0.5"),
        ({"tolerance": 0.0, "mode": "non-inferiority"}, "not worse by anything"),
        ({"mode": "superiority"}, "mode 'superiority': expected regression or non-inferiority"),
    ],
)
def test_settings_that_cannot_be_used_are_refused(tmp_path: Path, more: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        check_runs(tmp_path, tmp_path, **more)


def test_runs_in_other_precision_are_told_apart(tmp_path: Path) -> None:
    first, second = (simple(30, FOUR, facts={"settings": {"max_length": 128, "dtype": d}}) for d in ("fp32", "bf16"))
    assert "differ in dtype (baseline fp32, candidate bf16)" in checked(tmp_path, first, second).warnings[0]


def test_the_json_is_what_its_schema_says(tmp_path: Path) -> None:
    adapter = TypeAdapter(Gate)
    base = simple(60, FOUR)
    for part in base.cells.values():
        part.changed = False
    for mode in ("regression", "non-inferiority"):
        gate = checked(tmp_path, base, base, mode=mode)
        raw = json.dumps(files.finite(gate.as_json()), allow_nan=False)
        assert adapter.validate_json(raw) == gate
    wanted = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | adapter.json_schema()
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == wanted
