"""``robustx suite``: list, show, build, verify."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from robustx.cli.options import (
    Cards,
    Data,
    Json,
    Languages,
    Limit,
    Look,
    Match,
    Quiet,
    SuiteCardName,
    SuiteName,
    examples,
    group,
    listed,
)

if TYPE_CHECKING:
    from robustx.suite.card import SuiteSpec
    from robustx.suite.manifest import Manifest

app = group("Suites: list, show, build and verify them.")


@app.command("list", epilog=examples("robustx suite list", "robustx suite list --cards mine"))
def show_all(cards: Cards = None, as_json: Json = False) -> None:
    """Every suite."""
    from rich.table import Table

    from robustx.cards import card_paths
    from robustx.cli.show import print_json
    from robustx.report.terminal import console
    from robustx.suite.card import load_suite
    from robustx.text.display import visible

    found = [load_suite(name, cards).card for name in card_paths("suites", cards)]
    if as_json:
        print_json([card.model_dump() for card in found])
        return
    table = Table("suite", "version", "languages", "attacks", "summary", box=None, pad_edge=False)
    for card in found:
        sizes = (str(card.version), str(len(card.languages)), str(len(card.attacks)))
        table.add_row(card.id, *sizes, visible(card.summary))
    console().print(table)


@app.command("show", epilog=examples("robustx suite show nonlatin", "robustx suite show built/nonlatin --json"))
def show(suite: SuiteName, cards: Cards = None, as_json: Json = False) -> None:
    """One suite: a card by its name, or a built suite."""
    from robustx.cli.show import print_json, say
    from robustx.report.terminal import console
    from robustx.suite.card import load_suite
    from robustx.suite.manifest import read_manifest

    value: dict[str, Any]
    if Path(suite).is_dir():
        manifest = read_manifest(Path(suite))
        value, lines = manifest.as_json(), _built_lines(manifest)
    else:
        spec = load_suite(suite, cards)
        value, lines = spec.card.model_dump(), _card_lines(spec)
    if as_json:
        print_json(value)
        return
    for line in lines:
        say(console(), line)


@app.command(
    "build",
    epilog=examples(
        "robustx suite build nonlatin --data mini --out built/nonlatin",
        "robustx suite build house --cards mine --data xnli=FOLDER --out built/house",
    ),
)
def build(
    suite: SuiteCardName,
    out: Annotated[Path, typer.Option(help="The new folder.")],
    data: Data = "mini",
    language: Languages = None,
    limit: Limit = None,
    match: Match = None,
    look: Look = False,
    cards: Cards = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Build a suite into a folder that can be kept, shared and verified."""
    from robustx import api
    from robustx.cli.progress import Building
    from robustx.cli.show import notes, print_json, say
    from robustx.report.terminal import console
    from robustx.suite import build as builder

    planned = api.plan_suite(suite, data, listed(language), limit, match, look, cards)
    aside = notes(quiet)
    say(aside, f"building {planned.spec.card.id}: {sum(1 for _ in planned.cells())} cells")
    with Building(aside, planned) as building:
        manifest = builder.build(planned, out, building.built)
    for what, count, first in (
        ("passed over", manifest.skipped, manifest.skipped_first),
        ("put right", manifest.mended, manifest.mended_first),
    ):
        if count:
            say(aside, f"{count:,} rows were {what}:")
        for path, row, reason in first:
            say(aside, f"  {path} row {row}: {reason}")
    if as_json:
        names = ("skipped", "skipped_first", "mended", "mended_first")
        print_json(_brief(out, manifest) | {name: getattr(manifest, name) for name in names})
    else:
        say(console(), manifest.signature)


@app.command("verify", epilog=examples("robustx suite verify built/nonlatin built/typing"))
def verify(
    folders: Annotated[list[Path], typer.Argument(help="Built suites.")], as_json: Json = False, quiet: Quiet = False
) -> None:
    """Read every cell of built suites again and compare it with their manifests. Exit status 2 if one does not fit."""
    from robustx.cli.show import busy, notes, print_json, say
    from robustx.errors import SuiteError
    from robustx.report.terminal import console
    from robustx.suite.manifest import verify as check

    found: list[dict[str, Any]] = []
    for folder in folders:
        try:
            with busy(notes(quiet), f"verifying {folder}"):
                manifest = check(folder)
        except SuiteError as error:
            found.append({"suite": str(folder), "holds": False, "problem": str(error)})
            continue
        found.append(_brief(folder, manifest) | {"holds": True, "problem": None})
        if not as_json:
            say(console(), f"{folder}: {len(manifest.cells)} cells are what the manifest says")
            say(console(), manifest.signature)
    if as_json:
        print_json(found)
    wrong = [str(one["problem"]) for one in found if not one["holds"]]
    if wrong:
        many = [f"{len(wrong)} of {len(folders)} suites are not what their manifests say"] if len(folders) > 1 else []
        raise SuiteError("\n".join([*many, *wrong]))


def _brief(folder: Path, manifest: Manifest) -> dict[str, Any]:
    rows = sum(record.rows for record in manifest.cells)
    cells = len(manifest.cells)
    return {"suite": str(folder), "signature": manifest.signature, "cells": cells, "rows": rows}


def _built_lines(manifest: Manifest) -> list[str]:
    lines = [manifest.signature, f"{len(manifest.cells)} cells, {sum(r.rows for r in manifest.cells):,} rows"]
    return [*lines, *(f"{task}: {' '.join(codes)}" for task, codes in manifest.languages.items())]


def _card_lines(spec: SuiteSpec) -> list[str]:
    card = spec.card
    lines = [f"{card.id}@{card.version}: {card.summary}", f"languages: {' '.join(card.languages)}"]
    for attack, severities, draws in spec.attacks:
        used = sum(attack.applies_to(code) for code in card.languages)
        shown = ", ".join(f"{severity:g}" for severity in severities)
        lines.append(f"  {attack.id} at {shown} x {draws} ({used} languages): {attack.card.summary}")
    return lines
