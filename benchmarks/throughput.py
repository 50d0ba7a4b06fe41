"""Evaluation throughput against its limit and against a peer, on the same texts and model in one run.

    python benchmarks/throughput.py --model demo:anli --suite typing nonlatin imperceptible --limit 16

The limit is the bare model's forward pass over the same inputs, tokenised, sorted and padded beforehand. The peer is
``transformers.pipeline`` at the best of several batch sizes. The texts are a suite as robustx runs it, in the order a
user has them; how many of them differ once they are tokens depends on the suite, and what is the same is run once. Wall
clock: the machine should have nothing else to do. robustx runs one batch a core, the others split each product over the
cores, as torch does unless told otherwise.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

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


def cells(folder: Path, suite: str, data: str, languages: list[str], limit: int | None) -> Work:
    """Every cell of the benchmark's suite."""
    manifest = build(plan_suite(suite, data, languages, limit), folder / "suite")
    fields = manifest.fields["xnli"]
    return [(r.cell, list(read_cell(cell_path(folder / "suite", r.cell), fields))) for r in manifest.cells]


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


def best_of(contenders: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Seconds of each contender, the best of some rounds; they take turns, so what else goes on hits all alike."""
    best = dict.fromkeys(contenders, np.inf)
    for _ in range(rounds):
        for name, run in contenders.items():
            began = time.perf_counter()
            run()
            best[name] = min(best[name], time.perf_counter() - began)
    return best


def measure(checkpoint: Checkpoint, work: Work, sizes: list[int], rounds: int) -> None:
    """Print the three rates and the two ratios of one suite."""
    rows = sum(len(found) for _, found in work)
    forwarded, forward = bare(checkpoint, work)
    contenders: dict[str, Callable[[], object]] = {
        "bare": forward,
        "robustx": lambda: ours(checkpoint, work),
        **{f"pipeline {size}": peer(checkpoint, work, size) for size in sizes},
    }
    spent = best_of(contenders, rounds)
    theirs = {size: spent[f"pipeline {size}"] for size in sizes}
    best = min(theirs, key=theirs.__getitem__)
    least, mine = spent["bare"], spent["robustx"]
    print(f"{rows:,} inputs, {forwarded:,} of them forwarded; {torch.get_num_threads()} threads")
    print(f"bare forward pass   {rows / least:8.1f} inputs/s")
    print(f"robustx             {rows / mine:8.1f} inputs/s   {least / mine:.2f} of the bare forward pass")
    shown = ", ".join(f"{size}: {rows / seconds:.1f}" for size, seconds in theirs.items())
    rate, ratio = rows / theirs[best], theirs[best] / mine
    print(f"pipeline, batch {best:<4}{rate:8.1f} inputs/s   robustx is {ratio:.2f} times as fast ({shown})", flush=True)


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
    for suite in arguments.suite:
        with tempfile.TemporaryDirectory() as scratch:
            work = cells(Path(scratch), suite, arguments.data, arguments.language, arguments.limit)
        print(f"\n{suite}")
        measure(checkpoint, work, arguments.batch, arguments.rounds)


if __name__ == "__main__":
    main()
