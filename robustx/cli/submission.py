"""``robustx submission``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Runs as small files for a leaderboard.", no_args_is_help=True, rich_markup_mode=None)


@app.command("make", epilog="Example: robustx submission make runs/nonlatin-demo-anli --out demo-anli.json")
def make(
    run: Annotated[Path, typer.Argument(help="A finished run folder.")],
    out: Annotated[Path, typer.Option(help="The file to write.")],
) -> None:
    """Write what a leaderboard needs of a run into one small JSON file."""
    from robustx.report.terminal import console
    from robustx.score.submission import write_submission
    from robustx.score.submit import submission_of

    write_submission(submission_of(run), out)
    console(stderr=True).print(f"submission: {out} ({out.stat().st_size / 1000:.0f} kB)", soft_wrap=True)


@app.command("verify", epilog="Example: robustx submission verify submissions/*.json --suite built/nonlatin")
def verify(
    paths: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Submission files.")],
    suite: Annotated[
        Path | None, typer.Option(help="A built suite: its examples and changed texts must be the files' own.")
    ] = None,
) -> None:
    """Check files against schema and signature, and compute every claimed figure again. Exit status 2 if one does not fit."""
    from robustx import api
    from robustx.errors import RunError
    from robustx.report.terminal import console
    from robustx.text.display import visible

    wrong = []
    for path in paths:
        try:
            api.verify_submission(path, suite)
        except RunError as error:
            wrong.append("\n".join(visible(line) for line in str(error).split("\n")))
        else:
            console().print(f"{visible(str(path))}: holds", soft_wrap=True)
    if wrong:
        raise RunError("\n".join([f"{len(wrong)} of {len(paths)} submissions do not hold", *wrong]))
