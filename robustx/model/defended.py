"""Rows as a checkpoint is given them: behind its defence, where one stands before it."""

from __future__ import annotations

from collections.abc import Sequence

from robustx.model.checkpoint import Checkpoint
from robustx.perturb.defences import defence
from robustx.suite.cells import CellRow


def defended(checkpoint: Checkpoint, rows: Sequence[CellRow]) -> Sequence[CellRow]:
    """The rows with every field taken through the defence; the same rows where there is none."""
    if not checkpoint.settings.defence:
        return rows
    through = defence(checkpoint.settings.defence)
    return [row._replace(fields=tuple(map(through, row.fields))) for row in rows]
