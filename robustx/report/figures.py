"""A run's and a comparison's figures drawn for print: SVG for a paper, PNG for slides (matplotlib, the extra ``plot``).

Colours are Okabe and Ito's (2008), told apart by the colour-blind and, with the marks, in grey. Text is ASCII, so no font
lacks a glyph; the same figures give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from robustx import files
from robustx.errors import MissingExtraError
from robustx.report.tables import table_stem
from robustx.report.words import known
from robustx.text.display import visible
from robustx.text.scripts import script_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, VERMILION, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#666666"
_LOOKS = (VERMILION, BLUE, GREEN, "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_MARKS = ("o", "s", "^", "D", "v", "P", "X")
_WIDTH = 6.3
"""Inches: the text width of a page with one column."""
_DPI = 200
_LONGEST = 28
"""Characters of a label; a longer one would leave no room for the figure."""
_STYLE = {
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "axes.titlesize": 9,
    "axes.unicode_minus": False,
    "lines.linewidth": 1.2,
    "legend.frameon": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "robustx",
    "text.parse_math": False,
    "figure.constrained_layout.use": True,
}


def require_matplotlib() -> None:
    """Say what to install before a long work begins.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError as error:
        raise MissingExtraError("drawing figures", "matplotlib", "plot") from error


def write_run_figures(scores: dict[str, Any], folder: Path) -> list[Path]:
    """Draw a run: accuracy by language, and where there are attacks the heat map and the severity curves; of a searched run
    in their place the worst case by edits.

    Returns:
        The files written, ``TASK-languages.svg`` and so on.
    """
    made: list[Path] = []
    with _styled():
        for number, (name, task) in enumerate(files.finite(scores["tasks"]).items(), start=1):
            stem = table_stem(name, number)
            made += _save(accuracy_by_language(task, scores["languages"]), folder / f"{stem}-languages")
            if task["attacks"]:
                made += _save(heat_map(task, scores["languages"]), folder / f"{stem}-attacks")
            if "search" in task and task["search"]["attacks"]:
                made += _save(worst_case_curves(task), folder / f"{stem}-worst")
            elif any(len(row["severities"]) > 1 for groups in task["attacks"].values() for row in groups.values()):
                made += _save(severity_curves(task), folder / f"{stem}-severity")
    return made


def write_comparison_figures(comparison: dict[str, Any], folder: Path) -> list[Path]:
    """Draw a comparison: the forest plot of its paired differences."""
    made: list[Path] = []
    with _styled():
        for number, (name, task) in enumerate(files.finite(comparison["tasks"]).items(), start=1):
            figure = forest_plot(task, comparison["languages"])
            made += _save(figure, folder / f"{table_stem(name, number)}-forest")
    return made


def accuracy_by_language(task: dict[str, Any], names: dict[str, Any]) -> Figure:
    """Clean and robust accuracy of every language and group, with 95% intervals; dashed: chance."""
    rows = _rows(task, names)
    figure, axes = _figure(0.7 + 0.24 * len(rows))
    if task["attacks"]:
        _intervals(axes, [row["clean"] for _, row in rows], -0.14, BLUE, "o", "clean", hollow=True)
        _intervals(axes, [row["robust"] for _, row in rows], 0.14, VERMILION, "o", "under attack")
    else:
        _intervals(axes, [row["accuracy"] for _, row in rows], 0.0, BLUE, "o", "clean")
    axes.axvline(100 * task["chance"], color=GREY, linestyle="--", linewidth=0.8, label="chance")
    _label_rows(axes, [label for label, _ in rows], len(task["languages"]))
    axes.set_xlabel(f"{task['metric']}, % (bars: 95% intervals)")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    return figure


def heat_map(task: dict[str, Any], names: dict[str, Any]) -> Figure:
    """Change in accuracy by language and attack, in points, written in every square."""
    import numpy as np

    attacks = list(task["attacks"])
    rows = [[row["attacks"].get(attack) for attack in attacks] for row in task["languages"].values()]
    values = np.array([[_points(cell["gap"]) if cell and cell["used"] else np.nan for cell in row] for row in rows])
    figure, axes = _figure(1.0 + 0.24 * len(rows))
    top = max(5.0, float(np.nanmax(np.abs(values)))) if np.isfinite(values).any() else 5.0
    image = axes.imshow(np.ma.masked_invalid(values), cmap="PuOr", vmin=-top, vmax=top, aspect="auto")
    for (i, j), value in np.ndenumerate(values):
        if np.isfinite(value):
            colour = "white" if abs(value) > 0.62 * top else "black"
            axes.text(j, i, _signed(value), ha="center", va="center", color=colour, fontsize=7)
    axes.set_xticks(range(len(attacks)), [_plain(attack) for attack in attacks], rotation=35, ha="right")
    axes.set_yticks(range(len(rows)), [_language(code, names) for code in task["languages"]])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    figure.colorbar(image, ax=axes, label=f"change in {task['metric']}, points", pad=0.02).outline.set_visible(False)
    return figure


def severity_curves(task: dict[str, Any]) -> Figure:
    """The gap at each severity, a panel an attack, non-Latin and Latin languages apart; bars are 95% intervals."""
    chosen = {a: g for a, g in task["attacks"].items() if any(len(row["severities"]) > 1 for row in g.values())}
    columns = min(3, len(chosen))
    lines = -(-len(chosen) // columns)
    figure = _empty(2.1 * columns + 0.3, 1.9 * lines + 0.4)
    grid = figure.subplots(lines, columns, squeeze=False, sharey=True)
    looks = {"non-Latin": (VERMILION, "o", "-"), "Latin": (BLUE, "s", "--")}
    for axes, (attack, groups) in zip(grid.flat, chosen.items(), strict=False):
        axes.axhline(0, color=GREY, linewidth=0.6)
        severities = sorted({float(severity) for row in groups.values() for severity in row["severities"]})
        for i, (name, row) in enumerate(groups.items()):
            colour, mark, line = looks.get(name, (GREEN, "^", ":"))
            aside = (i - (len(groups) - 1) / 2) * 0.03 * severities[-1]
            steps = [(float(s), one["gap"]) for s, one in row["severities"].items() if known(one["gap"]["value"])]
            places = [0.0, *(severity + aside for severity, _ in steps)]
            gaps = [0.0, *(_points(gap) for _, gap in steps)]
            axes.plot(places, gaps, color=colour, marker=mark, linestyle=line, markersize=4, label=_plain(name))
            axes.vlines(places[1:], *_ends([gap for _, gap in steps]), color=colour, linewidth=0.8)
        axes.set_title(_plain(attack))
        axes.set_xticks([0.0, *severities], [f"{severity:g}" for severity in (0.0, *severities)])
        axes.set_xlabel("severity")
    for axes in grid.flat[len(chosen) :]:
        axes.set_visible(False)
    grid[0, 0].set_ylabel("gap, points")
    grid[0, 0].legend()
    return figure


def worst_case_curves(task: dict[str, Any]) -> Figure:
    """Worst-case accuracy by edits from none on, a panel a script, a line an attack; bars are 95% intervals, dashed: chance."""
    attacks = task["search"]["attacks"]
    scripts = list(dict.fromkeys(script for rows in attacks.values() for script in rows))
    columns = min(3, len(scripts))
    lines = -(-len(scripts) // columns)
    figure = _empty(2.1 * columns + 0.3, 1.9 * lines + 0.7)
    grid = figure.subplots(lines, columns, squeeze=False, sharey=True)
    for axes, script in zip(grid.flat, scripts, strict=False):
        axes.axhline(100 * task["chance"], color=GREY, linestyle="--", linewidth=0.8)
        for i, (attack, rows) in enumerate(attacks.items()):
            if script in rows:
                _fall(axes, rows[script]["budgets"], i, len(attacks), _plain(attack))
        axes.set_title(_plain(script_name(script)))
        axes.set_xlabel("edits")
        axes.set_ylim(0, 100)
        axes.xaxis.get_major_locator().set_params(integer=True)
    for axes in grid.flat[len(scripts) :]:
        axes.set_visible(False)
    grid[0, 0].set_ylabel(f"worst-case {task['metric']}, %")
    named: dict[str, Any] = {}
    for axes in grid.flat:
        handles, labels = axes.get_legend_handles_labels()
        named |= dict(zip(labels, handles, strict=True))
    figure.legend(named.values(), named.keys(), loc="outside upper center", ncols=3)
    return figure


def _fall(axes: Axes, budgets: dict[str, Any], number: int, of: int, label: str) -> None:
    """One attack's curve in one panel, beside those of the others, so that no whisker hides another."""
    ordered = sorted(budgets, key=float)
    steps = [(0.0, budgets[ordered[-1]]["clean"]), *((float(one), budgets[one]["worst"]) for one in ordered)]
    shown = [(edits, one) for edits, one in steps if known(one["value"])]
    aside = (number - (of - 1) / 2) * 0.02 * float(ordered[-1])
    colour, mark = _LOOKS[number % len(_LOOKS)], _MARKS[number % len(_MARKS)]
    line = "-" if number < len(_LOOKS) else "--"
    places = [edits + aside for edits, _ in shown]
    values = [_points(one) for _, one in shown]
    axes.plot(places, values, color=colour, marker=mark, linestyle=line, markersize=4, label=label)
    axes.vlines(places, *_ends([one for _, one in shown]), color=colour, linewidth=0.8)


def forest_plot(task: dict[str, Any], names: dict[str, Any]) -> Figure:
    """Paired differences (candidate minus baseline) in robust accuracy, and the difference-in-differences."""
    rows = _rows(task, names)
    figure = _empty(_WIDTH, 0.8 + 0.22 * (len(rows) + 1))
    left, right = figure.subplots(1, 2, sharey=True)
    count = len(task["languages"])
    of: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
        f"robust {task['metric']}": lambda row: row["robust"]["difference"],
        "difference-in-differences": lambda row: row["did"],
    }
    for axes, (title, pick) in zip((left, right), of.items(), strict=True):
        figures = [pick(row) for _, row in rows]
        axes.axvline(0, color=GREY, linewidth=0.8)
        _intervals(axes, figures[:count], 0.0, "black", "s", "", start=0)
        _intervals(axes, figures[count:], 0.0, VERMILION, "D", "", start=count)
        axes.set_title(title)
        axes.set_xlabel("candidate minus baseline, points")
    labels = [label for label, _ in rows]
    if task["contrast"]:
        _intervals(right, [task["contrast"]["did"]], 0.0, GREEN, "D", "", start=len(rows))
        labels.append("non-Latin minus Latin")
    _label_rows(left, labels, count)
    right.axhline(count - 0.5, color=GREY, linewidth=0.6)
    right.tick_params(axis="y", length=0)
    return figure


def _rows(task: dict[str, Any], names: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    rows = [(_language(code, names), row) for code, row in task["languages"].items()]
    return rows + [(f"{_plain(name)} ({len(row['languages'])})", row) for name, row in task["groups"].items()]


def _intervals(
    axes: Axes,
    figures: Sequence[dict[str, Any]],
    aside: float,
    colour: str,
    mark: str,
    label: str,
    *,
    start: int = 0,
    hollow: bool = False,
) -> None:
    """One point and its interval a row, from row ``start`` on; a row without a figure stays empty."""
    places = [i + start + aside for i, figure in enumerate(figures) if known(figure["value"])]
    shown = [figure for figure in figures if known(figure["value"])]
    axes.hlines(places, *_ends(shown), color=colour, linewidth=1.0)
    face = "white" if hollow else colour
    axes.plot(
        [_points(one) for one in shown], places, mark, color=colour, markerfacecolor=face, markersize=4, label=label
    )


def _label_rows(axes: Axes, labels: Sequence[str], languages: int) -> None:
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.axhline(languages - 0.5, color=GREY, linewidth=0.6)
    axes.tick_params(axis="y", length=0)


def _signed(value: float) -> str:
    written = f"{value:+.1f}"
    return "0.0" if float(written) == 0 else written


def _points(figure: dict[str, Any]) -> float:
    return float(figure["value"]) * 100


def _ends(figures: Iterable[dict[str, Any]]) -> tuple[list[float], list[float]]:
    """Low and high ends in points; the value itself where there is no interval."""
    shown = list(figures)
    return tuple(  # type: ignore[return-value]
        [100 * float(one[end] if known(one[end]) else one["value"]) for one in shown] for end in ("low", "high")
    )


def _language(code: str, names: dict[str, Any]) -> str:
    return _plain(f"{names.get(code, {}).get('name', code)} ({code})")


def _plain(text: str) -> str:
    """Printable ASCII of a label's length, the rest named by code point: no font lacks it, and nothing hides or reorders."""
    plain = "".join(one if one.isascii() else f"<U+{ord(one):04X}>" for one in visible(str(text)))
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 3]}..."


def _figure(height: float) -> tuple[Figure, Axes]:
    figure = _empty(_WIDTH, height)
    return figure, figure.subplots()


def _empty(width: float, height: float) -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _styled() -> AbstractContextManager[None]:
    require_matplotlib()
    import matplotlib

    made: AbstractContextManager[None] = matplotlib.rc_context(_STYLE)
    return made


def _save(figure: Figure, stem: Path) -> list[Path]:
    made = []
    for ending, what in (("svg", {"Date": None, "Creator": None}), ("png", {"Software": None})):
        path = stem.with_name(f"{stem.name}.{ending}")
        with files.whole_file(path) as scratch:
            figure.savefig(scratch, format=ending, dpi=_DPI, metadata=what)
        made.append(path)
    return made
