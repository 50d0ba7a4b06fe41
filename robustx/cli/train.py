"""``robustx train``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from robustx.cli.options import Cards, Json, Quiet, RecipeName, listed


def train(
    recipe: RecipeName,
    data: Annotated[
        str, typer.Option("--data", help="hub, a folder, TASK=FOLDER, or several apart by commas.")
    ] = "hub",
    out: Annotated[Path | None, typer.Option(help="The folder of the checkpoints [models/RECIPE].")] = None,
    arm: Annotated[str | None, typer.Option(help="Only these arms, such as direct,anli.")] = None,
    seed: Annotated[str | None, typer.Option(help="Only these seeds, such as 1,2.")] = None,
    cards: Cards = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and stop.")] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Train the arms of a recipe: intermediate task, target, one checkpoint an arm and seed. Run it again to go on."""
    from dataclasses import asdict

    from robustx.cli.show import notes, print_json, say
    from robustx.report.terminal import console
    from robustx.stilts.estimate import estimate
    from robustx.stilts.grid import Grid
    from robustx.stilts.phase import is_main
    from robustx.stilts.read import Library
    from robustx.stilts.recipe import chosen_seeds, load_recipe

    found = load_recipe(recipe, cards)
    arms = [found.arm(name) for name in listed(arm) or [one.id for one in found.card.arms]]
    folder = out or Path("models") / found.card.id
    grid = Grid(found, Library(data, found.named()), folder, arms, chosen_seeds(found, listed(seed)))
    aside = notes(quiet or not is_main())
    if dry_run:
        would = estimate(grid)
        if as_json:
            print_json(asdict(would))
            return
        for line in would.lines():
            say(console(), line)
        return
    made = []
    for unit, lineage in grid.run(lambda line: say(aside, line)):
        last = grid.phases(unit.arm)[-1]
        made.append({"checkpoint": str(unit.made(last)), **asdict(lineage)})
        if not as_json and is_main():
            score = lineage.phases[-1]
            say(
                console(),
                f"{unit.made(last)}: {lineage.steps:,} steps, English dev {score.best_score:.3f} at step {score.best_step:,}",
            )
    if as_json and is_main():
        print_json(made)
