"""Figures as words: how numbers are written in pages and tables, and the one sentence a run comes down to."""

from __future__ import annotations

import math
from typing import Any

from robustx.report.terminal import p_value

ALPHA = 0.05
DASH = "–"
MINUS = "\N{MINUS SIGN}"


def known(value: float | None) -> bool:
    """Whether there is a number: neither NaN nor the null that JSON has for it."""
    return value is not None and math.isfinite(value)


def points(value: float | None) -> str:
    """``57.4``: a share in percent, or a difference of shares in points, without its sign."""
    return f"{value * 100:.1f}".replace("-", MINUS) if value is not None and known(value) else DASH


def signed(value: float | None) -> str:
    """``+2.1``, ``−3.7`` or ``0.0``, in points."""
    if value is None or not known(value):
        return DASH
    written = f"{value * 100:+.1f}"
    return "0.0" if float(written) == 0 else written.replace("-", MINUS)


def margin(figure: dict[str, Any]) -> str:
    """``±9.6``: half the width of the interval, in points; nothing where there is none."""
    low, high = figure["low"], figure["high"]
    return f"±{(high - low) * 50:.1f}" if known(low) and known(high) else ""


def span(figure: dict[str, Any], sign: bool = False) -> str:
    """``47.8 to 67.0``: the interval, in points."""
    write = signed if sign else points
    return f"{write(figure['low'])} to {write(figure['high'])}"


def share(value: float | None) -> str:
    """``83%``; one digit more where a whole percent would hide that there is something."""
    if value is None or not known(value):
        return DASH
    return f"{value:.1%}" if 0 < value < 0.1 or 0.995 <= value < 1 else f"{value:.0%}"


def times(value: float | None) -> str:
    """``×1.11``."""
    return f"×{value:.2f}" if value is not None and known(value) else DASH


def run_headline(task: dict[str, Any]) -> str:
    """One plain sentence or two on a run's task that claim no more than its figures do."""
    groups = task["groups"]
    if not task["attacks"]:
        told = [f"{points(row['accuracy']['value'])} over {_languages(name, row)}" for name, row in groups.items()]
        return f"Clean accuracy is {' and '.join(told)}; this suite attacks nothing."
    sentences = [_loss(name, row) for name, row in groups.items()]
    return " ".join(sentences)


def _loss(name: str, row: dict[str, Any]) -> str:
    gap, where = row["gap"], _languages(name, row)
    if not known(gap["value"]):
        return f"Over {where}, no attack changed enough examples to say anything."
    interval = f"95% interval {span(gap, sign=True)}, {p_value(row['p'])}"
    if known(row["p"]) and row["p"] < ALPHA:
        done = "cost" if gap["value"] < 0 else "added"
        moved = f"from {points(row['clean']['value'])} to {points(row['robust']['value'])}"
        return f"Over {where}, the attacks {done} {points(abs(gap['value']))} points of accuracy, {moved} ({interval})."
    seen = f"; {points(row['detectable'])} points could have been seen" if known(row["detectable"]) else ""
    return f"Over {where}, no loss was shown: {signed(gap['value'])} points ({interval}{seen})."


def _languages(name: str, row: dict[str, Any]) -> str:
    count = len(row["languages"])
    return f"{count} {name} language{'s' if count != 1 else ''}"
