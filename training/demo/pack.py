"""Keeps what ``robustx train demo-nli`` made as the demo checkpoints of the package: low-rank differences with their lineage.

robustx train recipes/demo-nli.toml --data DATA --out trained
python training/demo/pack.py trained robustx/model/demo_checkpoints
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from robustx.model import demo, low_rank
from robustx.stilts import lineage

ARMS = ("direct", "anli")


def pack(trained: Path, out: Path) -> None:
    """Write ``difference.safetensors`` and ``lineage.json`` of one trained checkpoint into its folder.

    Raises:
        CheckpointError: the checkpoint has no lineage, or is not of low rank over the demo base.
    """
    from safetensors.torch import load_file, save_file

    descent = lineage.read(trained)
    base = {
        f"bert.{name}": tensor
        for name, tensor in load_file(demo.materialise("demo:base") / "model.safetensors").items()
    }
    # every phase adds a product of its own
    rank = int((descent.low_rank or {}).get("rank", 0)) * len(descent.phases)
    difference = low_rank.difference(base, load_file(trained / "model.safetensors"), rank)
    out.mkdir(parents=True, exist_ok=True)
    save_file(difference, out / "difference.safetensors", metadata={"rank": str(rank)})
    shutil.copyfile(trained / demo.LINEAGE, out / demo.LINEAGE)


def main() -> None:
    """Pack both arms."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("trained", type=Path, help="what robustx train wrote")
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    for arm in ARMS:
        pack(given.trained / arm / f"seed-{given.seed}" / "target", given.out / arm)


if __name__ == "__main__":
    main()
