"""Progress and estimates: the rate is that of this sitting, and what need not be run again is not counted."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from robustx import api
from robustx.cli.estimate import estimate
from robustx.cli.progress import Building, Pace, Progress
from robustx.model.checkpoint import Settings

Folder = Callable[[str], Path]
CPU = Settings(device="cpu")


class Clock:
    """Seconds that pass when they are told to."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_rate_is_told_once_and_the_rest_follows_from_it() -> None:
    clock, told = Clock(), []
    pace = Pace(1000, lambda rate, left: told.append((rate, left)), clock)
    for _ in range(10):
        clock.now += 2
        pace.advance(40)
    (one,) = told
    assert one == pytest.approx((20.0, (1000 - 120) / 20))


def test_nothing_is_told_of_a_work_that_is_done_before_the_rate_is_known() -> None:
    clock, told = Clock(), []
    pace = Pace(10, lambda *one: told.append(one), clock)
    clock.now += 4
    pace.advance(9)
    clock.now += 4
    pace.advance(1)
    assert told == []


@pytest.fixture
def job(checkpoint: Folder, small_card: Path, small_data: Path, tmp_path: Path) -> api.Job:
    return api.prepare(str(checkpoint("bert")), str(small_card), str(small_data), out=tmp_path / "run", settings=CPU)


def test_a_run_that_is_taken_up_again_is_not_taken_for_a_fast_one(
    job: api.Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an earlier sitting predicted is said and left out of the rate."""
    monkeypatch.setattr("robustx.cli.progress.TELL_AFTER", 0.0)
    api.carry_out(job)
    gone = sorted((job.out / "cells").iterdir())[:4]
    for path in gone:
        path.unlink()
    written = io.StringIO()
    with Progress(Console(file=written), job) as progress:
        api.carry_out(job, progress, progress.built)
    assert "96 of 144 inputs were predicted in an earlier sitting" in written.getvalue()
    assert "inputs a second" in written.getvalue()


def test_building_tells_how_long_it_takes(job: api.Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("robustx.cli.progress.TELL_AFTER", 0.0)
    assert job.planned is not None
    written = io.StringIO()
    with Building(Console(file=written), job.planned) as building:
        api.ensure_suite(job.planned, job.suite, building.built)
    assert written.getvalue().count("seconds a language: building is done in about") == 1


class TestEstimate:
    def test_before_a_suite_is_built_every_row_of_every_cell_may_be_an_input(self, job: api.Job) -> None:
        would = estimate(job)
        assert (would.languages, would.cells, would.kept, would.examples) == (2, 12, 0, 12)
        assert would.forward_passes == 12 * 12
        assert would.seconds == pytest.approx(144 / would.rate)
        # McNemar's test of 12 pairs of which 15% differ, by the normal approximation
        assert would.smallest_gap == pytest.approx(2.8 * (0.15 / 12) ** 0.5)
        assert not job.out.exists()
        assert "at most 144 forward passes" in would.lines()[1]

    def test_of_a_built_suite_unchanged_rows_are_no_inputs(
        self, checkpoint: Folder, small_card: Path, small_data: Path, tmp_path: Path
    ) -> None:
        card = tmp_path / "tiny.toml"
        card.write_text(small_card.read_text(encoding="utf-8").replace("[0.1, 0.4]", "[0.0, 0.4]"), encoding="utf-8")
        cells = api.ensure_suite(api.plan_suite(str(card), str(small_data)), tmp_path / "built").cells
        job = api.prepare(str(checkpoint("bert")), str(tmp_path / "built"), out=tmp_path / "run", settings=CPU)
        assert sum(record.rows for record in cells) == 12 * 12
        assert estimate(job).forward_passes == 12 * 12 - 2 * 2 * 12, "two languages, two draws at severity 0"

    def test_cells_of_an_earlier_sitting_are_left_out(self, job: api.Job) -> None:
        api.carry_out(job)
        for path in sorted((job.out / "cells").iterdir())[:3]:
            path.unlink()
        would = estimate(job)
        assert (would.kept, would.forward_passes) == (9, 3 * 12)
        assert "12 cells, 9 of them predicted already" in would.lines()[0]
