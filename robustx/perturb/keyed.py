"""Keyed randomness: every choice is a hash of what it is a choice for, so no order, subset or thread changes a text.

The key is (suite seed, attack id and version, uid, language, field, draw) and, never, severity: severities are nested
because a stronger one takes more of the same keyed order. Numbers come from BLAKE2b (RFC 7693) for the key and SplitMix64
(Steele, Lea, Flood 2014, doi:10.1145/2660193.2660195) for the numbers under it.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

_GAMMA = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1


def key_of(*parts: str | int) -> int:
    """A 64-bit key of the parts; no two lists of parts share an encoding."""
    encoded = "\x1f".join(f"{len(text)}:{text}" for text in map(str, parts))
    return int.from_bytes(hashlib.blake2b(encoded.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def numbers(key: int, count: int) -> npt.NDArray[np.uint64]:
    """``count`` 64-bit numbers under a key; the first k of them do not depend on ``count``."""
    steps = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(_GAMMA)
    z = steps + np.uint64(key)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(z ^ (z >> np.uint64(31)))


def number(key: int, index: int) -> int:
    """The number at ``index`` (from 0) under a key: ``numbers(key, index + 1)[index]``, without NumPy."""
    z = (key + (index + 1) * _GAMMA) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)
