"""Nearest neighbours among many sentences: time, and memory beyond the vectors, in blocks and by FAISS.

    python benchmarks/neighbours.py --queries 1000 --index 1000000

The limit is the whole matrix of similarities, which is never there. Random unit vectors; one process a size and way, so that
peaks are their own. The neighbours of both ways are compared.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import resource
import subprocess
import sys
import time

import numpy as np

from robustx.model.neighbours import by_faiss, in_blocks, nearest, unit

WAYS = {"in blocks": in_blocks, "FAISS": by_faiss}


def peak() -> int:
    """Bytes that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def measure(way: str, queries: int, index: int, width: int) -> None:
    """Print seconds, gigabytes beyond the vectors, and a digest of the neighbours."""
    rng = np.random.default_rng(0)
    asked = unit(rng.standard_normal((queries, width), dtype=np.float32))
    known = rng.standard_normal((index, width), dtype=np.float32)
    for start in range(0, index, 10_000):
        known[start : start + 10_000] = unit(known[start : start + 10_000])
    nearest(asked[:8], known[:100], 4, WAYS[way])
    before, began = peak(), time.perf_counter()
    found = nearest(asked, known, 4, WAYS[way])
    digest = hashlib.sha256(found.rows.tobytes() + found.similarity.tobytes()).hexdigest()[:12]
    print(f"{time.perf_counter() - began:8.1f} s  {(peak() - before) / 1e9:6.2f} GB  {digest}")


def main() -> None:
    """Measure each way in a process of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--queries", type=int, default=1000)
    parser.add_argument("--index", type=int, default=1_000_000)
    parser.add_argument("--width", type=int, default=384)
    parser.add_argument("--way", choices=WAYS)
    given = parser.parse_args()
    if given.way:
        measure(given.way, given.queries, given.index, given.width)
        return
    sizes = [f"--{name}={getattr(given, name)}" for name in ("queries", "index", "width")]
    print(f"{given.queries:,} x {given.index:,} x {given.width}; all similarities at once would be", end=" ")
    print(
        f"{given.queries * given.index * 4 / 1e9:.1f} GB, the vectors are {given.index * given.width * 4 / 1e9:.1f} GB"
    )
    for way in WAYS:
        if way == "FAISS" and importlib.util.find_spec("faiss") is None:
            print("FAISS      not installed: pip install 'robustx[faiss]'")
            continue
        made = subprocess.run(
            [sys.executable, __file__, "--way", way, *sizes], check=True, capture_output=True, text=True
        )
        print(f"{way:9}", made.stdout, end="", flush=True)


if __name__ == "__main__":
    main()
