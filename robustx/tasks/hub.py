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
    yield from _streamed(dataset, config, split, revision, {}, {})


def named_rows(
    dataset: str,
    config: str | None,
    split: str,
    revision: str | None = None,
    files: str | None = None,
    **reading: Any,
) -> Iterator[Mapping[str, Any]]:
    """The same with the names of classes in place of their numbers, where the data set has names for them.

    Args:
        files: the split's files: a pattern below the data set's root, or an address.
        reading: what the loader of such files takes, such as a separator.

    Raises:
        DataError: as ``hub_rows``.
    """
    files_of = {} if files is None else {"data_files": {split: files}}
    names: dict[str, list[str]] = {}
    for row in _streamed(dataset, config, split, revision, files_of | reading, names):
        yield {column: _named(names.get(column), cell) for column, cell in row.items()}


def configs_of(dataset: str) -> list[str]:
    """The names of a data set's configs.

    Raises:
        DataError: the data set cannot be reached.
    """
    import datasets

    try:
        return list(datasets.get_dataset_config_names(dataset))
    except Exception as error:  # as below
        raise _unread(dataset, error) from error


def splits_of(dataset: str, config: str | None) -> list[str]:
    """The names of a config's splits.

    Raises:
        DataError: the data set cannot be reached, or has several configs and none was named.
    """
    import datasets

    try:
        return list(datasets.get_dataset_split_names(dataset, config))
    except Exception as error:  # as below
        raise _unread(dataset, error) from error


def _streamed(
    dataset: str,
    config: str | None,
    split: str,
    revision: str | None,
    more: dict[str, Any],
    names: dict[str, list[str]],
) -> Iterator[Mapping[str, Any]]:
    """Rows as they come; ``names`` is told the classes of each column that has any."""
    import datasets

    try:
        found = datasets.load_dataset(dataset, config, split=split, streaming=True, revision=revision, **more)
        names.update(
            (column, one.names)
            for column, one in (found.features or {}).items()
            if isinstance(one, datasets.ClassLabel)
        )
        yield from found
    except Exception as error:  # datasets raises a wide family of its own, of fsspec and of the hub's client
        raise _unread(f"{dataset} ({config}, {split})", error) from error


def _unread(what: str, error: Exception) -> DataError:
    return DataError(
        f"{what} cannot be read from the hub: {type(error).__name__}: {error}. "
        "Without a network, give a folder: --data FOLDER"
    )


def _named(names: list[str] | None, cell: Any) -> Any:
    return names[cell] if names and isinstance(cell, int) and 0 <= cell < len(names) else cell
