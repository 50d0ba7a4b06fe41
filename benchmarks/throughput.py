"""Evaluation throughput against its limit and against a peer, on the same texts and model in one run.

    python benchmarks/throughput.py --model demo:anli

The limit is the bare model's forward pass over the same inputs, tokenised, sorted and padded beforehand. The peer is
``transformers.pipeline`` at the best of several batch sizes. The texts are a suite as robustx runs it: the mini pairs of
six languages, clean and under every attack of `nonlatin`, in the order a user has them. One thread, processor time.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from robustx.api import plan_suite
from robustx.model.checkpoint import Checkpoint, Settings, load
from robustx.model.infer import TOKEN_BUDGET, batches, encode, pad
from robustx.model.predict import Known, predict
from robustx.suite.build import build
from robustx.suite.cells import CLEAN, CellRow, read_cell
from robustx.suite.manifest import cell_path
from robustx.tasks.registry import task

LANGUAGES = ["hi", "th", "ar", "zh", "ru", "en"]
BATCH_SIZES = (1, 4, 8, 16, 32)


def cells(folder: Path, limit: int) -> list[tuple[str, list[CellRow]]]:
    """Every cell of the benchmark's suite with its attack."""
    manifest = build(plan_suite("nonlatin", "mini", LANGUAGES, limit), folder / "suite")
    fields = manifest.fields["xnli"]
    return [(r.cell.attack, list(read_cell(cell_path(folder / "suite", r.cell), fields))) for r in manifest.cells]


def ours(checkpoint: Checkpoint, work: list[tuple[str, list[CellRow]]]) -> int:
    """Predict cell by cell, as a run does; how many inputs went through the model."""
    xnli, known, forwarded = task("xnli"), {}, 0
    for attack, rows in work:
        made = predict(checkpoint, xnli, rows, None if attack == CLEAN else known)
        forwarded += made.forwarded
        if attack == CLEAN:
            known = {
                row.uid: Known(
                    made.fields_hash[i], made.ids_hash[i], tuple(made.probabilities[i].tolist()), 0, 0, False
                )
                for i, row in enumerate(rows)
            }
    return forwarded


def bare(checkpoint: Checkpoint, work: list[tuple[str, list[CellRow]]]) -> Callable[[], None]:
    """Forward passes over everything that ours forwards, prepared beforehand with the same batches."""
    prepared, clean = [], {}
    for attack, rows in work:
        if attack == CLEAN:
            clean = {row.uid: row.fields for row in rows}
        kept = list(dict.fromkeys(row.fields for row in rows if attack == CLEAN or row.fields != clean[row.uid]))
        encoded = encode(checkpoint, [(f[0], f[1]) for f in kept])
        prepared += [pad(checkpoint, encoded, rows) for rows in batches(encoded.lengths, TOKEN_BUDGET["cpu"])]

    def run() -> None:
        with torch.inference_mode():
            for inputs in prepared:
                checkpoint.model(**inputs)

    return run


def peer(checkpoint: Checkpoint, work: list[tuple[str, list[CellRow]]], size: int) -> Callable[[], None]:
    """The pipeline over every row of every cell, in order."""
    from transformers import pipeline

    made = pipeline("text-classification", model=checkpoint.model, tokenizer=checkpoint.tokenizer, device="cpu")
    texts = [{"text": row.fields[0], "text_pair": row.fields[1]} for _, rows in work for row in rows]

    def run() -> None:
        made(texts, batch_size=size, truncation=True, max_length=checkpoint.max_length)

    return run


def timed(run: Callable[[], object], repeats: int = 2) -> float:
    """Processor seconds, best of some runs."""
    best = np.inf
    for _ in range(repeats):
        began = time.process_time()
        run()
        best = min(best, time.process_time() - began)
    return float(best)


def main() -> None:
    """Print the three rates and the two ratios."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default="demo:anli")
    parser.add_argument("--limit", type=int, default=24)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    checkpoint = load(arguments.model, Settings(device="cpu"))
    with tempfile.TemporaryDirectory() as scratch:
        work = cells(Path(scratch), arguments.limit)
    rows = sum(len(found) for _, found in work)
    forwarded = ours(checkpoint, work)
    limit, mine = timed(bare(checkpoint, work)), timed(lambda: ours(checkpoint, work))
    theirs = {size: timed(peer(checkpoint, work, size), repeats=1) for size in BATCH_SIZES}
    best = min(theirs, key=theirs.__getitem__)
    print(f"{rows:,} inputs, {forwarded:,} of them forwarded")
    print(f"bare forward pass   {rows / limit:8.1f} inputs/s")
    print(f"robustx             {rows / mine:8.1f} inputs/s   {limit / mine:.2f} of the bare forward pass")
    shown = ", ".join(f"{size}: {rows / seconds:.1f}" for size, seconds in theirs.items())
    rate, ratio = rows / theirs[best], theirs[best] / mine
    print(f"pipeline, batch {best:<4}{rate:8.1f} inputs/s   robustx is {ratio:.2f} times as fast ({shown})")


if __name__ == "__main__":
    main()
