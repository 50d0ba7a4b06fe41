"""Whether the engine says the same thing again and again, as decoders that loop do (Holtzman et al. 2020, 1904.09751)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import regex

from robustx.translate.gates.pair import Figures, Pair

_KEPT = regex.compile(r"[^\p{L}\p{N}]+")
_SHORTEST = 2
_LONGEST_TEXT = 4000


def measure(pair: Pair) -> Figures:
    """``repeated``: code points of the target's longest stretch that repeats what stands right before it, less the source's.

    *That that is is* has a stretch of four; a stretch is as long as all its further copies. Letters and digits count
    alone, without their marks, in lower case, and of the first 4,000.
    """
    return {"repeated": float(max(0, longest_repeat(pair.target) - longest_repeat(pair.source)))}


def longest_repeat(text: str) -> int:
    """Code points of the longest stretch that repeats what stands right before it, of two code points or more."""
    kept = _KEPT.sub("", text).lower()[:_LONGEST_TEXT]
    points = np.frombuffer(kept.encode("utf-32-le"), dtype="<u4")
    longest = 0
    for period in range(_SHORTEST, len(points) // 2 + 1):
        if len(points) - period <= longest:
            break
        run = _longest_run(points[period:] == points[:-period])
        if run >= period and run > longest:  # one shorter than its period repeats no whole phrase
            longest = run
    return longest


def _longest_run(same: npt.NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], same.astype(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max(initial=0))
