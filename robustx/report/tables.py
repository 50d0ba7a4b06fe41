"""A run's and a comparison's figures as tables."""

from __future__ import annotations

from typing import Any

from robustx.report.table import Column, Table
from robustx.report.words import capital
from robustx.report.worst_tables import paired_worst_table, worst_tables


def run_tables(scores: dict[str, Any]) -> list[Table]:
    """Languages, scripts, attacks and cells of a run, for each of its tasks."""
    made = []
    for number, (task, value) in enumerate(scores["tasks"].items(), start=1):
        stem = table_stem(task, number)
        of = f"{scores['model']['name']} on {scores['suite']['id']}, {task}"
        made.append(_languages(stem, of, scores["languages"], value))
        if value["attacks"]:
            made += [_scripts(stem, of, value), _attacks(stem, of, value), _cells(stem, of, value)]
        if value["attacks"] and "search" in value:
            made += worst_tables(stem, of, value)
    return made


def comparison_tables(comparison: dict[str, Any]) -> list[Table]:
    """Paired differences by language and group, and the test of every cell, for each task of a comparison."""
    made = []
    names = " against ".join(comparison[side]["model"]["name"] for side in ("candidate", "baseline"))
    for number, (task, value) in enumerate(comparison["tasks"].items(), start=1):
        stem = table_stem(task, number)
        made.append(_paired(stem, f"{names}, {task}", comparison["languages"], value))
        made += [paired_worst_table(stem, f"{names}, {task}", value)] if "search" in value else []
        counts = (Column(title, "count") for title in ("examples", "only baseline right", "only candidate right"))
        columns = (*_CELL, *counts, Column("p", "p"), Column("p after Holm", "p"))
        keys = ("language", "attack", "severity", "draw", "n", "only_baseline", "only_candidate", "p", "p_holm")
        rows = tuple(tuple(cell[key] for key in keys) for cell in value["cells"])
        made.append(Table(f"{stem}-cells", f"By cell, {comparison['tests']['cells']}: {names}, {task}", columns, rows))
    return made


def table_stem(task: str, number: int) -> str:
    """A task's name as part of a file's; a name that is no plain word gives its number."""
    plain = task.isascii() and task.replace("-", "").isalnum()
    return task if plain else f"task{number}"


_CELL = (Column("language", "text"), Column("attack", "text"), Column("severity", "number"), Column("draw", "count"))
_THREE = (Column("clean", "accuracy"), Column("robust", "accuracy"), Column("gap", "difference"))
_AUDIT = (Column("reached", "share"), Column("length in tokens", "ratio"))


def _three(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["clean"], row["robust"], row["gap"]


def _languages(stem: str, of: str, names: dict[str, Any], task: dict[str, Any]) -> Table:
    first = (*(Column(title, "text") for title in ("language", "code", "script")), Column(task["metric"], "accuracy"))
    rest = (Column("worst", "accuracy"), Column("flipped", "accuracy"), Column("p after Holm", "p"), *_AUDIT)
    attacked = bool(task["attacks"])
    rows = []
    for code, row in task["languages"].items():
        known_as = names.get(code, {})
        cells: tuple[Any, ...] = (known_as.get("name", code), code, known_as.get("script"), row["accuracy"])
        audit = (row["audit"]["reached"], row["audit"]["token_inflation"]) if attacked else ()
        cells += (*_three(row), row["worst"], row["success"], row["p_holm"], *audit) if attacked else ()
        rows.append(cells)
    columns = (*first, *_THREE, *rest) if attacked else first
    return Table(f"{stem}-languages", f"{capital(task['metric'])} by language: {of}", columns, tuple(rows))


def _scripts(stem: str, of: str, task: dict[str, Any]) -> Table:
    columns = (Column("languages", "text"), Column("how many", "count"), *_THREE, Column("p", "p"))
    blocks = {**task["scripts"], **task["groups"]}
    rows = tuple((name, len(row["languages"]), *_three(row), row["p"]) for name, row in blocks.items())
    return Table(f"{stem}-scripts", f"{capital(task['metric'])} by script and group: {of}", columns, rows)


def _attacks(stem: str, of: str, task: dict[str, Any]) -> Table:
    columns = (Column("attack", "text"), Column("languages", "text"), Column("severity", "text"), *_THREE, *_AUDIT)
    rows: list[tuple[Any, ...]] = []
    for attack, groups in task["attacks"].items():
        for group, row in groups.items():
            rows.append((attack, group, "all", *_three(row), row["reached"], row["token_inflation"]))
            if len(row["severities"]) > 1:
                steps = row["severities"].items()
                rows += [(attack, group, severity, *_three(one), None, None) for severity, one in steps]
    return Table(f"{stem}-attacks", f"{capital(task['metric'])} by attack and severity: {of}", columns, tuple(rows))


def _cells(stem: str, of: str, task: dict[str, Any]) -> Table:
    columns = (*_CELL, Column("rows", "count"), Column("judged", "count"), *_THREE)
    keys = ("language", "attack", "severity", "draw", "rows", "judged")
    rows = tuple((*(cell[key] for key in keys), *_three(cell)) for cell in task["cells"])
    return Table(f"{stem}-cells", f"Every cell: {of}", columns, rows)


def _paired(stem: str, of: str, names: dict[str, Any], task: dict[str, Any]) -> Table:
    columns = [Column("language", "text"), Column("code", "text")]
    for what in ("clean", "robust"):
        columns += [Column(f"{what} {side}", "accuracy") for side in ("baseline", "candidate")]
        columns += [Column(f"{what} difference", "difference"), Column(f"{what} p", "p")]
    columns += [Column("difference-in-differences", "difference"), Column("its p", "p")]
    rows = [
        (names.get(code, {}).get("name", code), code, *_sides(row, "_holm")) for code, row in task["languages"].items()
    ]
    rows += [(name, None, *_sides(row, "")) for name, row in task["groups"].items()]
    caption = f"Paired differences, languages after Holm's correction: {of}"
    return Table(f"{stem}-differences", caption, tuple(columns), tuple(rows))


def _sides(row: dict[str, Any], suffix: str) -> tuple[Any, ...]:
    cells: tuple[Any, ...] = ()
    for what in ("clean", "robust"):
        one = row[what]
        cells += (one["baseline"], one["candidate"], one["difference"], row[f"{what}_p{suffix}"])
    return (*cells, row["did"], row[f"did_p{suffix}"])
