"""Scores of one task of a run: accuracy, robust accuracy, gap, success rate, worst of k; by language, script, attack."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from robustx.score.arrays import (
    Resampled,
    change_figure,
    contributions,
    mean_figure,
    mean_weights,
    p_of,
    ratio_figure,
    resample,
    stack,
    weighted,
    weights_for,
)
from robustx.score.flags import cell_flags, language_flags, run_flags
from robustx.score.resample import Figure, detectable, holm, ratios, standard_error
from robustx.score.table import UNITS, Bools, Cell, CellKey, Floats, RunTable

LATIN = "Latn"

Weights = npt.NDArray[np.float32]
Keep = Callable[[CellKey], bool]


@dataclass(frozen=True)
class Measured:
    """A table with the bootstrap draws of its examples, and every cell measured and drawn."""

    table: RunTable
    weights: Weights
    resampled: Resampled


def measured(table: RunTable) -> Measured:
    """Draw a table's examples."""
    weights = weights_for(table)
    return Measured(table, weights, resample(stack(table), weights))


def score_table(one: Measured) -> dict[str, Any]:
    """Every figure of one task of a run."""
    table, weights, resampled = one.table, one.weights, one.resampled
    keys, usable = resampled.stack.keys, resampled.stack.usable
    languages = {code: _language(table, resampled, weights, code) for code in table.languages}
    for code, adjusted in zip(languages, holm([languages[code]["p"] for code in languages]), strict=True):
        languages[code]["p_holm"] = adjusted
    groups = {
        name: {"accuracy": as_json(mean_figure(weights, [table.clean[code] for code in members]))}
        | _block(resampled, mean_weights(keys, usable, keep))
        | {"classes": _classes(table, weights, _usable_cells(table, resampled, keep)), "languages": members}
        for name, members, keep in groups_of(table)
        if members
    }
    scripts = {}
    for script in dict.fromkeys(table.scripts[code] for code in table.languages):
        members = [code for code in table.languages if table.scripts[code] == script]
        scripts[script] = _block(resampled, mean_weights(keys, usable, within(members))) | {"languages": members}
    accuracy = {code: Figure(**languages[code]["accuracy"]) for code in languages}
    flags = run_flags(table) + language_flags(table, accuracy) + cell_flags(table, list(table.cells))
    return {
        "labels": list(table.labels),
        "metric": table.metric,
        "chance": table.chance,
        "examples": len(table.uids),
        "languages": languages,
        "scripts": scripts,
        "groups": groups,
        "attacks": _attacks(table, resampled),
        "cells": [_cell(table, resampled, i) for i in range(len(keys))],
        "flags": [flag._asdict() for flag in flags],
    }


def as_json(figure: Figure) -> dict[str, float]:
    """A figure as it stands in JSON."""
    return figure._asdict()


def groups_of(table: RunTable) -> list[tuple[str, list[str], Keep]]:
    """Non-Latin and Latin languages: name, members, and the cells that are theirs."""
    latin = [code for code in table.languages if table.scripts[code] == LATIN]
    other = [code for code in table.languages if table.scripts[code] != LATIN]
    return [("non-Latin", other, within(other)), ("Latin", latin, within(latin))]


def within(members: Iterable[str]) -> Keep:
    """Cells of these languages."""
    chosen = set(members)
    return lambda key: key.language in chosen


def _of(attack: str, keep: Keep, severity: float | None = None) -> Keep:
    return lambda key: key.attack == attack and (severity is None or key.severity == severity) and keep(key)


def _block(resampled: Resampled, weights: Floats) -> dict[str, Any]:
    """Clean, robust, gap and retained share of a weighted mean of cells, with the gap's test and detectable size."""
    gap = weighted(resampled.robust - resampled.clean, weights)
    parts = resampled.stack
    given = contributions(weights, (parts.robust, parts.robust_total), (parts.clean, parts.clean_total))
    return three(resampled, weights) | {
        "retained": as_json(resampled.figure(weights, _share)),
        "p": p_of(given, weights),
        "detectable": detectable(standard_error(gap[1:])),
    }


def _share(clean: Floats, robust: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(clean > 0, robust / clean, np.nan))


def _language(table: RunTable, resampled: Resampled, weights: Weights, code: str) -> dict[str, Any]:
    keys, usable = resampled.stack.keys, resampled.stack.usable
    clean = table.clean[code]
    mine = within([code])
    cells = _usable_cells(table, resampled, mine)
    attacks = dict.fromkeys(key.attack for key in keys if mine(key))
    block = _block(resampled, mean_weights(keys, usable, within([code])))
    return {
        "accuracy": as_json(ratio_figure(weights, clean.numerator, clean.denominator)),
        **block,
        "success": as_json(_success(weights, clean, cells)),
        "worst": as_json(_worst(weights, clean, cells)),
        "variants": len(cells),
        "classes": _classes(table, weights, cells),
        "predicted": _predicted(table, clean, cells),
        "attacks": {attack: _attack_on(table, resampled, _of(attack, mine)) for attack in attacks},
        "audit": _audit(table, [cell for cell in table.cells if mine(cell.key)]),
    }


def _usable_cells(table: RunTable, resampled: Resampled, keep: Keep) -> list[Cell]:
    """The cells with enough judged examples to count in a mean."""
    return [cell for cell, good in zip(table.cells, resampled.stack.usable, strict=True) if good and keep(cell.key)]


def _attack_on(table: RunTable, resampled: Resampled, keep: Keep) -> dict[str, Any]:
    """One attack on one language: the mean over its severities and draws, and what reached the model."""
    weights = mean_weights(resampled.stack.keys, resampled.stack.usable, keep)
    audit = _audit(table, [cell for cell in table.cells if keep(cell.key)])
    return audit | {"used": bool(weights.any())} | three(resampled, weights)


def _success(weights: Weights, clean: Cell, cells: list[Cell]) -> Figure:
    """Share of perturbed examples that were right clean and are no longer, over all cells of a language."""
    right = np.zeros_like(clean.numerator)
    lost = np.zeros_like(clean.numerator)
    for cell in cells:
        counted = cell.effective & (clean.numerator >= clean.denominator) & (clean.denominator > 0)
        right += counted
        lost += counted & (cell.numerator < cell.denominator)
    return ratio_figure(weights, lost, right)


def _worst(weights: Weights, clean: Cell, cells: list[Cell]) -> Figure:
    """Metric when each example counts as its worst variant; examples that no attack changed are left out."""
    touched = np.zeros_like(clean.present)
    worst = np.full(clean.numerator.shape, np.inf)
    for cell in cells:
        counted = cell.effective & (cell.denominator > 0)
        worst = np.where(counted, np.fmin(worst, ratios(cell.numerator, cell.denominator)), worst)
        touched |= counted
    return ratio_figure(weights, np.where(touched, worst, 0.0), touched.astype(np.float64))


def _classes(table: RunTable, weights: Weights, cells: list[Cell]) -> dict[str, Any]:
    """Clean and robust metric of the examples of each gold class, and its change, pooled over cells."""
    made = {}
    for i, label in enumerate(table.labels):
        parts = [np.zeros(len(table.uids)) for _ in range(4)]
        for cell in cells:
            clean = table.clean[cell.key.language]
            good = cell.effective & (clean.gold == i)
            sums = (clean.numerator, clean.denominator, cell.numerator, cell.denominator)
            parts = [part + np.where(good, value, 0.0) for part, value in zip(parts, sums, strict=True)]
        made[label] = {
            "clean": as_json(ratio_figure(weights, parts[0], parts[1])),
            "robust": as_json(ratio_figure(weights, parts[2], parts[3])),
            "gap": as_json(change_figure(weights, (parts[0], parts[1]), (parts[2], parts[3]))),
        }
    return made


def _predicted(table: RunTable, clean: Cell, cells: list[Cell]) -> dict[str, dict[str, float]]:
    """Share of predictions of each class, clean and over all judged variants."""
    robust = np.concatenate([cell.prediction[cell.effective] for cell in cells]) if cells else np.zeros(0, np.int64)

    def shares(values: npt.NDArray[np.int64]) -> list[float]:
        return [float((values == i).mean()) if values.size else float("nan") for i in range(len(table.labels))]

    pairs = zip(table.labels, shares(clean.prediction[clean.present]), shares(robust), strict=True)
    return {label: {"clean": before, "robust": after} for label, before, after in pairs}


def _attacks(table: RunTable, resampled: Resampled) -> dict[str, Any]:
    """Per attack, over non-Latin and Latin languages: each severity, and all of them."""
    keys, usable = resampled.stack.keys, resampled.stack.usable
    made: dict[str, Any] = {}
    for attack in dict.fromkeys(key.attack for key in keys):
        made[attack] = {}
        for name, members, keep in groups_of(table):
            mine = mean_weights(keys, usable, _of(attack, keep))
            if not mine.any():
                continue
            severities = {}
            for severity in sorted({key.severity for key in keys if key.attack == attack}):
                at = mean_weights(keys, usable, _of(attack, keep, severity))
                if at.any():
                    severities[f"{severity:g}"] = _block(resampled, at)
            used = sorted({keys[i].language for i in np.flatnonzero(mine)}, key=members.index)
            audit = _audit(table, [table.cells[i] for i in np.flatnonzero(mine)])
            made[attack][name] = _block(resampled, mine) | audit | {"languages": used, "severities": severities}
    return made


def _audit(table: RunTable, cells: list[Cell]) -> dict[str, Any]:
    """What became of the rows of some cells on their way to the model: counts of rows, and ratios over judged ones.

    ``reached`` is the share of rows that can be judged; lengths and unknown tokens are of these rows, clean and attacked.
    ``changed`` is the share of their words, clusters, bytes and tokens that the edits changed, ``likeness`` how alike they
    still look on the mean.
    """
    clean = [table.clean[cell.key.language] for cell in cells]
    judged = [cell.effective & base.present for cell, base in zip(cells, clean, strict=True)]
    rows = sum(int(cell.attackable.sum()) for cell in cells)
    good = sum(int(mask.sum()) for mask in judged)
    tokens, unknown = _sum(cells, judged, "tokens"), _sum(cells, judged, "unknown")
    tokens_clean, unknown_clean = _sum(clean, judged, "tokens"), _sum(clean, judged, "unknown")
    return {
        "rows": rows,
        "unchanged": sum(int((cell.attackable & ~cell.changed).sum()) for cell in cells),
        "folded": sum(int((cell.present & cell.changed & ~cell.survived).sum()) for cell in cells),
        "judged": good,
        "reached": _ratio(good, rows),
        "unknown_rate": _ratio(unknown, tokens),
        "unknown_rate_clean": _ratio(unknown_clean, tokens_clean),
        "token_inflation": _ratio(tokens, tokens_clean),
        "changed": _changed(cells, clean, judged),
        "likeness": _ratio(_sum(cells, judged, "likeness"), good),
        "truncated": sum(int((cell.truncated & cell.present).sum()) for cell in cells),
    }


def _changed(cells: list[Cell], clean: list[Cell], masks: list[Bools]) -> dict[str, float]:
    """The share of each unit that the edits changed."""
    moved, size = np.zeros(len(UNITS)), np.zeros(len(UNITS))
    for cell, base, mask in zip(cells, clean, masks, strict=True):
        moved += cell.moved[mask].sum(axis=0)
        size += base.size[mask].sum(axis=0)
    return {unit: _ratio(moved[i], size[i]) for i, unit in enumerate(UNITS)}


def _sum(cells: list[Cell], masks: list[Bools], column: str) -> float:
    """The sum of a column over the rows that a mask keeps in each cell."""
    return sum(float(getattr(cell, column)[mask].sum()) for cell, mask in zip(cells, masks, strict=True))


def _cell(table: RunTable, resampled: Resampled, i: int) -> dict[str, Any]:
    """One cell: clean, robust and gap, and the audit of what reached the model."""
    one = np.zeros(len(resampled.stack.keys))
    one[i] = 1.0
    used = {"used": bool(resampled.stack.usable[i])}
    return resampled.stack.keys[i]._asdict() | _audit(table, [table.cells[i]]) | used | three(resampled, one)


def three(resampled: Resampled, weights: Floats) -> dict[str, Any]:
    """Clean, robust and gap of a weighted mean of cells."""
    return {
        "clean": as_json(resampled.figure(weights, lambda c, r: c)),
        "robust": as_json(resampled.figure(weights, lambda c, r: r)),
        "gap": as_json(resampled.figure(weights, lambda c, r: r - c)),
    }


def _ratio(top: float, bottom: float) -> float:
    return float(top / bottom) if bottom else float("nan")
