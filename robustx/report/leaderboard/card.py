"""The block for a model card on the hub: ``model-index``, as huggingface_hub reads it."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from robustx.report.escape import yaml_string
from robustx.report.leaderboard.words import points, search_words, span, view_words
from robustx.score.board import Board, Entry
from robustx.score.views import ALL, CLEAN, View
from robustx.text.display import visible

_TASKS = Path(__file__).parent / "hub_tasks.toml"


def model_index(board: Board, entry: Entry) -> str:
    """The YAML block: the headline score, and accuracy without attack over the same languages, in percent."""
    task = _tasks().get(board.task, {"type": board.task, "metric": board.metric})
    suite = dict(part.partition(":")[::2] for part in board.suite.split("|")).get("suite", board.suite)
    lines = [
        "model-index:",
        f"- name: {yaml_string(entry.submission.model.name)}",
        "  results:",
        "  - task:",
        f"      type: {yaml_string(task['type'])}",
        "    dataset:",
        f"      type: {yaml_string(board.task)}",
        f"      name: {yaml_string(f'{board.task}, robustx suite {suite}')}",
        f"      config: {yaml_string(suite)}",
        "      args:",
        f"        signature: {yaml_string(entry.submission.signature)}",
        "    metrics:",
    ]
    place = board.place_of[entry.slug]
    for name, view in _figures(board):
        standing = board.standing(view)
        if place not in standing.row_of:
            continue
        figure = standing.score[standing.row_of[place]]
        told = f"{name}, {_how(board, view)} (95% interval {span(figure)})"
        lines += [
            f"    - type: {task['metric']}",
            f"      value: {points(figure[0])}",
            f"      name: {yaml_string(told)}",
        ]
    return "\n".join(lines) + "\n"


@cache
def _tasks() -> dict[str, dict[str, str]]:
    return tomllib.loads(_TASKS.read_text(encoding="utf-8"))


def _figures(board: Board) -> list[tuple[str, View]]:
    head = board.headline
    clean = View(head.where, CLEAN, ALL)
    first = "Worst case" if board.budgets else "Robust"
    return [(first, head), ("Clean", clean)] if head.attack != CLEAN else [("Clean", clean)]


def _how(board: Board, view: View) -> str:
    """The view in words, with the search where there was one and the defence before the model."""
    told = [view_words(board, view)]
    told += [search_words(board.search)] if board.search and view.attack != CLEAN else []
    told += [f"behind {visible(board.defence)}"] if board.defence else []
    return ", ".join(told)
