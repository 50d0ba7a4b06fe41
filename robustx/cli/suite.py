"""``robustx suite``: list, show, build, verify."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(help="Suites: list, show, build and verify them.", no_args_is_help=True)


@app.command("list")
def show_all(as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False) -> None:
    """Every suite."""
    from rich.table import Table

    from robustx.cards import card_paths
    from robustx.cli.show import print_json
    from robustx.report.terminal import console
    from robustx.suite.card import load_suite

    cards = [load_suite(name).card for name in card_paths("suites")]
    if as_json:
        print_json([card.model_dump() for card in cards])
        return
    table = Table("suite", "version", "languages", "attacks", "summary", box=None, pad_edge=False)
    for card in cards:
        table.add_row(card.id, str(card.version), str(len(card.languages)), str(len(card.attacks)), card.summary)
    console().print(table)


@app.command("show")
def show(suite: str, as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False) -> None:
    """One suite: a card by its name, or a built suite."""
    from robustx.cli.show import print_json
    from robustx.report.terminal import console
    from robustx.suite.card import load_suite
    from robustx.suite.manifest import read_manifest

    if Path(suite).is_dir():
        manifest = read_manifest(Path(suite))
        value: dict[str, Any] = manifest.as_json()
        lines = [manifest.signature, f"{len(manifest.cells)} cells, {sum(r.rows for r in manifest.cells):,} rows"]
        lines += [f"{task}: {' '.join(codes)}" for task, codes in manifest.languages.items()]
    else:
        spec = load_suite(suite)
        value = spec.card.model_dump()
        lines = [
            f"{spec.card.id}@{spec.card.version}: {spec.card.summary}",
            f"languages: {' '.join(spec.card.languages)}",
        ]
        for attack, severities, draws in spec.attacks:
            used = sum(attack.applies_to(code) for code in spec.card.languages)
            shown = ", ".join(f"{severity:g}" for severity in severities)
            lines.append(f"  {attack.id} at {shown} x {draws} ({used} languages): {attack.card.summary}")
    if as_json:
        print_json(value)
    else:
        console().print("\n".join(lines), soft_wrap=True)


@app.command("build", epilog="Example: robustx suite build nonlatin --data mini --out suites-built/nonlatin")
def build(
    suite: str,
    out: Annotated[Path, typer.Option(help="The new folder.")],
    data: Annotated[str, typer.Option(help="mini, hub, FOLDER or xnli=FOLDER.")] = "mini",
    language: Annotated[str | None, typer.Option(help="Only these languages, such as hi,ar,en.")] = None,
    limit: Annotated[int | None, typer.Option(help="At most this many rows a language.")] = None,
    match: Annotated[
        str | None, typer.Option(help="Severities as shares of: words, clusters, bytes or tokens:FILE [words].")
    ] = None,
    look: Annotated[bool, typer.Option("--look", help="Record how alike every text still looks when drawn.")] = False,
) -> None:
    """Build a suite into a folder that can be kept, shared and verified."""
    from robustx import api
    from robustx.report.terminal import console
    from robustx.suite import build as builder

    codes = [code.strip() for code in language.split(",") if code.strip()] if language else None
    planned = api.plan_suite(suite, data, codes, limit, match, look)
    quiet = console(stderr=True)
    quiet.print(f"building {planned.spec.card.id}: {sum(1 for _ in planned.cells())} cells")
    manifest = builder.build(planned, out, lambda what: quiet.print(f"  {what}"))
    if manifest.skipped:
        quiet.print(f"{manifest.skipped:,} rows were passed over:")
        for path, row, reason in manifest.skipped_first:
            quiet.print(f"  {path} row {row}: {reason}", soft_wrap=True)
    console().print(manifest.signature, soft_wrap=True)


@app.command("verify", epilog="Example: robustx suite verify suites-built/nonlatin suites-built/typing")
def verify(folders: Annotated[list[Path], typer.Argument(help="Built suites.")]) -> None:
    """Read every cell of built suites again and compare it with their manifests."""
    from robustx.report.terminal import console
    from robustx.suite.manifest import verify as check

    for folder in folders:
        manifest = check(folder)
        console().print(
            f"{folder}: {len(manifest.cells)} cells are what the manifest says\n{manifest.signature}", soft_wrap=True
        )
