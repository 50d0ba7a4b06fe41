"""Two runs on the same items: paired differences, McNemar, the difference-in-differences, and what could be seen.

The first run is the baseline (direct fine-tuning), the second the candidate (intermediate training). Every cell is
judged on the examples that the attack changed for both models.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from robustx.score.arrays import contributions, mean_weights, p_of, weighted
from robustx.score.hunted import how_searched
from robustx.score.pair import Pair, check_texts, clean_sums, flags_of_both, paired, read_both, robust_shares
from robustx.score.resample import Figure, detectable, holm, interval, mcnemar_exact, standard_error
from robustx.score.scores import SCHEMA
from robustx.score.seeds import bootstrap_p, joined
from robustx.score.single import LATIN, groups_of, within
from robustx.score.table import CellKey, Floats, RunTable, aligned

ALPHA = 0.05


def compare_runs(baseline: Path, candidate: Path) -> dict[str, Any]:
    """The paired comparison of two runs, as it stands in JSON.

    Raises:
        RunError: a run is unfinished or damaged, or the two are not of the same suite and texts.
    """
    return compare_arms([baseline], [candidate])


_TESTS = {
    False: {"clean": "exact McNemar", "others": "sign-flip tests", "cells": "exact McNemar"},
    True: dict.fromkeys(("clean", "others", "cells"), "bootstrap over seeds and source examples"),
}
"""What the p-values of a comparison are, of one seed and of several."""


def compare_arms(baselines: Sequence[Path], candidates: Sequence[Path]) -> dict[str, Any]:
    """The same of several runs a side, that differ in the seed of training alone: the i-th runs are a pair.

    Raises:
        RunError: a run is unfinished or damaged, or they are not all of the same suite and texts.
    """
    sides = [read_both(baseline, candidate) for baseline, candidate in zip(baselines, candidates, strict=True)]
    for (first, _), folder in zip(sides[1:], baselines[1:], strict=True):
        check_texts(sides[0][0][0], first[0], baselines[0], folder)
    tasks = {table.task: _task([_aligned(table, *side) for side in sides]) for table in sides[0][0]}
    names = [_side([side[i][0] for side in sides]) for i in (0, 1)]
    facts = sides[0][0][0].facts
    return {
        "schema": SCHEMA,
        "baseline": names[0],
        "candidate": names[1],
        "seeds": len(sides),
        "tests": _TESTS[len(sides) > 1],
        "suite": facts["suite"],
        "languages": facts["languages"],
        "tasks": tasks,
    }


def _side(tables: Sequence[RunTable]) -> dict[str, Any]:
    """Whose runs these are: the first one's model, under a name for all, and signature; the signatures of all."""
    facts = [table.facts for table in tables]
    model = {**facts[0]["model"], "name": _name([one["model"] for one in facts])}
    told = {"signature": facts[0]["signature"], "model": model, "runs": [one["signature"] for one in facts]}
    return told | {"defence": (facts[0].get("settings") or {}).get("defence")}


def _name(models: Sequence[dict[str, Any]]) -> str:
    """The name of a model; of several, the arm that all of them are, or the first one's."""
    first = str(models[0]["name"])
    if len(models) == 1:
        return first
    arms = {(one["recipe"], one["arm"]) for model in models if (one := model.get("lineage"))}
    named = " ".join(map(str, arms.pop())) if len(arms) == 1 else first
    return f"{named}, {len(models)} seeds"


def _aligned(like: RunTable, first: list[RunTable], second: list[RunTable]) -> tuple[RunTable, RunTable]:
    """A task's tables of one pair of runs, in the order of another table."""
    a, b = (next(table for table in tables if table.task == like.task) for tables in (first, second))
    return aligned(a, like), aligned(b, like)


def _task(runs: Sequence[tuple[RunTable, RunTable]]) -> dict[str, Any]:
    first = runs[0][0]
    pair = joined([paired(*one) for one in runs])
    languages = {code: _language(pair, code) for code in first.languages}
    for test in ("clean_p", "robust_p", "did_p"):
        for code, adjusted in zip(languages, holm([languages[code][test] for code in languages]), strict=True):
            languages[code][f"{test}_holm"] = adjusted
    latin = [code for code in first.languages if first.scripts[code] == LATIN]
    other = [code for code in first.languages if first.scripts[code] != LATIN]
    groups = {name: _group(pair, codes) for name, codes in (("non-Latin", other), ("Latin", latin)) if codes}
    contrast = _contrast(pair, other, latin)
    told = {} if first.facts.get("search") is None else {"search": _by_budget(pair)}
    return {
        "metric": first.metric,
        "examples": len(first.uids),
        "languages": languages,
        "groups": groups,
        "contrast": contrast,
        "cells": _cells(pair),
        "flags": _flags(pair),
        "verdict": verdict(groups, contrast, first.metric),
        **told,
    }


def _by_budget(pair: Pair) -> dict[str, Any]:
    """Both worst cases at every budget: by group over all attacks, and by attack and script."""
    table, keys = pair.tables[0], pair.first.stack.keys
    how = how_searched(table.folder, table.facts)

    def steps(keep: Callable[[CellKey], bool]) -> dict[str, Any]:
        mine = [keep(key) for key in keys]
        made = {}
        for budget in sorted({key.severity for key, good in zip(keys, mine, strict=True) if good}):
            here = np.array([good and key.severity == budget for key, good in zip(keys, mine, strict=True)])
            made[f"{budget:g}"] = _block(pair, mean_weights(keys, pair.able & here, lambda key: True))
        return made

    attacks: dict[str, Any] = {}
    for attack, language in dict.fromkeys((key.attack, key.language) for key in keys):
        attacks.setdefault(attack, {}).setdefault(table.scripts[language], []).append(language)
    return ({} if how is None else how._asdict()) | {
        "groups": {name: steps(keep) for name, members, keep in groups_of(table) if members},
        "attacks": {
            attack: {script: steps(_on(attack, codes)) for script, codes in scripts.items()}
            for attack, scripts in attacks.items()
        },
    }


def _on(attack: str, codes: Sequence[str]) -> Callable[[CellKey], bool]:
    return lambda key: key.attack == attack and key.language in codes


def _flags(pair: Pair) -> list[dict[str, str]]:
    """The flags of all runs, each once."""
    found = [flag for one in pair.each for flag in flags_of_both(one)]
    return list({(flag["run"], flag["where"], flag["kind"]): flag for flag in reversed(found)}.values())[::-1]


def _language(pair: Pair, code: str) -> dict[str, Any]:
    i = pair.tables[0].languages.index(code)
    lost = won = 0
    for one in pair.each:
        a, b = (table.clean[code] for table in one.tables)
        right = [(cell.numerator >= cell.denominator) & cell.present for cell in (a, b)]
        lost, won = lost + int((right[0] & ~right[1]).sum()), won + int((right[1] & ~right[0]).sum())
    weights = mean_weights(pair.first.stack.keys, pair.usable, within([code]))
    before, after = pair.clean_all[0][:, i], pair.clean_all[1][:, i]
    return {
        "clean": _two(before, after, int(pair.tables[0].clean[code].present.sum())),
        "clean_p": bootstrap_p(after - before) if pair.seeds else mcnemar_exact(lost, won),
        "clean_only_baseline": lost,
        "clean_only_candidate": won,
        **_block(pair, weights),
    }


def _group(pair: Pair, codes: list[str]) -> dict[str, Any]:
    columns = [pair.tables[0].languages.index(code) for code in codes]
    weights = mean_weights(pair.first.stack.keys, pair.usable, within(codes))
    clean = [values[:, columns].mean(axis=1) for values in pair.clean_all]
    n = len(pair.tables[0].uids)
    return {
        "languages": codes,
        "clean": _two(clean[0], clean[1], n),
        "clean_p": bootstrap_p(clean[1] - clean[0]) if pair.seeds else _clean_p(pair, codes),
        **_block(pair, weights),
    }


def _clean_p(pair: Pair, codes: list[str]) -> float:
    a, b = (clean_sums(table, codes) for table in pair.tables)
    weights = np.full(len(codes), 1 / len(codes))
    return p_of(contributions(weights, b, a), weights)


def _block(pair: Pair, weights: Floats) -> dict[str, Any]:
    """The robust metric of both, their difference, and the difference-in-differences, over weighted cells."""
    a, b = (weighted(side.robust, weights) for side in (pair.first, pair.second))
    gaps = [weighted(side.robust - side.clean, weights) for side in (pair.first, pair.second)]
    did = gaps[1] - gaps[0]
    n = _examples(pair, weights)
    robust, clean = _given(pair, weights)
    return {
        "robust": _two(a, b, n),
        "robust_p": bootstrap_p(b - a) if pair.seeds else p_of(robust, weights),
        "gap": _two(gaps[0], gaps[1], n),
        "did": _figure(did, n),
        "did_p": bootstrap_p(did) if pair.seeds else p_of(robust - clean, weights),
        "detectable": {"robust": detectable(standard_error((b - a)[1:])), "did": detectable(standard_error(did[1:]))},
    }


def _examples(pair: Pair, weights: Floats) -> int:
    return int(pair.first.stack.mask[:, weights != 0].any(axis=1).sum())


def _given(pair: Pair, weights: Floats) -> tuple[Floats, Floats]:
    """Each example's share of the robust and of the clean difference (candidate - baseline)."""
    a, b = pair.stacks
    return robust_shares(pair.stacks, weights), contributions(
        weights, (b.clean, b.clean_total), (a.clean, a.clean_total)
    )


def _contrast(pair: Pair, other: list[str], latin: list[str]) -> dict[str, Any] | None:
    """Difference-in-differences of non-Latin minus that of Latin languages; None unless both were attacked."""
    keys, usable = pair.first.stack.keys, pair.usable
    sides = [mean_weights(keys, usable, within(codes)) for codes in (other, latin)]
    if not all(side.any() for side in sides):
        return None
    weights = sides[0] - sides[1]
    did = weighted(pair.second.robust - pair.second.clean - pair.first.robust + pair.first.clean, weights)
    robust, clean = _given(pair, weights)
    return {
        "did": _figure(did, _examples(pair, weights)),
        "did_p": bootstrap_p(did) if pair.seeds else p_of(robust - clean, weights),
        "detectable": detectable(standard_error(did[1:])),
    }


def _cells(pair: Pair) -> list[dict[str, Any]]:
    """Every cell, Holm over all of them: exact McNemar, or over several seeds their bootstrap."""
    made = []
    for i, key in enumerate(pair.first.stack.keys):
        if not pair.usable[i]:
            continue
        lost = won = 0
        for one in pair.each:
            mask = one.first.stack.mask[:, i]
            right = [(table.cells[i].numerator >= table.cells[i].denominator) & mask for table in one.tables]
            lost, won = lost + int((right[0] & ~right[1]).sum()), won + int((right[1] & ~right[0]).sum())
        difference = pair.second.robust[:, i] - pair.first.robust[:, i]
        made.append(
            {
                **key._asdict(),
                "n": int(pair.first.stack.mask[:, i].sum()),
                "only_baseline": lost,
                "only_candidate": won,
                "p": bootstrap_p(difference) if pair.seeds else mcnemar_exact(lost, won),
            }
        )
    for row, adjusted in zip(made, holm([row["p"] for row in made]), strict=True):
        row["p_holm"] = adjusted
    return made


def _figure(draws: Floats, n: int) -> dict[str, float]:
    return Figure(float(draws[0]), *interval(draws[1:]), n)._asdict()


def _two(before: Floats, after: Floats, n: int) -> dict[str, dict[str, float]]:
    return {"baseline": _figure(before, n), "candidate": _figure(after, n), "difference": _figure(after - before, n)}


def verdict(groups: dict[str, Any], contrast: dict[str, Any] | None, metric: str = "accuracy") -> str:
    """One plain sentence or two that claim no more than the figures do.

    The headline tests (the robust metric and difference-in-differences over non-Latin languages, and the contrast with
    Latin ones) are a family of their own, corrected by Holm.
    """
    main = groups.get("non-Latin") or groups["Latin"]
    where = "non-Latin languages" if "non-Latin" in groups else "Latin languages"
    if math.isnan(main["robust"]["difference"]["value"]):
        return f"No attack changed enough examples of {where}, so nothing can be said of them."
    robust_p, did_p, contrast_p = holm([main["robust_p"], main["did_p"], contrast["did_p"] if contrast else math.nan])
    robust = _claim(f"robust {metric}", main["robust"]["difference"], robust_p, main["detectable"]["robust"])
    did = _claim("the loss under attack", main["did"], did_p, main["detectable"]["did"], loss=True)
    sentence = f"Over {where}, {robust}; {did}."
    if contrast is not None:
        value, shown = contrast["did"]["value"], f"{_p(contrast_p)} after Holm"
        if contrast_p < ALPHA:
            size = f"{_points(abs(value))} {'better' if value > 0 else 'worse'}"
            sentence += f" The change in that loss is {size} in non-Latin languages than in Latin ones ({shown})."
        else:
            sentence += f" No difference in that between non-Latin and Latin languages was shown ({shown})."
    return sentence


def _claim(what: str, figure: dict[str, float], p: float, smallest: float, loss: bool = False) -> str:
    value = figure["value"]
    span = f"{figure['low'] * 100:+.1f} to {figure['high'] * 100:+.1f}, {_p(p)} after Holm"
    if not p < ALPHA:
        seen = "" if math.isnan(smallest) else f"; {_points(smallest)} could have been seen"
        return f"no difference in {what} was shown ({value * 100:+.1f} points, {span}{seen})"
    if loss:
        return f"{what} is {_points(abs(value))} {'smaller' if value > 0 else 'larger'} for the candidate ({span})"
    return f"the candidate's {what} is {_points(abs(value))} {'higher' if value > 0 else 'lower'} ({span})"


def _points(value: float) -> str:
    return f"{value * 100:.1f} points"


def _p(value: float) -> str:
    return "p<.001" if value < 0.001 else f"p={value:.3f}".replace("0.", ".", 1)
