"""``robustx``: the commands, each in a module of its own, and the one place where errors become exit statuses."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from robustx.cli import (
    attack,
    attacks,
    check,
    compare,
    doctor,
    leaderboard,
    perturb,
    submission,
    suite,
    train,
    translate,
    translationese,
)
from robustx.cli.options import examples
from robustx.errors import RobustxError

app = typer.Typer(
    name="robustx",
    help="Can a multilingual checkpoint be trusted when text in a non-Latin script is noisy, romanised or hostile?",
    epilog=examples(
        "robustx attack --model demo:anli --suite quick",
        "robustx compare runs/quick-demo-direct runs/quick-demo-anli",
        "robustx --install-completion",
    ),
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"robustx {version('robustx')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """What every command has in common."""


app.command(
    "attack",
    epilog=examples(
        "robustx attack --model demo:anli --suite nonlatin --data mini",
        "robustx attack --model path/to/checkpoint --suite quick --language hi,ar --dry-run",
        "robustx attack --model path/to/checkpoint --suite house --cards mine --figures --tables",
    ),
)(attack.attack)
app.command(
    "compare",
    epilog=examples("robustx compare runs/nonlatin-demo-direct runs/nonlatin-demo-anli --report comparison.html"),
)(compare.compare)
app.command(
    "check",
    epilog=examples(
        "robustx check runs/new --baseline runs/base --tolerance 0.01",
        "robustx check runs/new --baseline runs/base --non-inferiority --junit gate.xml",
    ),
)(check.check)
app.command("leaderboard", epilog=examples("robustx leaderboard runs/direct submissions --out site"))(
    leaderboard.leaderboard
)
app.command(
    "perturb",
    epilog=examples(
        "echo 'नमस्ते दुनिया' | robustx perturb keyboard --language hi",
        "robustx perturb delete --language ar --severity 0.2 --json < lines.txt",
    ),
)(perturb.perturb)
app.command(
    "translate",
    epilog=examples(
        "robustx translate --data anli=FOLDER --to hi,ar --engine nllb:MODEL --out translated",
        "robustx translate --data xnli=FOLDER --from ur --to hi --engine apertium --out control --split test",
        "robustx translate --data anli=FOLDER --to hi --engine nllb:MODEL --out translated --dry-run",
    ),
)(translate.translate)
app.command(
    "translationese",
    epilog=examples(
        "robustx translationese runs/human runs/machine",
        "robustx translationese runs/human runs/machine --english runs/anli --translated runs/anli-hi",
    ),
)(translationese.translationese)
app.command(
    "train",
    epilog=examples(
        "robustx train nli-arms --data hub --dry-run",
        "robustx train nli-arms --arm direct,anli --seed 1 --out models/nli-arms",
        "robustx train my-recipe.toml --data FOLDER",
    ),
)(train.train)
app.command("doctor", epilog=examples("robustx doctor", "robustx doctor --json"))(doctor.doctor)
app.add_typer(suite.app, name="suite")
app.add_typer(attacks.app, name="attacks")
app.add_typer(submission.app, name="submission")


def run() -> None:
    """The console script: 0 done, 1 a gate did not hold, 2 wrong use or input, 130 interrupted."""
    try:
        app()
    except RobustxError as error:
        _complain(str(error))
        sys.exit(2)
    except SystemExit as ended:
        if ended.code == 130:  # what typer makes of an interrupt
            sys.stderr.write("robustx: interrupted; the same command takes it up again\n")
        raise
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _complain(message: str) -> None:
    """An error may quote what somebody else named."""
    from robustx.text.display import visible

    sys.stderr.write("robustx: " + "\n".join(visible(line) for line in message.split("\n")) + "\n")
