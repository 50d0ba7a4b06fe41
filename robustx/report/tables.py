"""A run's and a comparison's figures as tables: CSV for computing, Markdown for a page, LaTeX (booktabs) for a paper."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from robustx import files
from robustx.report.escape import csv_cell, latex, markdown
from robustx.report.words import DASH, MINUS, capital, known, margin, p_value, points, share, signed

Kind = Literal["text", "count", "accuracy", "difference", "share", "ratio", "number", "p"]


class Column(NamedTuple):
    """One column: its heading and what stands in it; a figure becomes three columns in CSV (value, low, high)."""

    title: str
    kind: Kind


@dataclass(frozen=True)
class Table:
    """A table before it is written: cells are text, numbers, figures with an interval, or None for nothing."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]


def write_tables(tables: Iterable[Table], folder: Path) -> list[Path]:
    """Write each table as ``NAME.csv``, ``NAME.md`` and ``NAME.tex`` into a folder."""
    made = []
    for table in tables:
        for ending, text in (("csv", as_csv(table)), ("md", as_markdown(table)), ("tex", as_latex(table))):
            path = folder / f"{table.name}.{ending}"
            with files.whole_file(path) as scratch:
                scratch.write_text(text, encoding="utf-8", newline="")
            made.append(path)
    return made


def run_tables(scores: dict[str, Any]) -> list[Table]:
    """Languages, scripts, attacks and cells of a run, for each of its tasks."""
    made = []
    for number, (task, value) in enumerate(scores["tasks"].items(), start=1):
        stem = table_stem(task, number)
        of = f"{scores['model']['name']} on {scores['suite']['id']}, {task}"
        made.append(_languages(stem, of, scores["languages"], value))
        if value["attacks"]:
            made += [_scripts(stem, of, value), _attacks(stem, of, value), _cells(stem, of, value)]
    return made


def comparison_tables(comparison: dict[str, Any]) -> list[Table]:
    """Paired differences by language and group, and the test of every cell, for each task of a comparison."""
    made = []
    names = " against ".join(comparison[side]["model"]["name"] for side in ("candidate", "baseline"))
    for number, (task, value) in enumerate(comparison["tasks"].items(), start=1):
        stem = table_stem(task, number)
        made.append(_paired(stem, f"{names}, {task}", comparison["languages"], value))
        counts = (Column(title, "count") for title in ("examples", "only baseline right", "only candidate right"))
        columns = (*_CELL, *counts, Column("p", "p"), Column("p after Holm", "p"))
        keys = ("language", "attack", "severity", "draw", "n", "only_baseline", "only_candidate", "p", "p_holm")
        rows = tuple(tuple(cell[key] for key in keys) for cell in value["cells"])
        made.append(Table(f"{stem}-cells", f"Exact McNemar by cell: {names}, {task}", columns, rows))
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


def as_csv(table: Table) -> str:
    """RFC 4180 with numbers in full; shares and figures are shares of 1, and what is no number is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([csv_cell(title) for column in table.columns for title in _csv_titles(column)])
    for row in table.rows:
        writer.writerow(
            [value for column, cell in zip(table.columns, row, strict=True) for value in _csv(column, cell)]
        )
    return out.getvalue()


def _csv_titles(column: Column) -> tuple[str, ...]:
    return (column.title, f"{column.title} low", f"{column.title} high") if _is_figure(column) else (column.title,)


def _csv(column: Column, cell: Any) -> Sequence[str | int | float]:
    if _is_figure(column):
        return [_number(cell[key]) for key in ("value", "low", "high")]
    if column.kind == "text":
        return [csv_cell(cell) if cell is not None else ""]
    return [_number(cell)]


def _number(value: Any) -> str | int | float:
    return value if value is not None and known(value) else ""


def _is_figure(column: Column) -> bool:
    return column.kind in ("accuracy", "difference")


def as_markdown(table: Table) -> str:
    """A GitHub-flavoured Markdown table under its caption; figures in points with half of their 95% interval."""
    lines = [f"**{markdown(table.caption)}**", "", _md_row(markdown(column.title) for column in table.columns)]
    lines.append(_md_row("---" if column.kind == "text" else "---:" for column in table.columns))
    for row in table.rows:
        lines.append(_md_row(markdown(_shown(*pair)) for pair in zip(table.columns, row, strict=True)))
    return "\n".join(lines) + "\n"


def _md_row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def as_latex(table: Table) -> str:
    r"""A ``table`` environment for ``\usepackage{booktabs}``; figures in points with half of their 95% interval."""
    places = "".join("l" if column.kind == "text" else "r" for column in table.columns)
    rows = [_tex_row(map(_tex, table.columns, row)) for row in table.rows]
    lines = [
        r"% \usepackage{booktabs}; a document in LuaLaTeX or XeLaTeX takes names in any script",
        r"\begin{table}",
        r"\centering",
        rf"\caption{{{latex(table.caption)}}}",
        rf"\begin{{tabular}}{{{places}}}",
        r"\toprule",
        _tex_row(latex(column.title) for column in table.columns),
        r"\midrule",
        *rows,
        r"\bottomrule",
        r"\end{tabular}",
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def _tex_row(cells: Iterable[str]) -> str:
    return f"{' & '.join(cells)} \\\\"


def _tex(column: Column, cell: Any) -> str:
    shown = _shown(column, cell)
    if column.kind in ("text", "count") or shown in ("", DASH):
        return latex(shown).replace(DASH, "--")
    if column.kind == "p":
        return f"${shown[1:].lstrip('=')}$"
    return "$" + latex(shown).replace(MINUS, "-").replace("±", r"\pm ").replace("×", r"\times ") + "$"


def _shown(column: Column, cell: Any) -> str:
    """One cell as a person reads it."""
    if column.kind == "text":
        return "" if cell is None else str(cell)
    if _is_figure(column):
        value = signed(cell["value"]) if column.kind == "difference" else points(cell["value"])
        return f"{value} {margin(cell)}".strip() if known(cell["value"]) else DASH
    if cell is None or not known(cell):
        return ""
    if column.kind == "p":
        return p_value(cell)
    if column.kind == "share":
        return share(cell)
    return {"count": f"{cell:,.0f}", "ratio": f"×{cell:.2f}", "number": f"{cell:g}"}[column.kind]
