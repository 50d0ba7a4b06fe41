"""The views of a board: every choice of languages, attack and severity, and the weights of its mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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


def views_of(
    keys: tuple[CellKey, ...], judged: Bools, languages: dict[str, tuple[str, str]]
) -> tuple[dict[View, int], Floats]:
    """Every view, and the weights over (perturbed cells, clean languages) of each different one, [standings, columns]."""
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

    for where, members in _places(languages):
        inside = within(members)
        clean = np.isin(codes, members) / len(members)
        nothing = np.zeros(len(codes))
        add(View(where, ALL, ALL), np.append(mean_weights(keys, judged, inside), nothing))
        add(View(where, CLEAN, ALL), np.append(np.zeros(len(keys)), clean))
        for attack, steps in severities.items():
            add(View(where, attack, ALL), np.append(mean_weights(keys, judged, _of(attack, inside)), nothing))
            for step in steps:
                row = mean_weights(keys, judged, _of(attack, inside, step))
                add(View(where, attack, f"{step:g}"), np.append(row, nothing))
    return views, np.array(rows)


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


def _of(attack: str, inside: Keep, severity: float | None = None) -> Keep:
    return lambda key: key.attack == attack and severity in (None, key.severity) and inside(key)
