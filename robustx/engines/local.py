"""Runs cells one after another on this machine. A cell's clean cell comes before it in the list."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from robustx.suite.cells import Cell


def run_cells(cells: Iterable[Cell], work: Callable[[Cell], None]) -> None:
    """Call ``work`` for every cell, in order."""
    for cell in cells:
        work(cell)
