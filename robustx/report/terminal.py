"""The tables of a run and of a comparison, for a terminal of 100 columns or a pipe."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

WIDTH = 100
_DASH = "–"


def console(stderr: bool = False) -> Console:
    """A console that is 100 columns wide when piped and never wider than the terminal."""
    made = Console(stderr=stderr, highlight=False, emoji=False, markup=False)
    if not made.is_terminal:
        made = Console(stderr=stderr, highlight=False, emoji=False, markup=False, width=WIDTH, no_color=True)
    return made


def run_report(scores: dict[str, Any]) -> RenderableType:
    """Everything a run prints: a table a task, attacks, flags, signature."""
    parts: list[RenderableType] = []
    for name, task in scores["tasks"].items():
        parts += [Text(_title(scores, name, task), style="bold"), _languages(scores, task), _attacks(task)]
        parts += [_flags(task["flags"])]
    parts.append(Text(scores["signature"], style="dim", overflow="fold"))
    return Group(*parts)


def comparison_report(comparison: dict[str, Any]) -> RenderableType:
    """Everything a comparison prints: the paired table, groups, verdict, what could be seen, both signatures."""
    first, second = comparison["baseline"]["model"]["name"], comparison["candidate"]["model"]["name"]
    parts: list[RenderableType] = []
    for name, task in comparison["tasks"].items():
        title = f"{_safe(second)} (candidate) against {_safe(first)} (baseline) · {name} · {task['examples']:,} pairs a language"
        parts += [Text(title, style="bold"), _paired(task), Text(task["verdict"], style="bold"), Text("")]
        parts += [_seen(task), _flags(task["flags"])]
    parts += [Text(comparison[side]["signature"], style="dim", overflow="fold") for side in ("baseline", "candidate")]
    return Group(*parts)


def percent(value: float, sign: bool = False) -> str:
    """``57.4``, ``-3.7`` or a dash."""
    if math.isnan(value):
        return _DASH
    return f"{value * 100:+.1f}" if sign else f"{value * 100:.1f}"


def figure(one: dict[str, float], sign: bool = False) -> str:
    """``57.4 ±9.6``: the value and half the width of its interval, in points."""
    if math.isnan(one["value"]):
        return _DASH
    return f"{percent(one['value'], sign)} ±{(one['high'] - one['low']) * 50:.1f}"


def p_value(value: float) -> str:
    """``p<.001`` or ``p=.034``."""
    if math.isnan(value):
        return ""
    return "p<.001" if value < 0.001 else f"p={value:.3f}".replace("0.", ".", 1)


def _title(scores: dict[str, Any], name: str, task: dict[str, Any]) -> str:
    suite = scores["suite"]
    shown = f"{len(task['languages'])} languages x {task['examples']:,} pairs"
    return f"{_safe(scores['model']['name'])} on {suite['id']} · {name} ({suite['data'][name]}) · {shown}"


def _table(*columns: tuple[str, str]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1), show_edge=False)
    for header, justify in columns:
        table.add_column(header, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    return table


def _languages(scores: dict[str, Any], task: dict[str, Any]) -> RenderableType:
    table = _table(
        ("", "left"),
        ("accuracy", "right"),
        ("clean", "right"),
        ("robust", "right"),
        ("gap", "right"),
        ("worst", "right"),
        ("flipped", "right"),
        ("", "left"),
    )
    spoiled = _spoiled(task["flags"])
    for code, row in task["languages"].items():
        style = "dim" if code in spoiled else ""
        table.add_row(
            f"{_name(scores, code)} {code}",
            figure(row["accuracy"]),
            percent(row["clean"]["value"]),
            figure(row["robust"]),
            figure(row["gap"], sign=True),
            f"{percent(row['worst']['value'])} of {row['variants']}",
            percent(row["success"]["value"]),
            "!" if code in spoiled else p_value(row["p_holm"]),
            style=style,
        )
    table.add_section()
    for name, row in task["groups"].items():
        table.add_row(
            f"{name} ({len(row['languages'])})",
            "",
            percent(row["clean"]["value"]),
            figure(row["robust"]),
            figure(row["gap"], sign=True),
            "",
            "",
            p_value(row["p"]),
            style="bold",
        )
    note = Text(
        "accuracy: all examples. clean and robust: the examples that each attack changed, mean over attacks. worst: right "
        "under every variant. flipped: right when clean, wrong under attack. ±: half of a 95% interval, bootstrap over source "
        "pairs. p: robust equals clean, by language after Holm.",
        style="dim",
    )
    return Group(table, Padding(note, (0, 0, 1, 0)))


def _attacks(task: dict[str, Any]) -> RenderableType:
    table = _table(("attack", "left"), ("on", "left"), ("languages", "right"), ("clean", "right"), ("robust", "right"), ("gap", "right"), ("by severity", "left"))
    for attack, groups in task["attacks"].items():
        for name, row in groups.items():
            curve = "  ".join(f"{severity}: {percent(one['gap']['value'], True)}" for severity, one in row["severities"].items())
            table.add_row(
                attack,
                name,
                str(len(row["languages"])),
                percent(row["clean"]["value"]),
                figure(row["robust"]),
                figure(row["gap"], sign=True),
                curve if len(row["severities"]) > 1 else "",
            )
    return Padding(table, (0, 0, 1, 0))


def _paired(task: dict[str, Any]) -> RenderableType:
    table = _table(
        ("", "left"),
        ("clean A", "right"),
        ("clean B", "right"),
        ("B-A", "right"),
        ("", "left"),
        ("robust A", "right"),
        ("robust B", "right"),
        ("B-A", "right"),
        ("", "left"),
        ("gap B - gap A", "right"),
        ("", "left"),
    )
    for code, row in task["languages"].items():
        table.add_row(code, *_paired_cells(row, "_holm"))
    table.add_section()
    for name, row in task["groups"].items():
        table.add_row(name, *_paired_cells(row, ""), style="bold")
    if task["contrast"]:
        row = task["contrast"]
        table.add_row("non-Latin - Latin", *[""] * 8, figure(row["did"], sign=True), p_value(row["did_p"]), style="bold")
    note = Text(
        "A: baseline, B: candidate. clean: all examples, exact McNemar. robust: examples that the attacks changed for both, "
        "sign-flip test. gap B - gap A: the difference-in-differences; above 0, B loses less. Languages after Holm.",
        style="dim",
    )
    return Group(table, Padding(note, (0, 0, 1, 0)))


def _paired_cells(row: dict[str, Any], suffix: str) -> list[str]:
    clean, robust = row["clean"], row["robust"]
    return [
        percent(clean["baseline"]["value"]),
        percent(clean["candidate"]["value"]),
        figure(clean["difference"], sign=True),
        p_value(row[f"clean_p{suffix}"]),
        percent(robust["baseline"]["value"]),
        percent(robust["candidate"]["value"]),
        figure(robust["difference"], sign=True),
        p_value(row[f"robust_p{suffix}"]),
        figure(row["did"], sign=True),
        p_value(row[f"did_p{suffix}"]),
    ]


def _seen(task: dict[str, Any]) -> RenderableType:
    lines = [
        f"smallest difference that 80% power sees, {name}: robust accuracy {percent(row['detectable']['robust'])} points, "
        f"difference-in-differences {percent(row['detectable']['did'])} points"
        for name, row in task["groups"].items()
    ]
    return Padding(Text("\n".join(lines), style="dim"), (0, 0, 1, 0))


_MOST_FLAGS = 12


def _flags(flags: list[dict[str, Any]]) -> RenderableType:
    if not flags:
        return Text("")
    order = sorted(flags, key=lambda flag: flag["kind"] in ("no-op", "folded"))
    lines = [f"! {flag['where']}: {_safe(flag['text'])}" for flag in order[:_MOST_FLAGS]]
    if len(order) > _MOST_FLAGS:
        lines.append(f"! and {len(order) - _MOST_FLAGS} more, all in scores.json")
    return Padding(Text("\n".join(lines), style="yellow"), (0, 0, 1, 0))


def _spoiled(flags: Iterable[dict[str, Any]]) -> set[str]:
    return {flag["where"] for flag in flags if flag["kind"] in ("chance", "one-class", "truncation")}


def _name(scores: dict[str, Any], code: str) -> str:
    return str(scores.get("languages", {}).get(code, {}).get("name", ""))


def _safe(text: str) -> str:
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
