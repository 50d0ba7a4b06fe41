"""The scores of one run."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from synthetic import LABELS, SCRIPTS, Part, Planted, golds, right, simple, write

from robustx.score.arrays import MIN_EFFECTIVE, change_figure
from robustx.score.resample import bootstrap_weights, holm
from robustx.score.scores import score_run


def scored(folder: Path, planted: Planted) -> dict[str, Any]:
    return score_run(write(folder / "run", planted))["tasks"]["xnli"]


def messy(n: int, seed: int) -> Planted:
    """A run in which cells lack rows, attacks skip examples and tokenizers fold edits, at random."""
    rng = np.random.default_rng(seed)
    clean = {
        code: Part(right(n, 0.7, seed + i), rows=rng.random(n) < 0.95) for i, code in enumerate(("hi", "ru", "en"))
    }
    cells = {}
    for code, base in clean.items():
        for attack, ladder in (("typo", (0.1, 0.2)), ("swap", (0.1,)), ("rare", (0.1,))):
            if rng.random() < 0.25:
                continue
            for severity in ladder:
                share = 0.02 if attack == "rare" else 0.8
                rows = base.rows & (rng.random(n) < 0.9)
                cells[code, attack, severity, 0] = Part(
                    right(n, 0.6, int(rng.integers(1 << 30))),
                    changed=rng.random(n) < share,
                    survived=rng.random(n) < 0.9,
                    rows=rows,
                )
    return Planted(clean, cells)


def reference(planted: Planted, codes: list[str]) -> tuple[float, float]:
    """Clean and robust macro means, example by example."""
    languages = []
    for code in codes:
        attacks: dict[str, list[tuple[float, float]]] = {}
        for (language, attack, _, _), part in planted.cells.items():
            if language != code:
                continue
            judged = [i for i in range(len(part.right)) if part.rows[i] and part.changed[i] and part.survived[i]]
            if len(judged) >= MIN_EFFECTIVE:
                pair = [sum(p.right[i] for i in judged) / len(judged) for p in (planted.clean[code], part)]
                attacks.setdefault(attack, []).append((pair[0], pair[1]))
        if attacks:
            means = [np.mean(np.array(cells), axis=0) for cells in attacks.values()]
            languages.append(np.mean(np.array(means), axis=0))
    if not languages:
        return math.nan, math.nan
    both = np.mean(np.array(languages), axis=0)
    return float(both[0]), float(both[1])


@pytest.mark.parametrize("seed", range(4))
def test_macro_means_are_those_of_a_slow_reference_whatever_is_missing(tmp_path: Path, seed: int) -> None:
    planted = messy(90, seed)
    task = scored(tmp_path, planted)
    blocks = {code: task["languages"][code] for code in planted.clean}
    wanted = {code: reference(planted, [code]) for code in planted.clean}
    blocks |= task["groups"]
    wanted |= {"non-Latin": reference(planted, ["hi", "ru"]), "Latin": reference(planted, ["en"])}
    for name, block in blocks.items():
        assert (block["clean"]["value"], block["robust"]["value"]) == pytest.approx(
            wanted[name], abs=1e-12, nan_ok=True
        )


def test_the_gap_is_robust_minus_clean_everywhere(tmp_path: Path) -> None:
    task = scored(tmp_path, messy(90, 1))
    blocks = [*task["languages"].values(), *task["groups"].values(), *task["scripts"].values(), *task["cells"]]
    blocks += [block for groups in task["attacks"].values() for block in groups.values()]
    assert len(blocks) > 15
    for block in blocks:
        clean, robust, gap = (block[name]["value"] for name in ("clean", "robust", "gap"))
        assert gap == pytest.approx(robust - clean, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("kind", ["changed", "survived"])
def test_what_an_attack_could_not_change_or_the_tokenizer_undid_never_counts_as_a_pass(
    tmp_path: Path, kind: str
) -> None:
    """The model is right on every no-op and wrong on every real edit: robust accuracy is nought."""
    touched = np.arange(100) < 40
    planted = Planted({"hi": Part(np.ones(100))}, {("hi", "typo", 0.1, 0): Part(~touched, **{kind: touched})})
    task = scored(tmp_path, planted)
    row = task["languages"]["hi"]
    assert (row["robust"]["value"], row["worst"]["value"], row["success"]["value"]) == (0, 0, 1)
    assert row["accuracy"]["value"] == 1
    (cell,) = task["cells"]
    assert cell["judged"] == row["robust"]["n"] == 40
    assert (cell["unchanged"], cell["folded"]) == ((60, 0) if kind == "changed" else (0, 60))


def test_success_counts_only_examples_that_were_right_when_clean(tmp_path: Path) -> None:
    clean = np.repeat([1, 1, 0, 0], 25)
    robust = np.repeat([1, 0, 1, 0], 25)
    row = scored(tmp_path, Planted({"hi": Part(clean)}, {("hi", "typo", 0.1, 0): Part(robust)}))["languages"]["hi"]
    assert row["success"]["value"] == 0.5
    assert row["success"]["n"] == 50
    assert row["gap"]["value"] == 0


def test_the_worst_case_needs_every_variant_right_and_is_at_most_the_mean(tmp_path: Path) -> None:
    variants = [right(100, 0.8, i) for i in range(3)]
    cells = {("hi", "typo", 0.1, i): Part(part) for i, part in enumerate(variants)}
    row = scored(tmp_path, Planted({"hi": Part(np.ones(100))}, cells))["languages"]["hi"]
    assert row["variants"] == 3
    assert row["worst"]["value"] == pytest.approx(np.min(variants, axis=0).mean())
    assert row["worst"]["value"] < row["robust"]["value"] == pytest.approx(np.mean(variants))


def test_an_example_that_has_nothing_to_score_is_no_failure_in_the_worst_case(tmp_path: Path) -> None:
    """A sentence without entities, and none predicted, adds nothing to an F1; it is no error either."""
    total = np.where(np.arange(60) < 30, 4.0, 0.0)
    cells = {("hi", "typo", 0.1, 0): Part(total / 2, denominator=total)}
    row = scored(tmp_path, Planted({"hi": Part(total, denominator=total)}, cells))["languages"]["hi"]
    assert row["worst"]["value"] == row["robust"]["value"] == 0.5


def test_figures_of_each_class_are_those_of_its_examples_alone(tmp_path: Path) -> None:
    gold = golds(90)
    clean = np.array([label != "neutral" for label in gold])
    robust = np.array([label == "entailment" for label in gold])
    row = scored(tmp_path, Planted({"hi": Part(clean)}, {("hi", "typo", 0.1, 0): Part(robust)}))["languages"]["hi"]
    found = {label: (one["clean"]["value"], one["robust"]["value"]) for label, one in row["classes"].items()}
    assert found == {"entailment": (1, 1), "neutral": (0, 0), "contradiction": (1, 0)}
    assert row["classes"]["neutral"]["clean"]["n"] == 30


def test_the_share_of_each_predicted_class_is_of_judged_examples(tmp_path: Path) -> None:
    n = 60
    part = Part(np.ones(n), prediction=["neutral"] * 30 + ["entailment"] * 30, changed=np.arange(n) < 30)
    row = scored(tmp_path, Planted({"hi": Part(np.ones(n))}, {("hi", "typo", 0.1, 0): part}))["languages"]["hi"]
    assert {label: one["robust"] for label, one in row["predicted"].items()} == {
        "entailment": 0,
        "neutral": 1,
        "contradiction": 0,
    }
    assert [one["clean"] for one in row["predicted"].values()] == pytest.approx([1 / 3] * 3)


def test_every_cell_says_how_much_reached_the_model(tmp_path: Path) -> None:
    n = 50
    part = Part(np.ones(n), tokens=15, unknown=3, truncated=np.arange(n) < 5)
    part.survived, part.likeness = np.arange(n) < 40, np.where(np.arange(n) < 40, 0.75, 0.0)
    (cell,) = scored(tmp_path, Planted({"hi": Part(np.ones(n), tokens=10, unknown=1)}, {("hi", "typo", 0.1, 0): part}))[
        "cells"
    ]
    assert (cell["token_inflation"], cell["unknown_rate"], cell["unknown_rate_clean"]) == (1.5, 0.2, 0.1)
    assert (cell["rows"], cell["truncated"], cell["used"]) == (50, 5, True)
    assert (cell["likeness"], cell["judged"]) == (0.75, 40), "the mean over what is judged"
    assert cell["changed"] == {"words": 1 / 5, "clusters": 2 / 25, "bytes": 4 / 50, "tokens": 3 / 10}


def test_p_values_of_languages_are_one_holm_family(tmp_path: Path) -> None:
    task = scored(tmp_path, simple(80, {"hi": (0.7, 0.64), "ru": (0.6, 0.58), "en": (0.8, 0.79)}))
    rows = task["languages"].values()
    assert [row["p_holm"] for row in rows] == holm([row["p"] for row in rows])


def test_a_language_that_no_attack_changed_has_no_figure_and_no_test(tmp_path: Path) -> None:
    planted = simple(80, {"hi": (0.7, 0.6), "en": (0.8, 0.7)})
    planted.cells = {key: part for key, part in planted.cells.items() if key[0] == "hi"}
    task = scored(tmp_path, planted)
    row = task["languages"]["en"]
    for value in (
        row["robust"]["value"],
        row["gap"]["low"],
        row["worst"]["value"],
        row["detectable"],
        row["p"],
        row["p_holm"],
    ):
        assert math.isnan(value)
    assert row["accuracy"]["n"] == 80
    assert task["languages"]["hi"]["p_holm"] == task["languages"]["hi"]["p"]


def test_groups_scripts_and_attacks_name_the_languages_they_are_of(tmp_path: Path) -> None:
    planted = simple(60, dict.fromkeys(("hi", "ru", "en", "sw"), (0.7, 0.6)))
    del planted.cells["ru", "swap", 0.1, 0]
    task = scored(tmp_path, planted)
    assert {name: group["languages"] for name, group in task["groups"].items()} == {
        "non-Latin": ["hi", "ru"],
        "Latin": ["en", "sw"],
    }
    assert {name: one["languages"] for name, one in task["scripts"].items()} == {
        "Deva": ["hi"],
        "Cyrl": ["ru"],
        "Latn": ["en", "sw"],
    }
    assert task["attacks"]["swap"]["non-Latin"]["languages"] == ["hi"]
    assert set(task["attacks"]["typo"]["Latin"]["severities"]) == {"0.1"}
    assert set(SCRIPTS) >= set(task["languages"])
    assert task["labels"] == list(LABELS)


def test_scores_are_the_same_every_time_and_whatever_the_order_of_cells(tmp_path: Path) -> None:
    planted = messy(60, 2)
    first = score_run(write(tmp_path / "a", planted))
    shuffled = score_run(write(tmp_path / "b", planted, lambda parts: sorted(parts, key=lambda part: part[0][1:])))
    assert repr(first) == repr(score_run(tmp_path / "a"))
    for code, row in first["tasks"]["xnli"]["languages"].items():
        other = shuffled["tasks"]["xnli"]["languages"][code]
        assert other["gap"]["value"] == pytest.approx(row["gap"]["value"], abs=1e-12, nan_ok=True)


def test_an_attack_on_a_language_is_the_mean_of_its_severities_and_draws_and_says_what_reached(tmp_path: Path) -> None:
    n = 60
    parts = {
        ("hi", "typo", severity, draw): Part(right(n, 0.5, i), survived=right(n, 0.8, 50 + i) > 0, tokens=11 + i)
        for i, (severity, draw) in enumerate([(0.1, 0), (0.1, 1), (0.2, 0)])
    }
    lonely = Part(np.ones(n), changed=np.arange(n) < MIN_EFFECTIVE - 1)
    run = Planted({"hi": Part(right(n, 0.9, 9))}, parts | {("hi", "swap", 0.1, 0): lonely})
    task = score_run(write(tmp_path / "run", run))["tasks"]["xnli"]
    row = task["languages"]["hi"]
    cells = [cell for cell in task["cells"] if cell["attack"] == "typo"]
    typo = row["attacks"]["typo"]
    for figure in ("clean", "robust", "gap"):
        assert typo[figure]["value"] == pytest.approx(np.mean([cell[figure]["value"] for cell in cells]))
    for count in ("rows", "unchanged", "folded", "judged", "truncated"):
        assert typo[count] == sum(cell[count] for cell in cells)
        assert row["audit"][count] == sum(cell[count] for cell in task["cells"])
    assert typo["reached"] == pytest.approx(typo["judged"] / (3 * n))
    judged = [cell["judged"] for cell in cells]
    assert typo["token_inflation"] == pytest.approx(np.average([1.1, 1.2, 1.3], weights=judged))
    assert (typo["used"], row["attacks"]["swap"]["used"]) == (True, False)
    assert math.isnan(row["attacks"]["swap"]["gap"]["value"])


def test_the_change_of_a_class_is_robust_minus_clean_with_an_interval_of_its_own_and_groups_pool_it(
    tmp_path: Path,
) -> None:
    run = simple(120, {"hi": (0.8, 0.5), "ru": (0.7, 0.6), "en": (0.9, 0.7)})
    task = score_run(write(tmp_path / "run", run))["tasks"]["xnli"]
    for row in (*task["languages"].values(), *task["groups"].values()):
        for one in row["classes"].values():
            assert one["gap"]["value"] == pytest.approx(one["robust"]["value"] - one["clean"]["value"])
            assert one["gap"]["low"] < one["gap"]["value"] < one["gap"]["high"]
    gold = golds(120)
    for label in LABELS:
        mine = np.array([one == label for one in gold])
        of = [part.right[mine].mean() for (code, *_), part in run.cells.items() if code in ("hi", "ru")]
        assert task["groups"]["non-Latin"]["classes"][label]["robust"]["value"] == pytest.approx(np.mean(of))


def test_the_interval_of_a_change_is_that_of_both_drawn_together() -> None:
    rng = np.random.default_rng(3)
    before, after = ((rng.random(80) < share).astype(float) for share in (0.8, 0.6))
    ones = np.ones(80)
    figure = change_figure(bootstrap_weights(80), (before, ones), (after, ones))
    drawn = bootstrap_weights(80).astype(float) @ (after - before) / 80
    assert (figure.low, figure.high) == pytest.approx(tuple(np.quantile(drawn, [0.025, 0.975])), abs=1e-6)
    assert math.isnan(change_figure(bootstrap_weights(80), (before, 0 * ones), (after, ones)).value)


def test_likeness_is_not_known_where_the_suite_did_not_record_it(tmp_path: Path) -> None:
    task = scored(tmp_path, simple(20, {"hi": (0.7, 0.6)}))
    assert all(np.isnan(cell["likeness"]) for cell in task["cells"])
