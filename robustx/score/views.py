"""The views of a board: every choice of languages, attack and severity, and the weights of its mean.

Of sampled attacks the severities are steps of a ladder, and the mean over them is a figure too. Of a search a severity is a
budget of edits: the worst case with at most three edits holds that with two, so budgets are never averaged, and there is a
view of each by itself, over all attacks too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from robustx.score.arrays import mean_weights
from robustx.score.single import LATIN, within
from robustx.score.table import Bools, CellKey, Floats

CLEAN = "clean"
ALL = "all"

Keep = Callable[[CellKey], bool]


@dataclass(frozen=True)
class View:
    """What a reader chose: ``where`` is ``all``, a group, ``script:Arab`` or ``language:ar``; ``attack`` is ``all``, an
    attack or ``clean`` (no attack, all examples); ``severity`` is ``all`` or a number as text."""

    where: str
    attack: str
    severity: str


class Choice(NamedTuple):
    """An attack and a severity that a reader can choose, as in a view, and the cells of both."""

    attack: str
    severity: str
    keep: Keep


def views_of(
    keys: tuple[CellKey, ...],
    judged: Bools,
    languages: dict[str, tuple[str, str]],
    choices: Callable[[dict[str, list[float]]], list[Choice]],
) -> tuple[dict[View, int], Floats]:
    """Every view, and the weights over (perturbed cells, clean languages) of each different one, [standings, columns].

    Args:
        choices: which attacks and severities can be chosen, of the severities of each attack: ``sampled`` or ``searched``.
    """
    codes = list(languages)
    severities: dict[str, list[float]] = {}
    for key in keys:
        steps = severities.setdefault(key.attack, [])
        steps += [key.severity] if key.severity not in steps else []
    views: dict[View, int] = {}
    made: dict[bytes, int] = {}
    rows: list[Floats] = []

    def add(view: View, row: Floats) -> None:
        if row.any():
            at = made.setdefault(row.tobytes(), len(rows))
            rows.extend([row] if at == len(rows) else [])
            views[view] = at

    offered, nothing = choices(severities), np.zeros(len(codes))
    for where, members in _places(languages):
        inside = within(members)
        perturbed = [np.append(mean_weights(keys, judged, _both(inside, one.keep)), nothing) for one in offered]
        for one, row in zip(offered, perturbed, strict=True):
            if one.attack == ALL:
                add(View(where, ALL, one.severity), row)
        add(View(where, CLEAN, ALL), np.append(np.zeros(len(keys)), np.isin(codes, members) / len(members)))
        for one, row in zip(offered, perturbed, strict=True):
            if one.attack != ALL:
                add(View(where, one.attack, one.severity), row)
    return views, np.array(rows)


def sampled(severities: dict[str, list[float]]) -> list[Choice]:
    """All attacks, and each attack at all of its severities and at each of them."""
    made = [Choice(ALL, ALL, _of(None))]
    for attack, steps in severities.items():
        made.append(Choice(attack, ALL, _of(attack)))
        made += [Choice(attack, f"{step:g}", _of(attack, step)) for step in steps]
    return made


def searched(severities: dict[str, list[float]]) -> list[Choice]:
    """All attacks and each attack, with at most so many edits; the most edits first."""
    budgets = sorted({step for steps in severities.values() for step in steps}, reverse=True)
    made = [Choice(ALL, f"{budget:g}", _of(None, budget)) for budget in budgets]
    for attack, steps in severities.items():
        made += [Choice(attack, f"{budget:g}", _of(attack, budget)) for budget in sorted(steps, reverse=True)]
    return made


def _places(languages: dict[str, tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """All languages, the two groups, scripts, languages: each choice with its members."""
    scripts = {code: script for code, (_, script) in languages.items()}
    groups = [
        (ALL, list(languages)),
        ("non-Latin", [code for code in languages if scripts[code] != LATIN]),
        ("Latin", [code for code in languages if scripts[code] == LATIN]),
    ]
    for script in dict.fromkeys(scripts.values()):
        groups.append((f"script:{script}", [code for code in languages if scripts[code] == script]))
    return [one for one in groups if one[1]] + [(f"language:{code}", [code]) for code in languages]


def _of(attack: str | None, severity: float | None = None) -> Keep:
    return lambda key: attack in (None, key.attack) and severity in (None, key.severity)


def _both(first: Keep, second: Keep) -> Keep:
    return lambda key: first(key) and second(key)
