"""Nearest neighbours by cosine: exact, in blocks, and the same whichever library looks for them.

Candidates are found in float32, a block of the similarity matrix at a time, and are then measured again in float64. Where the
candidates cannot be told from what was left out by more than float32 can err, the row is searched in float64 throughout. So
the neighbours depend on the vectors alone: not on blocks, threads or FAISS. Ties go to the lower row.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Similarities = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Search = Callable[[Vectors, Vectors, int], tuple[Vectors, Rows]]
"""(queries, index, k) to float32 similarities and rows, [queries, k], best first."""

BLOCK = (1024, 16_384)
"""Queries and index rows of one block of similarities: 64 MB of float32, however many there are of either."""

_SPARE = 8
_MEASURED = 256
_DECIMALS = 12


class Neighbours(NamedTuple):
    """The ``k`` nearest rows of each query: cosines and row numbers, both [queries, k], best first."""

    similarity: Similarities
    rows: Rows


def unit(vectors: npt.NDArray[np.floating]) -> Vectors:
    """Vectors [n, d] at length 1 in float32; one of length 0 stays as it is."""
    wide = np.asarray(vectors, dtype=np.float32)
    lengths = np.sqrt(np.einsum("nd,nd->n", wide, wide, dtype=np.float64))
    return (wide / np.where(lengths > 0, lengths, 1.0)[:, None]).astype(np.float32)


def nearest(queries: Vectors, index: Vectors, k: int, search: Search | None = None) -> Neighbours:
    """The ``k`` rows of ``index`` nearest to each query, or all rows where there are fewer.

    Args:
        queries: unit vectors [q, d].
        index: unit vectors [n, d], n at least 1.
        k: how many neighbours.
        search: finds the candidates; ``fastest()`` where it is None.
    """
    count = min(k, len(index))
    wanted = min(count + _SPARE, len(index))
    coarse, rows = (search or fastest())(queries, index, wanted)
    found = Neighbours(np.empty((len(queries), count)), np.empty((len(queries), count), np.int64))
    for part in _parts(len(queries), _MEASURED):
        similarity = _measured(queries[part], index, rows[part])
        order = np.lexsort((rows[part], -similarity))[:, :count]
        found.similarity[part] = np.take_along_axis(similarity, order, axis=1)
        found.rows[part] = np.take_along_axis(rows[part], order, axis=1)
    if wanted < len(index):
        # the most that a float32 product of unit vectors is off by
        error = queries.shape[1] * np.finfo(np.float32).eps
        for row in np.flatnonzero(found.similarity[:, -1] <= coarse[:, -1] + error).tolist():
            found.similarity[row], found.rows[row] = _searched(queries[row], index, count)
    return found


def fastest() -> Search:
    """FAISS where it is installed (``pip install 'robustx[faiss]'``), else products in blocks."""
    return by_faiss if importlib.util.find_spec("faiss") else in_blocks


def in_blocks(queries: Vectors, index: Vectors, k: int) -> tuple[Vectors, Rows]:
    """``Search`` by matrix products of at most ``BLOCK`` similarities."""
    import torch

    values = np.empty((len(queries), k), np.float32)
    rows = np.empty((len(queries), k), np.int64)
    stored = torch.from_numpy(index)
    for part in _parts(len(queries), BLOCK[0]):
        block = torch.from_numpy(queries[part])
        best: tuple[torch.Tensor, torch.Tensor] | None = None
        for other in _parts(len(index), BLOCK[1]):
            products = block @ stored[other].T
            top, at = products.topk(min(k, products.shape[1]), dim=1)
            at += other.start
            if best is not None:
                top, at = torch.cat((best[0], top), dim=1), torch.cat((best[1], at), dim=1)
                top, order = top.topk(min(k, top.shape[1]), dim=1)
                at = at.gather(1, order)
            best = top, at
        if best is not None:
            values[part], rows[part] = best[0].numpy(), best[1].numpy()
    return values, rows


def by_faiss(queries: Vectors, index: Vectors, k: int) -> tuple[Vectors, Rows]:
    """``Search`` by FAISS's flat inner product index (Johnson et al. 2017, arXiv:1702.08734)."""
    import faiss

    flat = faiss.IndexFlatIP(index.shape[1])
    flat.add(np.ascontiguousarray(index))
    values, rows = flat.search(np.ascontiguousarray(queries), k)
    return values, rows


def _measured(queries: Vectors, index: Vectors, rows: Rows) -> Similarities:
    """Cosines in float64 of each query and its rows, rounded so that equal vectors tie."""
    products: Similarities = np.einsum("qd,qkd->qk", queries.astype(np.float64), index[rows].astype(np.float64))
    return products.round(_DECIMALS)


def _searched(query: Vectors, index: Vectors, k: int) -> tuple[Similarities, Rows]:
    """One query against everything in float64."""
    similarity = np.concatenate(
        [
            _measured(query[None], index, np.arange(part.start, part.stop)[None])[0]
            for part in _parts(len(index), BLOCK[1])
        ]
    )
    order = np.argsort(-similarity, kind="stable")[:k]
    return similarity[order], order


def _parts(count: int, size: int) -> Iterator[slice]:
    return (slice(start, min(start + size, count)) for start in range(0, count, size))
