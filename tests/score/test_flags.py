"""Every figure that means less than it seems is flagged, and an honest one is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from synthetic import LABELS, Part, Planted, golds, right, simple, write, wrong

from robustx.score.scores import score_run


def flags(folder: Path, planted: Planted) -> list[dict[str, Any]]:
    return score_run(write(folder / "run", planted))["tasks"]["xnli"]["flags"]


def kinds(folder: Path, planted: Planted) -> set[tuple[str, str]]:
    return {(flag["where"], flag["kind"]) for flag in flags(folder, planted)}


def said(gold: list[str], prediction: list[str]) -> Part:
    return Part(np.array(gold) == np.array(prediction), prediction=prediction)


def test_a_good_run_has_no_flag(tmp_path: Path) -> None:
    assert flags(tmp_path, simple(120, {"hi": (0.7, 0.6), "en": (0.8, 0.7)})) == []


def test_a_language_whose_interval_reaches_chance_is_flagged_and_no_other(tmp_path: Path) -> None:
    assert kinds(tmp_path, simple(120, {"hi": (0.37, 0.3), "en": (0.7, 0.6)})) == {("hi", "chance")}


ORDERS = [(1, 0, 2), (0, 2, 1), (2, 1, 0), (1, 2, 0), (2, 0, 1)]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("n", [96, 500])
def test_every_permuted_label_map_is_flagged(tmp_path: Path, order: tuple[int, ...], n: int) -> None:
    gold = golds(n)
    good = [
        label if hit else wrong(label, 1 + i % 2)
        for i, (label, hit) in enumerate(zip(gold, right(n, 0.7, 1), strict=True))
    ]
    turned = [LABELS[order[LABELS.index(label)]] for label in good]
    found = [flag for flag in flags(tmp_path, Planted({"en": said(gold, turned)})) if flag["kind"] == "permuted"]
    assert [flag["where"] for flag in found] == ["run"]
    for i, j in enumerate(order):
        assert (f"{LABELS[j]} meant {LABELS[i]}" in found[0]["text"]) == (i != j)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("n", [24, 96])
def test_an_honest_model_at_chance_is_not_called_permuted(tmp_path: Path, seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    guesses = [LABELS[i] for i in rng.integers(0, 3, n)]
    assert ("run", "permuted") not in kinds(tmp_path, Planted({"en": said(golds(n), guesses)}))


def test_the_same_bad_luck_in_many_copies_of_a_language_is_still_luck(tmp_path: Path) -> None:
    """Fifteen translations of 24 pairs are 24 pairs: chance agreement with another order must not look certain."""
    gold = golds(24)
    guesses = [label if i < 6 else wrong(label) if i < 15 else wrong(label, 2) for i, label in enumerate(gold)]
    codes = ("en", "hi", "ru", "ar", "th", "el", "sw", "tr")
    assert ("run", "permuted") not in kinds(tmp_path, Planted({code: said(gold, guesses) for code in codes}))


@pytest.mark.parametrize("share", [1.0, 0.95])
def test_a_model_of_one_answer_on_uneven_golds_is_one_class_and_not_permuted(tmp_path: Path, share: float) -> None:
    gold = ["entailment"] * 60 + ["neutral"] * 20 + ["contradiction"] * 20
    guesses = ["neutral" if i % 20 < share * 20 else "contradiction" for i in range(100)]
    found = kinds(tmp_path, Planted({"en": said(gold, guesses)}, gold=gold))
    assert ("en", "one-class") in found
    assert ("run", "permuted") not in found


def test_a_weak_but_honest_model_with_a_favourite_answer_is_not_called_permuted(tmp_path: Path) -> None:
    gold = golds(300)
    guesses = ["neutral" if i % 5 else label for i, label in enumerate(gold)]
    assert ("run", "permuted") not in kinds(tmp_path, Planted({"en": said(gold, guesses)}))


def test_the_share_of_the_one_class_is_told(tmp_path: Path) -> None:
    (found,) = [
        f for f in flags(tmp_path, Planted({"en": said(golds(90), ["neutral"] * 90)})) if f["kind"] == "one-class"
    ]
    assert found["text"] == "100% of clean predictions are neutral"


@pytest.mark.parametrize(("cut", "flagged"), [(5, False), (6, True)])
def test_more_than_a_twentieth_of_inputs_cut_is_flagged(tmp_path: Path, cut: int, flagged: bool) -> None:
    found = kinds(tmp_path, Planted({"en": Part(right(100, 0.7, 1), truncated=np.arange(100) < cut)}))
    assert (("en", "truncation") in found) == flagged


@pytest.mark.parametrize(("kind", "attribute"), [("no-op", "changed"), ("folded", "survived")])
@pytest.mark.parametrize(("share", "flagged"), [(20, False), (21, True)])
def test_attacks_that_change_too_little_or_are_undone_are_flagged_with_their_counts(
    tmp_path: Path, kind: str, attribute: str, share: int, flagged: bool
) -> None:
    cells = {
        ("hi", "typo", severity, 0): Part(right(100, 0.6, 1), **{attribute: np.arange(100) >= share})
        for severity in (0.1, 0.2)
    }
    found = flags(tmp_path, Planted({"hi": Part(right(100, 0.7, 1))}, cells))
    assert [(f["where"], f["kind"]) for f in found] == ([("typo on hi", kind)] if flagged else [])
    assert all("42 of 200" in f["text"] for f in found)


def test_an_example_without_edits_is_counted_as_unchanged_and_not_as_folded_too(tmp_path: Path) -> None:
    part = Part(right(100, 0.6, 1), changed=False, survived=False)
    found = kinds(tmp_path, Planted({"hi": Part(right(100, 0.7, 1))}, {("hi", "typo", 0.1, 0): part}))
    assert found == {("typo on hi", "no-op")}


def test_an_unrepeatable_model_and_rows_passed_over_are_flagged_for_the_run(tmp_path: Path) -> None:
    skipped = {"repeatable": False, "suite.skipped": 1200, "suite.skipped_first": [["data.tsv", 7, "an empty text"]]}
    found = {f["kind"]: f["text"] for f in flags(tmp_path, simple(60, {"en": (0.8, 0.7)}, facts=skipped))}
    assert set(found) == {"unrepeatable", "skipped"}
    assert "1,200 rows" in found["skipped"]
    assert "data.tsv row 7: an empty text" in found["skipped"]


def test_a_prediction_that_is_none_of_the_labels_is_wrong_and_breaks_nothing(tmp_path: Path) -> None:
    gold = golds(60)
    part = said(gold, ["nonsense" if i % 6 == 0 else label for i, label in enumerate(gold)])
    assert flags(tmp_path, Planted({"en": part})) == []
