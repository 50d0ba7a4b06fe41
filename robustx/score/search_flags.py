"""What makes a worst case doubtful, as AutoAttack warns of it (Croce and Hein 2020, arXiv:2003.01690)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from robustx.score.flags import Flag
from robustx.score.hunted import Hunted, felled_by, how_searched, read_hunted, right
from robustx.score.table import Cell, CellKey, RunTable


def search_flags(table: RunTable, hunted: dict[CellKey, Hunted]) -> list[Flag]:
    """Falls that were none, examples wrong before any edit, more edits that help, and noise that does as well."""
    made: list[Flag] = []
    below: dict[tuple[str, str], Cell] = {}
    most = {(cell.key.attack, cell.key.language): 0.0 for cell in table.cells}
    for cell in table.cells:
        where = (cell.key.attack, cell.key.language)
        most[where] = max(most[where], cell.key.severity)
    for cell in sorted(table.cells, key=lambda one: one.key.severity):
        where = (cell.key.attack, cell.key.language)
        place = f"{cell.key.attack} on {cell.key.language}"
        if cell.key.severity == most[where]:
            made += _noise(place, felled_by(table, hunted, [cell]))
        made += _of_cell(table, place, cell, hunted[cell.key])
        if where in below:
            made += _budget(place, below[where], cell)
        below[where] = cell
    return made


def flags_of_search(table: RunTable) -> list[Flag]:
    """The flags of a run's search; none where it was not searched.

    Raises:
        RunError: the run says what no search is, or a cell lacks what a search writes.
    """
    return search_flags(table, read_hunted(table)) if how_searched(table.folder, table.facts) else []


def _of_cell(table: RunTable, place: str, cell: Cell, known: Hunted) -> Iterator[Flag]:
    before = right(table, cell)
    # a search perturbs one sentence and a cell of retrieval all of them, so one need not find what the other did
    alone = table.facts["tasks"][table.task].get("head") != "retrieval"
    undone = alone and int((before & known.fallen & (cell.numerator >= cell.denominator)).sum())
    if undone:
        told = f"{counted(undone, 'fall')} that the search saw {_was(undone)} none when the same text was asked again"
        yield Flag(place, "fall-undone", told)
    already = int((before & known.fallen & np.array([label == "" for label in known.felled_by])).sum())
    if already:
        told = f"{counted(already, 'example')} {_was(already)} wrong in the search before any edit, and right in the clean cell"
        yield Flag(place, "budget-0", told)


def _budget(place: str, fewer: Cell, cell: Cell) -> list[Flag]:
    """Whether an example does better with more edits than with fewer."""
    better = int((cell.numerator > fewer.numerator).sum())
    if not better:
        return []
    does = "does" if better == 1 else "do"
    told = f"{counted(better, 'example')} {does} better with {cell.key.severity:g} edits than with fewer"
    return [Flag(place, "budget", told)]


def _noise(place: str, felled: Counter[str]) -> list[Flag]:
    """Whether ordinary noise, tried last on what the search left, felled as many as the search."""
    noise = sum(count for label, count in felled.items() if label.endswith(" by noise"))
    searched = felled.total() - noise
    if noise == 0 or noise < searched:
        return []
    told = f"the search felled {counted(searched, 'example')} and random noise {noise:,} of those it left standing"
    return [Flag(place, "noise", f"{told}; do not trust it")]


def counted(count: int, what: str) -> str:
    """``1 example`` or ``1,234 examples``."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"
