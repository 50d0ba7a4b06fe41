"""The tables of a run and of a comparison, for a terminal of 100 columns or a pipe."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from robustx.report import worst
from robustx.report.defence import defence_words
from robustx.report.flags import merged_flags, spoiled
from robustx.report.words import driven, p_value

WIDTH = 100
_DASH = "–"
_JOINED = "\N{NO-BREAK SPACE}"


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
        parts += [*_beside(task), *([_worst(task["search"])] if "search" in task else [])]
        parts += [_seen(task["groups"], {"gap": lambda row: row["detectable"]}), _flags(task["flags"])]
    if scores["average"]:
        parts += _average(scores["average"])
    parts += [Text(_safe(f"left out: {name}: {reason}"), style="yellow") for name, reason in scores["left_out"].items()]
    parts.append(_signature(scores["signature"]))
    return Group(*parts)


def comparison_report(comparison: dict[str, Any]) -> RenderableType:
    """Everything a comparison prints: the paired table, groups, verdict, what could be seen, both signatures."""
    first, second = (_safe(comparison[side]["model"]["name"]) for side in ("baseline", "candidate"))
    parts: list[RenderableType] = []
    for name, task in comparison["tasks"].items():
        shown = f"{_safe(name)} · {task['examples']:,} examples a language"
        title = f"{second} (B, candidate) against {first} (A, baseline) · {shown}"
        parts += [
            Text(title, style="bold"),
            _paired(task, comparison["tests"]),
            *([_worst_of_both(task["search"])] if "search" in task else []),
        ]
        parts += [Text(_safe(line), style="bold") for line in (task["verdict"], *defence_words(comparison, task))]
        parts.append(Text(""))
        parts += [_seen(task["groups"], _differences(task["metric"])), _flags(task["flags"])]
    parts += [_signature(comparison[side]["signature"]) for side in ("baseline", "candidate")]
    return Group(*parts)


def percent(value: float | None, sign: bool = False) -> str:
    """``57.4``, ``-3.7`` or a dash."""
    if value is None or math.isnan(value):
        return _DASH
    return f"{value * 100:+.1f}" if sign else f"{value * 100:.1f}"


def figure(one: dict[str, Any], sign: bool = False) -> str:
    """``57.4 ±9.6``: the value and half the width of its interval, in points."""
    if one["value"] is None or math.isnan(one["value"]):
        return _DASH
    return f"{percent(one['value'], sign)} ±{(one['high'] - one['low']) * 50:.1f}"


def _title(scores: dict[str, Any], name: str, task: dict[str, Any]) -> str:
    suite = scores["suite"]
    shown = f"{len(task['languages'])} languages x {task['examples']:,} examples"
    return _safe(f"{scores['model']['name']} on {suite['id']} · {name} ({suite['data'][name]}) · {shown}")


def _table(*columns: tuple[str, str]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1), show_edge=False, collapse_padding=True)
    for header, justify in columns:
        table.add_column(header, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    return table


def _languages(scores: dict[str, Any], task: dict[str, Any]) -> RenderableType:
    return _attacked(scores, task) if task["attacks"] else _unattacked(scores, task)


def _unattacked(scores: dict[str, Any], task: dict[str, Any]) -> RenderableType:
    """Accuracy alone: what a suite without attacks has to say."""
    table = _table(("", "left"), (_safe(task["metric"]), "right"), ("", "left"))
    doubtful = spoiled(task["flags"])
    for code, row in task["languages"].items():
        style = "dim" if code in doubtful else ""
        mark = "!" if code in doubtful else ""
        table.add_row(_safe(f"{_name(scores, code)} {code}"), figure(row["accuracy"]), mark, style=style)
    table.add_section()
    for name, row in task["groups"].items():
        table.add_row(f"{name} ({len(row['languages'])})", figure(row["accuracy"]), "", style="bold")
    note = Text("±: half of a 95% interval, bootstrap over source examples.", style="dim")
    return Group(table, Padding(note, (0, 0, 1, 0)))


def _attacked(scores: dict[str, Any], task: dict[str, Any]) -> RenderableType:
    table = _table(
        ("", "left"),
        (_safe(task["metric"]), "right"),
        ("clean", "right"),
        ("robust", "right"),
        ("gap", "right"),
        ("worst", "right"),
        ("flipped", "right"),
        ("", "left"),
    )
    doubtful = spoiled(task["flags"])
    for code, row in task["languages"].items():
        style = "dim" if code in doubtful else ""
        table.add_row(
            _safe(f"{_name(scores, code)} {code}"),
            figure(row["accuracy"]),
            percent(row["clean"]["value"]),
            figure(row["robust"]),
            figure(row["gap"], sign=True),
            f"{percent(row['worst']['value'])} of {row['variants']}",
            percent(row["success"]["value"]),
            "!" if code in doubtful else p_value(row["p_holm"]),
            style=style,
        )
    table.add_section()
    for name, row in task["groups"].items():
        table.add_row(
            f"{name} ({len(row['languages'])})",
            figure(row["accuracy"]),
            percent(row["clean"]["value"]),
            figure(row["robust"]),
            figure(row["gap"], sign=True),
            "",
            "",
            p_value(row["p"]),
            style="bold",
        )
    note = Text(
        f"{_safe(task['metric'])}: all examples. clean and robust: the examples that each attack changed, mean over attacks. "
        f"worst: {'right under every variant' if task['labels'] else 'each example as its worst variant, mean of examples'}. "
        "flipped: wrong under attack, of those wholly right when clean. "
        "±: half of a 95% interval, bootstrap over source examples. p: robust equals clean; languages after Holm.",
        style="dim",
    )
    return Group(table, Padding(note, (0, 0, 1, 0)))


def _attacks(task: dict[str, Any]) -> RenderableType:
    if not task["attacks"]:
        return Text("")
    every = [row for groups in task["attacks"].values() for row in groups.values()]
    looked = any(percent(row["likeness"]) != _DASH for row in every)
    stepped = any(len(row["severities"]) > 1 for row in every)
    table = _table(
        ("attack", "left"),
        ("languages", "left"),
        ("reached", "right"),
        ("tokens", "right"),
        ("changed", "right"),
        *([("alike", "right")] if looked else []),
        ("clean", "right"),
        ("robust", "right"),
        ("gap", "right"),
    )
    if stepped:
        table.add_column("gap by severity", justify="left")
    for attack, groups in task["attacks"].items():
        for name, row in groups.items():
            steps = [f"{severity}: {percent(one['gap']['value'], True)}" for severity, one in row["severities"].items()]
            shown = "  ".join(step.replace(" ", _JOINED) for step in steps) if len(steps) > 1 else ""
            table.add_row(
                _safe(attack),
                f"{name} ({len(row['languages'])})",
                f"{row['reached'] * 100:.0f}%",
                f"x{row['token_inflation']:.2f}",
                f"{row['changed']['clusters'] * 100:.0f}%",
                *([percent(row["likeness"])] if looked else []),
                percent(row["clean"]["value"]),
                figure(row["robust"]),
                figure(row["gap"], sign=True),
                *([shown] if stepped else []),
            )
    note = Text(
        "reached: examples that the attack changed and whose change reached the model; the others are no passes. "
        "tokens: length in tokens, of clean. changed: share of characters (grapheme clusters)."
        + (" alike: how alike the drawn text still looks." if looked else ""),
        style="dim",
    )
    return Group(table, Padding(note, (0, 0, 1, 0)))


def _beside(task: dict[str, Any]) -> list[RenderableType]:
    """A line for each metric that stands beside the task's own."""
    made: list[RenderableType] = []
    for name, figures in task["beside"].items():
        told = []
        for group, row in figures["groups"].items():
            moved = (
                f", {percent(row['clean']['value'])} to {figure(row['robust'])} under attack" if task["attacks"] else ""
            )
            told.append(f"{group} {figure(row['accuracy'])}{moved}")
        made.append(Text(_safe(f"{name}: {'; '.join(told)}"), style="dim"))
    return [*made, Text("")] if made else []


def _average(average: dict[str, Any]) -> list[RenderableType]:
    """Every task, and their mean beside them."""
    table = _table(
        ("", "left"),
        ("metric", "left"),
        ("all clean", "right"),
        ("clean", "right"),
        ("robust", "right"),
        ("gap", "right"),
    )
    for name, row in average["tasks"].items():
        table.add_row(_safe(name), _safe(row["metric"]), *_average_cells(row))
    table.add_section()
    table.add_row(f"mean of {len(average['tasks'])}", "", *_average_cells(average), style="bold")
    title = "XTREME average" if average["whole"] else "mean over tasks"
    note = Padding(Text(_safe(driven(average)), style="dim"), (0, 0, 1, 0))
    return [Text(title, style="bold"), table, note]


def _average_cells(row: dict[str, Any]) -> tuple[str, ...]:
    clean, gap = percent(row["clean"]["value"]), figure(row["gap"], sign=True)
    return figure(row["accuracy"]), clean, figure(row["robust"]), gap


def _worst_of_both(search: dict[str, Any]) -> RenderableType:
    table = _table()
    note = worst.fill_both(table, search, lambda one: figure(one, sign=True), percent, _safe)
    return Group(table, Padding(Text(note, style="dim"), (0, 0, 1, 0)))


def _worst(search: dict[str, Any]) -> RenderableType:
    table = _table()
    note = worst.fill(table, search, percent, _safe)
    return Group(table, Padding(Text(note, style="dim"), (0, 0, 1, 0)))


def tests_in_words(tests: dict[str, str]) -> str:
    """What the p-values by language and group are: ``clean by language exact McNemar, all others sign-flip tests``."""
    if tests["clean"] == tests["others"]:
        return tests["clean"]
    return f"clean by language {tests['clean']}, all others {tests['others']}"


def _paired(task: dict[str, Any], tests: dict[str, str]) -> RenderableType:
    table = _table(
        ("", "left"),
        ("clean\nA", "right"),
        ("\nB", "right"),
        ("\nB-A", "right"),
        ("", "left"),
        ("robust\nA", "right"),
        ("\nB", "right"),
        ("\nB-A", "right"),
        ("", "left"),
        ("gap\nB-A", "right"),
        ("", "left"),
    )
    doubtful = spoiled(task["flags"])
    for code, row in task["languages"].items():
        name, style = (f"{_safe(code)} !", "dim") if code in doubtful else (_safe(code), "")
        table.add_row(name, *_paired_cells(row, "_holm"), style=style)
    table.add_section()
    for name, row in task["groups"].items():
        table.add_row(name, *_paired_cells(row, ""), style="bold")
    if task["contrast"]:
        row = task["contrast"]
        table.add_row("contrast", *[""] * 8, figure(row["did"], sign=True), p_value(row["did_p"]), style="bold")
    note = Text(
        "clean: all examples. robust: examples that the attacks changed for both. gap B-A: the difference-in-"
        "differences; above 0, B loses less under attack. contrast: that of non-Latin minus that of Latin languages. "
        f"p: {tests_in_words(tests)}; languages after Holm, rows below as they are.",
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


def _differences(metric: str) -> dict[str, Callable[[dict[str, Any]], float]]:
    return {
        f"robust {_safe(metric)}": lambda row: row["detectable"]["robust"],
        "difference-in-differences": lambda row: row["detectable"]["did"],
    }


def _seen(groups: dict[str, Any], sizes: dict[str, Callable[[dict[str, Any]], float]]) -> RenderableType:
    """The smallest true difference that would have been found, by group; nothing where it cannot be told."""
    lines = []
    for name, row in groups.items():
        told = [f"{what} {percent(size(row))}" for what, size in sizes.items() if percent(size(row)) != _DASH]
        lines += [f"{name}: {', '.join(told)}"] if told else []
    if not lines:
        return Text("")
    text = f"smallest true difference that 80% power finds, in points. {'; '.join(lines)}"
    return Padding(Text(text, style="dim"), (0, 0, 1, 0))


_MOST_FLAGS = 12


def _flags(flags: list[dict[str, Any]]) -> RenderableType:
    if not flags:
        return Text("")
    lines = [_safe(f"! {flag}") for flag in merged_flags(flags)]
    if len(lines) > _MOST_FLAGS:
        lines[_MOST_FLAGS:] = [f"! and {len(lines) - _MOST_FLAGS} more; --json has them all"]
    return Padding(Text("\n".join(lines), style="yellow"), (0, 0, 1, 0))


def _name(scores: dict[str, Any], code: str) -> str:
    return str(scores.get("languages", {}).get(code, {}).get("name", ""))


def _signature(text: str) -> Text:
    return Text(_safe(text), style="dim", overflow="fold")


def _safe(text: str) -> str:
    """Text of unknown origin with nothing in it that moves the cursor, colours, or reorders what stands beside it."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
