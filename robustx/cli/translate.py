"""``robustx translate``: adversarial NLI in other languages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from robustx.cli.options import Json, Quiet, language_codes, language_lists, listed, model_names


def translate(
    data: Annotated[str, typer.Option(help="anli=FOLDER or xnli=FOLDER.")],
    to: Annotated[str, typer.Option(help="Languages to translate into, such as hi,ar.", autocompletion=language_lists)],
    engine: Annotated[
        str,
        typer.Option(
            help="apertium, nllb:MODEL, m2m100:MODEL, madlad:MODEL, opus-mt:MODEL, ctranslate2:FAMILY:FOLDER or file:PARALLEL."
        ),
    ],
    out: Annotated[Path, typer.Option(help="The data set's folder; a call that was cut off is taken up there.")],
    source: Annotated[
        str, typer.Option("--from", help="The language of the data.", autocompletion=language_codes)
    ] = "en",
    split: Annotated[str, typer.Option(help="dev, test or both.")] = "dev,test",
    fields: Annotated[
        str, typer.Option(help="What is translated; the other field stays in the source's language.")
    ] = "premise,hypothesis",
    limit: Annotated[int | None, typer.Option(help="At most this many rows a file.")] = None,
    batch: Annotated[int, typer.Option(min=1, help="Sentences a batch of a neural engine.")] = 32,
    beams: Annotated[int, typer.Option(min=1, help="Width of the beam.")] = 4,
    dtype: Annotated[str, typer.Option(help="fp32, bf16 or fp16.")] = "fp32",
    device: Annotated[str, typer.Option(help="A torch device, or auto.")] = "auto",
    time_limit: Annotated[float, typer.Option(min=0.001, help="Seconds that one batch may take.")] = 600.0,
    agreement: Annotated[bool, typer.Option("--agreement", help="Gate: compare sentence embeddings too.")] = False,
    round_trip: Annotated[
        bool, typer.Option("--round-trip", help="Gate: translate back, where the engine can.")
    ] = False,
    judge: Annotated[
        str | None,
        typer.Option(
            help="Gate: a checkpoint that is to decide the same on the translation.", autocompletion=model_names
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check everything, say what is to be done, and stop.")
    ] = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Translate ANLI, or XNLI as a control, and say of every row how far its translation can be trusted."""
    from robustx.cli.progress import Translating
    from robustx.cli.show import notes, print_json, say
    from robustx.report.terminal import console
    from robustx.translate import job as jobs
    from robustx.translate.engines import engine as engine_of
    from robustx.translate.neural import Decoding

    job = jobs.prepare(
        data,
        listed(to) or [],
        engine_of(engine, Decoding(batch, beams, dtype, device, time_limit)),
        out,
        source=source,
        splits=listed(split) or [],
        limit=limit,
        fields=listed(fields) or [],
        agreement=agreement,
        round_trip=round_trip,
        judge=judge,
    )
    if dry_run:
        found = jobs.dry_run(job)
        lines = _plan_lines(found)
    else:
        with Translating(notes(quiet)) as progress:
            found = jobs.carry_out(job, progress.done)
        lines = _count_lines(out, found)
    if as_json:
        print_json(found)
        return
    for line in lines:
        say(console(), line)


def _plan_lines(found: dict[str, Any]) -> list[str]:
    rows = sum(found["files"].values())
    lines = [
        f"{rows:,} rows of {found['set']} in {found['source_language']}, by {found['engine']}, into {found['out']}"
    ]
    for code, one in found["languages"].items():
        lines.append(
            f"{code}: {one['texts']:,} texts, {one['to_translate']:,} of {one['pieces']:,} pieces to translate"
        )
    return lines


def _count_lines(out: Path, manifest: dict[str, Any]) -> list[str]:
    lines = [f"{out}: {manifest['set']} in {' '.join(manifest['languages'])}"]
    for code, one in manifest["languages"].items():
        for name, counts in one["files"].items():
            said = ", ".join(f"{counts[key]:,} {key}" for key in ("kept", "doubtful", "rejected"))
            lines.append(f"  {code} {name}: {counts['rows']:,} rows: {said}")
        if why := one.get("reasons"):
            lines.append(f"  {code} why: " + ", ".join(f"{reason} {rows:,}" for reason, rows in why.items()))
        if "language" not in one["gates"]:
            lines.append(f"  {code}: the language was not identified: pip install 'robustx[translate]'")
    return lines
