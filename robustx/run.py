"""Checkpoints on one suite: the run folder, cell by cell, taken up again where it was left.

``run.json`` says what was run and is written first; ``cells/`` has one file a cell, each written whole. Nothing in the
folder depends on when or in how many sittings it was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from robustx import files
from robustx.engines.local import run_cells
from robustx.errors import RunError, UsageError
from robustx.model.heads.base import Known, Seen
from robustx.model.infer import policy
from robustx.model.models import Models
from robustx.model.predict import Predicted, predict, repeatable
from robustx.perturb.measure import Amounts
from robustx.search.cells import Searching
from robustx.search.plan import Search
from robustx.suite.card import SuiteSpec
from robustx.suite.cells import CLEAN, EDITS, Cell, CellRow, edit_records, read_cell
from robustx.suite.manifest import Manifest, cell_path, verify
from robustx.tasks.base import Metric, Statistic, Task
from robustx.tasks.registry import task as task_of
from robustx.text.languages import language as language_of

SCHEMA = 1
_PROBE_ROWS = 16


class Watcher(Protocol):
    """What is told of a run's progress."""

    def begin(self, total: int, kept: int) -> None:
        """There are so many rows in all, of which so many were predicted in an earlier sitting."""
        ...

    def advance(self, cell: Cell, rows: int) -> None:
        """So many rows of a cell have been predicted in this one."""
        ...


class Silent:
    """A watcher that says nothing."""

    def begin(self, total: int, kept: int) -> None:
        """Nothing."""

    def advance(self, cell: Cell, rows: int) -> None:
        """Nothing."""


@dataclass(frozen=True)
class Run:
    """A run folder and what its ``run.json`` says."""

    folder: Path
    facts: dict[str, Any]

    @property
    def signature(self) -> str:
        """The line that names suite, data, seed, model, tokenizer, dtype and versions."""
        return str(self.facts["signature"])


def run_suite(
    models: Models,
    suite: Path,
    out: Path,
    watcher: Watcher | None = None,
    left_out: Mapping[str, str] | None = None,
    search: tuple[Search, SuiteSpec] | None = None,
) -> Run:
    """Predict every cell of a built suite that there is a checkpoint for; cells that are there already are kept.

    Args:
        left_out: why a task of the suite was not built; what the checkpoints cannot do is added to it.
        search: looks for the worst case in further cells, with the attacks of a suite's card.

    Raises:
        SuiteError: the suite is not what its manifest says.
        RunError: ``out`` holds a run of something else.
    """
    watcher = watcher or Silent()
    manifest = verify(suite)
    rows_of = {record.cell: record.rows for record in manifest.cells if record.cell.task in models.of}
    searching = Searching(*search, suite, manifest, models.of) if search else None
    searched = searching.cells() if searching else {}
    rows_of |= searched
    facts = _facts(models, manifest, rows_of, searching.how if searching else None)
    facts |= {"left_out": {**(left_out or {}), **models.left_out}}
    _claim(out, facts)
    kept = {cell for cell in rows_of if run_cell_path(out, cell).is_file()}
    watcher.begin(sum(rows_of.values()), sum(rows_of[cell] for cell in kept))
    seen = _Seen(out, list(rows_of), bool(models.settings.defence))

    def work(cell: Cell) -> None:
        if cell in kept:
            return
        if searching and cell in searched:
            rows, more = searching.cell(cell, watcher.advance)
        else:
            rows, more = list(read_cell(cell_path(suite, cell), manifest.fields[cell.task])), {}
        before = () if cell.attack == CLEAN else seen.before(cell)
        predicted = predict(models.of[cell.task], task_of(cell.task), rows, *(before or (None,)))
        _write(run_cell_path(out, cell), cell, manifest, rows, predicted, more)
        if cell not in searched:
            watcher.advance(cell, rows_of[cell])

    run_cells(list(rows_of), work)
    done = facts | {"complete": True, "repeatable": _repeatable(models, suite, manifest)}
    files.write_json(out / "run.json", done)
    return Run(out, done)


def check_out(out: Path) -> None:
    """Whether a run may be kept here: a new or empty folder, one that holds a run, or one whose run was just beginning.

    Raises:
        UsageError: there is something else.
    """
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out}: is no folder; give another --out")
    if not out.exists() or (out / "run.json").exists():
        return
    # a name that begins with a dot is what a killed build or write left
    if any(child.name != "suite" and not child.name.startswith(".") for child in out.iterdir()):
        raise UsageError(f"{out}: is not empty and holds no run; give another --out")


def read_run(folder: Path) -> Run:
    """A run folder.

    Raises:
        RunError: the folder is no run, or its ``run.json`` is damaged.
    """
    facts = files.read_json(folder / "run.json", RunError, "a folder that `robustx attack` made")
    if not isinstance(facts, dict) or facts.get("schema") != SCHEMA:
        raise RunError(f"{folder / 'run.json'}: expected a run of schema {SCHEMA}")
    return Run(folder, facts)


def run_cell_path(folder: Path, cell: Cell) -> Path:
    """Where a cell's predictions lie in a run folder."""
    return folder / "cells" / f"{cell.name}.parquet"


def _facts(models: Models, manifest: Manifest, rows_of: Mapping[Cell, int], search: Search | None) -> dict[str, Any]:
    from importlib.metadata import version

    used = sorted({cell.language for cell in rows_of})
    versions = {name: version(name) for name in ("robustx", "torch", "transformers", "tokenizers", "numpy", "pyarrow")}
    parts = ["robustx", manifest.signature, *([search.signature] if search else []), models.signature]
    signature = "|".join([*parts, f"v:{versions['robustx']}"])
    one = models.distinct[0]
    lengths = {checkpoint.max_length for checkpoint in models.distinct}
    return {
        "schema": SCHEMA,
        "signature": signature,
        "complete": False,
        "model": models.facts(),
        "settings": asdict(models.settings) | {"max_length": max(lengths), "device": str(one.device)},
        "batching": policy(one.device)._asdict(),
        "suite": {
            "id": manifest.suite,
            "version": manifest.version,
            "seed": manifest.seed,
            "data": manifest.data,
            "limit": manifest.limit,
            "signature": manifest.signature,
            "content_sha256": manifest.content_sha256,
            "skipped": manifest.skipped,
            "skipped_first": manifest.skipped_first,
            "mended": manifest.mended,
        },
        "tasks": {
            name: _task_facts(task_of(name), manifest.fields[name]) for name in manifest.fields if name in models.of
        },
        "languages": {code: dict(zip(("name", "script"), language_of(code)[1:3], strict=True)) for code in used},
        "validity": manifest.validity,
        "cells": [{**cell._asdict(), "rows": rows, "file": cell.name} for cell, rows in rows_of.items()],
        "versions": versions,
    } | ({"search": search.facts()} if search else {})


def _task_facts(task: Task, fields: list[str]) -> dict[str, Any]:
    """What scores must know of a task; only a classifier's predictions are labels that can be counted."""
    return {
        "fields": fields,
        "labels": list(task.labels) if task.head == "classification" else [],
        "head": task.head,
        "metric": task.metric,
        "chance": task.chance,
        "beside": list(task.beside),
    }


def _claim(out: Path, facts: dict[str, Any]) -> None:
    path = out / "run.json"
    if path.exists():
        there = read_run(out).facts
        for what in ("signature", "settings"):
            if there[what] != facts[what]:
                raise RunError(
                    f"{out}: holds another run ({there[what]}, and this is {facts[what]}); give another --out, or remove it"
                )
        return
    check_out(out)
    files.write_json(path, facts)


class _Seen:
    """What the files of a run say of inputs that later cells may repeat: the clean ones and, since severities are nested,
    those of the same attack and draw at lower severities. Read from the files alone, so a resumed run knows the same."""

    def __init__(self, out: Path, cells: list[Cell], defended: bool) -> None:
        self._out, self._defended = out, defended
        self._kept: dict[Cell, Seen] = {}
        self._ids: dict[str, list[int]] = {}
        self._ladders: dict[Cell, list[Cell]] = {}
        for cell in cells:
            self._ladders.setdefault(cell._replace(severity=0.0), []).append(cell)

    def before(self, cell: Cell) -> tuple[Seen, list[Seen], dict[str, list[int]]]:
        """What is known of the clean cell of a cell, of each lower severity, and the token ids of the clean cell."""
        ladder = self._ladders[cell._replace(severity=0.0)]
        wanted = [cell.clean, *(one for one in ladder if one.severity < cell.severity)]
        self._kept = {one: self._kept.get(one) or self._read(one) for one in wanted}
        return self._kept[cell.clean], [self._kept[one] for one in wanted[1:]], self._ids

    def _read(self, cell: Cell) -> Seen:
        path = run_cell_path(self._out, cell)
        more = ["ids"] if cell.attack == CLEAN else []
        try:
            kept = [name for name in Known._fields if name != "unguarded" or self._defended]
            rows = pq.read_table(path, columns=["uid", *kept, *more]).to_pylist()
        except (OSError, pa.ArrowException) as error:
            raise RunError(f"{path}: is damaged ({error}); remove it and give the same command again") from error
        if more:
            self._ids = {row["uid"]: row.pop("ids") for row in rows}
        made = {}
        for row in rows:
            uid, given = row.pop("uid"), tuple(row.pop("probabilities"))
            made[uid] = Known(probabilities=given, **row)
        return made


def _write(
    path: Path,
    cell: Cell,
    manifest: Manifest,
    rows: list[CellRow],
    predicted: Predicted,
    more: Mapping[str, Any],
) -> None:
    task, made = task_of(cell.task), predicted.rows
    columns: dict[str, Any] = {
        "uid": [row.uid for row in rows],
        "language": [cell.language] * len(rows),
        "gold": [row.gold for row in rows],
        "prediction": [known.prediction for known in made],
        "probabilities": pa.array([known.probabilities for known in made], pa.list_(pa.float32())),
        **_statistics("", task.statistic, cell, rows, made),
        "changed": [bool(row.edits) for row in rows],
        "survived": predicted.survived,
        **{
            name: pa.array([getattr(known, name) for known in made], pa.int32())
            for name in ("tokens", "tokens_changed", "unknown")
        },
        "truncated": [known.truncated for known in made],
        **{name: [getattr(row.amounts, name) for row in rows] for name in Amounts._fields},
        "likeness": pa.array([row.likeness for row in rows], pa.float32()),
        "edits": pa.array([edit_records(row.edits) for row in rows], EDITS),
        "verdict": [manifest.validity.get(cell.attack, "clean")] * len(rows),
        "fields_hash": [known.fields_hash for known in made],
        "ids_hash": [known.ids_hash for known in made],
        **more,
    }
    if any(known.unguarded for known in made):
        columns["unguarded"] = [known.unguarded for known in made]
    for name, metric in task.beside.items():
        columns |= _statistics(f"{name}: ", metric, cell, rows, made)
    if cell.attack == CLEAN:
        for i, name in enumerate(manifest.fields[cell.task]):
            columns[name] = [row.fields[i] for row in rows]
        columns["ids"] = pa.array(predicted.ids, pa.list_(pa.int32()))
    with files.whole_file(path) as scratch:
        pq.write_table(pa.table(columns), scratch, compression="zstd")


def _statistics(
    prefix: str, metric: Metric, cell: Cell, rows: list[CellRow], made: list[Known]
) -> dict[str, list[float]]:
    """The two columns of a metric."""
    found = [metric(row.gold, known.prediction, cell.language) for row, known in zip(rows, made, strict=True)]
    return {f"{prefix}{name}": [getattr(one, name) for one in found] for name in Statistic._fields}


def _repeatable(models: Models, suite: Path, manifest: Manifest) -> bool:
    """Whether every checkpoint gives the same twice, on the first rows of the first task that it does."""
    first = {id(models.of[name]): name for name in reversed(manifest.fields) if name in models.of}
    return all(_repeats(models, suite, manifest, name) for name in first.values())


def _repeats(models: Models, suite: Path, manifest: Manifest, name: str) -> bool:
    cell = next(record.cell for record in manifest.cells if record.cell.task == name)
    rows = list(islice(read_cell(cell_path(suite, cell), manifest.fields[name]), _PROBE_ROWS))
    return repeatable(models.of[name], task_of(name), rows)
