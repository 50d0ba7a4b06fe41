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
from robustx.report.words import edits
from robustx.score.apart import why_apart
from robustx.score.board import Board, Entry, Standing
from robustx.score.effort import Effort, effort
from robustx.score.views import View

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


class Curve(NamedTuple):
    """One ranked model of a searched board: its row at the largest budget, and its scores [budgets, 3]."""

    row: Row
    scores: list[npt.NDArray[np.float64]]
    effort: Effort


def curves(board: Board) -> list[Curve]:
    """The ranked models of a searched board, best first, with the score at every budget; NaN where one has none."""
    head = board.headline
    standings = [board.standing(View(head.where, head.attack, budget)) for budget in board.budgets]
    made = []
    for row in rows(board, board.standing(head)):
        place = board.place_of[row.entry.slug]
        scores = [_score(standing, place) for standing in standings]
        made.append(Curve(row, scores, effort(row.entry.task)))
    return made


def _score(standing: Standing, place: int) -> npt.NDArray[np.float64]:
    row = standing.row_of.get(place)
    return np.full(3, np.nan) if row is None else standing.score[row]


def as_json(boards: list[Board]) -> str:
    """``leaderboard.json``: models, views and standings of every board; ASCII only, so that no name does anything."""
    made = {"kind": "robustx leaderboard", "schema": SCHEMA, "boards": [_board(board, boards[0]) for board in boards]}
    return json.dumps(made, ensure_ascii=True, separators=(",", ":"), allow_nan=False) + "\n"


def as_csv(boards: list[Board]) -> str:
    """``leaderboard.csv``: a row a model and board, and of a searched board a row a model and budget."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    head = "suite task view rank_low rank_high ties model score score_low score_high gap gap_low gap_high signature"
    writer.writerow(head.split())
    for board in boards:
        for view, row in _csv_rows(board):
            gap = [""] * 3 if row.gap is None else [f"{value:.4f}" for value in row.gap]
            texts = [csv_cell(text) for text in (board.suite, board.task, view_words(board, view))]
            figures = [f"{value:.4f}" for value in row.score]
            name = csv_cell(row.entry.submission.model.name)
            signature = csv_cell(row.entry.submission.signature)
            writer.writerow([*texts, row.low, row.high, row.tie, name, *figures, *gap, signature])
    return out.getvalue()


def _csv_rows(board: Board) -> Iterator[tuple[View, Row]]:
    head = board.headline
    views = [View(head.where, head.attack, budget) for budget in board.budgets] or [head]
    for view in views:
        for row in rows(board, board.standing(view)):
            yield view, row


def as_markdown(boards: list[Board]) -> str:
    """``leaderboard.md``: a table a board."""
    parts = []
    for board in boards:
        lines = [f"## {markdown(suite_words(board))}: {markdown(board.task)}", ""]
        if board is not boards[0]:
            lines += [f"Apart from the first: {markdown(why_apart(board, boards[0]))}.", ""]
        lines += [f"{markdown(view_words(board, board.headline))}, {board.examples:,} examples.", ""]
        head = headings(board)
        lines += [f"| {' | '.join(head)} |", f"|---|---|---|{'---:|' * (len(head) - 3)}"]
        lines += [f"| {' | '.join([low, tie, markdown(name), *rest])} |" for low, tie, name, *rest in cells(board)]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def headings(board: Board) -> list[str]:
    """The headings of a board's table: of a searched one the score at every budget."""
    first = ["rank", "ties", "model"]
    if not board.budgets:
        return [*first, "score", "95% interval", "gap"]
    return [
        *first,
        *map(edits, board.budgets),
        "95% interval",
        "gap",
        *(["certified"] if _certified(board) else []),
        "queries",
    ]


def cells(board: Board) -> Iterator[list[str]]:
    """The rows under ``headings``, names as they are."""
    if not board.budgets:
        for row in rows(board, board.standing(board.headline)):
            yield [*_named(row), points(row.score[0]), span(row.score), _gap(row)]
        return
    for row, scores, spent in curves(board):
        certified = [DASH if spent.certified is None else points(spent.certified)] if _certified(board) else []
        asked = f"{spent.queries:,.0f}" if np.isfinite(spent.queries) else DASH
        yield [*_named(row), *(points(one[0]) for one in scores), span(row.score), _gap(row), *certified, asked]


def _named(row: Row) -> list[str]:
    return [ranks(row.low, row.high), row.tie, row.entry.submission.model.name]


def _gap(row: Row) -> str:
    return DASH if row.gap is None else points(row.gap[0], sign=True)


def _certified(board: Board) -> bool:
    return board.search is not None and board.search.certificate


def as_latex(boards: list[Board]) -> str:
    """``leaderboard.tex``: a booktabs table a board."""
    parts = ["% needs \\usepackage{booktabs,textcomp}"]
    for board in boards:
        title = f"{suite_words(board)}, {board.task}: {view_words(board, board.headline)}"
        head = headings(board)
        places = f"lll{'r' * (len(head) - 3)}"
        lines = [r"\begin{table}", r"\centering", rf"\caption{{{latex(title)}}}", rf"\begin{{tabular}}{{{places}}}"]
        lines += [r"\toprule", rf"{' & '.join(map(latex, head))} \\", r"\midrule"]
        for low, tie, name, *rest in cells(board):
            signed = [f"${text}$" if text[:1] in ("+", "-") else text for text in rest]
            lines.append(rf"{' & '.join([low, tie, latex(name), *signed])} \\".replace(DASH, "--"))
        parts.append("\n".join([*lines, r"\bottomrule", r"\end{tabular}", r"\end{table}"]))
    return "\n\n".join(parts) + "\n"


def _board(board: Board, main: Board) -> dict[str, Any]:
    return {
        "suite": board.suite,
        "task": board.task,
        "search": None if board.search is None else board.search.model_dump(),
        "defence": board.defence,
        "headline": vars(board.headline),
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
