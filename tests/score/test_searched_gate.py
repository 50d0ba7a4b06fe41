"""The gate and comparisons with searched and defended runs: like with like, at the most edits, or one clear error."""

from __future__ import annotations

from pathlib import Path

import pytest
from entrants import entrant
from searched_material import change, searched_run

from robustx.errors import RunError
from robustx.report.gate import gate_report
from robustx.report.terminal import console
from robustx.score.compare import compare_runs
from robustx.score.gate import check_runs
from robustx.score.scores import score_run


def test_robust_is_the_worst_text_with_the_most_edits(tmp_path: Path) -> None:
    first, second = searched_run(tmp_path / "a", "a", 0.9, n=120), searched_run(tmp_path / "b", "b", 0.1, n=120)
    gate = check_runs(first, second)
    assert not gate.passed, "every example that falls later or never falls now"
    (group,) = [one for one in gate.findings if (one.by, one.about, one.measure) == ("group", "non-Latin", "robust")]
    for folder, value in ((first, group.baseline), (second, group.candidate)):
        worst = score_run(folder)["tasks"]["xnli"]["search"]["groups"]["non-Latin"]["3"]["worst"]["value"]
        assert value == pytest.approx(worst)
    assert "searched (greedy, at most 3 edits, 40 queries): robust is the worst text found" in gate.warnings[0]


def test_a_model_that_only_falls_at_fewer_edits_holds(tmp_path: Path) -> None:
    """What counts is the worst case with the most edits; how soon it is reached is in the comparison."""
    run = searched_run(tmp_path / "a", "a", 0.5, n=60)
    gate = check_runs(run, searched_run(tmp_path / "b", "b", 0.5, n=60))
    assert gate.passed


def test_a_certificate_needs_no_warning_that_the_search_may_have_missed_something(tmp_path: Path) -> None:
    how = {"strategy": "exhaustive", "certificate": True}
    runs = [searched_run(tmp_path / name, name, search=how, seed=i) for i, name in enumerate("ab")]
    assert "harder to search" not in check_runs(*runs).warnings[0]
    plain = [searched_run(tmp_path / name, name, seed=i) for i, name in enumerate("cd")]
    assert "harder to search" in check_runs(*plain).warnings[0]


def test_another_defence_is_said(tmp_path: Path) -> None:
    gate = check_runs(searched_run(tmp_path / "a"), searched_run(tmp_path / "b", defence="nfkc"))
    assert "the runs differ in defence (baseline none, candidate nfkc), which moves figures by itself" in gate.warnings


@pytest.mark.parametrize("judge", [compare_runs, check_runs])
def test_a_search_is_judged_against_the_same_search_alone(tmp_path: Path, judge: object) -> None:
    assert callable(judge)
    searched, plain = searched_run(tmp_path / "a"), entrant(tmp_path / "plain", "plain")
    with pytest.raises(
        RunError, match=r"first was not searched, the second searched \(greedy, at most 3 edits, 40 q.*same --search"
    ):
        judge(plain, searched)
    other = searched_run(tmp_path / "b", search={"queries": None})
    with pytest.raises(RunError, match=r"second searched \(greedy, at most 3 edits\)"):
        judge(searched, other)


@pytest.mark.parametrize(
    "said", [True, [], {"strategy": 3}, {"strategy": "x", "budget": 0}, {"strategy": "x", "budget": True}]
)
def test_a_search_that_is_none_is_one_error(tmp_path: Path, said: object) -> None:
    runs = [change(searched_run(tmp_path / name), search=said) for name in "ab"]
    with pytest.raises(RunError, match=r"run\.json: search: expected a strategy, its budget and its queries"):
        compare_runs(*runs)


def test_hostile_strategies_and_defences_are_inert_in_the_gate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "\x1b[31mgreedy\u202e"
    how = {"strategy": name, "budget": 3, "queries": 40, "certificate": False}
    runs = [change(searched_run(tmp_path / part, defence=d), search=how) for part, d in (("a", None), ("b", name))]
    console().print(gate_report(check_runs(*runs)))
    assert not set(capsys.readouterr().out) & {"\x1b", "\u202e"}
