"""``robustx submission``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from robustx.cli.options import Json, Quiet, examples, group

app = group("Runs as small files for a leaderboard.")


@app.command("make", epilog=examples("robustx submission make runs/nonlatin-demo-anli --out demo-anli.json"))
def make(
    run: Annotated[Path, typer.Argument(help="A finished run folder.")],
    out: Annotated[Path, typer.Option(help="The file to write.")],
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write what a leaderboard needs of a run into one small JSON file."""
    from robustx.cli.show import busy, notes, print_json, say
    from robustx.score.submission import write_submission
    from robustx.score.submit import submission_of

    aside = notes(quiet)
    with busy(aside, f"reading {run}"):
        made = submission_of(run)
        write_submission(made, out)
    size = out.stat().st_size
    if as_json:
        print_json({"submission": str(out), "bytes": size, "signature": made.signature, "digest": made.digest})
    say(aside, f"submission: {out} ({size / 1000:.0f} kB)")


@app.command("verify", epilog=examples("robustx submission verify submissions/*.json --suite built/nonlatin"))
def verify(
    paths: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Submission files.")],
    suite: Annotated[
        Path | None, typer.Option(help="A built suite: its examples and changed texts must be the files' own.")
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Check files against schema and signature, and compute every claimed figure again. Exit status 2 if one does not fit."""
    from robustx import api
    from robustx.cli.show import busy, notes, print_json, say
    from robustx.errors import RunError
    from robustx.report.terminal import console

    found: list[dict[str, str | bool | None]] = []
    for path in paths:
        try:
            with busy(notes(quiet), f"verifying {path}"):
                made = api.verify_submission(path, suite)
        except RunError as error:
            found.append({"submission": str(path), "holds": False, "signature": None, "problem": str(error)})
        else:
            found.append({"submission": str(path), "holds": True, "signature": made.signature, "problem": None})
            if not as_json:
                say(console(), f"{path}: holds")
    if as_json:
        print_json(found)
    wrong = [str(one["problem"]) for one in found if not one["holds"]]
    if wrong:
        raise RunError("\n".join([f"{len(wrong)} of {len(paths)} submissions do not hold", *wrong]))
