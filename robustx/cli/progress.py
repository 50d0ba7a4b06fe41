"""Progress on standard error: bars on a terminal, and one line with an estimate once the rate is known."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from robustx.api import Job
from robustx.cli.show import duration, say
from robustx.suite.build import Plan
from robustx.suite.cells import Cell

TELL_AFTER = 5.0
"""Seconds after which the rate is taken as known."""


class Pace:
    """Tells once how long the rest takes, from the rate of what was done here; earlier sittings count for nothing.

    Args:
        left: what is to be done.
        tell: is given the rate in units a second, and the seconds to go.
        clock: seconds.
    """

    def __init__(
        self, left: int, tell: Callable[[float, float], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._left, self._tell, self._clock = left, tell, clock
        self._done, self._began, self._told = 0, clock(), False

    def advance(self, count: int) -> None:
        """So many more are done."""
        self._done += count
        spent = self._clock() - self._began
        if self._told or spent <= TELL_AFTER or self._done >= self._left:
            return
        self._told = True
        rate = self._done / spent
        self._tell(rate, (self._left - self._done) / rate)


class Building:
    """Progress of building a suite, a language at a time."""

    def __init__(self, console: Console, planned: Plan, bars: Bars | None = None) -> None:
        self._console, self._planned = console, planned
        self._bars = bars or _bars(console)
        self._task: TaskID | None = None
        self._pace: Pace | None = None

    def __enter__(self) -> Building:
        self._bars.start()
        self.begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def begin(self, done: int = 0) -> None:
        """The building begins, or is seen to have begun."""
        languages = sum(map(len, self._planned.languages.values()))
        self._task = self._bars.add_task("building", total=languages, completed=done)
        self._pace = Pace(languages - done, self._tell)

    def built(self, what: str) -> None:
        """One language is built."""
        if self._task is None or self._pace is None:
            self.begin(done=1)  # of a suite that was there already nothing is told
            return
        self._bars.update(self._task, advance=1, description=f"building {what}")
        self._pace.advance(1)

    def _tell(self, rate: float, left: float) -> None:
        say(self._console, f"{1 / rate:.1f} seconds a language: building is done in about {duration(left)}")


class Progress:
    """Progress of an attack: a bar for building the suite, and one for predicting it."""

    def __init__(self, console: Console, job: Job) -> None:
        self._console, self._job = console, job
        self._bars = _bars(console)
        self._building = Building(console, job.planned, self._bars) if job.planned is not None else None
        self._task: TaskID | None = None
        self._pace: Pace | None = None

    def __enter__(self) -> Progress:
        job = self._job
        begun = f"{job.model} on {job.suite_id}: {job.cells} cells; the time it takes is told once the model's speed is known"
        say(self._console, begun)
        for name, reason in (job.planned.left_out if job.planned is not None else {}).items():
            say(self._console, f"left out: {name}: {reason}")
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def built(self, what: str) -> None:
        """One language of the suite is built."""
        if self._building is not None:
            self._building.built(what)

    def begin(self, total: int, kept: int) -> None:
        """There are so many rows in all, of which so many were predicted in an earlier sitting."""
        if kept:
            say(self._console, f"{kept:,} of {total:,} inputs were predicted in an earlier sitting")
        self._task = self._bars.add_task("predicting", total=total, completed=kept)
        self._pace = Pace(total - kept, self._tell)

    def advance(self, cell: Cell, rows: int) -> None:
        """So many rows of a cell are done."""
        if self._task is not None and self._pace is not None:
            self._bars.update(self._task, advance=rows, description=f"predicting {cell.language} {cell.attack}")
            self._pace.advance(rows)

    def _tell(self, rate: float, left: float) -> None:
        say(self._console, f"about {rate:.0f} inputs a second: {duration(left)} to go")


class Translating:
    """Progress of translating, a bar a language."""

    def __init__(self, console: Console) -> None:
        self._console, self._bars = console, _bars(console)
        self._task: dict[str, tuple[TaskID, Pace]] = {}

    def __enter__(self) -> Translating:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def done(self, language: str, count: int, total: int) -> None:
        """So many more of all pieces are translated."""
        if language not in self._task:
            self._task[language] = self._bars.add_task(f"translating {language}", total=total), Pace(total, self._tell)
        task, pace = self._task[language]
        self._bars.update(task, advance=count)
        pace.advance(count)

    def _tell(self, rate: float, left: float) -> None:
        say(self._console, f"about {rate:.0f} pieces a second: {duration(left)} to go")


def _bars(console: Console) -> Bars:
    return Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(elapsed_when_finished=True),
        console=console,
        disable=console.quiet or not console.is_terminal,
    )
