"""Keyed randomness: every choice is a hash of what it is a choice for, so no order, subset or thread changes a text.

The key is (suite seed, attack id and version, uid, language, field, draw) and, never, severity: severities are nested
because a stronger one takes more of the same keyed order. All numbers are BLAKE2b digests (RFC 7693).
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator

_BLOCK = struct.Struct("<8Q")


def key_of(*parts: str | int) -> bytes:
    """A 16-byte key of the parts; no two lists of parts share an encoding."""
    encoded = "\x1f".join([f"{len(text)}:{text}" for text in map(str, parts)])
    return hashlib.blake2b(encoded.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def numbers(key: bytes, draw: int, attempt: int = 0) -> Iterator[int]:
    """64-bit numbers under a key, without end; eight cost one hash."""
    block = 0
    while True:
        seed = key + struct.pack("<III", draw, attempt, block)
        yield from _BLOCK.unpack(hashlib.blake2b(seed, digest_size=64).digest())
        block += 1


def shuffled(chances: Iterator[int], count: int) -> Iterator[tuple[int, int]]:
    """``range(count)`` in keyed order (Fisher and Yates), made as far as it is read, each with a number to choose by."""
    order = list(range(count))
    for i, number in zip(range(count), chances, strict=False):
        chance, swap = divmod(number, count - i)
        swap += i
        chosen = order[swap]
        order[swap] = order[i]
        yield chosen, chance
