"""How a board's parts are put in words: views, ranks, tie letters, figures, suites."""

from __future__ import annotations

import math
from string import ascii_lowercase
from typing import Any

import numpy.typing as npt

from robustx.score.board import Board, Standing
from robustx.score.views import ALL, CLEAN, View
from robustx.text.display import visible

DASH = "–"


def view_words(board: Board, view: View) -> str:
    """``non-Latin languages, all attacks`` or ``Hindi, keyboard at severity 0.2``."""
    attack = {ALL: "all attacks", CLEAN: "no attack"}.get(view.attack, visible(view.attack))
    severity = "" if view.severity == ALL else f" at severity {view.severity}"
    return f"{place_words(board, view.where)}, {attack}{severity}"


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
    """``nonlatin@1 · data mini@1`` from a suite's signature."""
    parts = dict(part.partition(":")[::2] for part in board.suite.split("|"))
    return visible(f"{parts.get('suite', board.suite)} · data {parts.get('data', DASH)}")


def _letters(number: int) -> str:
    """a, b, …, z, aa, ab, …"""
    made = ""
    number += 1
    while number:
        number, digit = divmod(number - 1, 26)
        made = ascii_lowercase[digit] + made
    return made
