"""The pages of the site: HTML that asks nothing of any server, with a policy that forbids it to.

Style and script stand in the page and are allowed by their hash, so a page opened from a disk works as one that is
served. Templates escape everything; names are shown through ``robustx.text.display.visible`` inside ``bdi``.
"""

from __future__ import annotations

import base64
import hashlib
import math
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from robustx.report.escape import json_in_html
from robustx.report.leaderboard import words
from robustx.report.leaderboard.card import model_index
from robustx.report.leaderboard.exports import Row, cells, curves, headings, rows
from robustx.score.apart import why_apart
from robustx.score.board import Board, Entry, Standing
from robustx.score.effort import effort
from robustx.score.views import ALL, CLEAN, View
from robustx.text.display import visible

if TYPE_CHECKING:
    from jinja2 import Environment


class Marks(NamedTuple):
    """Where a small plot begins its interval, how wide that is, and where its dot begins, 0 to 100."""

    start: float
    width: str
    dot: str


class Told(NamedTuple):
    """A row of a model's page, in words; ``gap`` is None without an attack."""

    label: str
    ranks: str
    score: str
    span: str
    marks: Marks
    gap: str | None
    gap_span: str


@dataclass(frozen=True)
class Axis:
    """The axis of the small plots: shares from ``low`` to ``high``."""

    low: float
    high: float

    def at(self, value: float) -> float:
        """Where a value stands, 0 to 100."""
        return round(100 * (value - self.low) / (self.high - self.low), 2)

    def marks(self, figure: npt.NDArray[Any]) -> Marks:
        """Where the marks of a figure and its interval stand."""
        value, low, high = (self.at(one) for one in figure.tolist())
        return Marks(low, f"{max(high - low, 0.3):.2f}", f"{value - 0.7:.2f}")

    @property
    def words(self) -> str:
        """``40 to 75``."""
        return f"{self.low * 100:.0f} to {self.high * 100:.0f}"


def index_page(boards: list[Board]) -> str:
    """``index.html``: the first board's headline as a table, all else as data that the script shows."""
    main = boards[0]
    standing = main.standing(main.headline)
    script = _source("leaderboard.js")
    return str(
        _environment()
        .get_template("index.html")
        .render(
            main=main,
            rows=list(rows(main, standing)),
            axis=_axis(standing),
            apart=[(board, why_apart(board, main)) for board in boards[1:]],
            headline=lambda board: rows(board, board.standing(board.headline)),
            searched=_searched,
            beside=[board for board in boards[:1] if board.budgets],
            data=_safe(json_in_html(_distinct([_data(board, main) for board in boards]))),
            csp=_policy(style=_source("site.css"), script=script),
            style=_safe(_source("site.css")),
            script=_safe(script),
        )
    )


_WHOLE = Axis(0, 1)


def _searched(board: Board) -> SimpleNamespace:
    """The table of a searched board: headings, and its rows with the model's page."""
    slugs = [curve.row.entry.slug for curve in curves(board)]
    return SimpleNamespace(headings=headings(board), rows=list(zip(slugs, cells(board), strict=True)))


@dataclass(frozen=True)
class Shown:
    """A board and what every model's page says of it in the same words: titles, and each table's rows as (label, view)."""

    board: Board
    tables: tuple[tuple[str, str, list[tuple[str, View]]], ...]

    @classmethod
    def of(cls, board: Board) -> Shown:
        """The tables of a board: by language under the headline's attack, and by attack in the headline's languages."""
        head = board.headline
        mine = [view for view in board.views if (view.attack, view.severity) == (head.attack, head.severity)]
        wheres = _different(board, mine)
        attacks = _different(board, [view for view in board.views if view.where == head.where])
        by_language = [(words.place_words(board, view.where), view) for view in wheres]
        by_attack = [(words.view_words(board, view).partition(", ")[2], view) for view in attacks]
        under = words.view_words(board, head).partition(", ")[2]
        by_budget = [
            (words.view_words(board, view), view)
            for budget in board.budgets
            if (view := View(head.where, head.attack, budget)) in board.views
        ]
        tables = [(f"By language, {under}", "Languages", by_language)]
        tables += [("By edits", "Worst case", by_budget)] if len(by_budget) > 1 else []
        return cls(board, (*tables, (f"By attack, {words.place_words(board, head.where)}", "Attack", by_attack)))


def model_page(entry: Entry, on: list[Shown]) -> str:
    """``models/<slug>.html``: a submission's ranks and scores on the boards it stands on."""
    return str(
        _environment()
        .get_template("model.html")
        .render(
            name=visible(entry.submission.model.name),
            entry=entry,
            pages=[_page(shown, entry.slug) for shown in on],
            axis=_WHOLE,
            csp=_policy(style=_source("site.css")),
            style=_safe(_source("site.css")),
        )
    )


def _page(shown: Shown, slug: str) -> SimpleNamespace:
    board = shown.board
    place = board.place_of[slug]
    head = board.headline
    entry = board.entries[place]
    return SimpleNamespace(
        board=board,
        head=_row(board, place, head),
        count=len(board.standing(head).members),
        tables=[(title, _table(board, place, what, views)) for title, what, views in shown.tables],
        search=words.search_words(board.search) if board.search else "",
        effort=words.effort_words(effort(entry.task)) if board.search else "",
        flags=entry.task.flags,
        card=model_index(board, entry),
    )


def _different(board: Board, views: list[View]) -> list[View]:
    """The views that say something of their own: no script of one language, no severity of an attack that has but one."""

    def whole(view: View) -> bool:
        return (view.severity == ALL or bool(board.budgets)) and not view.where.startswith("script:")

    plain = {board.views[view] for view in views if whole(view)}
    return [view for view in views if whole(view) or board.views[view] not in plain]


def _table(board: Board, place: int, what: str, views: list[tuple[str, View]]) -> SimpleNamespace:
    found = [(label, _row(board, place, view)) for label, view in views]
    return SimpleNamespace(what=what, rows=[_told(label, row) for label, row in found if row])


def _told(label: str, row: Row) -> Told:
    gap = None if row.gap is None else words.points(row.gap[0], sign=True)
    gap_span = "" if row.gap is None else words.span(row.gap, sign=True)
    score, span = words.points(row.score[0]), words.span(row.score)
    return Told(label, words.ranks(row.low, row.high), score, span, _WHOLE.marks(row.score), gap, gap_span)


def _row(board: Board, place: int, view: View) -> Row | None:
    """One model's row in a view, without letters; None where the view cannot judge it."""
    standing = board.standing(view)
    i = standing.row_of.get(place)
    if i is None:
        return None
    gap = None if standing.gap is None else standing.gap[i]
    return Row(board.entries[place], standing.low[i], standing.high[i], "", standing.score[i], gap)


def _data(board: Board, main: Board) -> dict[str, Any]:
    """What the script shows, figures in tenths of a point."""
    head = board.headline
    attacks = dict.fromkeys(view.attack for view in board.views)
    names = {ALL: "all attacks", CLEAN: "no attack (clean)"}
    severities: dict[str, list[str]] = {}
    for view in board.views:
        steps = severities.setdefault(view.attack, [])
        steps += [view.severity] if view.severity not in (ALL, *steps) else []
    return {
        "suite": _address(board),
        "budgets": bool(board.budgets),
        "title": words.suite_words(board),
        "task": board.task,
        "examples": board.examples,
        "apart": None if board is main else why_apart(board, main),
        "start": [head.where, head.attack, head.severity],
        "models": [[visible(entry.submission.model.name), f"models/{entry.slug}.html"] for entry in board.entries],
        "places": [
            [where, words.place_words(board, where), _kind(where)]
            for where in dict.fromkeys(view.where for view in board.views)
        ],
        "attacks": [[attack, names.get(attack, visible(attack))] for attack in attacks],
        "severities": severities,
        "views": [[view.where, view.attack, view.severity, at] for view, at in board.views.items()],
        "standings": [_figures(standing) for standing in board.standings],
    }


def _address(board: Board) -> str:
    """What a board is called in the page's address: its suite, with the search and the defence where there was one."""
    more = [board.search.signature] if board.search else []
    more += [f"defence:{board.defence}"] if board.defence else []
    return "|".join([board.suite, *more])


def _distinct(data: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same, with a number on a suite that only says it is one that stands there already, so that each can be chosen."""
    seen: dict[tuple[str, str], int] = {}
    made = []
    for board in data:
        key = (board["suite"], board["task"])
        number = seen[key] = seen.get(key, 0) + 1
        more = "" if number == 1 else f" ({number})"
        made.append(board | {"suite": board["suite"] + more, "title": board["title"] + more})
    return made


def _figures(standing: Standing) -> dict[str, Any]:
    return {
        "m": standing.members,
        "s": _tenths(standing.score),
        "g": None if standing.gap is None else _tenths(standing.gap),
        "a": standing.low,
        "z": standing.high,
        "t": standing.groups,
        "u": standing.unranked,
    }


def _tenths(values: Any) -> list[int]:
    return [int(value) for value in np.rint(values.ravel() * 1000)]


def _kind(where: str) -> str:
    return {"language": "Languages", "script": "Scripts"}.get(where.partition(":")[0], "Groups")


def _axis(standing: Standing) -> Axis:
    if not standing.members:
        return Axis(0, 1)
    low = math.floor(standing.score[:, 1].min() * 20) / 20
    high = math.ceil(standing.score[:, 2].max() * 20) / 20
    return Axis(low, high if high > low else low + 0.05)


def _policy(style: str, script: str | None = None) -> str:
    """A content security policy that allows this style and script, and no request at all."""
    allowed = [f"style-src '{_hash(style)}'"] + ([f"script-src '{_hash(script)}'"] if script else [])
    return "; ".join(["default-src 'none'", *allowed, "img-src data:", "base-uri 'none'", "form-action 'none'"])


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _safe(text: str) -> Any:
    """Text that needs no escape: our own files, or JSON without an angle bracket."""
    from markupsafe import Markup

    return Markup(text)


@cache
def _source(name: str) -> str:
    source, _, _ = _loader().get_source(_environment(), name)
    return str(source)


@cache
def _loader() -> Any:
    from jinja2 import PackageLoader

    return PackageLoader("robustx.report.leaderboard", "templates")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, StrictUndefined

    made = Environment(loader=_loader(), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    made.filters["visible"] = visible
    made.globals["words"] = SimpleNamespace(
        view=words.view_words,
        place=words.place_words,
        suite=words.suite_words,
        ranks=words.ranks,
        points=words.points,
        span=words.span,
    )
    return made
