"""``robustx check``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from robustx.cli.options import Json, Quiet


def check(
    run: Annotated[Path, typer.Argument(help="The run of the candidate.")],
    baseline: Annotated[Path, typer.Option(help="The run it must not be worse than, of the same texts.")],
    tolerance: Annotated[float, typer.Option(help="The fall that does not matter: 0.01 is one point.")] = 0.01,
    non_inferiority: Annotated[
        bool, typer.Option("--non-inferiority", help="Fail unless every figure is shown to be within the tolerance.")
    ] = False,
    alpha: Annotated[float, typer.Option(help="How often the gate may err.")] = 0.05,
    junit: Annotated[Path | None, typer.Option(help="Also write JUnit XML to this file.")] = None,
    summary: Annotated[
        Path | None,
        typer.Option(help="Also add Markdown to this file.", envvar="GITHUB_STEP_SUMMARY", show_envvar=True),
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Fail (exit status 1) if a run is worse than a baseline by more than a tolerance, beyond chance."""
    from robustx import api
    from robustx.cli.show import busy, notes, print_json, say
    from robustx.report.gate import gate_report
    from robustx.report.junit import write_junit
    from robustx.report.step_summary import append_step_summary
    from robustx.report.terminal import console
    from robustx.score.finding import Mode

    mode: Mode = "non-inferiority" if non_inferiority else "regression"
    aside = notes(quiet)
    with busy(aside, f"checking {run} against {baseline}"):
        gate = api.check(run, baseline, tolerance=tolerance, alpha=alpha, mode=mode)
    if junit is not None:
        write_junit(junit, gate)
        say(aside, f"JUnit XML: {junit}")
    if summary is not None:
        append_step_summary(summary, gate)
    if as_json:
        print_json(gate.as_json())
    else:
        console().print(gate_report(gate))
    if not gate.passed:
        raise typer.Exit(1)
