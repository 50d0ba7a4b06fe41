"""Evaluation throughput against its limit and against a peer, on the same texts and model in one run.

    python benchmarks/throughput.py --model demo:anli --suite typing nonlatin imperceptible --limit 16

The limit is the bare model's forward pass over the same inputs, tokenised, sorted and padded beforehand. The peer is
``transformers.pipeline`` at the best of several batch sizes. The texts are a suite as robustx runs it, in the order a
user has them; how many of them differ once they are tokens depends on the suite, and what is the same is run once. Wall
clock: the machine should have nothing else to do, and since few machines run at one speed for an hour, the contenders take
turns language by language. robustx runs one batch a core, the others split each product over the cores, as torch does
unless told otherwise.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

from robustx.api import plan_suite
from robustx.model import infer
from robustx.model.checkpoint import DTYPES, Checkpoint, Settings, load
from robustx.model.heads.base import Known
from robustx.model.predict import predict
from robustx.suite.build import build
from robustx.suite.cells import CLEAN, Cell, CellRow, read_cell
from robustx.suite.manifest import cell_path
from robustx.tasks.registry import task

LANGUAGES = ["hi", "th", "ar", "zh", "ru", "en"]
BATCH_SIZES = (1, 2, 4, 8, 16, 32)


Work = list[tuple[Cell, list[CellRow]]]


def cells(folder: Path, suite: str, data: str, languages: list[str], limit: int | None) -> dict[str, Work]:
    """Every cell of the benchmark's suite, by language."""
    manifest = build(plan_suite(suite, data, languages, limit), folder / "suite")
    fields, work = manifest.fields["xnli"], {code: Work() for code in languages}
    for record in manifest.cells:
        rows = list(read_cell(cell_path(folder / "suite", record.cell), fields))
        work[record.cell.language].append((record.cell, rows))
    return work


def ours(checkpoint: Checkpoint, work: Work) -> int:
    """Predict cell by cell, as a run does; how many inputs went through the model."""
    xnli, forwarded = task("xnli"), 0
    seen: dict[Cell, dict[str, Known]] = {}
    for cell, rows in work:
        lower = [known for one, known in seen.items() if one != cell.clean and _before(one, cell)]
        made = predict(checkpoint, xnli, rows, None if cell.attack == CLEAN else seen[cell.clean], lower)
        forwarded += made.forwarded
        seen[cell] = {row.uid: known for row, known in zip(rows, made.rows, strict=True)}
    return forwarded


def _before(one: Cell, cell: Cell) -> bool:
    return one._replace(severity=0.0) == cell._replace(severity=0.0) and one.severity < cell.severity


def bare(checkpoint: Checkpoint, work: Work) -> tuple[int, Callable[[], None]]:
    """How many inputs ours forwards, and forward passes over these, prepared beforehand with the same batches."""
    prepared: list[dict[str, torch.Tensor]] = []
    forward = infer.pad

    def keeping(*given: Any) -> dict[str, Any]:
        prepared.append(forward(*given))
        return prepared[-1]

    infer.pad = keeping
    forwarded = ours(checkpoint, work)
    infer.pad = forward

    def run() -> None:
        with torch.inference_mode():
            for inputs in prepared:
                checkpoint.model(**inputs)

    return forwarded, run


def peer(checkpoint: Checkpoint, work: Work, size: int) -> Callable[[], None]:
    """The pipeline over every row of every cell, in order."""
    from transformers import pipeline

    made = pipeline("text-classification", model=checkpoint.model, tokenizer=checkpoint.tokenizer, device="cpu")
    texts = [{"text": row.fields[0], "text_pair": row.fields[1]} for _, rows in work for row in rows]

    def run() -> None:
        made(texts, batch_size=size, truncation=True, max_length=checkpoint.max_length)

    return run


class Contest(NamedTuple):
    """One language's texts: how many, how many of them ours forwards, and the seconds of each contender."""

    rows: int
    forwarded: int
    seconds: dict[str, float]


def contest(checkpoint: Checkpoint, work: Work, sizes: list[int], rounds: int) -> Contest:
    """The contenders in turn, the best of some rounds."""
    forwarded, forward = bare(checkpoint, work)
    contenders: dict[str, Callable[[], object]] = {
        "bare": forward,
        "robustx": lambda: ours(checkpoint, work),
        **{f"pipeline {size}": peer(checkpoint, work, size) for size in sizes},
    }
    best = dict.fromkeys(contenders, np.inf)
    for _ in range(rounds):
        for name, run in contenders.items():
            began = time.perf_counter()
            run()
            best[name] = min(best[name], time.perf_counter() - began)
    return Contest(sum(len(found) for _, found in work), forwarded, best)


def show(name: str, contests: Sequence[Contest], sizes: list[int]) -> None:
    """A line: the rates, and robustx against the bare forward pass and against the pipeline at its best batch size."""
    rows = sum(one.rows for one in contests)
    spent = {name: sum(one.seconds[name] for one in contests) for name in contests[0].seconds}
    best = min(sizes, key=lambda size: spent[f"pipeline {size}"])
    mine, limit, theirs = spent["robustx"], spent["bare"], spent[f"pipeline {best}"]
    print(
        f"{name:5}{rows:8,}{sum(one.forwarded for one in contests):11,}{rows / limit:10.1f}{rows / mine:10.1f}"
        f"{rows / theirs:10.1f} ({best:>2}){limit / mine:12.2f}{theirs / mine:12.2f}",
        flush=True,
    )


def main() -> None:
    """Measure suite by suite."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default="demo:anli")
    parser.add_argument("--suite", nargs="+", default=["typing"])
    parser.add_argument("--data", default="mini")
    parser.add_argument("--language", nargs="+", default=LANGUAGES)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--dtype", default="fp32", choices=DTYPES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batch", nargs="+", type=int, default=list(BATCH_SIZES), help="of the pipeline")
    arguments = parser.parse_args()
    checkpoint = load(arguments.model, Settings(device="cpu", dtype=arguments.dtype))
    print(f"{arguments.dtype}, {torch.get_num_threads()} threads; inputs a second")
    for suite in arguments.suite:
        with tempfile.TemporaryDirectory() as scratch:
            work = cells(Path(scratch), suite, arguments.data, arguments.language, arguments.limit)
        print(f"\n{suite}\n       inputs  forwarded      bare   robustx  pipeline      of bare of pipeline")
        contests = []
        for code, of_language in work.items():
            contests.append(contest(checkpoint, of_language, arguments.batch, arguments.rounds))
            show(code, contests[-1:], arguments.batch)
        show("all", contests, arguments.batch)


if __name__ == "__main__":
    main()
