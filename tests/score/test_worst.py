"""Figures of a searched run: certificates against the definition of their interval, and flags for what cannot be true."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy.special import betainc, betaincinv
from synthetic import Part, Planted, write

from robustx.errors import RunError
from robustx.report.terminal import console, run_report
from robustx.score.certificate import certificate
from robustx.score.scores import score_run

N = 40
GREEDY = {"strategy": "greedy", "budget": 2, "queries": 50, "certificate": False}


def fill(kind: str, fallen: np.ndarray[Any, Any], **more: Any) -> dict[str, Any]:
    """What a search writes beside an ordinary cell's columns."""
    columns: dict[str, Any] = {
        "queries": [30] * N,
        "fallen": fallen.tolist(),
        "felled_by": [kind if one else "" for one in fallen],
        "covered": pa.array([None] * N, pa.int32()),
        "tried": pa.array([None] * N, pa.int64()),
        "sets": pa.array([None] * N, pa.int64()),
    }
    return columns | more


def searched(
    folder: Path, cells: dict[float, tuple[np.ndarray[Any, Any], dict[str, Any]]], clean: Any, **facts: Any
) -> Path:
    """A run whose attack ``swap`` was searched in Hindi: by budget, which examples are right and what the search wrote."""
    parts = {("hi", "swap", budget, 0): Part(right) for budget, (right, _) in cells.items()}
    write(folder, Planted({"hi": Part(clean)}, parts))
    for budget, (_, columns) in cells.items():
        path = folder / "cells" / f"xnli_hi_swap_{budget:g}_0.parquet"
        table = pq.read_table(path)
        for name, values in columns.items():
            table = table.append_column(name, values if isinstance(values, pa.Array) else pa.array(values))
        pq.write_table(table, path)
    run = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(json.dumps(run | {"search": GREEDY | facts}))
    return folder


def first(count: int) -> np.ndarray[Any, Any]:
    return np.arange(N) < count


CLEAN = np.arange(N) < 30
"""Thirty of forty are right to begin with."""


def honest(folder: Path) -> Path:
    """Ten fall with one edit, twenty with two."""
    one, two = CLEAN & ~first(10), CLEAN & ~first(20)
    cells = {1.0: (one, fill("swap by greedy", ~one)), 2.0: (two, fill("swap by greedy", ~two))}
    for right, columns in cells.values():
        columns["felled_by"] = [
            "swap by greedy" if was and not now else "" for was, now in zip(CLEAN, right, strict=True)
        ]
    return searched(folder, cells, CLEAN)


def kinds(folder: Path) -> set[str]:
    flags = score_run(folder)["tasks"]["xnli"]["flags"]
    return {flag["kind"] for flag in flags if flag["where"] == "swap on hi"}


class TestFigures:
    def test_are_by_attack_script_and_budget(self, tmp_path: Path) -> None:
        search = score_run(honest(tmp_path / "run"))["tasks"]["xnli"]["search"]
        row = search["attacks"]["swap"]["Deva"]
        assert search["strategy"] == "greedy"
        assert [row["budgets"][budget]["clean"]["value"] for budget in ("1", "2")] == [0.75, 0.75]
        assert [row["budgets"][budget]["worst"]["value"] for budget in ("1", "2")] == [0.5, 0.25]
        assert (row["queries"], row["felled_by"], row["stand"]) == (30, {"swap by greedy": 20}, 10)

    def test_are_printed(self, tmp_path: Path) -> None:
        shown = console()
        with shown.capture() as captured:
            shown.print(run_report(score_run(honest(tmp_path / "run"))))
        line = next(line for line in captured.get().splitlines() if line.startswith("swap") and "Devanagari" in line)
        assert line.split() == [
            "swap",
            "Devanagari",
            "75.0",
            "50.0",
            "25.0",
            "12.5",
            "to",
            "40.0",
            "30",
            "greedy",
            "20",
        ]

    def test_an_honest_search_has_no_flag(self, tmp_path: Path) -> None:
        assert kinds(honest(tmp_path / "run")) == set()


class TestFlags:
    def test_noise_that_fells_what_the_search_left(self, tmp_path: Path) -> None:
        right = CLEAN & ~first(6)
        by = ["swap by greedy"] * 2 + ["swap by noise"] * 4 + [""] * (N - 6)
        cells = {1.0: (right, fill("", ~right, felled_by=by))}
        assert kinds(searched(tmp_path / "a", cells, CLEAN)) == {"noise"}
        by = ["swap by greedy"] * 4 + ["swap by noise"] * 2 + [""] * (N - 6)
        cells = {1.0: (right, fill("", ~right, felled_by=by))}
        assert kinds(searched(tmp_path / "b", cells, CLEAN)) == set()

    def test_more_edits_that_give_a_better_score(self, tmp_path: Path) -> None:
        one, two = CLEAN & ~first(10), CLEAN & ~first(7)
        felled = ["swap by greedy" if i < 10 else "" for i in range(N)]
        cells = {
            1.0: (one, fill("", ~one, felled_by=felled)),
            2.0: (two, fill("", ~two, felled_by=[by if i < 7 else "" for i, by in enumerate(felled)])),
        }
        assert kinds(searched(tmp_path / "run", cells, CLEAN)) == {"budget"}

    def test_a_fall_that_is_none_when_the_text_is_asked_again(self, tmp_path: Path) -> None:
        columns = fill("", ~CLEAN | first(3), felled_by=["swap by greedy"] * 3 + [""] * (N - 3))
        assert kinds(searched(tmp_path / "run", {1.0: (CLEAN, columns)}, CLEAN)) == {"fall-undone"}

    def test_an_example_that_is_wrong_before_any_edit(self, tmp_path: Path) -> None:
        right = CLEAN & ~first(2)
        cells = {1.0: (right, fill("", ~right, felled_by=[""] * N))}
        assert kinds(searched(tmp_path / "run", cells, CLEAN)) == {"budget-0"}


class TestACertificate:
    @pytest.mark.parametrize(("n", "k"), [(40, 0), (40, 13), (40, 40), (1, 1), (500, 499)])
    def test_has_the_interval_of_clopper_and_pearson(self, n: int, k: int) -> None:
        low, high = certificate(n, k, [])["population"]
        assert low == pytest.approx(0 if k == 0 else betaincinv(k, n - k + 1, 0.025), abs=1e-9)
        assert high == pytest.approx(1 if k == n else betaincinv(k + 1, n - k, 0.975), abs=1e-9)

    def test_covers_the_truth_at_least_as_often_as_it_says(self) -> None:
        """Exactly, over every outcome of a binomial experiment, for many truths."""
        n = 30
        intervals = [certificate(n, k, [])["population"] for k in range(n + 1)]
        for truth in np.linspace(0.02, 0.98, 25):
            chances = [_binomial(n, k, float(truth)) for k in range(n + 1)]
            covered = sum(c for c, (low, high) in zip(chances, intervals, strict=True) if low <= truth <= high)
            assert covered >= 0.95

    def test_bounds_what_was_sampled(self) -> None:
        made = certificate(20, 8, [100, 59, 1000])
        assert (made["low"], made["high"], made["sampled"]) == (8 / 20, 11 / 20, 3)
        assert made["flipping"] == pytest.approx(1 - 0.05 ** (1 / 59)), "the least tried is the least known"
        assert certificate(20, 8, [0])["flipping"] == 1

    def test_of_nothing_is_no_number(self) -> None:
        assert np.isnan(certificate(0, 0, [])["low"])

    def test_is_taken_from_what_the_enumeration_covered(self, tmp_path: Path) -> None:
        right = CLEAN & ~first(5)
        covered = [0] * 5 + [2] * 15 + [1] * 20
        tried = [0] * 20 + [200] * 20
        columns = fill("swap by exhaustive", CLEAN & first(5))
        columns |= {"covered": pa.array(covered, pa.int32()), "tried": pa.array(tried, pa.int64())}
        folder = searched(tmp_path / "run", {2.0: (right, columns)}, CLEAN, strategy="exhaustive", certificate=True)
        made = score_run(folder)["tasks"]["xnli"]["search"]["attacks"]["swap"]["Deva"]["budgets"]["2"]["certificate"]
        assert (made["judged"], made["certain"], made["sampled"]) == (40, 15, 10)
        assert (made["low"], made["high"]) == (15 / 40, 25 / 40)


def _binomial(n: int, k: int, p: float) -> float:
    """The chance of k of n, by the regularised incomplete beta function."""
    at_most = 1.0 if k == n else float(betainc(n - k, k + 1, 1 - p))
    below = 0.0 if k == 0 else float(betainc(n - k + 1, k, 1 - p))
    return at_most - below


class TestWhatIsRead:
    def test_a_cell_that_lacks_what_a_search_writes_is_one_error(self, tmp_path: Path) -> None:
        folder = searched(tmp_path / "run", {1.0: (CLEAN, {})}, CLEAN)
        with pytest.raises(
            RunError, match=r"xnli_hi_swap_1_0\.parquet: lacks the column queries, which a search writes"
        ):
            score_run(folder)

    @pytest.mark.parametrize("value", [True, [], {"strategy": 3}, {}])
    def test_a_search_that_is_none_is_one_error(self, tmp_path: Path, value: Any) -> None:
        folder = honest(tmp_path / "run")
        run = json.loads((folder / "run.json").read_text())
        (folder / "run.json").write_text(json.dumps(run | {"search": value}))
        with pytest.raises(RunError, match=r"run\.json: search: expected a strategy, its budget and its queries"):
            score_run(folder)
