"""Keyed randomness: every choice is a hash of what it is a choice for, so no order, subset or thread changes a text.

The key is (suite seed, attack id and version, uid, language, field, draw) and, never, severity: severities are nested
because a stronger one takes more of the same keyed order. Numbers come from BLAKE2b (RFC 7693) for the key and SplitMix64
(Steele, Lea, Flood 2014, doi:10.1145/2660193.2660195) for the numbers under it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

_GAMMA = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1


def key_of(*parts: str | int) -> int:
    """A 64-bit key of the parts; no two lists of parts share an encoding."""
    encoded = "\x1f".join(f"{len(text)}:{text}" for text in map(str, parts))
    return int.from_bytes(hashlib.blake2b(encoded.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def number(key: int, index: int) -> int:
    """The 64-bit number at ``index`` (from 0) under a key; the same whatever else is asked under that key."""
    z = (key + (index + 1) * _GAMMA) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


def shuffled(key: int, count: int) -> Iterator[tuple[int, int]]:
    """``range(count)`` in keyed order (Fisher and Yates), made as far as it is read, each with a number to choose by."""
    order = list(range(count))
    for i in range(count):
        chance, swap = divmod(number(key, i), count - i)
        order[i], order[i + swap] = order[i + swap], order[i]
        yield order[i], chance
