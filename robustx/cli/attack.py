"""``robustx attack``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer


def attack(
    model: Annotated[str, typer.Option(help="A folder, a hub id, demo:direct or demo:anli.")],
    suite: Annotated[str, typer.Option(help="A suite's name, the path of a card, or a built suite.")] = "nonlatin",
    data: Annotated[str, typer.Option(help="mini, hub, a folder in XTREME's layout, or xnli=FOLDER.")] = "mini",
    language: Annotated[str | None, typer.Option(help="Only these languages, such as hi,ar,en.")] = None,
    limit: Annotated[int | None, typer.Option(help="At most this many rows a language.")] = None,
    match: Annotated[
        str | None, typer.Option(help="Severities as shares of: words, clusters, bytes or tokens:FILE [words].")
    ] = None,
    look: Annotated[bool, typer.Option("--look", help="Record how alike every text still looks when drawn.")] = False,
    out: Annotated[Path | None, typer.Option(help="The run folder [runs/SUITE-MODEL].")] = None,
    labels: Annotated[
        str | None, typer.Option(help="The head's outputs in order, where its config does not say.")
    ] = None,
    device: Annotated[str, typer.Option(help="cpu, cuda, cuda:1, mps or auto.")] = "auto",
    dtype: Annotated[str, typer.Option(help="fp32, bf16 or fp16.")] = "fp32",
    max_length: Annotated[
        int | None, typer.Option(help="Longest input in tokens [256, or what the model takes].")
    ] = None,
    trust_remote_code: Annotated[
        bool, typer.Option("--trust-remote-code", help="Run code the checkpoint carries.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and stop.")] = False,
    figures: Annotated[bool, typer.Option("--figures", help="Draw RUN/figures as SVG and PNG.")] = False,
    tables: Annotated[bool, typer.Option("--tables", help="Write RUN/tables as CSV, Markdown and LaTeX.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the scores as JSON.")] = False,
) -> None:
    """Attack a checkpoint with a suite; print clean and robust accuracy with their intervals."""
    from robustx import api, files
    from robustx.cli.show import Progress, estimate, print_json
    from robustx.errors import RunError
    from robustx.model.checkpoint import Settings
    from robustx.report.figures import require_matplotlib, write_run_figures
    from robustx.report.tables import run_tables, write_tables
    from robustx.report.terminal import console, run_report

    if figures:
        require_matplotlib()
    settings = Settings(device, dtype, max_length, labels, trust_remote_code)
    codes = [code.strip() for code in language.split(",") if code.strip()] if language else None
    how: dict[str, Any] = {"languages": codes, "limit": limit, "match": match, "look": look}
    job = api.prepare(model, suite, data, out=out, settings=settings, **how)
    quiet = console(stderr=True)
    if dry_run:
        for line in estimate(job):
            console().print(line, soft_wrap=True)
        return
    with Progress(quiet, job) as progress:
        run = api.carry_out(job, progress, progress.built)
    scores = files.read_json(run.folder / "scores.json", RunError, "scores")
    if figures:
        write_run_figures(scores, run.folder / "figures")
    if tables:
        write_tables(run_tables(scores), run.folder / "tables")
    if as_json:
        print_json(scores)
        return
    console().print(run_report(scores))
    quiet.print(f"run folder: {run.folder} (report.html is for reading)", soft_wrap=True)
