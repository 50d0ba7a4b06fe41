"""Boards of searched and defended runs: ranked among themselves by worst-case accuracy, never with plain runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from entrants import entrant
from searched_material import searched_run

from robustx.errors import RunError
from robustx.score.apart import why_apart
from robustx.score.board import Board, boards
from robustx.score.claims import verify_submission
from robustx.score.effort import effort
from robustx.score.packed import pack
from robustx.score.scores import score_run
from robustx.score.submission import read_submission, write_submission
from robustx.score.submit import submission_of
from robustx.score.views import ALL, View


def names(board: Board) -> list[str]:
    return [board.entries[i].submission.model.name for i in board.standing(board.headline).members]


def board_of(*folders: Path) -> Board:
    (made,) = boards(submission_of(folder) for folder in folders)
    return made


class TestABoardOfSearches:
    def test_ranks_by_the_worst_case_with_the_most_edits(self, tmp_path: Path) -> None:
        weak = [searched_run(tmp_path / name, name, 0.3, seed=i) for i, name in enumerate("ab")]
        board = board_of(*weak, searched_run(tmp_path / "c", "c", 0.95, seed=2))
        assert board.headline == View("non-Latin", ALL, "3")
        standing = board.standing(board.headline)
        assert names(board)[0] == "c"
        assert (standing.low, standing.high, standing.groups) == ((1, 2, 2), (1, 3, 3), ((0, 0), (1, 2)))

    def test_has_the_figures_of_each_runs_own_report_at_every_budget(self, tmp_path: Path) -> None:
        folder = searched_run(tmp_path / "a", "a")
        board, search = board_of(folder), score_run(folder)["tasks"]["xnli"]["search"]
        assert board.budgets == ["1", "2", "3"]
        for budget in board.budgets:
            for group in ("non-Latin", "Latin"):
                found = board.standing(View(group, ALL, budget)).score[0]
                assert found[0] == pytest.approx(search["groups"][group][budget]["worst"]["value"], abs=1e-6)
            found = board.standing(View("script:Arab", "swap", budget)).score[0]
            assert found[0] == pytest.approx(
                search["attacks"]["swap"]["Arab"]["budgets"][budget]["worst"]["value"], abs=1e-6
            )

    def test_never_averages_over_budgets(self, tmp_path: Path) -> None:
        board = board_of(searched_run(tmp_path / "a", "a"))
        assert {view.severity for view in board.views if view.attack != "clean"} == {"1", "2", "3"}

    def test_takes_models_whose_search_left_other_examples_alone(self, tmp_path: Path) -> None:
        """Which texts were changed is the search's answer to each model, and no difference between suites."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        folder = searched_run(tmp_path / "a", "a")
        path = folder / "cells" / "xnli_hi_swap_3_0.parquet"
        table = pq.read_table(path)
        kept = pa.array([bool(i % 5) for i in range(table.num_rows)])
        pq.write_table(table.set_column(table.schema.get_field_index("changed"), "changed", kept), path)
        assert len(board_of(folder, searched_run(tmp_path / "b", "b", seed=1)).entries) == 2

    def test_knows_what_the_search_spent_and_what_it_proves(self, tmp_path: Path) -> None:
        plain = submission_of(searched_run(tmp_path / "a", "a"))
        assert effort(plain.tasks["xnli"]) == (30, None)
        how = {"strategy": "exhaustive", "certificate": True}
        folder = searched_run(tmp_path / "b", "b", search=how)
        proved = effort(submission_of(folder).tasks["xnli"]).certified
        rows = score_run(folder)["tasks"]["xnli"]["search"]["attacks"].values()
        proofs = [row["budgets"]["3"]["certificate"] for scripts in rows for row in scripts.values()]
        assert proved == pytest.approx(sum(p["certain"] for p in proofs) / sum(p["judged"] for p in proofs))
        assert 0 < proved < max(p["high"] for p in proofs)


class TestApart:
    @pytest.mark.parametrize(
        ("how", "said"),
        [
            ({}, "searched for the worst case, so that the texts are each model's own"),
            ({"defence": "nfkc"}, "each model's own; a defence before the models"),
        ],
    )
    def test_from_plain_runs_with_the_reason(self, tmp_path: Path, how: dict[str, Any], said: str) -> None:
        other = [searched_run(tmp_path / name, name, seed=i, **how) for i, name in enumerate("bcd")]
        made = boards(submission_of(one) for one in (entrant(tmp_path / "a", "a"), *other))
        assert names(made[0]) == ["a"], "plain runs come first, however few"
        assert sorted(names(made[1])) == ["b", "c", "d"]
        assert why_apart(made[1], made[0]).startswith("searched for")
        assert said in why_apart(made[1], made[0])

    @pytest.mark.parametrize("how", [{"strategy": "beam"}, {"budget": 2}, {"queries": 41}, {"queries": None}])
    def test_from_another_search(self, tmp_path: Path, how: dict[str, Any]) -> None:
        folders = [searched_run(tmp_path / "a"), searched_run(tmp_path / "b", "b", search=how)]
        made = boards(submission_of(folder) for folder in folders)
        assert [len(board.entries) for board in made] == [1, 1]
        assert why_apart(made[1], made[0]) == "searched otherwise, so that neither worst case is the other's match"

    def test_from_another_defence_before_the_same_model(self, tmp_path: Path) -> None:
        folders = [searched_run(tmp_path / str(one), defence=one) for one in (None, "nfkc", "skeleton")]
        made = boards(submission_of(folder) for folder in folders)
        assert sorted(str(board.defence) for board in made) == ["None", "nfkc", "skeleton"]
        assert why_apart(made[2], made[1]) == "another defence before the models"

    def test_a_defended_run_without_a_search_too(self, tmp_path: Path) -> None:
        bare, behind = entrant(tmp_path / "a", "a"), entrant(tmp_path / "b", "b", seed=1)
        facts = json.loads((behind / "run.json").read_text())
        facts["settings"]["defence"] = "nfkc"
        facts["signature"] = facts["signature"].replace("|v:0", "|defence:nfkc|v:0")
        (behind / "run.json").write_text(json.dumps(facts))
        made = boards(submission_of(one) for one in (behind, bare))
        assert [names(board) for board in made] == [["a"], ["b"]]
        assert why_apart(made[1], made[0]) == "a defence before the models"


class TestASubmission:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        path = tmp_path / "one.json"
        write_submission(submission_of(searched_run(tmp_path / "run", defence="nfkc")), path)
        return path

    def test_is_what_is_read_again_and_holds(self, tmp_path: Path, file: Path) -> None:
        made = submission_of(tmp_path / "run")
        assert verify_submission(file) == made
        assert made.search is not None
        assert made.search.signature == "search:greedy/edits:3/queries:40"
        assert made.model.defence == "nfkc"

    def test_claims_every_budget_and_no_mean_of_them(self, file: Path) -> None:
        figures = read_submission(file).tasks["xnli"].scores["groups"]["non-Latin"]
        assert set(figures) == {"accuracy", *(f"{what} at {b}" for what in ("robust", "gap") for b in (1, 2, 3))}

    def test_has_the_flags_of_its_search(self, tmp_path: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        folder = searched_run(tmp_path / "flagged")
        path = folder / "cells" / "xnli_hi_swap_3_0.parquet"
        table = pq.read_table(path)
        labels = pa.array(["swap by noise" if one else "" for one in table["felled_by"].to_pylist()])
        pq.write_table(table.set_column(table.schema.get_field_index("felled_by"), "felled_by", labels), path)
        assert "noise" in {flag.kind for flag in submission_of(folder).tasks["xnli"].flags}

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (lambda v: v["search"].update(budget=4), "lacks the cell of 4 edits"),
            (lambda v: v["search"].update(budget=2), r"severity 3: expected edits from 1 to 2"),
            (lambda v: v["search"].update(strategy="<b>"), "search.strategy"),
            (lambda v: v.pop("search"), "tells of a search that was none"),
            (lambda v: _cell(v).pop("queries"), "lacks what a search writes"),
            (lambda v: _cell(v).update(queries=pack(np.full(40, -1.0))), "asked fewer texts than none"),
            (lambda v: _cell(v).update(certain=pack(np.ones(40))), "tells of a search that was none"),
            (lambda v: _cell(v).update(severity=1.5), r"severity 1\.5: expected edits"),
            (lambda v: _cell(v).update(draw=1), "of one draw"),
        ],
    )
    def test_that_does_not_fit_its_search_is_refused(
        self, file: Path, change: Callable[[dict[str, Any]], object], said: str
    ) -> None:
        value = json.loads(file.read_text())
        change(value)
        file.write_text(json.dumps(value))
        with pytest.raises(RunError, match=said):
            read_submission(file)

    def test_that_certifies_what_fell_is_refused(self, tmp_path: Path) -> None:
        made = submission_of(searched_run(tmp_path / "p", search={"strategy": "exhaustive", "certificate": True}))
        path = tmp_path / "p.json"
        write_submission(made, path)
        value = json.loads(path.read_text())
        _cell(value)["certain"] = pack(np.ones(40))
        path.write_text(json.dumps(value))
        with pytest.raises(RunError, match="certifies an example that fell"):
            read_submission(path)

    @pytest.mark.parametrize(("part", "key", "other"), [("search", "queries", 41), ("model", "defence", None)])
    def test_whose_signature_tells_of_another_search_or_defence_is_refused(
        self, file: Path, part: str, key: str, other: object
    ) -> None:
        value = json.loads(file.read_text())
        value[part][key] = other
        file.write_text(json.dumps(value))
        with pytest.raises(RunError, match="but its parts make"):
            verify_submission(file)


def _cell(value: dict[str, Any]) -> dict[str, Any]:
    cell: dict[str, Any] = value["tasks"]["xnli"]["cells"][0]
    return cell
