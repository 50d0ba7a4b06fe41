"""``robustx attack``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from robustx.cli.options import (
    Cards,
    Data,
    Json,
    Languages,
    Limit,
    Look,
    Match,
    Model,
    Quiet,
    SuiteOption,
    defence_names,
    listed,
    strategy_names,
)


def attack(
    model: Model,
    suite: SuiteOption = "nonlatin",
    data: Data = "mini",
    language: Languages = None,
    limit: Limit = None,
    match: Match = None,
    look: Look = False,
    cards: Cards = None,
    out: Annotated[Path | None, typer.Option(help="The run folder [runs/SUITE-MODEL].")] = None,
    search: Annotated[
        str | None,
        typer.Option(
            help="Look for the worst case: greedy, gradient, beam, random, evolution, exhaustive, or cascade over all attacks.",
            autocompletion=strategy_names,
        ),
    ] = None,
    budget: Annotated[int | None, typer.Option(help="Edits that a search may make in one example [1].")] = None,
    queries: Annotated[
        int | None, typer.Option(help="Texts that a search may ask about one example and attack [the strategy's own].")
    ] = None,
    validity: Annotated[
        str | None,
        typer.Option(help="Search only attacks that are provable, or at least likely, to keep the meaning [all]."),
    ] = None,
    labels: Annotated[
        str | None, typer.Option(help="The head's outputs in order, where its config does not say.")
    ] = None,
    device: Annotated[str, typer.Option(help="cpu, cuda, cuda:1, mps or auto.")] = "auto",
    dtype: Annotated[str, typer.Option(help="fp32, bf16 or fp16.")] = "fp32",
    defence: Annotated[
        str | None,
        typer.Option(
            help="What stands before the model, such as strip-invisible or skeleton,nfkc.", autocompletion=defence_names
        ),
    ] = None,
    max_length: Annotated[
        int | None, typer.Option(help="Longest input in tokens [256, or what the model takes].")
    ] = None,
    layer: Annotated[
        int | None, typer.Option(help="Layer whose output retrieval compares, from 1 [two above the middle].")
    ] = None,
    trust_remote_code: Annotated[
        bool, typer.Option("--trust-remote-code", help="Run code the checkpoint carries.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and stop.")] = False,
    figures: Annotated[bool, typer.Option("--figures", help="Draw RUN/figures as SVG and PNG.")] = False,
    tables: Annotated[bool, typer.Option("--tables", help="Write RUN/tables as CSV, Markdown and LaTeX.")] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Attack a checkpoint with a suite; print clean and robust accuracy with their intervals."""
    from robustx import api, files
    from robustx.cli.estimate import estimate
    from robustx.cli.progress import Progress
    from robustx.cli.show import notes, print_json, say
    from robustx.errors import RunError
    from robustx.model.checkpoint import Settings
    from robustx.report.figures import require_matplotlib, write_run_figures
    from robustx.report.table import write_tables
    from robustx.report.tables import run_tables
    from robustx.report.terminal import console, run_report
    from robustx.search.plan import checked

    if figures:
        require_matplotlib()
    settings = Settings(device, dtype, max_length, labels, trust_remote_code, layer, defence)
    job = api.prepare(
        model,
        suite,
        data,
        languages=listed(language),
        limit=limit,
        out=out,
        match=match,
        look=look,
        settings=settings,
        cards=cards,
        search=checked(search, budget, queries, validity),
    )
    if dry_run:
        would = estimate(job)
        if as_json:
            print_json(would.as_json())
            return
        for line in would.lines():
            say(console(), line)
        return
    aside = notes(quiet)
    with Progress(aside, job) as progress:
        run = api.carry_out(job, progress, progress.built)
    scores = files.read_json(run.folder / "scores.json", RunError, "scores")
    if figures:
        write_run_figures(scores, run.folder / "figures")
    if tables:
        write_tables(run_tables(scores), run.folder / "tables")
    if as_json:
        print_json(scores)
    else:
        console().print(run_report(scores))
    say(aside, f"run folder: {run.folder} (report.html is for reading)")
