"""The options and arguments that several commands share, each defined once, and what a shell completes in their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer


def group(about: str) -> typer.Typer:
    """A command that has commands of its own."""
    return typer.Typer(help=about, no_args_is_help=True, rich_markup_mode=None)


def examples(*lines: str) -> str:
    """The end of a command's help; every line is a command that can be typed."""
    return "\n".join(["\b", "Example:" if len(lines) == 1 else "Examples:", *(f"  {line}" for line in lines)])


def listed(codes: str | None) -> list[str] | None:
    """``hi, ar`` as a list; None where nothing was given."""
    return [code.strip() for code in codes.split(",") if code.strip()] if codes else None


def _cards(kind: str, ctx: typer.Context) -> Iterable[str]:
    from robustx.cards import card_paths
    from robustx.errors import UsageError

    given = ctx.params.get("cards")
    try:
        return card_paths(kind, Path(given) if given else None)
    except UsageError:
        return card_paths(kind)


def attack_names(ctx: typer.Context, incomplete: str) -> Iterator[str]:
    """Attacks that begin so."""
    return (name for name in _cards("attacks", ctx) if name.startswith(incomplete))


def suite_names(ctx: typer.Context, incomplete: str) -> Iterator[str]:
    """Suites that begin so; where none does, the shell goes on with files."""
    return (name for name in _cards("suites", ctx) if name.startswith(incomplete))


def recipe_names(ctx: typer.Context, incomplete: str) -> Iterator[str]:
    """Recipes that begin so; where none does, the shell goes on with files."""
    return (name for name in _cards("recipes", ctx) if name.startswith(incomplete))


def language_codes(incomplete: str) -> Iterator[str]:
    """Languages whose code begins so."""
    from robustx.text.languages import languages

    return (code for code in languages() if code.startswith(incomplete))


def language_lists(incomplete: str) -> Iterator[str]:
    """Lists whose last code begins so, with no code twice."""
    before, comma, last = incomplete.rpartition(",")
    given = before.split(",")
    return (f"{before}{comma}{code}" for code in language_codes(last) if code not in given)


def model_names(incomplete: str) -> Iterator[str]:
    """Demo checkpoints; where none begins so, the shell goes on with folders."""
    from robustx.model.demo import NAMES

    return (name for name in NAMES if name.startswith(incomplete))


def defence_names(incomplete: str) -> Iterator[str]:
    """Lists whose last defence begins so."""
    from robustx.perturb.defences import DEFENCES

    before, comma, last = incomplete.rpartition(",")
    return (f"{before}{comma}{name}" for name in DEFENCES if name.startswith(last))


def strategy_names(incomplete: str) -> Iterator[str]:
    """Searches that begin so."""
    from robustx.search.plan import CASCADE
    from robustx.search.strategies.registry import STRATEGIES

    return (name for name in (*STRATEGIES, CASCADE) if name.startswith(incomplete))


_ONLY = "Only these languages, such as hi,ar,en."
_SUITE = "A suite's name, the path of a card, or a built suite."

Json = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, on standard output.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no notes on standard error.")]
Cards = Annotated[
    Path | None, typer.Option("--cards", help="Your own cards: a folder with attacks, suites or recipes in it.")
]
Model = Annotated[
    str,
    typer.Option(
        "--model", help="A folder, a hub id, demo:direct, demo:anli or demo:base.", autocompletion=model_names
    ),
]
SuiteOption = Annotated[str, typer.Option("--suite", help=_SUITE, autocompletion=suite_names)]
SuiteName = Annotated[str, typer.Argument(help=_SUITE, autocompletion=suite_names)]
SuiteCardName = Annotated[
    str, typer.Argument(help="A suite's name, or the path of a card.", autocompletion=suite_names)
]
AttackName = Annotated[
    str,
    typer.Argument(
        help="An attack's id, or the path of a card; `robustx attacks list` shows all.", autocompletion=attack_names
    ),
]
RecipeName = Annotated[
    str, typer.Argument(help="A recipe's name, or the path of its card.", autocompletion=recipe_names)
]
Data = Annotated[str, typer.Option("--data", help="mini, hub, a folder in XTREME's layout, or xnli=FOLDER.")]
Languages = Annotated[str | None, typer.Option("--language", help=_ONLY, autocompletion=language_lists)]
Limit = Annotated[int | None, typer.Option("--limit", help="At most this many rows a language.")]
Look = Annotated[bool, typer.Option("--look", help="Record how alike every text still looks when drawn.")]
Match = Annotated[
    str | None, typer.Option("--match", help="Severities as shares of: words, clusters, bytes or tokens:FILE [words].")
]
