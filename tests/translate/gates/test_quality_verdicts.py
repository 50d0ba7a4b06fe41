"""Figures become verdicts by data; nothing is dropped, and everything is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from robustx.errors import CardError
from robustx.translate.gates import Helpers, Pair, judge_all, judged, read_thresholds, worst_of
from robustx.translate.gates.agreement import measure as agreement
from robustx.translate.gates.labels import decider, judge_labels
from robustx.translate.gates.thresholds import DEFAULT

CARD = """
version = 1
source = "a test"
licence = "CC0-1.0"
[[bounds.far]]
reason = "too far"
bad = "above"
doubtful = 1.0
rejected = 3.0
[[bounds.far]]
reason = "too near"
bad = "below"
doubtful = -1.0
"""


def card(folder: Path, text: str = CARD) -> Path:
    path = folder / "thresholds.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("figure", "verdict", "reasons"),
    [
        (0.5, "kept", ()),
        (1.0, "doubtful", ("too far (far is 1; doubtful at 1 or more)",)),
        (9.0, "rejected", ("too far (far is 9; rejected at 3 or more)",)),
        (-1.5, "doubtful", ("too near (far is -1.5; doubtful at -1 or less)",)),
    ],
)
def test_a_figure_at_a_bound_is_beyond_it(
    tmp_path: Path, figure: float, verdict: str, reasons: tuple[str, ...]
) -> None:
    found = judged({"far": figure, "other": 99.0}, read_thresholds(card(tmp_path)))
    assert (found.verdict, found.reasons) == (verdict, reasons)
    assert found.figures == {"far": figure, "other": 99.0}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("rejected = 3.0", "bounds.far.*rejected must lie above doubtful"),
        ('bad = "above"', "bounds.far.*bad"),
        ("version = 1", "version"),
        ("doubtful = -1.0", "expected doubtful, rejected or both"),
        ('reason = "too near"', "expected some words"),
        ('source = "a test"', "sorce: unknown key"),
    ],
)
def test_a_bad_card_is_an_error_that_names_the_key(tmp_path: Path, change: str, message: str) -> None:
    wrong = {
        "rejected = 3.0": "rejected = 0.5",
        'bad = "above"': 'bad = "over"',
        "version = 1": "version = 0",
        "doubtful = -1.0": "",
        'reason = "too near"': 'reason = " "',
        'source = "a test"': 'sorce = "a test"',
    }[change]
    with pytest.raises(CardError, match=message):
        read_thresholds(card(tmp_path, CARD.replace(change, wrong)))


def test_robustxs_own_card_bounds_only_figures_that_there_are() -> None:
    measured = {
        "letters", "copied", "own_script", "language_margin", "length_ratio", "length_deviation", "repeated", "numbers",
        "numbers_lost", "numbers_added", "names", "names_kept", "names_changed", "names_gone", "latin_added", "negation_lost",
        "negation_added", "agreement", "round_trip", "label_kept", "label_shift",
    }  # fmt: skip
    assert set(read_thresholds(DEFAULT).bounds) <= measured


PAIRS = [
    Pair("He did not go home with 3 friends.", "वह 3 दोस्तों के साथ घर नहीं गया।", "en", "hi"),
    Pair("He did not go home with 3 friends.", "वह 3 दोस्तों के साथ घर गया।", "en", "hi"),
    Pair("He did not go home with 3 friends.", "वह दोस्तों के साथ घर नहीं गया।", "en", "hi"),
    Pair("He did not go home with 3 friends.", "He did not go home with 3 friends.", "en", "hi"),
    Pair("He did not go home with 3 friends.", "", "en", "hi"),
]


def test_every_pair_has_a_verdict_and_every_gate_its_figure() -> None:
    found = judge_all(PAIRS, Helpers())
    assert [one.verdict for one in found] == ["kept", "doubtful", "doubtful", "rejected", "rejected"]
    assert "a negation is gone" in found[1].reasons[0]
    assert "a number is gone" in found[2].reasons[0]
    for one in found:
        assert {"letters", "copied", "length_ratio", "length_deviation", "repeated", "numbers_lost"} <= set(one.figures)
        assert {"names", "latin_added", "negation_lost"} <= set(one.figures)
        assert all(np.isfinite(list(one.figures.values())))
    assert judge_all([], Helpers()) == []


def test_a_verdict_does_not_depend_on_its_neighbours() -> None:
    assert [judge_all([pair], Helpers())[0] for pair in PAIRS] == judge_all(PAIRS, Helpers())


def test_embeddings_that_point_elsewhere_do_not_agree_and_each_text_is_embedded_once() -> None:
    seen: list[str] = []

    def embed(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        seen.extend(texts)
        return np.eye(2, dtype=np.float32)[[len(text) % 2 for text in texts]]

    pairs = [Pair("ab", "cd", "en", "hi"), Pair("ab", "c", "en", "hi")]
    assert agreement(pairs, embed) == [{"agreement": 1.0}, {"agreement": 0.0}]
    assert sorted(seen) == ["ab", "c", "cd"]
    assert judge_all(pairs, Helpers(embed=embed))[1].figures["agreement"] == 0


def test_a_row_is_as_good_as_the_worst_of_its_fields() -> None:
    fields = judge_all(PAIRS[:2], Helpers())
    row = worst_of(fields, ("premise", "hypothesis"))
    assert row.verdict == "doubtful"
    assert row.reasons == (f"hypothesis: {fields[1].reasons[0]}",)
    assert row.figures["premise.negation_lost"] == 0
    assert row.figures["hypothesis.negation_lost"] == 1


def test_a_checkpoint_that_decides_otherwise_makes_a_row_doubtful_and_no_worse() -> None:
    def decide(rows: Sequence[tuple[str, str]]) -> npt.NDArray[np.float32]:
        return np.array([[0.9, 0.1, 0.0] if premise == "a" else [0.2, 0.8, 0.0] for premise, _ in rows], np.float32)

    same, other = judge_labels([("a", "x"), ("a", "x")], [("a", "y"), ("b", "y")], decide, read_thresholds(DEFAULT))
    assert (same.verdict, same.figures) == ("kept", {"label_kept": 1.0, "label_shift": 0.0})
    assert other.verdict == "doubtful"
    assert other.figures["label_shift"] == pytest.approx(0.7)


def test_a_real_checkpoint_decides_each_row_the_same_alone_and_among_others(checkpoint: Callable[[str], Path]) -> None:
    from robustx.model.checkpoint import load

    decide = decider(load(str(checkpoint("bert"))))
    rows = [("He went home.", "He left."), ("वह घर गया।", "वह चला गया।"), ("他回家了。", "他走了。")]
    together = decide(rows)
    assert together.shape == (3, 3)
    np.testing.assert_allclose(together.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(together, np.concatenate([decide([row]) for row in rows]), atol=1e-4)
    assert decide([]).shape == (0, 3)
