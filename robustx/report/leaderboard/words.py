"""How a board's parts are put in words: views, ranks, tie letters, figures, suites."""

from __future__ import annotations

import math
from string import ascii_lowercase
from typing import Any

import numpy.typing as npt

from robustx.report import words
from robustx.score.board import Board, Standing
from robustx.score.effort import Effort
from robustx.score.submission import Search
from robustx.score.views import ALL, CLEAN, View
from robustx.text.display import visible

DASH = "–"


def view_words(board: Board, view: View) -> str:
    """``non-Latin languages, all attacks`` or ``Hindi, keyboard at severity 0.2``."""
    attack = {ALL: "all attacks", CLEAN: "no attack"}.get(view.attack, visible(view.attack))
    severity = "" if view.severity == ALL else f" {severity_words(board, view.severity)}"
    return f"{place_words(board, view.where)}, {attack}{severity}"


def severity_words(board: Board, severity: str) -> str:
    """``at severity 0.2``, or of a search ``with at most 3 edits``."""
    if board.search is None:
        return f"at severity {severity}"
    return f"with at most {words.edits(severity)}"


def search_words(search: Search) -> str:
    """``greedy search, at most 3 edits, 40 queries``."""
    return words.search_words(search.strategy, search.budget, search.queries)


def effort_words(spent: Effort) -> str:
    """``36 texts were asked about an example that was right, on the mean. Certified: 25.0.``"""
    asked = f"{spent.queries:,.0f}" if math.isfinite(spent.queries) else "No"
    told = f"{asked} texts were asked about an example that was right, on the mean."
    if spent.certified is None:
        return told
    return f"{told} Certified, right under every set of edits: {points(spent.certified)} percent of the examples."


def place_words(board: Board, where: str) -> str:
    """``all languages``, ``non-Latin languages``, ``Deva script`` or ``Hindi``."""
    kind, _, name = where.partition(":")
    if kind == "language":
        return visible(board.languages[name][0])
    if kind == "script":
        return f"{visible(name)} script"
    return f"{where} languages"


def ranks(low: int, high: int) -> str:
    """``3`` or ``3–7``."""
    return str(low) if low == high else f"{low}{DASH}{high}"


def ties(standing: Standing) -> list[str]:
    """The tie groups of each ranked model as letters, ``b`` or ``b–d``; nothing where no two are tied with it alone."""
    made = []
    for place in range(len(standing.members)):
        mine = [i for i, (first, last) in enumerate(standing.groups) if first <= place <= last]
        ends = (_letters(mine[0]), _letters(mine[-1]))
        made.append(ends[0] if len(mine) == 1 else f"{ends[0]}{DASH}{ends[1]}")
    return made


def points(value: float, sign: bool = False) -> str:
    """A share in points: ``57.4`` or ``-3.7``; a dash where there is none."""
    if not math.isfinite(value):
        return DASH
    return f"{value * 100:+.1f}" if sign else f"{value * 100:.1f}"


def span(figure: npt.NDArray[Any], sign: bool = False) -> str:
    """An interval: ``50.4 to 61.4``."""
    return f"{points(figure[1], sign)} to {points(figure[2], sign)}"


def suite_words(board: Board) -> str:
    """``nonlatin@1 · data mini@1`` from a suite's signature, with the search and the defence where there was one."""
    parts = dict(part.partition(":")[::2] for part in board.suite.split("|"))
    told = [visible(f"{parts.get('suite', board.suite)} · data {parts.get('data', DASH)}")]
    told += [search_words(board.search)] if board.search else []
    told += [f"behind {visible(board.defence)}"] if board.defence else []
    return " · ".join(told)


def _letters(number: int) -> str:
    """a, b, …, z, aa, ab, …"""
    made = ""
    number += 1
    while number:
        number, digit = divmod(number - 1, 26)
        made = ascii_lowercase[digit] + made
    return made
