"""The findings of a gate, for a terminal of 100 columns or a pipe."""

from __future__ import annotations

from itertools import groupby

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from robustx.report.terminal import percent
from robustx.report.words import p_value
from robustx.score.finding import Finding, Gate, holds, points
from robustx.text.display import isolated, visible

HEADER = ("", "baseline", "candidate", "difference", "p", "Holm", "sees", "")
NOTE = {
    "regression": "p: that the fall is no larger than the tolerance (one-sided); Holm: corrected over all lines.",
    "non-inferiority": "p: that the fall is as large as the tolerance or larger (one-sided); each line at the level.",
}
_SEES = "In parentheses 95% intervals. sees: distance from the tolerance that 80% power finds, in points."


def gate_report(gate: Gate) -> RenderableType:
    """Everything that ``robustx check`` prints: a table, the verdict, warnings, both signatures."""
    note = Text(f"{NOTE[gate.mode]} {_SEES}", style="dim")
    verdict = Text(visible(gate.verdict), style="bold green" if gate.passed else "bold red")
    warnings = Text("\n".join(f"! {line}" for line in warnings_of(gate)), style="yellow")
    parts: list[RenderableType] = [Text(title(gate), style="bold"), Text(""), *_tables(gate)]
    parts += [Padding(note, (0, 0, 1, 0)), verdict]
    parts += [Padding(warnings, (1, 0, 0, 0))] if warnings else []
    signatures = [visible(side.signature) for side in (gate.baseline, gate.candidate)]
    return Group(*parts, Text(""), *(Text(line, style="dim", overflow="fold") for line in signatures))


def title(gate: Gate) -> str:
    """Who is judged against whom, and how."""
    names = f"{isolated(gate.candidate.model)} against {isolated(gate.baseline.model)} (baseline)"
    return f"{names} · {gate.mode}, tolerance {points(gate.tolerance)}, level {gate.alpha * 100:g}%"


def family(finding: Finding) -> str:
    """``xnli: robust accuracy by language``."""
    return visible(f"{finding.task}: {finding.measure} {finding.metric} by {finding.by}")


def row(gate: Gate, finding: Finding) -> tuple[str, ...]:
    """One finding under ``HEADER``, every part inert."""
    adjusted = p_value(finding.p_holm) if gate.mode == "regression" else ""
    return (
        visible(finding.about),
        percent(finding.baseline),
        percent(finding.candidate),
        difference(finding),
        p_value(finding.p),
        adjusted,
        percent(finding.detectable),
        outcome(gate, finding),
    )


def difference(finding: Finding) -> str:
    """``-9.4 (-14.1 to -4.8)``, in points."""
    ends = f"({percent(finding.low, sign=True)} to {percent(finding.high, sign=True)})"
    return percent(finding.difference, sign=True) + (f" {ends}" if finding.low is not None else "")


def outcome(gate: Gate, finding: Finding) -> str:
    """One word or two, where there is something to say."""
    if finding.outcome == "not judged":
        return "not judged"
    return "" if holds(finding, gate.mode) else ("FELL" if gate.mode == "regression" else "NOT SHOWN")


def warnings_of(gate: Gate) -> list[str]:
    """What the gate could not see, and what spoils a figure; what merely offered nothing to change is left out."""
    spoilt = [
        f"{flag['where']} ({flag['run']}): {flag['text']}"
        for flag in gate.flags
        if flag["kind"] not in ("no-op", "folded")
    ]
    return [visible(line) for line in (*gate.warnings, *spoilt)]


_WIDTHS = (18, 8, 9, 23, 6, 6, 5, 10)


def _tables(gate: Gate) -> list[RenderableType]:
    """A table a family, all with columns of the same width under the header of the first."""
    made: list[RenderableType] = []
    for heading, findings in groupby(gate.findings, family):
        table = Table(
            box=SIMPLE_HEAD,
            pad_edge=False,
            padding=(0, 1),
            collapse_padding=True,
            show_edge=False,
            show_header=not made,
        )
        for name, justify, width in zip(HEADER, ("left", *["right"] * 6, "left"), _WIDTHS, strict=True):
            table.add_column(name, justify=justify, width=width)  # type: ignore[arg-type]
        for finding in findings:
            table.add_row(*row(gate, finding), style="" if holds(finding, gate.mode) else "bold red")
        made += [Text(heading, style="dim"), table, Text("")]
    return made
