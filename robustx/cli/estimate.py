"""What an attack would do: how many inputs, how long at the rate that the model shows, and how small a gap it could see."""

from __future__ import annotations

import math
import time
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from robustx.api import Job
from robustx.cli.show import duration
from robustx.run import run_cell_path
from robustx.suite.cells import CLEAN, Cell, read_cell
from robustx.suite.manifest import Manifest, cell_path, read_manifest
from robustx.tasks.base import SkipLog

DISCORDANT = 0.15
"""Share of examples that one attack turns over, assumed for the estimate of what a run can see."""

_PROBE = 64
"""Rows that the rate is measured on."""

Pair = tuple[str, str]


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
    cells, probe = _built(job, read_manifest(job.suite)) if job.planned is None else _planned(job)
    todo = {cell: inputs for cell, (_, inputs) in cells.items() if not run_cell_path(job.out, cell).is_file()}
    inputs, rate = sum(todo.values()), _rate(job, probe)
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


def _planned(job: Job) -> tuple[dict[Cell, tuple[int, int]], list[Pair]]:
    """Rows and inputs of every cell that would be built, and some rows."""
    assert job.planned is not None
    counts: dict[tuple[str, str], int] = {}
    probe: list[Pair] = []
    for data in job.planned.data:
        for language in job.planned.languages[data.task.name]:
            rows = data.examples(language, SkipLog())
            first = [_pair(tuple(example.fields.values())) for example in islice(rows, _PROBE)]
            counts[data.task.name, language] = len(first) + sum(1 for _ in rows)
            probe += first
    return {cell: (counts[cell.task, cell.language],) * 2 for cell in job.planned.cells()}, probe[:_PROBE]


def _built(job: Job, manifest: Manifest) -> tuple[dict[Cell, tuple[int, int]], list[Pair]]:
    """The same of a suite that is there: what an attack did not change is known from the clean cell."""
    cells = {
        record.cell: (record.rows, record.rows if record.cell.attack == CLEAN else record.changed)
        for record in manifest.cells
    }
    first = next(cell for cell in cells if cell.attack == CLEAN)
    rows = read_cell(cell_path(job.suite, first), manifest.fields[first.task])
    return cells, [_pair(row.fields) for row in islice(rows, _PROBE)]


def _pair(fields: tuple[str, ...]) -> Pair:
    return fields[0], fields[1]


def _rate(job: Job, probe: list[Pair]) -> float:
    from robustx.model.checkpoint import load
    from robustx.model.infer import encode, probabilities

    checkpoint = load(job.model, job.settings)
    encoded = encode(checkpoint, probe)
    probabilities(checkpoint, encoded)  # the first call is slower than those after it
    began = time.perf_counter()
    probabilities(checkpoint, encoded)
    return len(probe) / (time.perf_counter() - began)
