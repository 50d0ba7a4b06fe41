"""What a person reads: it fits, it is inert whatever a model is called, and it says what is missing."""

from __future__ import annotations

import contextlib
import io
import re
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import RenderableType
from synthetic import Part, Planted, right, simple, write

from robustx.report.terminal import (
    comparison_report,
    console,
    figure,
    p_value,
    percent,
    run_report,
)
from robustx.score.compare import compare_runs
from robustx.score.scores import score_run

FIVE = {"ar": (0.7, 0.5), "hi": (0.36, 0.3), "ru": (0.35, 0.3), "en": (0.8, 0.7), "sw": (0.6, 0.55)}
NAN = float("nan")


def printed(report: RenderableType) -> str:
    """What lands in a pipe."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        console().print(report)
    return out.getvalue()


def several(seed: int, **facts: Any) -> Planted:
    """Three severities, long attack names, and one attack that leaves most examples alone."""
    planted = simple(150, FIVE, ("marks-confused", "imperceptible"), seed=seed, **facts)
    for key, part in list(planted.cells.items()):
        if key[1] == "imperceptible":
            part.survived = np.arange(150) < 60
        else:
            for severity in (0.05, 0.2, 0.25):
                planted.cells[*key[:2], severity, 0] = Part(part.right * right(150, 0.9, 7))
    return planted


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    root = tmp_path_factory.mktemp("runs")
    return write(root / "a", several(0, model="demo:direct")), write(root / "b", several(1, model="demo:anli"))


@pytest.fixture(scope="module")
def run_text(folders: tuple[Path, Path]) -> str:
    return printed(run_report(score_run(folders[0])))


@pytest.fixture(scope="module")
def comparison_text(folders: tuple[Path, Path]) -> str:
    return printed(comparison_report(compare_runs(*folders)))


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_both_reports_fit_a_hundred_columns_and_nothing_is_cut_short(run_text: str, comparison_text: str) -> None:
    for text in (run_text, comparison_text):
        assert max(map(len, text.splitlines())) <= 100
        assert "…" not in text


def test_a_comparison_fits_even_with_figures_of_many_digits(folders: tuple[Path, Path]) -> None:
    comparison = compare_runs(*folders)
    sure = {"value": 1.0, "low": 1.0, "high": 1.0, "n": 9}
    wide = {"value": -0.9, "low": -0.999, "high": -0.801, "n": 9}

    def widen(one: Any, name: str = "") -> Any:
        if isinstance(one, dict) and "low" in one:
            return sure if name in ("baseline", "candidate") else wide
        return {key: widen(value, key) for key, value in one.items()} if isinstance(one, dict) else one

    text = printed(comparison_report(widen(comparison)))
    assert "100.0  100.0  -90.0 ±9.9" in text
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= 100


def test_nothing_but_plain_text_goes_into_a_pipe(run_text: str, comparison_text: str) -> None:
    for text in (run_text, comparison_text):
        assert "\x1b" not in text


HOSTILE = [
    "\x1b[2J\x1b[31mred",
    "two\nlines\rback",
    "bidi\u202eevil\u2066x",
    "[red]not markup[/red] [bold",
    ":boom: emoji",
    "\x9b31m\x07\x08",
    "\u200b\u2028zero",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_model_name_comes_out_inert(tmp_path: Path, name: str) -> None:
    facts = {
        "suite.id": name,
        "suite.data": {"xnli": name},
        "suite.skipped": 1,
        "suite.skipped_first": [[name, 1, name]],
    }
    first = write(tmp_path / "a", simple(40, {"hi": (0.8, 0.7), "en": (0.8, 0.7)}, model=name, facts=facts))
    second = write(tmp_path / "b", simple(40, {"hi": (0.8, 0.7), "en": (0.8, 0.7)}, model=name, seed=1))
    for report in (run_report(score_run(first)), comparison_report(compare_runs(first, second))):
        text = printed(report)
        assert {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")} <= {"\n"}
        if name.isprintable():
            assert squeezed(text).count(name) >= 2


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_attack_and_language_names_of_a_shared_run_come_out_inert(
    folders: tuple[Path, Path], name: str
) -> None:
    scores = score_run(folders[0])
    task = scores["tasks"]["xnli"]
    task["attacks"] = {name: next(iter(task["attacks"].values()))}
    scores["languages"]["hi"]["name"] = name
    task["flags"] = [{"where": name, "kind": "chance", "text": name}]
    text = printed(run_report(scores))
    assert {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")} <= {"\n"}


def test_figures_are_percentages_with_half_the_width_of_their_interval() -> None:
    assert figure({"value": 0.574, "low": 0.478, "high": 0.67}) == "57.4 ±9.6"
    assert figure({"value": -0.037, "low": -0.066, "high": -0.008}, sign=True) == "-3.7 ±2.9"
    assert percent(0.021, sign=True) == "+2.1"


def test_what_is_no_number_shows_as_a_dash_and_an_untested_p_value_as_nothing() -> None:
    assert percent(NAN) == "–"
    assert figure({"value": NAN, "low": NAN, "high": NAN}) == "–"
    assert p_value(NAN) == ""


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0001, "p<.001"), (0.034, "p=.034"), (0.5, "p=.500"), (1.0, "p>.999"), (0.9996, "p>.999"), (0.999, "p=.999")],
)
def test_p_values_are_written_without_a_leading_nought_and_never_as_certainty(value: float, shown: str) -> None:
    assert p_value(value) == shown


def test_a_language_without_judged_examples_shows_dashes_in_both_reports(tmp_path: Path) -> None:
    runs = []
    for seed in (0, 1):
        planted = simple(40, {"hi": (0.8, 0.7), "en": (0.8, 0.7)}, seed=seed)
        planted.cells = {key: part for key, part in planted.cells.items() if key[0] == "hi"}
        runs.append(write(tmp_path / str(seed), planted))
    for report in (run_report(score_run(runs[0])), comparison_report(compare_runs(*runs))):
        text = printed(report)
        (row,) = [line for line in text.splitlines() if re.match(r"(English )?en ", line)]
        assert row.count("–") >= 3
        assert "nan" not in text


def test_flags_with_the_same_words_are_one_line_over_languages(run_text: str) -> None:
    assert "! hi, ru: clean accuracy is not above chance; its gap means nothing" in run_text
    assert "! imperceptible on ar, hi, ru, en, sw: 90 of 150 edits never reached the model" in squeezed(run_text)


def test_a_comparison_says_of_which_run_a_flag_is(tmp_path: Path) -> None:
    first = write(tmp_path / "a", simple(90, {"hi": (0.3, 0.2), "ru": (0.3, 0.2), "en": (0.8, 0.7)}))
    second = write(tmp_path / "b", simple(90, {"hi": (0.3, 0.2), "ru": (0.8, 0.7), "en": (0.8, 0.7)}, seed=1))
    text = printed(comparison_report(compare_runs(first, second)))
    assert "! hi (baseline and candidate): clean accuracy is not above chance" in text
    assert "! ru (baseline): clean accuracy is not above chance" in text


def test_a_spoiled_language_is_marked_beside_its_figures(run_text: str, comparison_text: str) -> None:
    (row,) = [line for line in run_text.splitlines() if line.startswith("Hindi hi")]
    assert row.rstrip().endswith("!")
    assert re.search(r"^hi ! ", comparison_text, re.MULTILINE)
    assert re.search(r"^en  ", comparison_text, re.MULTILINE)


def test_many_flags_are_cut_with_a_count_and_those_of_no_ops_go_last(folders: tuple[Path, Path]) -> None:
    scores = score_run(folders[0])
    no_ops = [{"where": f"typo on x{i}", "kind": "no-op", "text": f"{i} of 99"} for i in range(20)]
    scores["tasks"]["xnli"]["flags"] = [*no_ops, {"where": "hi", "kind": "chance", "text": "at chance"}]
    lines = [line.rstrip() for line in printed(run_report(scores)).splitlines() if line.startswith("!")]
    assert lines[0] == "! hi: at chance"
    assert len(lines) == 13
    assert lines[-1] == "! and 9 more; --json has them all"


def test_reports_carry_signatures_verdict_and_the_smallest_difference_that_could_be_seen(
    folders: tuple[Path, Path], run_text: str, comparison_text: str
) -> None:
    assert score_run(folders[0])["signature"] in run_text
    comparison = compare_runs(*folders)
    for side in ("baseline", "candidate"):
        assert comparison[side]["signature"] in comparison_text
    assert squeezed(comparison["tasks"]["xnli"]["verdict"]) in squeezed(comparison_text)
    assert "smallest true difference that 80% power finds" in run_text
    assert "smallest true difference that 80% power finds" in comparison_text


def test_every_column_is_explained_below_its_table(run_text: str, comparison_text: str) -> None:
    for word in ("accuracy:", "clean and robust:", "worst:", "flipped:", "±:", "p:"):
        assert word in squeezed(run_text)
    for word in ("clean:", "robust:", "gap B-A:", "contrast:", "p:"):
        assert word in squeezed(comparison_text)
    assert "(A, baseline)" in comparison_text
    assert "(B, candidate)" in comparison_text


def test_severities_are_shown_with_the_gap_at_each(run_text: str) -> None:
    rows = squeezed(run_text.replace("\N{NO-BREAK SPACE}", " "))
    assert re.search(
        r"marks-confused Latin \(2\) .*0\.05: [-+]\d+\.\d 0\.1: [-+]\d+\.\d 0\.2: [-+]\d+\.\d 0\.25: [-+]\d+\.\d", rows
    )


def test_likeness_stands_in_the_table_of_attacks_where_the_suite_recorded_it(tmp_path: Path) -> None:
    planted = simple(60, FIVE, seed=5)
    write(tmp_path / "plain", planted)
    for part in planted.cells.values():
        part.likeness = 0.875
    write(tmp_path / "looked", planted)
    plain, looked = (printed(run_report(score_run(tmp_path / name))) for name in ("plain", "looked"))
    assert "alike" not in plain
    assert "alike: how alike the drawn text still looks" in " ".join(looked.split())
    assert "87.5" in looked
