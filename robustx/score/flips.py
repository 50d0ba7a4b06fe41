"""Examples that an attack turned from right to wrong, with what was changed, read from a run's own cell files.

The texts stand in the clean cells and the edits in the perturbed ones, so nothing but the run folder is needed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from robustx import files
from robustx.errors import RunError
from robustx.score.answers import Answers, shown_answers

SHOWN = 12
_COLUMNS = ("uid", "gold", "prediction", "probabilities", "numerator", "denominator", "changed", "survived")


class Piece(NamedTuple):
    """A stretch of text: kept, or replaced (``removed`` from the clean text, ``inserted`` into the attacked one)."""

    kind: Literal["same", "removed", "inserted"]
    text: str


class FieldDiff(NamedTuple):
    """One field of an example, cut at its edits."""

    name: str
    pieces: tuple[Piece, ...]

    @property
    def clean(self) -> str:
        """The text before."""
        return "".join(piece.text for piece in self.pieces if piece.kind != "inserted")

    @property
    def attacked(self) -> str:
        """The text after."""
        return "".join(piece.text for piece in self.pieces if piece.kind != "removed")


@dataclass(frozen=True)
class Flip:
    """One example that was right clean and is wrong under an attack.

    Attributes:
        gold: as a reader understands it (``robustx.score.answers``), and so are the predictions.
        before, after: the prediction, clean and attacked, with the probability the model gave it.
        swing: how much probability the gold label lost, -1 to 1; 0 where the run keeps no probabilities.
    """

    language: str
    attack: str
    severity: float
    draw: int
    uid: str
    gold: str
    before: str
    before_probability: float
    after: str
    after_probability: float
    swing: float
    edits: int
    fields: tuple[FieldDiff, ...]


@dataclass(frozen=True)
class Flips:
    """The flips of one task that are worth a look, and how many there are in all."""

    total: int
    judged: int
    worst: tuple[Flip, ...]
    smallest: tuple[Flip, ...]


@dataclass(frozen=True)
class _Found:
    """A flip before its texts are read: where it stands, and what it is ranked by."""

    cell: dict[str, Any]
    row: int
    uid: str
    swing: float
    edits: int


def read_flips(folder: Path, task: str, count: int = SHOWN) -> Flips:
    """The flips of a run's task: the ``count`` that cost the gold label most, and as many of the fewest edits.

    Both are balanced over languages and examples, the first over attacks too, so that no one of them fills the list.

    Raises:
        RunError: a cell file is missing or damaged, lacks a column, or its edits do not fit its texts.
    """
    facts = files.read_json(folder / "run.json", RunError, "a folder that `robustx attack` made")
    try:
        cells = [cell for cell in facts["cells"] if cell["task"] == task]
        labels, fields = facts["tasks"][task]["labels"], facts["tasks"][task]["fields"]
        head = facts["tasks"][task].get("head", "classification")
        clean = {cell["language"]: _table(_path(folder, cell), fields) for cell in cells if cell["attack"] == "clean"}
        attacked = [cell for cell in cells if cell["attack"] != "clean"]
        found, total, judged = _search(folder, attacked, clean, labels, count)
    except (KeyError, TypeError) as error:
        raise RunError(f"{folder / 'run.json'}: lacks {error}; expected what `robustx attack` writes") from error
    worst = balanced(found, lambda one: (-one.swing, one.edits), ("language", "attack", "uid"), count)
    # an attack that always makes many edits has no small flips to show, so attacks are not balanced here
    smallest = balanced(found, lambda one: (one.edits, -one.swing), ("language", "uid"), count)

    def read(chosen: Sequence[_Found]) -> tuple[Flip, ...]:
        return tuple(_flip(folder, one, clean[one.cell["language"]], labels, fields, head) for one in chosen)

    return Flips(total, judged, read(worst), read(smallest))


def balanced(
    found: Iterable[_Found], rank: Callable[[_Found], tuple[float, ...]], over: Sequence[str], count: int
) -> list[_Found]:
    """The best by ``rank``, taken one by one, each time from among those least like the ones taken already.

    Args:
        over: what is compared, of ``language``, ``attack`` and ``uid``.
    """
    left = sorted(found, key=rank)
    shown: Counter[tuple[str, str]] = Counter()
    chosen: list[_Found] = []
    while left and len(chosen) < count:
        best = min(left, key=lambda one: sum(shown[mark] for mark in _marks(one, over)))  # the first of the least shown
        chosen.append(best)
        shown.update(_marks(best, over))
        left = [one for one in left if (one.uid, one.cell["language"]) != (best.uid, best.cell["language"])]
    return sorted(chosen, key=rank)


def pieces(text: str, edits: Iterable[tuple[int, int, str]]) -> tuple[Piece, ...]:
    """A text cut at its edits (start and end in code points of the text, replacement).

    Raises:
        ValueError: two edits overlap or one reaches outside the text.
    """
    made: list[Piece] = []
    at = 0
    for start, end, replacement in sorted(edits):
        if start < at or end > len(text) or end < start:
            raise ValueError(f"edit ({start}, {end}) overlaps another or leaves the text of {len(text)} code points")
        made += [Piece("same", text[at:start]), Piece("removed", text[start:end]), Piece("inserted", replacement)]
        at = end
    made.append(Piece("same", text[at:]))
    return tuple(piece for piece in made if piece.text)


def _marks(one: _Found, over: Sequence[str]) -> list[tuple[str, str]]:
    return [(name, one.uid if name == "uid" else one.cell[name]) for name in over]


def _search(
    folder: Path, cells: list[dict[str, Any]], clean: dict[str, pa.Table], labels: Sequence[str], most: int
) -> tuple[list[_Found], int, int]:
    """Candidates, at most ``2 * most`` of every cell; how many examples flipped, and how many could have."""
    found: list[_Found] = []
    total = judged = 0
    for cell in cells:
        table, base = _table(_path(folder, cell), ["edits"]), clean[cell["language"]]
        rows = _matched(table, base, cell)
        before, after = _right(base)[rows], _right(table)
        counted = before & table["changed"].to_numpy() & table["survived"].to_numpy()
        flipped = np.flatnonzero(counted & ~after)
        total, judged = total + flipped.size, judged + int(counted.sum())
        swing = _gold_share(base, labels)[rows] - _gold_share(table, labels)
        edits = pc.list_value_length(table["edits"]).fill_null(0).to_numpy()
        by_swing = flipped[np.argsort(-np.nan_to_num(swing[flipped]), kind="stable")][:most]
        by_edits = flipped[np.lexsort((-np.nan_to_num(swing[flipped]), edits[flipped]))][:most]
        for i in sorted({*by_swing.tolist(), *by_edits.tolist()}):
            found.append(_Found(cell, i, table["uid"][i].as_py(), float(np.nan_to_num(swing[i])), int(edits[i])))
    return found, total, judged


def _flip(folder: Path, one: _Found, clean: pa.Table, labels: Sequence[str], fields: Sequence[str], head: str) -> Flip:
    """A chosen flip with its texts."""
    path = _path(folder, one.cell)
    row = _table(path, ["edits"]).slice(one.row, 1).to_pylist()[0]
    (base,) = clean.filter(pc.equal(clean["uid"], one.uid)).to_pylist()[:1]
    diffs = []
    for name in fields:
        edits = [(e["start"], e["end"], e["replacement"]) for e in row["edits"] or () if e["field"] == name]
        try:
            # line feeds stand between the tokens of a sentence, where a reader expects spaces
            diffs.append(FieldDiff(name, pieces(base[name].replace("\n", " "), edits)))
        except (AttributeError, TypeError, ValueError) as error:
            raise RunError(f"{path}: {one.uid}, field {name}: {error}; the file is damaged") from error
    texts = {name: str(base[name]) for name in fields}
    told = shown_answers(head, Answers(base["gold"], base["prediction"], row["prediction"]), clean, texts)
    return Flip(
        one.cell["language"],
        one.cell["attack"],
        float(one.cell["severity"]),
        int(one.cell["draw"]),
        one.uid,
        told.gold,
        told.before,
        _probability(base, labels),
        told.after,
        _probability(row, labels),
        one.swing,
        one.edits,
        tuple(diffs),
    )


def _probability(row: dict[str, Any], labels: Sequence[str]) -> float:
    given = row["probabilities"]
    known = row["prediction"] in labels and given is not None and len(given) == len(labels)
    return float(given[list(labels).index(row["prediction"])]) if known else float("nan")


def _gold_share(table: pa.Table, labels: Sequence[str]) -> npt.NDArray[np.float64]:
    """The probability of each row's gold label; NaN where the row has none or it is no label."""
    codes = {label: i for i, label in enumerate(labels)}
    gold = np.array([codes.get(one, -1) for one in table["gold"].to_pylist()], dtype=np.int64)
    given = table["probabilities"].combine_chunks()
    flat = np.asarray(given.flatten().to_numpy(zero_copy_only=False), dtype=np.float64)
    made = np.full(len(gold), np.nan)
    if flat.size == len(gold) * len(labels) and not given.null_count:
        known = gold >= 0
        made[known] = flat.reshape(len(gold), len(labels))[known, gold[known]]
    return made


def _right(table: pa.Table) -> npt.NDArray[np.bool_]:
    top, bottom = table["numerator"].to_numpy(), table["denominator"].to_numpy()
    return np.asarray((top >= bottom) & (bottom > 0))


def _matched(table: pa.Table, base: pa.Table, cell: dict[str, Any]) -> npt.NDArray[np.int64]:
    """For each row the row of the clean cell with the same uid."""
    index = {uid: i for i, uid in enumerate(base["uid"].to_pylist())}
    try:
        return np.array([index[uid] for uid in table["uid"].to_pylist()], dtype=np.int64)
    except KeyError as error:
        raise RunError(f"cell {cell['file']}: has the example {error} that the clean cell lacks") from error


def _path(folder: Path, cell: dict[str, Any]) -> Path:
    return folder / "cells" / f"{Path(str(cell['file'])).name}.parquet"


def _table(path: Path, more: Sequence[str]) -> pa.Table:
    columns = [*_COLUMNS, *more]
    try:
        with pq.ParquetFile(path) as file:
            missing = [name for name in columns if name not in file.schema_arrow.names]
            if missing:
                raise RunError(f"{path}: lacks the column {missing[0]}")
            return file.read(columns)
    except (OSError, pa.ArrowException) as error:
        raise RunError(f"{path}: cannot be read as a cell of a run: {error}") from error
