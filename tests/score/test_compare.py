"""Two runs on the same items: pairing, signs, refusals, and a verdict that claims no more than the figures do."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests
from synthetic import Part, Planted, right, simple, write

from robustx.errors import RunError
from robustx.score.compare import compare_runs, verdict
from robustx.score.resample import holm, mcnemar_exact

FOUR = {"hi": (0.7, 0.5), "ru": (0.6, 0.5), "en": (0.8, 0.7), "sw": (0.6, 0.55)}


def compared(folder: Path, first: Planted, second: Planted) -> dict[str, Any]:
    return compare_runs(write(folder / "a", first), write(folder / "b", second))["tasks"]["xnli"]


def blocks(task: dict[str, Any]) -> list[dict[str, Any]]:
    return [*task["languages"].values(), *task["groups"].values()]


def test_the_difference_in_differences_is_made_of_the_four_accuracies(tmp_path: Path) -> None:
    task = compared(tmp_path, simple(90, FOUR), simple(90, FOUR, seed=1))
    for block in blocks(task):
        gaps = [block["gap"][side]["value"] for side in ("baseline", "candidate")]
        assert block["did"]["value"] == pytest.approx(gaps[1] - gaps[0], abs=1e-12)
        clean = [block["clean"][side]["value"] for side in ("baseline", "candidate")]
        robust = [block["robust"][side]["value"] for side in ("baseline", "candidate")]
        assert block["did"]["value"] == pytest.approx((robust[1] - clean[1]) - (robust[0] - clean[0]), abs=1e-12)
        assert block["robust"]["difference"]["value"] == pytest.approx(robust[1] - robust[0], abs=1e-12)


def test_exchanging_the_runs_turns_every_sign_and_keeps_every_p_value(tmp_path: Path) -> None:
    first, second = write(tmp_path / "a", simple(90, FOUR)), write(tmp_path / "b", simple(90, FOUR, seed=1))
    there, back = (compare_runs(*pair)["tasks"]["xnli"] for pair in ((first, second), (second, first)))
    for one, other in zip([*blocks(there), there["contrast"]], [*blocks(back), back["contrast"]], strict=True):
        for name in ("did_p", "robust_p", "clean_p", "did_p_holm"):
            assert one.get(name) == other.get(name)
        assert one["did"]["value"] == pytest.approx(-other["did"]["value"], abs=1e-12)
        assert (one["did"]["low"], one["did"]["high"]) == pytest.approx(
            (-other["did"]["high"], -other["did"]["low"]), abs=1e-6
        )
    assert [cell["p"] for cell in there["cells"]] == [cell["p"] for cell in back["cells"]]
    assert [cell["only_baseline"] for cell in there["cells"]] == [cell["only_candidate"] for cell in back["cells"]]


def test_a_run_against_itself_differs_in_nothing_and_claims_nothing(tmp_path: Path) -> None:
    task = compared(tmp_path, simple(90, FOUR), simple(90, FOUR, model="the same under another name"))
    for block in blocks(task):
        assert (block["did"]["value"], block["did"]["low"], block["did"]["high"]) == (0, 0, 0)
        assert block["did_p"] == block["robust_p"] == block["clean_p"] == 1.0
        assert math.isnan(block["detectable"]["did"])
    assert all(cell["p"] == 1.0 for cell in task["cells"])
    assert "no difference in robust accuracy was shown" in task["verdict"]
    assert "could have been seen" not in task["verdict"]


def test_runs_of_other_texts_are_refused_with_both_signatures(tmp_path: Path) -> None:
    first = write(tmp_path / "a", simple(30, FOUR))
    second = write(tmp_path / "b", simple(30, FOUR, texts="others"))
    with pytest.raises(RunError, match="not of the same texts") as error:
        compare_runs(first, second)
    assert "texts:texts" in str(error.value)
    assert "texts:others" in str(error.value)


def test_a_cell_is_judged_on_the_examples_that_reached_both_models(tmp_path: Path) -> None:
    n = 60
    runs = []
    for seen in (np.arange(n) < 40, np.arange(n) >= 20):
        runs.append(Planted({"hi": Part(np.ones(n))}, {("hi", "typo", 0.1, 0): Part(~seen, survived=seen)}))
    task = compared(tmp_path, *runs)
    (cell,) = task["cells"]
    assert cell["n"] == 20
    row = task["languages"]["hi"]
    assert row["robust"]["baseline"]["value"] == row["robust"]["candidate"]["value"] == 0
    assert row["robust"]["baseline"]["n"] == 20


def test_pairing_is_by_uid_and_key_whatever_the_order_the_runs_were_written_in(tmp_path: Path) -> None:
    """Runs of one suite built with its languages in another order hold the same texts in another order."""
    first, second = simple(90, FOUR), simple(90, FOUR, seed=1)
    for planted in (first, second):
        planted.clean["hi"].rows = np.arange(90) != 0
        for key, part in planted.cells.items():
            if key[0] == "hi":
                part.rows = np.arange(90) != 0
    a, b = write(tmp_path / "a", first), write(tmp_path / "b", second)
    turned = write(tmp_path / "turned", second, lambda parts: parts[::-1])
    assert repr(compare_runs(a, turned)["tasks"]) == repr(compare_runs(a, b)["tasks"])


def test_clean_accuracy_is_compared_by_exact_mcnemar_on_all_examples(tmp_path: Path) -> None:
    a, b = right(90, 0.5, 1), right(90, 0.7, 2)
    task = compared(tmp_path, Planted({"hi": Part(a)}), Planted({"hi": Part(b)}))
    row = task["languages"]["hi"]
    lost, won = int(((a > 0) & (b == 0)).sum()), int(((b > 0) & (a == 0)).sum())
    assert (row["clean_only_baseline"], row["clean_only_candidate"]) == (lost, won)
    assert row["clean_p"] == mcnemar_exact(lost, won)
    assert row["clean"]["difference"]["value"] == pytest.approx((won - lost) / 90)


def test_p_values_are_corrected_within_languages_and_within_cells(tmp_path: Path) -> None:
    task = compared(tmp_path, simple(90, FOUR), simple(90, FOUR, seed=1))
    for name in ("clean_p", "robust_p", "did_p"):
        rows = task["languages"].values()
        assert [row[f"{name}_holm"] for row in rows] == holm([row[name] for row in rows])
    assert [cell["p_holm"] for cell in task["cells"]] == holm([cell["p"] for cell in task["cells"]])


def planted_pair(
    losses: tuple[float, float], latin_losses: tuple[float, float], accuracy: float = 0.8, n: int = 300
) -> list[Planted]:
    """Two runs with the same clean predictions that lose a share of the right ones under attack."""
    runs = []
    for side in (0, 1):
        clean, cells = {}, {}
        for i, code in enumerate(("hi", "ru", "ar", "en", "sw")):
            base = right(n, accuracy, i)
            lost = (latin_losses if code in ("en", "sw") else losses)[side]
            clean[code] = Part(base)
            cells[code, "typo", 0.1, 0] = Part(base * right(n, 1 - lost, 100 * side + 10 + i))
        runs.append(Planted(clean, cells))
    return runs


@pytest.mark.parametrize(
    ("losses", "latin", "says", "never"),
    [
        ((0.4, 0.2), (0.1, 0.1), r"higher .*smaller .*better in non-Latin", "worse|lower|larger"),
        ((0.2, 0.4), (0.1, 0.1), r"lower .*larger .*worse in non-Latin", "better|higher|smaller"),
        ((0.1, 0.1), (0.4, 0.1), r"worse in non-Latin", "higher|lower|smaller|larger|better"),
        ((0.4, 0.2), (0.4, 0.2), r"higher .*smaller .*No difference in that", "better|worse"),
        (
            (0.2, 0.2),
            (0.2, 0.2),
            r"no difference .*no difference .*No difference",
            "better|worse|higher|lower|smaller|larger",
        ),
    ],
)
def test_the_verdict_says_what_was_planted_and_no_more(
    tmp_path: Path, losses: tuple[float, float], latin: tuple[float, float], says: str, never: str
) -> None:
    verdict = compared(tmp_path, *planted_pair(losses, latin))["verdict"]
    assert re.search(says, verdict), verdict
    assert not re.search(never, verdict), verdict


@pytest.mark.parametrize("robust_p", [0.001, 0.02, 0.03, 0.06, 0.2])
@pytest.mark.parametrize("did_p", [0.001, 0.02, 0.03, 0.06, 0.2])
@pytest.mark.parametrize("contrast_p", [None, 0.001, 0.02, 0.03, 0.06])
def test_the_verdict_claims_only_what_is_significant_after_holm_over_its_tests(
    robust_p: float, did_p: float, contrast_p: float | None
) -> None:
    one = {"value": 0.04, "low": 0.01, "high": 0.07, "n": 90}
    main = {"robust": {"difference": one}, "did": one, "robust_p": robust_p, "did_p": did_p}
    main["detectable"] = {"robust": 0.03, "did": 0.03}
    contrast = None if contrast_p is None else {"did": one, "did_p": contrast_p}
    said = verdict({"non-Latin": main}, contrast)
    adjusted = multipletests([p for p in (robust_p, did_p, contrast_p) if p is not None], method="holm")[1]
    words = ("higher", "smaller", "better")[: len(adjusted)]
    assert [word in said for word in words] == [p < 0.05 for p in adjusted]
    assert len(re.findall("(?i)no difference", said)) == sum(p >= 0.05 for p in adjusted)


def test_a_verdict_gives_the_smallest_difference_that_could_have_been_seen(tmp_path: Path) -> None:
    task = compared(tmp_path, *planted_pair((0.2, 0.2), (0.2, 0.2)))
    size = task["groups"]["non-Latin"]["detectable"]["did"]
    assert f"{size * 100:.1f} points could have been seen" in task["verdict"]


def test_the_contrast_is_non_latin_minus_latin(tmp_path: Path) -> None:
    task = compared(tmp_path, *planted_pair((0.3, 0.1), (0.2, 0.15)))
    groups, contrast = task["groups"], task["contrast"]
    assert contrast["did"]["value"] == pytest.approx(
        groups["non-Latin"]["did"]["value"] - groups["Latin"]["did"]["value"]
    )


def test_without_an_attack_on_latin_languages_there_is_no_contrast_and_no_word_of_one(tmp_path: Path) -> None:
    runs = planted_pair((0.4, 0.2), (0.1, 0.1))
    for run in runs:
        run.cells = {key: part for key, part in run.cells.items() if key[0] not in ("en", "sw")}
    task = compared(tmp_path, *runs)
    assert task["contrast"] is None
    assert "Latin ones" not in task["verdict"]
    assert math.isnan(task["groups"]["Latin"]["did"]["value"])
    assert math.isnan(task["languages"]["en"]["did_p_holm"])
    assert task["languages"]["en"]["clean"]["baseline"]["value"] > 0.7


def test_where_nothing_was_judged_the_verdict_says_so(tmp_path: Path) -> None:
    runs = planted_pair((0.4, 0.2), (0.1, 0.1))
    for run in runs:
        for part in run.cells.values():
            part.changed = False
    assert "nothing can be said" in compared(tmp_path, *runs)["verdict"]


def test_flags_of_both_runs_are_kept_with_the_run_they_are_of(tmp_path: Path) -> None:
    task = compared(tmp_path, simple(90, FOUR), simple(90, FOUR | {"hi": (0.3, 0.2)}, facts={"repeatable": False}))
    found = {(flag["where"], flag["kind"], flag["run"]) for flag in task["flags"]}
    assert found == {("hi", "chance", "candidate"), ("run", "unrepeatable", "candidate")}


def test_metrics_whose_denominators_differ_between_the_models_are_compared_as_ratios_of_sums(tmp_path: Path) -> None:
    n, rng = 200, np.random.default_rng(0)
    runs = []
    for clean_rate, robust_rate, low in ((0.6, 0.5, 3), (0.8, 0.75, 5)):
        parts = []
        for rate in (clean_rate, robust_rate):
            total = rng.integers(low, 9, n).astype(float)
            parts.append(Part(rng.binomial(total.astype(int), rate), denominator=total))
        runs.append(Planted({"hi": parts[0]}, {("hi", "typo", 0.1, 0): parts[1]}))
    task = compared(tmp_path, *runs)
    group = task["groups"]["non-Latin"]
    a, b = (run.cells["hi", "typo", 0.1, 0] for run in runs)
    wanted = b.right.sum() / b.denominator.sum() - a.right.sum() / a.denominator.sum()
    assert group["robust"]["difference"]["value"] == pytest.approx(wanted, abs=1e-12)
    assert group["clean_p"] < 0.001
    assert group["robust_p"] < 0.001


def test_equal_rates_under_other_denominators_are_no_difference_in_clean_scores(tmp_path: Path) -> None:
    """A model that predicts twice the chunks at the same rate scores the same: its sums are larger, its ratio is not."""
    n = 120
    first, second = (Planted({"hi": Part(np.full(n, half), denominator=2 * half)}) for half in (1.0, 2.0))
    group = compared(tmp_path, first, second)["groups"]["non-Latin"]
    assert group["clean"]["difference"]["value"] == 0
    assert group["clean_p"] == 1.0
