"""What commands share in showing: JSON on standard output, progress on standard error, an estimate before a long work."""

from __future__ import annotations

import json
import math
import sys
import time
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from robustx import files
from robustx.api import Job
from robustx.suite.cells import Cell

DISCORDANT = 0.15
"""Share of examples that one attack turns over, assumed for the estimate of what a run can see."""

_TELL_AFTER = 5.0
"""Seconds after which the rate is taken as known."""


def print_json(value: Any) -> None:
    """Print JSON and nothing else; NaN becomes null."""
    sys.stdout.write(json.dumps(files.finite(value), ensure_ascii=False, indent=1) + "\n")


def estimate(job: Job) -> list[str]:
    """What a run would do: inputs, time from a measured rate, and the smallest gap that it could see."""
    from robustx.model.checkpoint import load
    from robustx.model.infer import encode, probabilities

    if job.planned is None:
        return [f"{job.model} on {job.suite}: {job.cells} cells"]
    counts = {
        (data.task.name, language): sum(1 for _ in data.examples(language, _log()))
        for data in job.planned.data
        for language in job.planned.languages[data.task.name]
    }
    inputs = sum(counts[cell.task, cell.language] for cell in job.planned.cells())
    checkpoint = load(job.model, job.settings)
    first = job.planned.data[0]
    language = job.planned.languages[first.task.name][0]
    rows = [tuple(e.fields.values()) for e, _ in zip(first.examples(language, _log()), range(64), strict=False)]
    encoded = encode(checkpoint, [(row[0], row[1]) for row in rows])
    probabilities(checkpoint, encoded)
    began = time.perf_counter()
    probabilities(checkpoint, encoded)
    rate = len(rows) / (time.perf_counter() - began)
    least = min(counts.values())
    smallest = 2.8 * math.sqrt(DISCORDANT / least) * 100
    return [
        f"{job.model} on {job.planned.spec.card.id}: {len(counts)} languages, {job.cells} cells",
        f"at most {inputs:,} forward passes at about {rate:.0f} a second: {_duration(inputs / rate)}",
        f"one cell of {least:,} examples sees a gap of about {smallest:.1f} points (80% power, if {DISCORDANT:.0%} turn over)",
        f"would be written to {job.out}",
    ]


class Progress:
    """Progress bars on standard error: one for building the suite, one for predicting it."""

    def __init__(self, console: Console, job: Job) -> None:
        self._console = console
        self._job = job
        self._bars = Bars(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=console,
            disable=not console.is_terminal,
        )
        self._task: Any = None
        self._built: Any = None
        self._total = self._done = 0
        self._began: float | None = None

    def __enter__(self) -> Progress:
        from robustx.suite.manifest import read_manifest

        job = self._job
        what = job.planned.spec.card.id if job.planned else read_manifest(job.suite).suite
        begun = f"{job.model} on {what}: {job.cells} cells; the time it takes is told once the model's speed is known"
        self._console.print(begun, soft_wrap=True)
        self._bars.start()
        if job.planned is not None:
            self._built = self._bars.add_task("building", total=sum(map(len, job.planned.languages.values())))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def built(self, what: str) -> None:
        """One language of the suite is built."""
        self._bars.update(self._built, advance=1, description=f"building {what}")

    def begin(self, total: int) -> None:
        """So many rows are to be predicted in all."""
        self._task = self._bars.add_task("predicting", total=total)
        self._total, self._began = total, time.monotonic()

    def advance(self, cell: Cell, rows: int) -> None:
        """So many rows of a cell are done."""
        self._done += rows
        spent = time.monotonic() - (self._began or 0.0)
        if self._began is not None and spent > _TELL_AFTER:
            rate, self._began = self._done / spent, None
            left = _duration((self._total - self._done) / rate)
            self._console.print(f"{self._total:,} inputs at about {rate:.0f} a second: {left} to go", soft_wrap=True)
        self._bars.update(self._task, advance=rows, description=f"predicting {cell.language} {cell.attack}")


def _log() -> Any:
    from robustx.tasks.base import SkipLog

    return SkipLog()


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"
