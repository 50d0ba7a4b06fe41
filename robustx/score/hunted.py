"""What a search wrote into a run: how it looked, in ``run.json``, and what it found of each example, in its cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from robustx.errors import RunError
from robustx.score.table import Bools, Cell, CellKey, RunTable

Ints = npt.NDArray[np.int64]

_COLUMNS = ("uid", "queries", "fallen", "felled_by", "covered", "tried", "sets")


class How(NamedTuple):
    """How the worst case was looked for.

    Attributes:
        budget: edits that an example may get at most, over all its fields.
        queries: texts that each stage may ask about one example; None for the strategy's own number.
        certificate: every set of edits was tried, or a sample of known size.
    """

    strategy: str
    budget: int
    queries: int | None = None
    certificate: bool = False

    @property
    def words(self) -> str:
        """``greedy, at most 3 edits, 40 queries``."""
        asked = "" if self.queries is None else f", {self.queries:,} queries"
        return f"{self.strategy}, at most {self.budget} edit{'' if self.budget == 1 else 's'}{asked}"


class Hunted(NamedTuple):
    """What a search wrote of one cell, a value a source example (0, False or empty where the cell lacks it).

    Attributes:
        covered: up to how many edits every set was tried; -1 where that is not known.
        tried: sets tried of the size where an enumeration had to sample; 0 where it had not.
    """

    queries: Ints
    fallen: Bools
    felled_by: list[str]
    covered: Ints
    tried: Ints


def how_searched(folder: Path, facts: dict[str, Any]) -> How | None:
    """How a run was searched, or None where it was not.

    Raises:
        RunError: ``run.json`` says what no search is.
    """
    said = facts.get("search")
    if said is None:
        return None
    wrong = RunError(f"{folder / 'run.json'}: search: expected a strategy, its budget and its queries")
    if not isinstance(said, dict):
        raise wrong
    made = How(said.get("strategy", ""), said.get("budget", 0), said.get("queries"), said.get("certificate", False))
    numbers = [made.budget] + ([] if made.queries is None else [made.queries])
    counts = all(isinstance(one, int) and not isinstance(one, bool) and one >= 1 for one in numbers)
    if not (counts and isinstance(made.strategy, str) and made.strategy and isinstance(made.certificate, bool)):
        raise wrong
    return made


def right(table: RunTable, cell: Cell) -> Bools:
    """Examples that are right when nothing is perturbed."""
    clean = table.clean[cell.key.language]
    return np.asarray(clean.present & (clean.numerator >= clean.denominator) & (clean.denominator > 0))


def decisive(table: RunTable) -> Bools:
    """The perturbed cells that a verdict is made of, [cells]: of a search those with the most edits, which hold what the
    others found; all of them where nothing was searched."""
    if table.facts.get("search") is None:
        return np.ones(len(table.cells), dtype=np.bool_)
    most: dict[tuple[str, str], float] = {}
    for cell in table.cells:
        where = cell.key.language, cell.key.attack
        most[where] = max(most.get(where, 0.0), cell.key.severity)
    return np.array([cell.key.severity == most[cell.key.language, cell.key.attack] for cell in table.cells], np.bool_)


def mean_queries(table: RunTable, hunted: dict[CellKey, Hunted], cells: Sequence[Cell]) -> float:
    """Texts asked about an example that was right, on the mean; NaN where none was."""
    asked = np.concatenate([hunted[cell.key].queries[right(table, cell) & cell.present] for cell in cells])
    return float(asked.mean()) if asked.size else float("nan")


def felled_by(table: RunTable, hunted: dict[CellKey, Hunted], cells: Sequence[Cell]) -> Counter[str]:
    """How many right examples each attack and strategy felled (``homoglyph by greedy``)."""
    counts: Counter[str] = Counter()
    for cell in cells:
        mine = right(table, cell)
        counts.update(label for i, label in enumerate(hunted[cell.key].felled_by) if label and mine[i])
    return counts


def read_hunted(table: RunTable) -> dict[CellKey, Hunted]:
    """What a search wrote of every perturbed cell of a task.

    Raises:
        RunError: a cell lacks what a search writes.
    """
    return {cell.key: _read(table, cell.key) for cell in table.cells}


def _read(table: RunTable, key: CellKey) -> Hunted:
    names = [cell for cell in table.facts["cells"] if _key(cell) == key]
    path = table.folder / "cells" / f"{Path(str(names[0]['file'])).name}.parquet"
    try:
        with pq.ParquetFile(path) as file:
            missing = [name for name in _COLUMNS if name not in file.schema_arrow.names]
            if missing:
                raise RunError(f"{path}: lacks the column {missing[0]}, which a search writes")
            columns = file.read(list(_COLUMNS)).to_pydict()
    except (OSError, pa.ArrowException) as error:
        raise RunError(f"{path}: cannot be read as a cell of a run: {error}") from error
    at = {uid: i for i, uid in enumerate(columns["uid"])}
    order = [at.get(uid) for uid in table.uids]

    def spread(name: str, nothing: Any) -> list[Any]:
        return [nothing if i is None or columns[name][i] is None else columns[name][i] for i in order]

    return Hunted(
        np.array(spread("queries", 0), np.int64),
        np.array(spread("fallen", False), np.bool_),
        spread("felled_by", ""),
        np.array(spread("covered", -1), np.int64),
        np.array(spread("tried", 0), np.int64),
    )


def _key(cell: dict[str, Any]) -> CellKey:
    return CellKey(cell["task"], cell["language"], cell["attack"], float(cell["severity"]), int(cell["draw"]))
