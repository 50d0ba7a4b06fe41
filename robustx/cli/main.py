"""``robustx``: the commands, each in a module of its own, and the one place where errors become exit statuses."""

from __future__ import annotations

import os
import sys

import typer

from robustx.cli import attack, attacks, check, compare, doctor, leaderboard, perturb, submission, suite
from robustx.errors import RobustxError

app = typer.Typer(
    name="robustx",
    help="Can a multilingual checkpoint be trusted when text in a non-Latin script is noisy, romanised or hostile?",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("attack", epilog="Example: robustx attack --model demo:anli --suite nonlatin --data mini")(attack.attack)
app.command("compare", epilog="Example: robustx compare runs/nonlatin-demo-direct runs/nonlatin-demo-anli")(
    compare.compare
)
app.command("check", epilog="Example: robustx check runs/new --baseline runs/base --tolerance 0.01")(check.check)
app.command("leaderboard", epilog="Example: robustx leaderboard runs/* submissions --out site")(leaderboard.leaderboard)
app.command("perturb", epilog="Example: echo 'नमस्ते दुनिया' | robustx perturb keyboard --language hi")(perturb.perturb)
app.command("doctor")(doctor.doctor)
app.add_typer(suite.app, name="suite")
app.add_typer(attacks.app, name="attacks")
app.add_typer(submission.app, name="submission")


def run() -> None:
    """The console script: 0 done, 1 a gate did not hold, 2 wrong use or input, 130 interrupted."""
    try:
        app()
    except RobustxError as error:
        sys.stderr.write(f"robustx: {error}\n")
        sys.exit(2)
    except SystemExit as ended:
        if ended.code == 130:  # what typer makes of an interrupt
            sys.stderr.write("robustx: interrupted; the same command takes it up again\n")
        raise
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
