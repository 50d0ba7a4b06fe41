"""The boards as JSON, CSV, Markdown and LaTeX: every view in JSON, the headline of each board in the others."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from robustx import files
from robustx.report.escape import csv_cell, latex, markdown
from robustx.report.leaderboard.words import DASH, points, ranks, span, suite_words, ties, view_words
from robustx.score.board import Board, Entry, Standing, why_apart

SCHEMA = 1


class Row(NamedTuple):
    """One ranked model of a standing; ``gap`` is None without an attack."""

    entry: Entry
    low: int
    high: int
    tie: str
    score: npt.NDArray[np.float64]
    gap: npt.NDArray[np.float64] | None


def rows(board: Board, standing: Standing) -> Iterator[Row]:
    """The ranked models of a standing, best first."""
    for place, (member, tie) in enumerate(zip(standing.members, ties(standing), strict=True)):
        gap = None if standing.gap is None else standing.gap[place]
        yield Row(board.entries[member], standing.low[place], standing.high[place], tie, standing.score[place], gap)


def as_json(boards: list[Board]) -> str:
    """``leaderboard.json``: models, views and standings of every board; ASCII only, so that no name does anything."""
    made = {"kind": "robustx leaderboard", "schema": SCHEMA, "boards": [_board(board, boards[0]) for board in boards]}
    return json.dumps(made, ensure_ascii=True, separators=(",", ":"), allow_nan=False) + "\n"


def as_csv(boards: list[Board]) -> str:
    """``leaderboard.csv``: a row a model and board."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    head = "suite task view rank_low rank_high ties model score score_low score_high gap gap_low gap_high signature"
    writer.writerow(head.split())
    for board in boards:
        for row in rows(board, board.standing(board.headline)):
            gap = [""] * 3 if row.gap is None else [f"{value:.4f}" for value in row.gap]
            texts = [csv_cell(text) for text in (board.suite, board.task, view_words(board, board.headline))]
            figures = [f"{value:.4f}" for value in row.score]
            name = csv_cell(row.entry.submission.model.name)
            signature = csv_cell(row.entry.submission.signature)
            writer.writerow([*texts, row.low, row.high, row.tie, name, *figures, *gap, signature])
    return out.getvalue()


def as_markdown(boards: list[Board]) -> str:
    """``leaderboard.md``: a table a board."""
    parts = []
    for board in boards:
        lines = [f"## {markdown(suite_words(board))}: {markdown(board.task)}", ""]
        if board is not boards[0]:
            lines += [f"Apart from the first: {markdown(why_apart(board, boards[0]))}.", ""]
        lines += [f"{markdown(view_words(board, board.headline))}, {board.examples:,} examples.", ""]
        lines += ["| rank | ties | model | score | 95% interval | gap |", "|---|---|---|---:|---:|---:|"]
        for row in rows(board, board.standing(board.headline)):
            gap = DASH if row.gap is None else points(row.gap[0], sign=True)
            cells = [ranks(row.low, row.high), row.tie, markdown(row.entry.submission.model.name)]
            lines.append(f"| {' | '.join([*cells, points(row.score[0]), span(row.score), gap])} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def as_latex(boards: list[Board]) -> str:
    """``leaderboard.tex``: a booktabs table a board."""
    parts = ["% needs \\usepackage{booktabs,textcomp}"]
    for board in boards:
        title = f"{suite_words(board)}, {board.task}: {view_words(board, board.headline)}"
        lines = [r"\begin{table}", r"\centering", rf"\caption{{{latex(title)}}}", r"\begin{tabular}{lllrrr}"]
        lines += [r"\toprule", r"rank & ties & model & score & 95\% interval & gap \\", r"\midrule"]
        for row in rows(board, board.standing(board.headline)):
            gap = DASH if row.gap is None else f"${points(row.gap[0], sign=True)}$"
            cells = [ranks(row.low, row.high), row.tie, latex(row.entry.submission.model.name)]
            lines.append(rf"{' & '.join([*cells, points(row.score[0]), span(row.score), gap])} \\".replace(DASH, "--"))
        parts.append("\n".join([*lines, r"\bottomrule", r"\end{tabular}", r"\end{table}"]))
    return "\n\n".join(parts) + "\n"


def _board(board: Board, main: Board) -> dict[str, Any]:
    return {
        "suite": board.suite,
        "task": board.task,
        "apart": None if board is main else why_apart(board, main),
        "examples": board.examples,
        "draws": board.draws,
        "languages": {code: {"name": name, "script": script} for code, (name, script) in board.languages.items()},
        "models": [
            {
                "slug": entry.slug,
                "name": entry.submission.model.name,
                "signature": entry.submission.signature,
                "flags": [flag.model_dump() for flag in entry.task.flags],
            }
            for entry in board.entries
        ],
        "views": [{**vars(view), "standing": at} for view, at in board.views.items()],
        "standings": [_standing(standing) for standing in board.standings],
    }


def _standing(standing: Standing) -> dict[str, Any]:
    return {
        "models": standing.members,
        "score": _rounded(standing.score),
        "gap": None if standing.gap is None else _rounded(standing.gap),
        "rank_low": standing.low,
        "rank_high": standing.high,
        "ties": standing.groups,
        "unranked": standing.unranked,
        "cells": standing.cells,
    }


def _rounded(figures: npt.NDArray[np.float64]) -> list[Any]:
    """Figures to four places; null for what is no finite number."""
    made: list[Any] = np.round(figures, 4).tolist()
    return made if np.isfinite(figures).all() else [files.finite(figure) for figure in made]
