"""Figures as words: how numbers are written in pages and tables, and the one sentence a run comes down to."""

from __future__ import annotations

import math
from typing import Any

from robustx.text.display import visible

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


def capital(metric: str) -> str:
    """The name of a metric at the beginning of a heading."""
    return metric[:1].upper() + metric[1:]


def times(value: float | None) -> str:
    """``×1.11``."""
    return f"×{value:.2f}" if value is not None and known(value) else DASH


def edits(count: int | str) -> str:
    """``1 edit`` or ``3 edits``."""
    return f"{count} edit{'' if str(count) == '1' else 's'}"


def search_words(strategy: str, budget: int, queries: int | None) -> str:
    """``greedy search, at most 3 edits, 40 queries``; the strategy is made visible."""
    asked = "" if queries is None else f", {queries:,} queries"
    return f"{visible(strategy)} search, at most {edits(budget)}{asked}"


def p_value(value: float | None) -> str:
    """``p<.001``, ``p=.034``, ``p>.999``, or nothing where nothing was tested."""
    if value is None or math.isnan(value):
        return ""
    if value >= 0.9995:
        return "p>.999"
    return "p<.001" if value < 0.001 else f"p={value:.3f}".replace("0.", ".", 1)


def run_headline(task: dict[str, Any]) -> str:
    """One plain sentence or two on a run's task that claim no more than its figures do."""
    groups = task["groups"]
    if "search" in task and task["attacks"]:
        return " ".join(_fall(name, row, task) for name, row in groups.items())
    if not task["attacks"]:
        told = [f"{points(row['accuracy']['value'])} over {_languages(name, row)}" for name, row in groups.items()]
        return f"Clean {task['metric']} is {' and '.join(told)}; this suite attacks nothing."
    sentences = [_loss(name, row, task["metric"]) for name, row in groups.items()]
    return " ".join(sentences)


def _fall(name: str, row: dict[str, Any], task: dict[str, Any]) -> str:
    """What the worst case over all attacks leaves, with the most edits."""
    search, where = task["search"], _languages(name, row)
    steps = search["groups"].get(name, {})
    if not steps or not known(steps[max(steps, key=float)]["worst"]["value"]):
        return f"Over {where}, no attack changed enough examples to say anything."
    most = max(steps, key=float)
    clean, worst = steps[most]["clean"], steps[most]["worst"]
    sought = f"{visible(search['strategy'])} search with at most {edits(most)}"
    article = "An" if sought[:1] in "aeiou" else "A"
    return (
        f"{article} {sought} brings {task['metric']} over {where} from {points(clean['value'])} to {points(worst['value'])} "
        f"(95% interval {span(worst)})."
    )


def _loss(name: str, row: dict[str, Any], metric: str) -> str:
    gap, where = row["gap"], _languages(name, row)
    if not known(gap["value"]):
        return f"Over {where}, no attack changed enough examples to say anything."
    interval = f"95% interval {span(gap, sign=True)}, {p_value(row['p'])}"
    if known(row["p"]) and row["p"] < ALPHA:
        done = "cost" if gap["value"] < 0 else "added"
        moved = f"from {points(row['clean']['value'])} to {points(row['robust']['value'])}"
        return f"Over {where}, the attacks {done} {points(abs(gap['value']))} points of {metric}, {moved} ({interval})."
    seen = f"; {points(row['detectable'])} points could have been seen" if known(row["detectable"]) else ""
    return f"Over {where}, no loss was shown: {signed(gap['value'])} points ({interval}{seen})."


def driven(average: dict[str, Any]) -> str:
    """What the mean over tasks is of, and which of them make most of its change."""
    count = len(average["tasks"])
    said = f"The mean over {count} tasks weighs tasks alike, whatever their metrics, languages and examples."
    if not average["whole"]:
        said += " It is not XTREME's average, which is over nine."
    if not average["attacked"]:
        return said
    parts = [f"{task} {signed(value)}" for task, value in average["drives"].items()]
    return f"{said} Of the change of {signed(average['gap']['value'])} points: {', '.join(parts)}."


def _languages(name: str, row: dict[str, Any]) -> str:
    count = len(row["languages"])
    return f"{count} {name} language{'s' if count != 1 else ''}"
