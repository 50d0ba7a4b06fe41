"""What an attack would do: how many inputs, how long at the rate that the model shows, and how small a gap it could see."""

from __future__ import annotations

import math
import time
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from robustx.api import Job
from robustx.cli.show import duration
from robustx.model.checkpoint import Checkpoint
from robustx.model.heads.base import Asked
from robustx.model.heads.registry import head_of
from robustx.model.models import Models, load_models
from robustx.perturb.measure import NOTHING
from robustx.run import run_cell_path
from robustx.suite.build import Plan
from robustx.suite.cells import CLEAN, Cell, CellRow, read_cell
from robustx.suite.manifest import Manifest, cell_path, read_manifest
from robustx.tasks.base import SkipLog, Task
from robustx.tasks.registry import task as task_of

DISCORDANT = 0.15
"""Share of examples that one attack turns over, assumed for the estimate of what a run can see."""

_PROBE = 64
"""Rows that the rate is measured on."""


@dataclass(frozen=True)
class Estimate:
    """What a run would do.

    Attributes:
        kept: cells that an earlier sitting predicted.
        forward_passes: at most: an input that an attack left as it was, or that a lower severity has already, is not run
            again.
        rate: inputs a second on the device, measured; seconds: what that comes to, at most.
        examples: of the smallest cell.
        smallest_gap: that one such cell sees with 80% power, as a share of 1, where ``discordant`` of its examples turn over.
    """

    model: str
    suite: str
    languages: int
    cells: int
    kept: int
    forward_passes: int
    rate: float
    seconds: float
    examples: int
    smallest_gap: float
    discordant: float
    out: str

    def as_json(self) -> dict[str, Any]:
        """What ``--dry-run --json`` prints."""
        return asdict(self)

    def lines(self) -> list[str]:
        """What ``--dry-run`` prints."""
        kept = f", {self.kept} of them predicted already" if self.kept else ""
        took = duration(self.seconds)
        return [
            f"{self.model} on {self.suite}: {self.languages} languages, {self.cells} cells{kept}",
            f"at most {self.forward_passes:,} forward passes at about {self.rate:.0f} a second: at most {took}",
            f"one cell of {self.examples:,} examples sees a gap of about {self.smallest_gap * 100:.1f} points "
            f"(80% power, if {self.discordant:.0%} turn over)",
            f"would be written to {self.out}",
        ]


def estimate(job: Job) -> Estimate:
    """Count the inputs and time the model on some of them; nothing is written."""
    models = load_models(job.model, job.settings, job.tasks)
    task = task_of(next(iter(models.of)))
    if job.planned is not None:
        cells, probe = _planned(job.planned.only(models.of), task)
        cells |= _searched(job, cells)
    else:
        cells, probe = _built(job, models, task, read_manifest(job.suite))
    todo = {cell: inputs for cell, (_, inputs) in cells.items() if not run_cell_path(job.out, cell).is_file()}
    inputs, rate = sum(todo.values()), _rate(models.of[task.name], task, probe)
    least = min(rows for rows, _ in cells.values())
    return Estimate(
        model=job.model,
        suite=job.suite_id,
        languages=len({(cell.task, cell.language) for cell in cells}),
        cells=len(cells),
        kept=len(cells) - len(todo),
        forward_passes=inputs,
        rate=rate,
        seconds=inputs / rate,
        examples=least,
        smallest_gap=2.8 * math.sqrt(DISCORDANT / max(least, 1)),
        discordant=DISCORDANT,
        out=str(job.out),
    )


def _planned(planned: Plan, task: Task) -> tuple[dict[Cell, tuple[int, int]], list[CellRow]]:
    """Rows and inputs of every cell that would be built, and some rows of a task."""
    counts: dict[tuple[str, str], int] = {}
    probe: list[CellRow] = []
    for data in planned.data:
        for language in planned.languages[data.task.name]:
            rows = data.examples(language, SkipLog())
            first = [CellRow(e.uid, e.gold, tuple(e.fields.values()), (), NOTHING) for e in islice(rows, _PROBE)]
            counts[data.task.name, language] = len(first) + sum(1 for _ in rows)
            probe += first if data.task.name == task.name else []
    return {cell: (counts[cell.task, cell.language],) * 2 for cell in planned.cells()}, probe[:_PROBE]


def _searched(job: Job, clean: dict[Cell, tuple[int, int]]) -> dict[Cell, tuple[int, int]]:
    """Rows of every searched cell; the texts that a search may ask stand with the first of its cells."""
    made: dict[Cell, tuple[int, int]] = {}
    for cell, (rows, _) in clean.items():
        for quarry in job.quarries(cell.language):
            asked = [rows * quarry.queries, *[0] * len(quarry.budgets)]
            made |= {one: (rows, asked[i]) for i, one in enumerate(quarry.cells(cell.task, cell.language))}
    return made


def _built(
    job: Job, models: Models, task: Task, manifest: Manifest
) -> tuple[dict[Cell, tuple[int, int]], list[CellRow]]:
    """The same of a suite that is there: what an attack did not change is known from the clean cell."""
    cells = {
        record.cell: (record.rows, record.rows if record.cell.attack == CLEAN else record.changed)
        for record in manifest.cells
        if record.cell.task in models.of
    }
    first = next(cell for cell in cells if cell.attack == CLEAN and cell.task == task.name)
    return cells, list(islice(read_cell(cell_path(job.suite, first), manifest.fields[first.task]), _PROBE))


def _rate(checkpoint: Checkpoint, task: Task, probe: list[CellRow]) -> float:
    head = head_of(task)
    encoded = head.encode(checkpoint, task, probe)
    asked = Asked(task, probe, range(len(probe)))
    head.decide(checkpoint, asked, encoded)  # the first call is slower than those after it
    began = time.perf_counter()
    head.decide(checkpoint, asked, encoded)
    return len(probe) / (time.perf_counter() - began)
