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


class Flag(NamedTuple):
    """One warning: what it concerns (a language, ``attack on language`` or ``run``), its kind and a sentence."""

    where: str
    kind: str
    text: str


def language_flags(table: RunTable, accuracy: dict[str, Figure]) -> list[Flag]:
    """Chance, one class, truncation, per language; and a label map that looks permuted, for the run."""
    made = []
    chance = 1 / len(table.labels)
    for language, cell in table.clean.items():
        if accuracy[language].low <= chance:
            made.append(Flag(language, "chance", "clean accuracy is not above chance; its gap means nothing"))
        shares = np.bincount(cell.prediction[cell.present], minlength=len(table.labels)) / max(1, cell.present.sum())
        if shares.max() > ONE_CLASS:
            label = table.labels[int(shares.argmax())]
            made.append(Flag(language, "one-class", f"{shares.max():.0%} of clean predictions are {label}"))
        cut = cell.truncated[cell.present].mean() if cell.present.any() else 0.0
        if cut > TRUNCATED:
            made.append(Flag(language, "truncation", f"{cut:.0%} of inputs were cut at the maximum length"))
    return made + _permuted(table)


def cell_flags(table: RunTable, cells: list[Cell]) -> list[Flag]:
    """Attacks that left many examples unchanged, or were undone by the tokenizer."""
    counted: dict[tuple[str, str], tuple[int, int, int]] = {}
    for cell in cells:
        where = (cell.key.attack, cell.key.language)
        total, still, folded = counted.get(where, (0, 0, 0))
        counted[where] = (
            total + int(cell.present.sum()),
            still + int((cell.present & ~cell.changed).sum()),
            folded + int((cell.present & cell.changed & ~cell.survived).sum()),
        )
    made = []
    for (attack, language), (total, still, folded) in counted.items():
        if still > UNCHANGED * total:
            made.append(Flag(f"{attack} on {language}", "no-op", f"{still:,} of {total:,} examples offered nothing to change"))
        if folded > UNCHANGED * total:
            text = f"{folded:,} of {total:,} edits never reached the model (folded by the tokenizer)"
            made.append(Flag(f"{attack} on {language}", "folded", text))
    return made


def run_flags(table: RunTable) -> list[Flag]:
    """What concerns the run as a whole."""
    made = []
    if table.facts.get("repeatable") is False:
        made.append(Flag("run", "unrepeatable", "the model gave other probabilities for the same batch the second time"))
    skipped = table.facts["suite"]["skipped"]
    if skipped:
        rows = "; ".join(f"{path} row {row}: {reason}" for path, row, reason in table.facts["suite"]["skipped_first"][:3])
        made.append(Flag("run", "skipped", f"{skipped:,} rows of the data were passed over ({rows})"))
    return made


def _permuted(table: RunTable) -> list[Flag]:
    size = len(table.labels)
    confusion = np.zeros((size, size), dtype=np.int64)
    for cell in table.clean.values():
        good = cell.present & (cell.gold >= 0) & (cell.prediction >= 0)
        np.add.at(confusion, (cell.gold[good], cell.prediction[good]), 1)
    from itertools import permutations

    total = max(1, confusion.sum())
    now = np.trace(confusion) / total
    best, order = max((sum(confusion[i, p[i]] for i in range(size)) / total, p) for p in permutations(range(size)))
    if best - now <= PERMUTED:
        return []
    names = ", ".join(f"{table.labels[order[i]]} for {table.labels[i]}" for i in range(size) if order[i] != i)
    text = f"the label map looks permuted: clean accuracy is {now:.1%}, and would be {best:.1%} if the head said {names}"
    return [Flag("run", "permuted", text)]
