"""A run's sufficient statistics as arrays: what every example adds to the metric in every cell.

Every metric is a ratio of sums, so accuracy, F1 and QA scores are all handled by the same few lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from robustx import files
from robustx.errors import RunError
from robustx.score.units import units

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

SCHEMA = 1
_NEEDED = (
    "uid",
    "gold",
    "prediction",
    "numerator",
    "denominator",
    "changed",
    "survived",
    "tokens",
    "unknown",
    "truncated",
    "words",
    "clusters",
    "bytes",
    "changed_words",
    "changed_clusters",
    "changed_bytes",
    "tokens_changed",
    "likeness",
)
_MOVED = ("changed_words", "changed_clusters", "changed_bytes", "tokens_changed")
UNITS = ("words", "clusters", "bytes", "tokens")
"""What is counted of a text and of a change, in the order of ``Cell.size`` and ``Cell.moved``."""


class CellKey(NamedTuple):
    """Which cell: task, language, attack (``clean`` for none), severity, draw."""

    task: str
    language: str
    attack: str
    severity: float
    draw: int


@dataclass(frozen=True)
class Cell:
    """One cell, a value a source example (``NaN`` or False where the cell lacks it).

    Attributes:
        numerator, denominator: what each example adds to the metric's sums.
        changed: the attack changed the text.
        survived: the change reached the model as other token ids.
        prediction: index into the task's labels.
        size, moved: [examples, units] what the text has of each unit, and how much of it the edits changed; of tokens
            that is counted against the clean input.
        likeness: how alike the text still looks, NaN where the suite did not record it.
    """

    key: CellKey
    present: Bools
    numerator: Floats
    denominator: Floats
    changed: Bools
    survived: Bools
    prediction: npt.NDArray[np.int64]
    gold: npt.NDArray[np.int64]
    tokens: Floats
    unknown: Floats
    truncated: Bools
    size: Floats
    moved: Floats
    likeness: Floats

    @property
    def attackable(self) -> Bools:
        """Examples with something to attack; a sentence that only stands to be found has nothing."""
        return self.present & (self.size[:, UNITS.index("clusters")] > 0)

    @property
    def effective(self) -> Bools:
        """Examples on which the attack can be judged: changed, and the model saw it."""
        return self.present & self.changed & self.survived


@dataclass(frozen=True)
class RunTable:
    """One task of one run.

    Attributes:
        uids: the source examples, shared by all languages, which are resampled (``robustx.score.units``).
        clean: the clean cell of each language.
        cells: the perturbed cells.
        scripts: ISO 15924 code of each language.
        labels: what can be predicted, where that is one of a few labels; else empty.
        metric: what the statistics sum to.
        chance: the metric of a guess.
        folder: the run that it was read from.
    """

    task: str
    labels: tuple[str, ...]
    uids: tuple[str, ...]
    clean: dict[str, Cell]
    cells: tuple[Cell, ...]
    scripts: dict[str, str]
    facts: dict[str, Any]
    metric: str = "accuracy"
    chance: float = 0.0
    folder: Path = Path()

    @property
    def languages(self) -> list[str]:
        """The languages, in the suite's order."""
        return list(self.clean)


def read_tables(folder: Path) -> list[RunTable]:
    """The tables of a complete run, one a task.

    Raises:
        RunError: the run is unfinished or a cell file is missing or damaged.
    """
    facts = files.read_json(folder / "run.json", RunError, "a folder that `robustx attack` made")
    if not isinstance(facts, dict) or facts.get("schema") != SCHEMA:
        raise RunError(f"{folder / 'run.json'}: expected a run of schema {SCHEMA}")
    if not facts.get("complete"):
        raise RunError(f"{folder}: the run is unfinished; the same `robustx attack` command takes it up again")
    return [read_table(folder, facts, task) for task in facts["tasks"]]


def read_table(folder: Path, facts: dict[str, Any], task: str, beside: str | None = None) -> RunTable:
    """The table of one task.

    Args:
        facts: what ``run.json`` says.
        beside: the name of a metric that is shown beside the task's own, to have its statistics.

    Raises:
        RunError: a cell file is missing or damaged.
    """
    try:
        return _table(folder, facts, task, beside)
    except KeyError as error:
        raise RunError(f"{folder / 'run.json'}: lacks {error}; expected what `robustx attack` writes") from error


def aligned(table: RunTable, like: RunTable) -> RunTable:
    """The same table with the examples, languages and cells in the order of another.

    Raises:
        RunError: the two do not have the same examples and cells.
    """
    cells = {cell.key: cell for cell in table.cells}
    mine, its = ((set(t.uids), set(t.clean), {c.key for c in t.cells}, t.labels) for t in (table, like))
    if mine != its:
        raise RunError(
            f"{table.task}: the two runs do not have the same examples, cells and labels, so none can be paired"
        )
    index = {uid: i for i, uid in enumerate(table.uids)}
    order = np.array([index[uid] for uid in like.uids], dtype=np.int64)

    def moved(cell: Cell) -> Cell:
        arrays = {field.name: getattr(cell, field.name)[order] for field in fields(cell) if field.name != "key"}
        return replace(cell, **arrays)

    return replace(
        table,
        uids=like.uids,
        clean={code: moved(table.clean[code]) for code in like.clean},
        cells=tuple(moved(cells[cell.key]) for cell in like.cells),
    )


def _table(folder: Path, facts: dict[str, Any], task: str, beside: str | None) -> RunTable:
    labels = tuple(facts["tasks"][task]["labels"])
    frames = {}
    for cell in facts["cells"]:
        if cell["task"] == task:
            key = CellKey(task, cell["language"], cell["attack"], float(cell["severity"]), int(cell["draw"]))
            frames[key] = _frame(folder / "cells" / f"{Path(str(cell['file'])).name}.parquet", beside)
    names, index = units({key.language: frame["uid"] for key, frame in frames.items() if key.attack == "clean"})
    for key in frames:
        if key.language not in index:
            raise RunError(f"cell {key}: its language has no clean cell")
    cells = [_cell(key, frame, index[key.language], len(names), labels) for key, frame in frames.items()]
    clean = {cell.key.language: cell for cell in cells if cell.key.attack == "clean"}
    for cell in cells:
        if cell.key.language not in clean or (cell.present & ~clean[cell.key.language].present).any():
            raise RunError(f"cell {cell.key}: has examples that the clean cell of its language lacks")
    return RunTable(
        task=task,
        labels=labels,
        uids=names,
        clean=clean,
        cells=tuple(cell for cell in cells if cell.key.attack != "clean"),
        scripts={code: facts["languages"][code]["script"] for code in clean},
        facts=facts,
        metric=beside or facts["tasks"][task].get("metric", "accuracy"),
        chance=facts["tasks"][task].get("chance", 1 / len(labels) if labels else 0.0),
        folder=folder,
    )


def _frame(path: Path, beside: str | None) -> dict[str, Any]:
    columns = {name: name for name in _NEEDED}
    if beside is not None:
        columns |= {name: f"{beside}: {name}" for name in ("numerator", "denominator")}
    try:
        table = pq.read_table(path, columns=list(columns.values()))
    except (OSError, pa.ArrowException) as error:
        raise RunError(f"{path}: cannot be read as a cell of a run: {error}") from error
    if table.num_columns != len(columns):
        raise RunError(f"{path}: lacks one of the columns {', '.join(columns.values())}")
    return {
        name: table[column].to_pylist() if name == "uid" else table[column].to_numpy()
        for name, column in columns.items()
    }


def _cell(key: CellKey, frame: dict[str, Any], index: dict[str, int], size: int, labels: Sequence[str]) -> Cell:
    try:
        rows = np.array([index[uid] for uid in frame["uid"]], dtype=np.int64)
    except KeyError as error:
        raise RunError(f"cell {key}: has the example {error} that the clean cell lacks") from error
    codes = {label: i for i, label in enumerate(labels)}

    def spread(name: str, kind: type, fill: float = 0) -> Any:
        made: npt.NDArray[Any] = np.full(size, fill, dtype=kind)
        made[rows] = frame[name]
        return made

    def coded(name: str) -> npt.NDArray[np.int64]:
        made = np.full(size, -1, dtype=np.int64)
        made[rows] = [codes.get(value, -1) for value in frame[name]]
        return made

    present = np.zeros(size, dtype=np.bool_)
    present[rows] = True
    return Cell(
        key,
        present,
        spread("numerator", np.float64),
        spread("denominator", np.float64),
        spread("changed", np.bool_),
        spread("survived", np.bool_),
        coded("prediction"),
        coded("gold"),
        spread("tokens", np.float64),
        spread("unknown", np.float64),
        spread("truncated", np.bool_),
        np.stack([spread(name, np.float64) for name in UNITS], axis=1),
        np.stack([spread(name, np.float64) for name in _MOVED], axis=1),
        spread("likeness", np.float64, np.nan),
    )
