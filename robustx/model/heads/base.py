"""What every head offers: rows in, as inputs of the model, and predictions out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from robustx.model.checkpoint import Checkpoint
from robustx.model.infer import Inputs
from robustx.suite.cells import CellRow
from robustx.tasks.base import Task


class Given(NamedTuple):
    """What a model made of one row: a prediction as the task writes it, and the probabilities behind it."""

    prediction: str
    probabilities: tuple[float, ...]


class Known(NamedTuple):
    """What is known of one row: its text, how it reached the model, and what the model made of it.

    Attributes:
        unguarded: what ``ids_hash`` would be if no defence stood before the model; empty where none does.
    """

    fields_hash: str
    ids_hash: str
    prediction: str
    probabilities: tuple[float, ...]
    tokens: int
    tokens_changed: int
    unknown: int
    truncated: bool
    unguarded: str = ""

    @property
    def reached(self) -> str:
        """What tells an input that the tokenizer can tell from another, whatever a defence makes of it."""
        return self.unguarded or self.ids_hash


Seen = Mapping[str, Known]
"""What is known of the examples of one cell, by uid."""


@dataclass(frozen=True)
class Encoded:
    """Rows as a model takes them.

    Attributes:
        ids: every token of each row, once: what the audit of a row counts.
        digests: what the answer to each row depends on; rows with the same digest get the same answer.
        unknown: unknown tokens in each row.
        truncated: whether a row was cut.
        inputs: what goes through the model, one a row or, of long rows, one a window.
        windows: which of the inputs are each row's.
        notes: what the head keeps of each row to read its output by.
    """

    ids: list[list[int]]
    digests: list[str]
    unknown: npt.NDArray[np.int32]
    truncated: npt.NDArray[np.bool_]
    inputs: Inputs
    windows: list[range]
    notes: list[Any] = field(default_factory=list)

    def subset(self, rows: Sequence[int]) -> Encoded:
        """The same of some of the rows."""
        chosen = [i for row in rows for i in self.windows[row]]
        ends = np.cumsum([len(self.windows[row]) for row in rows]).tolist()
        starts = [0, *ends[:-1]]
        return Encoded(
            [self.ids[row] for row in rows],
            [self.digests[row] for row in rows],
            self.unknown[list(rows)],
            self.truncated[list(rows)],
            Inputs(
                [self.inputs.ids[i] for i in chosen],
                {name: [values[i] for i in chosen] for name, values in self.inputs.extra.items()},
            ),
            [range(start, end) for start, end in zip(starts, ends, strict=False)],
            [self.notes[row] for row in rows] if self.notes else [],
        )


@dataclass(frozen=True)
class Asked:
    """The rows that a head is asked about.

    Attributes:
        rows: every row of the cell.
        chosen: indices of those that the model has not seen; only these are answered.
        clean: what is known of the clean cell, or None where this is the clean cell.
        progress: is told how many inputs have gone through the model.
    """

    task: Task
    rows: Sequence[CellRow]
    chosen: Sequence[int]
    clean: Seen | None = None
    progress: Callable[[int], None] | None = None


class Head(Protocol):
    """One kind of model."""

    def lacks(self, checkpoint: Checkpoint, task: Task) -> str | None:
        """Why a checkpoint with this head cannot do a task, or None."""
        ...

    def encode(self, checkpoint: Checkpoint, task: Task, rows: Sequence[CellRow]) -> Encoded:
        """Rows as the model takes them."""
        ...

    def decide(self, checkpoint: Checkpoint, asked: Asked, encoded: Encoded) -> list[Given]:
        """What the model makes of the chosen rows, in their order; ``encoded`` is of these."""
        ...
