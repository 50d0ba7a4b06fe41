"""Figures as words: numbers as they are written, and a headline that claims no more than the figures do."""

from __future__ import annotations

from typing import Any

import pytest

from robustx.report.words import margin, points, run_headline, share, signed, span, times

NAN = float("nan")


def group(value: float, p: float, detectable: float = 0.03, languages: int = 3) -> dict[str, Any]:
    gap = {"value": value, "low": value - 0.02, "high": value + 0.02, "n": 100}
    figure = {"low": 0.5, "high": 0.7, "n": 100}
    return {
        "languages": ["hi"] * languages,
        "accuracy": {"value": 0.61, **figure},
        "clean": {"value": 0.6, **figure},
        "robust": {"value": 0.6 + value, **figure},
        "gap": gap,
        "p": p,
        "detectable": detectable,
    }


def headline(**groups: dict[str, Any]) -> str:
    return run_headline({"groups": groups, "attacks": {"typo": {}}, "metric": "accuracy"})


def test_a_loss_that_was_shown_is_given_with_its_interval_and_p() -> None:
    assert headline(Latin=group(-0.05, 0.0004)) == (
        "Over 3 Latin languages, the attacks cost 5.0 points of accuracy, from 60.0 to 55.0 "
        "(95% interval −7.0 to −3.0, p<.001)."
    )


def test_a_loss_that_was_not_shown_is_not_claimed_and_what_could_have_been_seen_is_said() -> None:
    assert headline(Latin=group(-0.01, 0.3)) == (
        "Over 3 Latin languages, no loss was shown: −1.0 points "
        "(95% interval −3.0 to +1.0, p=.300; 3.0 points could have been seen)."
    )


def test_a_gain_is_no_loss() -> None:
    assert "the attacks added 5.0 points of accuracy, from 60.0 to 65.0" in headline(Latin=group(0.05, 0.01))


@pytest.mark.parametrize("nothing", [NAN, None])
def test_where_nothing_could_be_judged_nothing_is_said(nothing: float | None) -> None:
    row = group(-0.05, 0.01) | {"gap": dict.fromkeys(("value", "low", "high"), nothing)}
    assert headline(Latin=row) == "Over 3 Latin languages, no attack changed enough examples to say anything."


def test_each_group_has_its_sentence_and_one_language_is_one() -> None:
    told = run_headline(
        {
            "groups": {"non-Latin": group(-0.05, 0.01), "Latin": group(0.0, 0.9, NAN, 1)},
            "attacks": {"a": {}},
            "metric": "F1",
        }
    )
    assert told.count("Over ") == 2
    assert "points of F1" in told
    assert "Over 1 Latin language, no loss was shown: 0.0 points" in told
    assert "could have been seen" not in told


def test_a_suite_without_attacks_says_so() -> None:
    told = run_headline({"groups": {"Latin": group(0, 1)}, "attacks": {}, "metric": "accuracy"})
    assert told == "Clean accuracy is 61.0 over 3 Latin languages; this suite attacks nothing."


@pytest.mark.parametrize(
    ("value", "shown"), [(0.021, "+2.1"), (-0.037, "−3.7"), (-0.0001, "0.0"), (0, "0.0"), (NAN, "–"), (None, "–")]
)
def test_differences_have_a_sign_but_for_nothing(value: float | None, shown: str) -> None:
    assert signed(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0%"),
        (0.0004, "0.0%"),
        (0.004, "0.4%"),
        (0.83, "83%"),
        (0.997, "99.7%"),
        (1.0, "100%"),
        (NAN, "–"),
        (None, "–"),
    ],
)
def test_shares_are_whole_percents_where_that_hides_nothing(value: float | None, shown: str) -> None:
    assert share(value) == shown


def test_intervals_are_written_in_points() -> None:
    figure = {"value": 0.574, "low": 0.478, "high": 0.67}
    assert (points(figure["value"]), margin(figure), span(figure)) == ("57.4", "±9.6", "47.8 to 67.0")
    assert margin({"low": None, "high": None}) == ""
    assert (times(1.114), times(None)) == ("×1.11", "–")
