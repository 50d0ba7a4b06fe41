"""The headline of every board for a terminal."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from robustx.report.leaderboard.exports import cells, headings
from robustx.report.leaderboard.words import suite_words, view_words
from robustx.score.apart import why_apart
from robustx.score.board import Board
from robustx.text.display import visible

MOST = 30


def board_report(boards: list[Board]) -> RenderableType:
    """A table a board, of at most 30 models each."""
    return Group(*(part for board in boards for part in _board(board, boards[0])))


def _board(board: Board, main: Board) -> list[RenderableType]:
    standing = board.standing(board.headline)
    shown = (
        f"{suite_words(board)} · {visible(board.task)} ({visible(board.metric)}) · {view_words(board, board.headline)}"
    )
    parts: list[RenderableType] = [Text(shown, style="bold")]
    if board is not main:
        parts.append(Text(f"apart from the first: {why_apart(board, main)}", style="yellow"))
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1), show_edge=False, collapse_padding=True)
    for header in headings(board):
        first = header in ("rank", "ties", "model")
        table.add_column(header, justify="left" if first else "right", no_wrap=header != "model")
    for (low, tie, name, *rest), _ in zip(cells(board), range(MOST), strict=False):
        table.add_row(low, tie, Text(visible(name)), *rest)
    parts.append(table)
    left = len(standing.members) - MOST
    notes = [f"and {left:,} more"] * (left > 0)
    notes += [f"{len(standing.unranked)} not ranked: too few of the changes reached them"] * bool(standing.unranked)
    notes.append("rank: all intervals hold at once, 95%. ties: models that share a letter do not differ.")
    return [*parts, Padding(Text("\n".join(notes), style="dim"), (0, 0, 1, 0))]
