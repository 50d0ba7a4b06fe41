"""Retrieval: finding a sentence's translation among English sentences. Any encoder does it, without training.

A row is a sentence of the language (``source``, which attacks may touch) with its English translation beside it (``target``,
which they may not). Where a task has sentences that nobody translated, one of the two is empty. The gold is the uids, parted by
spaces, of the rows whose other side belongs to this one, and a prediction is the uid of one row, or nothing.
"""

from __future__ import annotations

from typing import Literal

from robustx.tasks.base import Head, Task


class RetrievalTask(Task):
    """What the retrieval tasks share.

    Attributes:
        search: ``nearest``: every English sentence looks for its own; ``mined``: pairs are taken above a threshold.
    """

    head: Head = "retrieval"
    fields: tuple[str, ...] = ("source", "target")
    attackable: tuple[str, ...] = ("source",)
    search: Literal["nearest", "mined"]
