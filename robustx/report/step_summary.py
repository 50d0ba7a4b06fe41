"""The findings of a gate as Markdown, for the summary that GitHub shows of a step of a workflow."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from robustx import files
from robustx.report.escape import markdown, shown_in_markdown
from robustx.report.gate import HEADER, NOTE, family, row, title, warnings_of
from robustx.score.finding import Finding, Gate, holds


def step_summary(gate: Gate) -> str:
    """Verdict, what failed and the groups in a table, everything else folded away."""
    shown = [one for one in gate.findings if one.by == "group" or not holds(one, gate.mode)]
    lines = [f"### robustx check: {'held' if gate.passed else 'did not hold'}", "", markdown(gate.verdict), ""]
    lines += [shown_in_markdown(title(gate)), "", *_table(gate, shown)]
    if len(shown) < len(gate.findings):
        summary = f"<details><summary>All {len(gate.findings)} findings</summary>"
        lines += [summary, "", *_table(gate, list(gate.findings)), "</details>", ""]
    lines += [f"- {shown_in_markdown(line)}" for line in warnings_of(gate)]
    lines += ["", NOTE[gate.mode], ""]
    lines += [f"<sub>{markdown(side.signature)}</sub>  " for side in (gate.baseline, gate.candidate)]
    return "\n".join(lines) + "\n"


def append_step_summary(path: Path, gate: Gate) -> None:
    """Add the summary to a file, as steps of a workflow do."""
    with files.writing(path), path.open("a", encoding="utf-8") as opened:
        opened.write(step_summary(gate))


def _table(gate: Gate, findings: list[Finding]) -> list[str]:
    if not findings:
        return []
    made = [_line(HEADER), _line(("---", *["---:"] * 6, "---"))]
    for heading, members in groupby(findings, family):
        made.append(_line((f"**{shown_in_markdown(heading)}**", *[""] * 7)))
        made += [_line(tuple(map(shown_in_markdown, row(gate, finding)))) for finding in members]
    return [*made, ""]


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
