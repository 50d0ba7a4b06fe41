"""``robustx compare``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from robustx.cli.options import Json, Quiet


def compare(
    baseline: Annotated[
        Path, typer.Argument(help="The run of the direct checkpoint, or a folder of runs, one a seed.")
    ],
    candidate: Annotated[Path, typer.Argument(help="The run of the intermediate checkpoint, or a folder of runs.")],
    report: Annotated[Path | None, typer.Option(help="Write a page to read, such as comparison.html.")] = None,
    figures: Annotated[Path | None, typer.Option(help="Draw the forest plot into this folder, as SVG and PNG.")] = None,
    tables: Annotated[
        Path | None, typer.Option(help="Write tables into this folder, as CSV, Markdown and LaTeX.")
    ] = None,
    unlike: Annotated[
        bool, typer.Option("--unlike", help="Compare checkpoints of another base, target or seed too.")
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Compare two runs on the same items: is the second sturdier, and more so where the script is not Latin?"""
    from robustx import api
    from robustx.cli.show import busy, notes, print_json, say
    from robustx.report.figures import require_matplotlib, write_comparison_figures
    from robustx.report.html.page import write_comparison_report
    from robustx.report.table import write_tables
    from robustx.report.tables import comparison_tables
    from robustx.report.terminal import comparison_report, console

    if figures is not None:
        require_matplotlib()
    aside = notes(quiet)
    with busy(aside, f"comparing {candidate} with {baseline}"):
        comparison = api.compare(baseline, candidate, unlike=unlike)
    if report is not None:
        write_comparison_report(report, comparison.figures, (str(baseline), str(candidate)))
        say(aside, f"page: {report}")
    if figures is not None:
        write_comparison_figures(comparison.figures, figures)
        say(aside, f"figures: {figures}")
    if tables is not None:
        write_tables(comparison_tables(comparison.figures), tables)
        say(aside, f"tables: {tables}")
    if as_json:
        print_json(comparison.figures)
    else:
        console().print(comparison_report(comparison.figures))
