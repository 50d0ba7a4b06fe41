"""Rows of a data set on the hub, through ``datasets``; never a loading script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from robustx.errors import DataError


def hub_rows(dataset: str, config: str | None, split: str, revision: str | None = None) -> Iterator[Mapping[str, Any]]:
    """The rows of one split, streamed in order.

    Raises:
        DataError: the data set cannot be reached or has no such config.
    """
    import datasets

    try:
        yield from datasets.load_dataset(dataset, config, split=split, streaming=True, revision=revision)
    except Exception as error:  # datasets raises a wide family of its own, of fsspec and of the hub's client
        raise DataError(
            f"{dataset} ({config}, {split}) cannot be read from the hub: {type(error).__name__}: {error}. "
            "Without a network, give a folder: --data FOLDER"
        ) from error
