"""A table of figures, and how it is written: CSV for computing, Markdown for a page, LaTeX (booktabs) for a paper."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from robustx import files
from robustx.report.escape import csv_cell, latex, markdown
from robustx.report.words import DASH, MINUS, known, margin, p_value, points, share, signed

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
