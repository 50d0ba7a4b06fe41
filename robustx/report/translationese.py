"""Translationese controls for a terminal: what the language, the engine and the adversarial rows each cost."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from robustx.report.terminal import percent
from robustx.report.words import p_value
from robustx.score.resample import Figure
from robustx.score.translationese import Control
from robustx.text.display import visible

HEADER = ("", "", "", "rows", "before", "after", "change", "p")
NOTE = (
    "change: after less before on the rows that both have, in points, with its 95% interval; p: exact McNemar, each line for "
    "itself. beyond the control: the change of the adversarial rows less all changes of the control in that language."
)


def control_report(control: Control) -> RenderableType:
    """A line a step, control and adversarial data side by side, and what is left of the latter."""
    table = Table(*HEADER, box=SIMPLE_HEAD, pad_edge=False)
    for column in table.columns[3:]:
        column.justify = "right"
    for step in control.steps:
        table.add_row(
            visible(step.task), visible(step.language), step.what, f"{step.change.n:,}", percent(step.before),
            percent(step.after), change(step.change), p_value(step.p),
        )  # fmt: skip
    for (task, language), left in control.beyond.items():
        said = change(left) if left.n else "no control in this language"
        table.add_row(visible(task), visible(language), "beyond the control", f"{left.n:,}", "", "", said, "")
    return Group(table, Text(NOTE, style="dim"))


def change(figure: Figure) -> str:
    """``-3.3 (-8.1 to +1.5)``, in points."""
    return f"{100 * figure.value:+.1f} ({100 * figure.low:+.1f} to {100 * figure.high:+.1f})"


def control_json(control: Control) -> dict[str, object]:
    """The same for programs; shares of 1."""
    return {
        "steps": [
            {"task": one.task, "language": one.language, "what": one.what, "before": one.before, "after": one.after,
             "change": one.change._asdict(), "p": one.p}
            for one in control.steps
        ],
        "beyond": [
            {"task": task, "language": language, "change": left._asdict()}
            for (task, language), left in control.beyond.items()
        ],
    }  # fmt: skip
