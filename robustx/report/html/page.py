"""The report of a run, ``RUN/report.html``, and of a comparison."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from robustx import files
from robustx.errors import RunError
from robustx.report.defence import defence_words
from robustx.report.html.command import attack_command
from robustx.report.html.curves import panels
from robustx.report.html.diff import edit_names, shown_field
from robustx.report.html.render import render, write_page
from robustx.report.html.worst import budgets_of, felled, scripts_of, worst_panels
from robustx.report.words import driven, known, run_headline, search_words
from robustx.score.flips import Flips, read_flips

NAME = "report.html"
_MOST_CELLS = 12
"""Cells of a comparison that are shown, the surest first."""


def write_run_report(folder: Path, scores: dict[str, Any]) -> Path:
    """Write ``report.html`` into a run folder; the same run and scores give the same bytes.

    Args:
        scores: what ``robustx.score.single.score_run`` gives for the folder.

    Raises:
        RunError: a cell file is missing or damaged.
    """
    facts = files.read_json(folder / "run.json", RunError, "a folder that `robustx attack` made")
    flips = {task: read_flips(folder, task) for task in scores["tasks"]}
    write_page(folder / NAME, run_page(scores, facts, flips))
    return folder / NAME


def write_comparison_report(path: Path, figures: dict[str, Any], folders: tuple[str, str]) -> Path:
    """Write the report of a comparison.

    Args:
        figures: what ``robustx.score.compare.compare_runs`` gives.
        folders: the two run folders, as they were named, for the command that repeats it.
    """
    write_page(path, comparison_page(figures, folders))
    return path


def run_page(scores: dict[str, Any], facts: dict[str, Any], flips: dict[str, Flips]) -> str:
    """The page of a run."""
    scores = files.finite(scores)
    return render(
        "run.html.j2",
        scores=scores,
        facts=facts,
        flips=flips,
        headlines={name: run_headline(task) for name, task in scores["tasks"].items()},
        panels={name: [] if "search" in task else panels(task["attacks"]) for name, task in scores["tasks"].items()},
        worst={name: _worst(task) for name, task in scores["tasks"].items() if "search" in task},
        defence=facts.get("settings", {}).get("defence"),
        edit_names=edit_names,
        looked={name: _looked(task["attacks"]) for name, task in scores["tasks"].items()},
        command=attack_command(facts),
        shown_field=shown_field,
        driven=driven,
    )


def comparison_page(figures: dict[str, Any], folders: tuple[str, str]) -> str:
    """The page of a comparison."""
    figures = files.finite(figures)
    cells = {name: _surest(task["cells"]) for name, task in figures["tasks"].items()}
    tasks = figures["tasks"].items()
    defended = {name: defence_words(figures, task) for name, task in tasks}
    worst = {
        name: sorted(next(iter(task["search"]["groups"].values())), key=float)
        for name, task in tasks
        if "search" in task
    }
    command = compare_command(*folders)
    return render("comparison.html.j2", figures=figures, cells=cells, command=command, defended=defended, worst=worst)


def compare_command(baseline: str, candidate: str) -> str:
    """The command that repeats a comparison."""
    import shlex

    from robustx.text.display import visible

    return f"robustx compare {shlex.quote(visible(baseline))} {shlex.quote(visible(candidate))}"


def _worst(task: dict[str, Any]) -> dict[str, Any]:
    """What the page shows of a search, beside the scores themselves."""
    search = task["search"]
    return {
        "budgets": budgets_of(search),
        "scripts": scripts_of(search),
        "felled": felled(search),
        "panels": worst_panels(search, task["chance"]),
        "how": search_words(search["strategy"], search["budget"], search["queries"]),
    }


def _looked(attacks: dict[str, Any]) -> bool:
    """Whether the suite recorded how alike the texts still look."""
    return any(known(row["likeness"]) for groups in attacks.values() for row in groups.values())


def _surest(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(cells, key=lambda cell: (cell["p"], cell["language"], cell["attack"]))[:_MOST_CELLS]
