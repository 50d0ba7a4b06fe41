"""Two runs on the same items: paired differences, McNemar, the difference-in-differences, and what could be seen.

The first run is the baseline (direct fine-tuning), the second the candidate (intermediate training). Every cell is
judged on the examples that the attack changed for both models.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from robustx.errors import RunError
from robustx.score.arrays import Resampled, contributions, mean_weights, resample, stack, weighted, weights_for
from robustx.score.flags import language_flags, run_flags
from robustx.score.resample import (
    Figure,
    detectable,
    holm,
    interval,
    mcnemar_exact,
    resampled_ratios,
    sign_flip_p,
    standard_error,
)
from robustx.score.single import LATIN, SCHEMA
from robustx.score.table import Cell, Floats, RunTable, read_tables

ALPHA = 0.05
Weights = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Pair:
    """One task of two runs, resampled together.

    Attributes:
        robust: [1 + draws, cells] metric of (baseline, candidate); ``clean`` likewise, on the same examples.
        clean_all: [1 + draws, languages] clean metric of (baseline, candidate) over all examples.
    """

    tables: tuple[RunTable, RunTable]
    first: Resampled
    second: Resampled
    clean_all: tuple[Floats, Floats]
    weights: Weights


def compare_runs(baseline: Path, candidate: Path) -> dict[str, Any]:
    """The paired comparison, as it stands in JSON.

    Raises:
        RunError: a run is unfinished or damaged, or the two are not of the same suite and texts.
    """
    first, second = read_tables(baseline), read_tables(candidate)
    _check(first[0], second[0], baseline, candidate)
    return {
        "schema": SCHEMA,
        "baseline": {"signature": first[0].facts["signature"], "model": first[0].facts["model"]},
        "candidate": {"signature": second[0].facts["signature"], "model": second[0].facts["model"]},
        "tasks": {a.task: _task(a, b) for a, b in zip(first, second, strict=True)},
    }


def _check(first: RunTable, second: RunTable, baseline: Path, candidate: Path) -> None:
    a, b = first.facts["suite"], second.facts["suite"]
    if a["content_sha256"] != b["content_sha256"]:
        raise RunError(
            f"{baseline} and {candidate} are not of the same texts, so no example can be paired:\n"
            f"  {a['signature']}\n  {b['signature']}\nAttack both checkpoints with one suite, data and seed"
        )


def _task(first: RunTable, second: RunTable) -> dict[str, Any]:
    pair = _pair(first, second)
    languages = {code: _language(pair, code) for code in first.languages}
    for test in ("clean_p", "robust_p", "did_p"):
        for code, adjusted in zip(languages, holm([languages[code][test] for code in languages]), strict=True):
            languages[code][f"{test}_holm"] = adjusted
    latin = [code for code in first.languages if first.scripts[code] == LATIN]
    other = [code for code in first.languages if first.scripts[code] != LATIN]
    groups = {name: _group(pair, codes) for name, codes in (("non-Latin", other), ("Latin", latin)) if codes}
    contrast = _contrast(pair, other, latin) if latin and other else None
    chance = {
        code: [flag._asdict() for table in pair.tables for flag in language_flags(table, _accuracies(pair, table))
               if flag.where == code and flag.kind == "chance"]
        for code in first.languages
    }
    flags = [flag._asdict() | {"run": side} for side, table in zip(("baseline", "candidate"), pair.tables, strict=True)
             for flag in run_flags(table)]
    return {
        "examples": len(first.uids),
        "languages": languages,
        "groups": groups,
        "contrast": contrast,
        "cells": _cells(pair),
        "flags": flags + [one for found in chance.values() for one in found[:1]],
        "verdict": verdict(groups, contrast),
    }


def _pair(first: RunTable, second: RunTable) -> Pair:
    by_key = {cell.key: cell for cell in second.cells}
    mine = {cell.key: cell for cell in first.cells}

    def both(cell: Cell) -> npt.NDArray[np.bool_]:
        return np.asarray(mine[cell.key].effective & by_key[cell.key].effective)

    weights = weights_for(first)
    ones = np.concatenate([np.ones((1, weights.shape[1]), dtype=np.float32), weights])
    clean = tuple(
        resampled_ratios(
            ones,
            np.stack([table.clean[code].numerator for code in first.languages], axis=1),
            np.stack([table.clean[code].denominator for code in first.languages], axis=1),
        )
        for table in (first, second)
    )
    return Pair(
        (first, second),
        resample(stack(first, both), weights),
        resample(stack(second, both), weights),
        (clean[0], clean[1]),
        weights,
    )


def _accuracies(pair: Pair, table: RunTable) -> dict[str, Figure]:
    values = pair.clean_all[pair.tables.index(table)]
    return {
        code: Figure(float(values[0, i]), *interval(values[1:, i]), int(table.clean[code].present.sum()))
        for i, code in enumerate(table.languages)
    }


def _language(pair: Pair, code: str) -> dict[str, Any]:
    i = pair.tables[0].languages.index(code)
    a, b = (table.clean[code] for table in pair.tables)
    right = [(cell.numerator >= cell.denominator) & cell.present for cell in (a, b)]
    lost, won = int((right[0] & ~right[1]).sum()), int((right[1] & ~right[0]).sum())
    weights = mean_weights(pair.first.stack.keys, pair.first.stack.usable, lambda key: key.language == code)
    before, after = pair.clean_all[0][:, i], pair.clean_all[1][:, i]
    return {
        "clean": _two(before, after, int(a.present.sum())),
        "clean_p": mcnemar_exact(lost, won),
        "clean_only_baseline": lost,
        "clean_only_candidate": won,
        **_block(pair, weights),
    }


def _group(pair: Pair, codes: list[str]) -> dict[str, Any]:
    chosen = set(codes)
    columns = [pair.tables[0].languages.index(code) for code in codes]
    weights = mean_weights(pair.first.stack.keys, pair.first.stack.usable, lambda key: key.language in chosen)
    clean = [values[:, columns].mean(axis=1) for values in pair.clean_all]
    n = len(pair.tables[0].uids)
    return {"languages": codes, "clean": _two(clean[0], clean[1], n), "clean_p": _clean_p(pair, codes), **_block(pair, weights)}


def _clean_p(pair: Pair, codes: list[str]) -> float:
    total = np.zeros(len(pair.tables[0].uids))
    for code in codes:
        a, b = (table.clean[code] for table in pair.tables)
        total += (b.numerator - a.numerator) / a.denominator.sum() / len(codes)
    return sign_flip_p(total)


def _block(pair: Pair, weights: Floats) -> dict[str, Any]:
    """Robust accuracy of both, their difference, and the difference-in-differences, over weighted cells."""
    a, b = (weighted(side.robust, weights) for side in (pair.first, pair.second))
    gaps = [weighted(side.robust - side.clean, weights) for side in (pair.first, pair.second)]
    did = gaps[1] - gaps[0]
    used = weights != 0
    n = int(pair.first.stack.mask[:, used].any(axis=1).sum()) if used.any() else 0
    robust, clean = _given(pair, weights)
    return {
        "robust": _two(a, b, n),
        "robust_p": sign_flip_p(robust),
        "gap": _two(gaps[0], gaps[1], n),
        "did": _figure(did, n),
        "did_p": sign_flip_p(robust - clean),
        "detectable": {"robust": detectable(standard_error((b - a)[1:])), "did": detectable(standard_error(did[1:]))},
    }


def _given(pair: Pair, weights: Floats) -> tuple[Floats, Floats]:
    """Each example's share of the robust and of the clean difference (candidate - baseline)."""
    a, b = pair.first.stack, pair.second.stack
    robust = contributions(weights, (b.robust, b.robust_total), (a.robust, a.robust_total))
    clean = contributions(weights, (b.clean, b.clean_total), (a.clean, a.clean_total))
    return robust, clean


def _contrast(pair: Pair, other: list[str], latin: list[str]) -> dict[str, Any]:
    """Difference-in-differences of non-Latin minus that of Latin languages."""
    keys, usable = pair.first.stack.keys, pair.first.stack.usable
    sides = [mean_weights(keys, usable, lambda key, chosen=set(codes): key.language in chosen) for codes in (other, latin)]
    weights = sides[0] - sides[1]
    did = weighted(pair.second.robust - pair.second.clean - pair.first.robust + pair.first.clean, weights)
    robust, clean = _given(pair, weights)
    return {
        "did": _figure(did, len(pair.tables[0].uids)),
        "did_p": sign_flip_p(robust - clean),
        "detectable": detectable(standard_error(did[1:])),
    }


def _cells(pair: Pair) -> list[dict[str, Any]]:
    """Exact McNemar of every cell, Holm over all of them."""
    made = []
    keys, mask = pair.first.stack.keys, pair.first.stack.mask
    for i, key in enumerate(keys):
        if not pair.first.stack.usable[i]:
            continue
        a, b = (table.cells[i] for table in pair.tables)
        other = {cell.key: cell for cell in pair.tables[1].cells}[key] if b.key != key else b
        right = [(cell.numerator >= cell.denominator) & mask[:, i] for cell in (a, other)]
        lost, won = int((right[0] & ~right[1]).sum()), int((right[1] & ~right[0]).sum())
        made.append({**key._asdict(), "n": int(mask[:, i].sum()), "only_baseline": lost, "only_candidate": won, "p": mcnemar_exact(lost, won)})
    for row, adjusted in zip(made, holm([row["p"] for row in made]), strict=True):
        row["p_holm"] = adjusted
    return made


def _figure(draws: Floats, n: int) -> dict[str, float]:
    return Figure(float(draws[0]), *interval(draws[1:]), n)._asdict()


def _two(before: Floats, after: Floats, n: int) -> dict[str, dict[str, float]]:
    return {"baseline": _figure(before, n), "candidate": _figure(after, n), "difference": _figure(after - before, n)}


def verdict(groups: dict[str, Any], contrast: dict[str, Any] | None) -> str:
    """One plain sentence or two that claim no more than the figures do.

    The two headline tests (robust accuracy and difference-in-differences over non-Latin languages) are a family of their
    own, corrected by Holm.
    """
    main = groups.get("non-Latin") or groups["Latin"]
    where = "non-Latin languages" if "non-Latin" in groups else "Latin languages"
    robust_p, did_p = holm([main["robust_p"], main["did_p"]])
    robust = _claim("robust accuracy", main["robust"]["difference"], robust_p, main["detectable"]["robust"])
    did = _claim("the loss under attack", main["did"], did_p, main["detectable"]["did"], loss=True)
    sentence = f"Over {where}, {robust}; {did}."
    if contrast is not None:
        value, p = contrast["did"], contrast["did_p"]
        if p < ALPHA:
            side = "more" if value["value"] > 0 else "less"
            sentence += f" It helped non-Latin languages {side} than Latin ones, by {_points(abs(value['value']))} ({_p(p)})."
        else:
            sentence += f" No difference between non-Latin and Latin languages was shown ({_p(p)})."
    return sentence


def _claim(what: str, figure: dict[str, float], p: float, smallest: float, loss: bool = False) -> str:
    value = figure["value"]
    span = f"{figure['low'] * 100:+.1f} to {figure['high'] * 100:+.1f}, {_p(p)} after Holm"
    if p >= ALPHA:
        return f"no difference in {what} was shown ({value * 100:+.1f} points, {span}; {_points(smallest)} could have been seen)"
    if loss:
        return f"{what} is {_points(abs(value))} {'smaller' if value > 0 else 'larger'} for the candidate ({span})"
    return f"the candidate's {what} is {_points(abs(value))} {'higher' if value > 0 else 'lower'} ({span})"


def _points(value: float) -> str:
    return f"{value * 100:.1f} points"


def _p(value: float) -> str:
    return "p < .001" if value < 0.001 else f"p = {value:.3f}".replace("0.", ".", 1)
