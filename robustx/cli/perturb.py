"""``robustx perturb``: lines in, lines out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Annotated

import typer

from robustx.cli.options import AttackName, Cards, language_codes
from robustx.errors import DataError


def perturb(
    attack: AttackName,
    language: Annotated[str, typer.Option(help="BCP 47 code of the text's language.", autocompletion=language_codes)],
    severity: Annotated[float | None, typer.Option(help="As the attack's card says [the top of its ladder].")] = None,
    seed: Annotated[int, typer.Option(help="Seed.")] = 0,
    draw: Annotated[int, typer.Option(min=0, help="Which of the distinct draws.")] = 0,
    cards: Cards = None,
    as_json: Annotated[bool, typer.Option("--json", help="An object a line: source, text, edits.")] = False,
) -> None:
    """Perturb each line of standard input by one attack. Lines are as they are: unseen characters are not named."""
    from robustx import api
    from robustx.cli.show import print_json

    for made in api.perturb(_lines(), attack, language, severity=severity, seed=seed, draw=draw, cards=cards):
        if as_json:
            edits = [edit._asdict() for edit in made.edits]
            print_json({"source": made.source, "text": made.text, "edits": edits}, indent=None)
        else:
            sys.stdout.write(made.text + "\n")


def _lines() -> Iterator[str]:
    for number, raw in enumerate(sys.stdin.buffer, start=1):
        try:
            yield raw.decode("utf-8").removesuffix("\n")
        except UnicodeDecodeError as error:
            raise DataError(f"line {number}: is not UTF-8 ({error.reason} at byte {error.start})") from error
