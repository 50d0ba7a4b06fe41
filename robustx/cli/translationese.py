"""``robustx translationese``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from robustx.cli.options import Json, Quiet


def translationese(
    human: Annotated[Path, typer.Argument(help="A run on the control's human translations, with English if you like.")],
    machine: Annotated[Path, typer.Argument(help="A run on the same rows as the engine translated them.")],
    english: Annotated[Path | None, typer.Option(help="A run on the adversarial data in English.")] = None,
    translated: Annotated[Path | None, typer.Option(help="A run on it as the same engine translated it.")] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """How much of a drop is the translation? Control and adversarial data side by side, one checkpoint's runs."""
    from robustx.cli.show import busy, notes, print_json
    from robustx.errors import UsageError
    from robustx.report.terminal import console
    from robustx.report.translationese import control_json, control_report
    from robustx.score.translationese import control

    if (english is None) != (translated is None):
        raise UsageError("expected both --english and --translated, or neither")
    with busy(notes(quiet), "reading the runs"):
        found = control(human, machine, english, translated)
    if as_json:
        print_json(control_json(found))
    else:
        console().print(control_report(found))
