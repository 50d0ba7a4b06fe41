"""``robustx leaderboard``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from robustx.cli.options import Json, Quiet


def leaderboard(
    runs: Annotated[list[Path], typer.Argument(help="Run folders, submission files, or folders of either.")],
    out: Annotated[Path, typer.Option(help="The site's folder.")] = Path("site"),
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Make a static site that ranks runs of the same texts, by intervals, so that nobody is ranked by noise."""
    import sys

    from robustx.cli.show import busy, notes, say
    from robustx.report.leaderboard.site import build_site
    from robustx.report.leaderboard.terminal import board_report
    from robustx.report.terminal import console

    aside = notes(quiet)
    with busy(aside, "reading and ranking"):
        boards = build_site(runs, out)
    if as_json:
        sys.stdout.write((out / "leaderboard.json").read_text(encoding="utf-8"))
    else:
        console().print(board_report(boards))
    say(aside, f"site: {out / 'index.html'}")
