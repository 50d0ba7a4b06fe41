"""Figures of a searched run: worst-case accuracy by budget, who felled what, queries, and certificates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from robustx.errors import RunError
from robustx.score.arrays import Resampled, mean_weights
from robustx.score.flags import Flag
from robustx.score.table import Bools, Cell, CellKey, RunTable

LEVEL = 0.95
_COLUMNS = ("uid", "queries", "fallen", "felled_by", "covered", "tried", "sets")


class Worst(NamedTuple):
    """Figures of a search as they stand in ``scores.json``, and what makes them doubtful."""

    figures: dict[str, Any]
    flags: list[Flag]


class Hunted(NamedTuple):
    """What a search wrote of one cell, a value a source example (0, False or empty where the cell lacks it).

    Attributes:
        covered: up to how many edits every set was tried; -1 where that is not known.
        tried: sets tried of the size where an enumeration had to sample; 0 where it had not.
    """

    queries: np.ndarray[Any, np.dtype[np.int64]]
    fallen: Bools
    felled_by: list[str]
    covered: np.ndarray[Any, np.dtype[np.int64]]
    tried: np.ndarray[Any, np.dtype[np.int64]]


def search_figures(folder: Path, table: RunTable, resampled: Resampled) -> Worst:
    """How the worst case was looked for, and by attack and script what was found.

    Raises:
        RunError: a cell lacks what a search writes.
    """
    how = table.facts["search"]
    if not isinstance(how, dict) or not isinstance(how.get("strategy"), str) or not isinstance(how.get("budget"), int):
        raise RunError(f"{folder / 'run.json'}: search: expected a strategy, its budget and its queries")
    hunted = {cell.key: _read(folder, table, cell.key) for cell in table.cells}
    attacks: dict[str, Any] = {}
    for attack in dict.fromkeys(cell.key.attack for cell in table.cells):
        scripts = dict.fromkeys(table.scripts[cell.key.language] for cell in table.cells if cell.key.attack == attack)
        attacks[attack] = {script: _script(table, resampled, hunted, attack, script) for script in scripts}
    return Worst(how | {"attacks": attacks}, _flags(table, hunted))


def _script(
    table: RunTable, resampled: Resampled, hunted: dict[CellKey, Hunted], attack: str, script: str
) -> dict[str, Any]:
    cells = [cell for cell in table.cells if cell.key.attack == attack and table.scripts[cell.key.language] == script]
    most = max(cell.key.severity for cell in cells)
    last = [cell for cell in cells if cell.key.severity == most]
    budgets = {}
    for severity in sorted({cell.key.severity for cell in cells}):
        mine = [cell for cell in cells if cell.key.severity == severity]
        keys = {cell.key for cell in mine}
        weights = mean_weights(resampled.stack.keys, resampled.stack.usable, lambda key, keys=keys: key in keys)  # type: ignore[misc]
        made: dict[str, Any] = {
            "clean": resampled.figure(weights, lambda clean, robust: clean)._asdict(),
            "worst": resampled.figure(weights, lambda clean, robust: robust)._asdict(),
        }
        if table.facts["search"].get("certificate"):
            made["certificate"] = certificate(*_counts(table, hunted, mine, int(severity)))
        budgets[f"{severity:g}"] = made
    return {
        "languages": [cell.key.language for cell in last],
        "budgets": budgets,
        "queries": _mean_queries(table, hunted, last),
        "felled_by": dict(_felled_by(table, hunted, last).most_common()),
        "stand": sum(int((_right(table, cell) & cell.effective & ~hunted[cell.key].fallen).sum()) for cell in last),
    }


def certificate(judged: int, certain: int, tried: Sequence[int]) -> dict[str, Any]:
    """What an enumeration proves of the accuracy under every set of edits up to a budget.

    ``low`` counts only examples of which every set was tried; ``high`` adds those that were sampled and never fell; the two
    are equal where nothing was sampled, and the accuracy is exact for these examples. ``population`` is the exact binomial
    interval of ``low`` (Clopper and Pearson 1934, doi:10.1093/biomet/26.4.404): what holds of further examples. Of the
    sampled ones, at most ``flipping`` of the sets flip any one of them, each with 95% confidence.

    Args:
        judged: examples that the attack changed.
        certain: those that no set flips.
        tried: sets that were tried of each sampled example, none of which flipped it.
    """
    from scipy.stats import binomtest

    nothing = float("nan")
    if judged == 0:
        empty = {"low": nothing, "high": nothing, "population": [nothing, nothing]}
        return {"judged": 0, "certain": 0, "sampled": 0, **empty, "flipping": nothing}
    found = binomtest(certain, judged).proportion_ci(LEVEL, "exact")
    return {
        "judged": judged,
        "certain": certain,
        "sampled": len(tried),
        "low": certain / judged,
        "high": (certain + len(tried)) / judged,
        "population": [float(found.low), float(found.high)],
        "flipping": max((_at_most(count) for count in tried), default=0.0),
    }


def _at_most(tried: int) -> float:
    """The largest share of flipping sets that leaves a sample of so many without one, with 95% confidence."""
    from scipy.stats import binomtest

    return float(binomtest(0, tried, alternative="less").proportion_ci(LEVEL, "exact").high) if tried else 1.0


def _counts(
    table: RunTable, hunted: dict[CellKey, Hunted], cells: Sequence[Cell], budget: int
) -> tuple[int, int, list[int]]:
    """Judged examples, those that certainly stand, and the sets tried of each that was sampled."""
    judged = certain = 0
    tried: list[int] = []
    for cell in cells:
        known = hunted[cell.key]
        stands = cell.effective & _right(table, cell) & ~known.fallen
        sure = stands & (known.covered >= budget)
        judged += int(cell.effective.sum())
        certain += int(sure.sum())
        tried += known.tried[stands & ~sure].tolist()
    return judged, certain, tried


def _right(table: RunTable, cell: Cell) -> Bools:
    """Examples that are right when nothing is perturbed."""
    clean = table.clean[cell.key.language]
    return np.asarray(clean.present & (clean.numerator >= clean.denominator) & (clean.denominator > 0))


def _mean_queries(table: RunTable, hunted: dict[CellKey, Hunted], cells: Sequence[Cell]) -> float:
    """Texts asked about an example that was right, on the mean."""
    asked = np.concatenate([hunted[cell.key].queries[_right(table, cell) & cell.present] for cell in cells])
    return float(asked.mean()) if asked.size else float("nan")


def _felled_by(table: RunTable, hunted: dict[CellKey, Hunted], cells: Sequence[Cell]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for cell in cells:
        right = _right(table, cell)
        counts.update(label for i, label in enumerate(hunted[cell.key].felled_by) if label and right[i])
    return counts


def _flags(table: RunTable, hunted: dict[CellKey, Hunted]) -> list[Flag]:
    """What makes a worst case doubtful, as AutoAttack warns of it (Croce and Hein 2020, arXiv:2003.01690)."""
    made: list[Flag] = []
    below: dict[tuple[str, str], Cell] = {}
    most = {(cell.key.attack, cell.key.language): cell.key.severity for cell in table.cells}
    for cell in sorted(table.cells, key=lambda one: one.key.severity):
        where, known = (cell.key.attack, cell.key.language), hunted[cell.key]
        right, place = _right(table, cell), f"{cell.key.attack} on {cell.key.language}"
        if cell.key.severity == most[where]:
            made += _noise(place, _felled_by(table, hunted, [cell]))
        # a search perturbs one sentence and a cell of retrieval all of them, so one need not find what the other did
        alone = table.facts["tasks"][table.task].get("head") != "retrieval"
        undone = alone and int((right & known.fallen & (cell.numerator >= cell.denominator)).sum())
        if undone:
            text = f"{undone:,} falls that the search saw were none when the same text was asked again"
            made.append(Flag(place, "fall-undone", text))
        already = int((right & known.fallen & np.array([label == "" for label in known.felled_by])).sum())
        if already:
            text = f"{already:,} examples were wrong in the search before any edit, and right in the clean cell"
            made.append(Flag(place, "budget-0", text))
        if where in below:
            better = int((cell.numerator > below[where].numerator).sum())
            if better:
                text = f"{better:,} examples do better with {cell.key.severity:g} edits than with fewer"
                made.append(Flag(place, "budget", text))
        below[where] = cell
    return made


def _noise(place: str, felled: Counter[str]) -> list[Flag]:
    """Whether ordinary noise, tried last on what the search left, felled as many as the search."""
    noise = sum(count for label, count in felled.items() if label.endswith(" by noise"))
    searched = felled.total() - noise
    if noise == 0 or noise < searched:
        return []
    text = (
        f"the search felled {searched:,} examples and random noise {noise:,} of those it left standing; do not trust it"
    )
    return [Flag(place, "noise", text)]


def _read(folder: Path, table: RunTable, key: CellKey) -> Hunted:
    names = [cell for cell in table.facts["cells"] if _key(cell) == key]
    path = folder / "cells" / f"{Path(str(names[0]['file'])).name}.parquet"
    try:
        with pq.ParquetFile(path) as file:
            missing = [name for name in _COLUMNS if name not in file.schema_arrow.names]
            if missing:
                raise RunError(f"{path}: lacks the column {missing[0]}, which a search writes")
            columns = file.read(list(_COLUMNS)).to_pydict()
    except (OSError, pa.ArrowException) as error:
        raise RunError(f"{path}: cannot be read as a cell of a run: {error}") from error
    at = {uid: i for i, uid in enumerate(columns["uid"])}
    order = [at.get(uid) for uid in table.uids]

    def spread(name: str, nothing: Any) -> list[Any]:
        return [nothing if i is None or columns[name][i] is None else columns[name][i] for i in order]

    return Hunted(
        np.array(spread("queries", 0), np.int64),
        np.array(spread("fallen", False), np.bool_),
        spread("felled_by", ""),
        np.array(spread("covered", -1), np.int64),
        np.array(spread("tried", 0), np.int64),
    )


def _key(cell: dict[str, Any]) -> CellKey:
    return CellKey(cell["task"], cell["language"], cell["attack"], float(cell["severity"]), int(cell["draw"]))
