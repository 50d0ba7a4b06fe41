"""Numbers of many examples in a short string: a bit each where they are 0 or 1, else compressed 32-bit floats."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from robustx.errors import RunError

Floats = npt.NDArray[np.float64]

_BITS, _FLOATS = "bits:", "f32:"


def pack(values: npt.NDArray[np.generic]) -> str:
    """``bits:…`` or ``f32:…`` in base64; the same values give the same string on every machine."""
    if np.isin(values, (0, 1)).all():
        return _BITS + base64.b64encode(np.packbits(values.astype(np.uint8)).tobytes()).decode()
    return _FLOATS + base64.b64encode(zlib.compress(values.astype("<f4").tobytes(), 9)).decode()


def unpack(texts: Sequence[str], count: int) -> Floats:
    """The numbers that ``pack`` was given, a row a string, [strings, count].

    Raises:
        RunError: a string is nothing that ``pack`` makes, or holds another number of values.
    """
    raw = [_decoded(text, count) for text in texts]
    if all(text.startswith(_BITS) for text in texts):
        return _bits(b"".join(raw), len(texts), count)
    rows = [
        _bits(data, 1, count)[0] if text.startswith(_BITS) else np.frombuffer(data, dtype="<f4").astype(np.float64)
        for text, data in zip(texts, raw, strict=True)
    ]
    return np.stack(rows)


def _decoded(text: str, count: int) -> bytes:
    """The bytes of one string, as many as there must be."""
    kind, _, body = text.partition(":")
    try:
        data = base64.b64decode(body, validate=True)
        if f"{kind}:" == _BITS and len(data) == -(-count // 8):
            return data
        if f"{kind}:" == _FLOATS:
            return _floats(data, count)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise RunError(f"{text[:20]!r}: is damaged ({error}); expected {count} packed numbers") from error
    raise RunError(f"{text[:20]!r}: expected {count} numbers as bits:… or f32:… in base64")


def _bits(raw: bytes, rows: int, count: int) -> Floats:
    bits = np.unpackbits(np.frombuffer(raw, dtype=np.uint8).reshape(rows, -(-count // 8)), axis=1)
    if bits[:, count:].any():
        raise RunError(f"packed bits: there are more than the {count} examples")
    return bits[:, :count].astype(np.float64)


def _floats(raw: bytes, count: int) -> bytes:
    reader = zlib.decompressobj()
    # never more than was said: a few bytes may unfold into gigabytes
    data = reader.decompress(raw, 4 * count + 1)
    if len(data) != 4 * count:
        raise ValueError("another number of floats")
    if not np.isfinite(np.frombuffer(data, dtype="<f4")).all():
        raise ValueError("a number that is not finite")
    return data
