"""``robustx compare``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def compare(
    baseline: Annotated[Path, typer.Argument(help="The run of the direct checkpoint.")],
    candidate: Annotated[Path, typer.Argument(help="The run of the intermediate checkpoint.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the comparison as JSON.")] = False,
) -> None:
    """Compare two runs on the same items: is the second sturdier, and more so where the script is not Latin?"""
    from robustx import api
    from robustx.cli.show import print_json
    from robustx.report.terminal import comparison_report, console

    comparison = api.compare(baseline, candidate)
    if as_json:
        print_json(comparison.figures)
    else:
        console().print(comparison_report(comparison.figures))
