"""Why the runs of two boards are not ranked together, in words."""

from __future__ import annotations

from robustx.score.board import Board


def why_apart(board: Board, main: Board) -> str:
    """What keeps the runs of one board from those of another, in words."""
    reasons = _conditions(board, main) + _texts(board, main)
    return "; ".join(reasons or ["says it is the same suite, but has other examples, cells or changed texts"])


def _conditions(board: Board, main: Board) -> list[str]:
    """What was done otherwise to the models of two boards: another search, or another defence before them."""
    made = []
    if board.search != main.search:
        made.append(
            "searched otherwise, so that neither worst case is the other's match"
            if board.search and main.search
            else "searched for the worst case, so that the texts are each model's own"
            if board.search
            else "not searched, so that the texts are the suite's own"
        )
    if board.defence != main.defence:
        another = "another" if board.defence and main.defence else "a" if board.defence else "no"
        made.append(f"{another} defence before the models")
    return made


def _texts(board: Board, main: Board) -> list[str]:
    """What keeps the texts of two boards apart."""
    if board.task != main.task and board.suite == main.suite:
        return ["another task of the same suite"]
    mine, its = (dict(part.partition(":")[::2] for part in one.suite.split("|")) for one in (board, main))
    names = {
        "suite": "suite or version",
        "data": "data",
        "rows": "rows",
        "seed": "seed",
        "ops": "attacks",
        "texts": "texts",
    }
    # a search begins with the clean texts, and its suite's hash is of these alone
    compared = {part: name for part, name in names.items() if part != "texts" or board.search == main.search}
    other = [name for part, name in compared.items() if mine.get(part) != its.get(part)]
    return [f"other {', '.join(other)}: no example can be paired"] if other else []
