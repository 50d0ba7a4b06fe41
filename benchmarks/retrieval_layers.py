"""Tatoeba accuracy at 1, layer by layer: which layer of an encoder holds translations closest together.

    python benchmarks/retrieval_layers.py --model FOLDER --data FOLDER [--language te,ka]

All layers come from one forward pass of each sentence. Layer 0 is the embeddings; the one that robustx takes by default is
named at the end. A column of the other direction, in which each sentence of the language looks among the English ones, stands
beside the default layer: XTREME scores the one in which English looks. The languages are XTREME's non-Latin ones by default.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from robustx.model.checkpoint import Checkpoint, Settings, load
from robustx.model.heads.classification import tokenised
from robustx.model.heads.retrieval import layer_of
from robustx.model.infer import Inputs, forwarded
from robustx.model.neighbours import Vectors, nearest, unit
from robustx.tasks.base import SkipLog
from robustx.tasks.registry import task


def every_layer(checkpoint: Checkpoint, texts: list[str]) -> list[Vectors]:
    """Unit vectors [texts, d] of each layer, mean-pooled as robustx does it."""

    def read(output: Any, tensors: dict[str, Any]) -> list[npt.NDArray[np.float32]]:
        mask = tensors["attention_mask"].unsqueeze(2).float()
        pooled = [(state.float() * mask).sum(dim=1) / mask.sum(dim=1) for state in output.hidden_states]
        return list(np.stack([layer.cpu().numpy() for layer in pooled], axis=1))

    ids, extra, _ = tokenised(checkpoint, [texts])
    made = np.stack(forwarded(checkpoint, Inputs(ids, extra), read, output_hidden_states=True))
    return [unit(made[:, layer]) for layer in range(made.shape[1])]


def accuracy(queries: Vectors, index: Vectors) -> float:
    """Share of the rows that find themselves."""
    return float((nearest(queries, index, 1).rows[:, 0] == np.arange(len(index))).mean())


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--language", default="ar,bg,bn,el,fa,he,hi,ja,ka,kk,ko,ml,mr,ru,ta,te,th,ur,zh")
    given = parser.parse_args()
    checkpoint = load(given.model, Settings(device="auto"))
    chosen, table = layer_of(checkpoint), []
    for code in given.language.split(","):
        rows = list(task("tatoeba").read(given.data, code, SkipLog()))
        sides = [every_layer(checkpoint, [row.fields[name] for row in rows]) for name in ("source", "target")]
        table.append([accuracy(english, own) for own, english in zip(*sides, strict=True)])
        table[-1].append(accuracy(sides[0][chosen], sides[1][chosen]))
        print(code, f"{len(rows):5}", *(f"{100 * one:5.1f}" for one in table[-1]), flush=True)
    print("mean", " " * 3, *(f"{100 * one:5.1f}" for one in np.mean(table, axis=0)))
    print(f"columns: layers 0 to {len(table[0]) - 2}, and layer {chosen}, the default, the other way round")


if __name__ == "__main__":
    main()
