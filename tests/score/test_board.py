"""Boards: who is ranked with whom, by which cells, in which views."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from entrants import ROBUST, entrant, sign
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic import Part, Planted, right, write

from robustx.score.apart import why_apart
from robustx.score.board import Board, _with_interval, boards, slug
from robustx.score.compare import compare_runs
from robustx.score.resample import interval
from robustx.score.scores import score_run
from robustx.score.submission import Submission
from robustx.score.submit import submission_of
from robustx.score.views import ALL, View

BETTER = {code: (min(1.0, clean + 0.1), robust + 0.15) for code, (clean, robust) in ROBUST.items()}


def names(board: Board, view: View | None = None) -> list[str]:
    return [board.entries[i].submission.model.name for i in board.standing(view or board.headline).members]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two models much alike, and one that is better."""
    folder = tmp_path_factory.mktemp("runs")
    return [
        entrant(folder / "a", "a", seed=1),
        entrant(folder / "b", "b", seed=2),
        entrant(folder / "c", "c", seed=3, languages=BETTER, n=60),
    ]


@pytest.fixture(scope="module")
def board(runs: list[Path]) -> Board:
    """Their board."""
    (made,) = boards(submission_of(run) for run in runs)
    return made


def test_scores_and_gaps_are_those_of_each_runs_own_report(board: Board, runs: list[Path]) -> None:
    for i, run in enumerate(runs):  # a, b, c, as on the board
        report = score_run(run)["tasks"]["xnli"]
        pairs = [(View("non-Latin", ALL, ALL), report["groups"]["non-Latin"])]
        pairs += [(View(f"language:{code}", ALL, ALL), report["languages"][code]) for code in ROBUST]
        pairs += [(View("non-Latin", "typo", ALL), report["attacks"]["typo"]["non-Latin"])]
        pairs += [(View("non-Latin", "typo", "0.1"), report["attacks"]["typo"]["non-Latin"]["severities"]["0.1"])]
        pairs += [(View("script:Deva", ALL, ALL), report["scripts"]["Deva"])]
        for view, expected in pairs:
            standing = board.standing(view)
            at = standing.members.index(i)
            assert standing.gap is not None
            assert standing.score[at, 0] == pytest.approx(expected["robust"]["value"], abs=1e-6)
            assert standing.gap[at, 0] == pytest.approx(expected["gap"]["value"], abs=1e-6)
            assert standing.score[at, 1:] == pytest.approx(
                [expected["robust"]["low"], expected["robust"]["high"]], abs=0.02
            )


def test_without_an_attack_the_score_is_clean_accuracy_of_all_examples(board: Board, runs: list[Path]) -> None:
    standing = board.standing(View("Latin", "clean", ALL))
    assert standing.gap is None
    for i, run in enumerate(runs):
        accuracy = score_run(run)["tasks"]["xnli"]["groups"]["Latin"]["accuracy"]["value"]
        assert standing.score[standing.members.index(i), 0] == pytest.approx(accuracy, abs=1e-6)


def test_models_that_noise_cannot_tell_apart_share_their_ranks(board: Board, runs: list[Path]) -> None:
    standing = board.standing(board.headline)
    assert names(board)[0] == "c"
    assert (standing.low, standing.high) == ((1, 2, 2), (1, 3, 3))
    assert standing.groups == ((0, 0), (1, 2))
    group = compare_runs(runs[0], runs[1])["tasks"]["xnli"]["groups"]["non-Latin"]
    assert group["robust"]["difference"]["low"] < 0 < group["robust"]["difference"]["high"]


def test_every_choice_of_languages_attack_and_severity_is_a_view(board: Board) -> None:
    wheres = {view.where for view in board.views}
    assert wheres == {
        *("all", "non-Latin", "Latin", "script:Deva", "script:Arab", "script:Cyrl", "script:Latn"),
        *("language:hi", "language:ar", "language:ru", "language:en"),
    }
    assert {(view.attack, view.severity) for view in board.views} == {
        *(("all", "all"), ("clean", "all"), ("typo", "all"), ("typo", "0.1"), ("swap", "all"), ("swap", "0.1")),
    }
    assert len(board.views) == 11 * 6
    # a script of one language, and an attack of one severity, are the same cells
    assert board.views[View("script:Deva", ALL, ALL)] == board.views[View("language:hi", ALL, ALL)]
    assert len(board.standings) == 6 * 4


def test_the_same_run_counts_once_whether_as_folder_or_file(runs: list[Path]) -> None:
    twice = [submission_of(run) for run in (runs[0], runs[1], runs[0])]
    (made,) = boards(twice)
    assert names(made) == names(boards(twice[:2])[0])


def test_the_order_in_which_runs_are_given_changes_no_figure(board: Board, runs: list[Path]) -> None:
    (turned,) = boards(submission_of(run) for run in reversed(runs))
    assert [entry.slug for entry in turned.entries] == [entry.slug for entry in board.entries]
    for view in board.views:
        one, other = board.standing(view), turned.standing(view)
        assert one.members == other.members
        assert np.array_equal(one.score, other.score)
        assert (one.low, one.high, one.groups) == (other.low, other.high, other.groups)


class TestApart:
    def apart(self, tmp_path: Path, other: Path) -> tuple[list[Board], str]:
        given = [entrant(tmp_path / "a", "a", seed=1), entrant(tmp_path / "b", "b", seed=2), other]
        made = boards(submission_of(run) for run in given)
        assert [len(board.entries) for board in made] == [2, 1]
        return made, why_apart(made[1], made[0])

    def test_other_texts_are_never_ranked_together(self, tmp_path: Path) -> None:
        _, why = self.apart(tmp_path, entrant(tmp_path / "c", "c", texts="other"))
        assert why == "other texts: no example can be paired"

    def test_nor_another_version_of_the_suite(self, tmp_path: Path) -> None:
        _, why = self.apart(tmp_path, entrant(tmp_path / "c", "c", texts="other", version=2))
        assert why == "other suite or version, texts: no example can be paired"

    def test_nor_one_that_says_it_is_the_same_and_is_not(self, tmp_path: Path) -> None:
        made, why = self.apart(tmp_path, entrant(tmp_path / "c", "c", n=61))
        assert made[0].suite == made[1].suite
        assert why == "says it is the same suite, but has other examples, cells or changed texts"

    def test_nor_one_whose_attack_changed_other_examples(self, tmp_path: Path) -> None:
        run = sign(_run(60, changed=np.arange(60) < 50), "c")
        plain = [write(tmp_path / name, sign(_run(60, seed=i), name)) for i, name in enumerate("ab")]
        made = boards(submission_of(one) for one in (*plain, write(tmp_path / "c", run)))
        assert [names(board) for board in made] in ([["a", "b"], ["c"]], [["b", "a"], ["c"]])


class TestUnjudged:
    def test_a_model_that_an_attack_never_reached_has_no_rank_there_and_keeps_its_others(self, tmp_path: Path) -> None:
        """One in eleven: the cell still counts for the others."""
        plain = [write(tmp_path / str(i), sign(_run(40, seed=i), f"m{i}")) for i in range(10)]
        deaf = write(tmp_path / "deaf", sign(_run(40, seed=99, deaf=("swap",)), "deaf"))
        (board,) = boards(submission_of(run) for run in (*plain, deaf))
        swap, typo = View("all", "swap", ALL), View("all", "typo", ALL)
        assert "deaf" not in names(board, swap)
        assert [board.entries[i].submission.model.name for i in board.standing(swap).unranked] == ["deaf"]
        assert "deaf" not in names(board, View("all", ALL, ALL))
        assert "deaf" in names(board, typo)
        assert "deaf" in names(board, View("all", "clean", ALL))

    def test_a_cell_that_many_cannot_be_judged_by_counts_for_none(self, tmp_path: Path) -> None:
        given = [
            write(tmp_path / name, sign(_run(40, seed=i, deaf=("swap",) if name == "deaf" else ()), name))
            for i, name in enumerate(("a", "b", "deaf"))
        ]
        (board,) = boards(submission_of(run) for run in given)
        assert View("all", "swap", ALL) not in board.views
        assert sorted(names(board)) == ["a", "b", "deaf"]
        assert board.standing(board.headline).cells == 1

    def test_a_model_that_nothing_reached_takes_no_cell_from_the_others(self, tmp_path: Path) -> None:
        given = [
            write(tmp_path / name, sign(_run(40, seed=i, deaf=("swap", "typo") if name == "deaf" else ()), name))
            for i, name in enumerate(("a", "b", "deaf"))
        ]
        (board,) = boards(submission_of(run) for run in given)
        assert sorted(names(board)) == ["a", "b"]
        assert board.standing(board.headline).cells == 2

    def test_a_suite_without_attacks_ranks_clean_accuracy(self, tmp_path: Path) -> None:
        given = [
            write(tmp_path / name, sign(Planted({"en": Part(right(50, 0.7, seed))}), name))
            for seed, name in enumerate("ab")
        ]
        (board,) = boards(submission_of(run) for run in given)
        assert board.headline == View("all", "clean", ALL)
        assert len(names(board)) == 2


def _run(n: int, seed: int = 0, changed: np.ndarray | bool = True, deaf: tuple[str, ...] = ()) -> Planted:
    """Two attacks on Hindi; of a deaf attack nothing reaches the model."""
    cells = {
        ("hi", attack, 0.1, 0): Part(right(n, 0.6, 10 * seed + i), changed=changed, survived=attack not in deaf)
        for i, attack in enumerate(("typo", "swap"))
    }
    return Planted({"hi": Part(right(n, 0.8, seed))}, cells)


@settings(max_examples=40)
@given(st.text(max_size=80), st.text(max_size=80))
def test_a_slug_is_a_plain_file_name_and_differs_where_the_submission_does(name: str, other: str) -> None:
    made = slug(name, "0123456789abcdef")
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert made.endswith("-0123456789")
    assert 12 <= len(made) <= 60
    assert not made.startswith("-")
    assert slug(other, "f" * 64) != made


@pytest.mark.parametrize("name", ["../../etc/passwd", "/abs", "..", "C:\\x", "a/../b", "\0", "CON", "", "नमस्ते"])
def test_a_slug_never_leaves_its_folder(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{slug(name, 'f' * 64)}.html"
    assert path.resolve().parent == tmp_path.resolve()


def test_intervals_are_the_percentile_intervals_of_the_rest_of_the_house() -> None:
    values = np.random.default_rng(0).random((501, 4)).astype(np.float32)
    for found, column in zip(_with_interval(values), values.T, strict=True):
        assert found == pytest.approx([column[0], *interval(column[1:])], abs=1e-6)


def test_an_empty_submission_list_makes_no_board() -> None:
    assert boards(list[Submission]()) == []
