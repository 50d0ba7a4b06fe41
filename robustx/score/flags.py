"""Reliability flags: what makes a figure mean less than it seems, said beside it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from robustx.score.resample import Figure
from robustx.score.table import Cell, RunTable

TRUNCATED = 0.05
UNCHANGED = 0.2
ONE_CLASS = 0.9
PERMUTED = 0.1
SURE = 3.0
"""How many standard errors, clustered by source example, another label order must gain."""


class Flag(NamedTuple):
    """One warning: what it concerns (a language, ``attack on language`` or ``run``), its kind and a sentence."""

    where: str
    kind: str
    text: str


def language_flags(table: RunTable, accuracy: dict[str, Figure]) -> list[Flag]:
    """Chance, one class, truncation, per language; and a label map that looks permuted, for the run."""
    made = []
    for language, cell in table.clean.items():
        if accuracy[language].low <= table.chance:
            made.append(Flag(language, "chance", f"clean {table.metric} is not above chance; its gap means nothing"))
        made += _one_class(table, language, cell)
        cut = cell.truncated[cell.present].mean() if cell.present.any() else 0.0
        if cut > TRUNCATED:
            made.append(Flag(language, "truncation", f"{cut:.0%} of inputs were cut at the maximum length"))
    return made + (_permuted(table) if table.labels else [])


def _one_class(table: RunTable, language: str, cell: Cell) -> list[Flag]:
    if not table.labels:
        return []
    known = cell.prediction[cell.present & (cell.prediction >= 0)]
    shares = np.bincount(known, minlength=len(table.labels)) / max(1, cell.present.sum())
    if shares.max() <= ONE_CLASS:
        return []
    label = table.labels[int(shares.argmax())]
    return [Flag(language, "one-class", f"{shares.max():.0%} of clean predictions are {label}")]


def cell_flags(table: RunTable, cells: list[Cell]) -> list[Flag]:
    """Attacks that left many examples unchanged, or were undone by the tokenizer."""
    counted: dict[tuple[str, str], tuple[int, int, int]] = {}
    for cell in cells:
        where = (cell.key.attack, cell.key.language)
        total, still, folded = counted.get(where, (0, 0, 0))
        counted[where] = (
            total + int(cell.attackable.sum()),
            still + int((cell.attackable & ~cell.changed).sum()),
            folded + int((cell.present & cell.changed & ~cell.survived).sum()),
        )
    made = []
    for (attack, language), (total, still, folded) in counted.items():
        if still > UNCHANGED * total:
            text = f"{still:,} of {total:,} examples offered nothing to change"
            made.append(Flag(f"{attack} on {language}", "no-op", text))
        if folded > UNCHANGED * total:
            text = f"{folded:,} of {total:,} edits never reached the model (folded by the tokenizer)"
            made.append(Flag(f"{attack} on {language}", "folded", text))
    return made


def run_flags(table: RunTable) -> list[Flag]:
    """What concerns the run as a whole."""
    made = []
    if table.facts.get("repeatable") is False:
        text = "the model gave other probabilities for the same batch the second time"
        made.append(Flag("run", "unrepeatable", text))
    skipped = table.facts["suite"]["skipped"]
    if skipped:
        first = table.facts["suite"]["skipped_first"][:3]
        rows = "; ".join(f"{path} row {row}: {reason}" for path, row, reason in first)
        made.append(Flag("run", "skipped", f"{skipped:,} rows of the data were passed over ({rows})"))
    return made


def _permuted(table: RunTable) -> list[Flag]:
    """Whether another order of the labels does better than chance can explain, and better than one constant answer."""
    from scipy.optimize import linear_sum_assignment

    size = len(table.labels)
    confusion = np.zeros((size, size), dtype=np.int64)
    judged = {code: cell.present & (cell.gold >= 0) & (cell.prediction >= 0) for code, cell in table.clean.items()}
    for code, cell in table.clean.items():
        np.add.at(confusion, (cell.gold[judged[code]], cell.prediction[judged[code]]), 1)
    total = max(1, confusion.sum())
    order = linear_sum_assignment(confusion, maximize=True)[1]
    now, best = np.trace(confusion) / total, confusion[range(size), order].sum() / total
    constant = confusion.sum(axis=1).max() / total
    gains = np.zeros(len(table.uids))
    for code, cell in table.clean.items():
        gold, said = cell.gold[judged[code]], cell.prediction[judged[code]]
        gains[judged[code]] += (order[gold] == said).astype(np.float64) - (gold == said)
    by_luck = gains.sum() <= SURE * np.sqrt((gains**2).sum())
    if best - now <= PERMUTED or best <= constant or by_luck:
        return []
    names = ", ".join(f"{table.labels[order[i]]} meant {table.labels[i]}" for i in range(size) if order[i] != i)
    text = f"the label map looks permuted: clean accuracy is {now:.1%}, and would be {best:.1%} if {names}"
    return [Flag("run", "permuted", text)]
