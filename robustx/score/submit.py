"""From a run folder to its submission."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from robustx.errors import RunError
from robustx.score.arrays import ratio_figure, stack, weights_for
from robustx.score.certificate import certainly_right
from robustx.score.claims import claims
from robustx.score.flags import Flag, cell_flags, language_flags, run_flags
from robustx.score.hunted import How, Hunted, how_searched, read_hunted, right
from robustx.score.packed import pack
from robustx.score.resample import Figure
from robustx.score.search_flags import flags_of_search
from robustx.score.submission import Attacked, Clean, Language, Model, Search, Submission, Suite, Task, Warned, said
from robustx.score.table import Bools, Cell, RunTable, read_tables

Order = npt.NDArray[np.int64]


def submission_of(folder: Path) -> Submission:
    """The submission of a finished run.

    Raises:
        RunError: the run is unfinished or damaged.
    """
    tables = read_tables(folder)
    facts = tables[0].facts
    how = how_searched(folder, facts)
    tasks = {}
    for table in tables:
        bare = _task(table, how)
        tasks[table.task] = bare.model_copy(update={"scores": claims(bare, table.task, table.scripts)})
    try:
        return Submission(
            signature=facts["signature"],
            robustx=facts["versions"]["robustx"],
            suite=Suite(**{key: facts["suite"][key] for key in Suite.model_fields}),
            model=_model(facts),
            search=None if how is None else Search(**how._asdict()),
            languages={code: Language(**facts["languages"][code]) for code in facts["languages"]},
            tasks=tasks,
            schema=1,
        )
    except (KeyError, TypeError, ValidationError) as error:
        raise RunError(f"{folder / 'run.json'}: no submission can be made of it: {said(error)}") from error


def _model(facts: dict[str, Any]) -> Model:
    model, settings = facts["model"], facts["settings"]
    # a signature names a folder by its last part alone, and of several checkpoints each
    name = str(facts["signature"]).partition("|model:")[2].rpartition(f"@{model['fingerprint'][:8]}|")[0]
    return Model(
        name=name,
        fingerprint=model["fingerprint"],
        tokenizer_fingerprint=model["tokenizer_fingerprint"],
        dtype=settings["dtype"],
        max_length=settings["max_length"],
        layer=settings.get("layer"),
        defence=settings.get("defence"),
    )


def _task(table: RunTable, how: How | None) -> Task:
    """A task without its scores."""
    order = np.array(sorted(range(len(table.uids)), key=table.uids.__getitem__), dtype=np.int64)
    uids = "\n".join(table.uids[i] for i in order)
    parts = stack(table)
    hunted = None if how is None else read_hunted(table)
    told = [{} if hunted is None or how is None else _told(table, cell, hunted[cell.key], how) for cell in table.cells]
    return Task(
        metric=table.metric,
        examples=len(table.uids),
        uids_sha256=hashlib.sha256(uids.encode()).hexdigest(),
        clean={code: Clean(**_sums(cell.present[order], cell, order)) for code, cell in table.clean.items()},
        cells=[
            _attacked(cell, good[order], order, {name: pack(values[order]) for name, values in more.items()})
            for cell, good, more in zip(table.cells, parts.mask.T, told, strict=True)
        ],
        flags=[Warned(**flag._asdict()) for flag in _flags(table)],
        scores={},
    )


def _told(table: RunTable, cell: Cell, known: Hunted, how: How) -> dict[str, npt.NDArray[np.generic]]:
    """What a search tells of a cell beside its answers: queries of each right example, and what is certain."""
    mine = right(table, cell)
    told: dict[str, npt.NDArray[np.generic]] = {"queries": np.where(mine & cell.present, known.queries, 0)}
    return told | ({"certain": certainly_right(table, cell, known)} if how.certificate else {})


def _attacked(cell: Cell, good: Bools, order: Order, told: dict[str, str]) -> Attacked:
    sums = _sums(good, cell, order)
    return Attacked(
        language=cell.key.language,
        attack=cell.key.attack,
        severity=cell.key.severity,
        draw=cell.key.draw,
        changed=pack((cell.present & cell.changed)[order]),
        reached=sums.pop("present"),
        **sums,
        **told,
    )


def _sums(good: Bools, cell: Cell, order: Order) -> dict[str, Any]:
    """Which examples count and what they add; what the others would add is left out, and a denominator of 1 too."""
    numerator = np.where(good, cell.numerator[order], 0.0)
    denominator = np.where(good, cell.denominator[order], 0.0)
    plain = (denominator == good).all()
    return {
        "present": pack(good),
        "numerator": pack(numerator),
        "denominator": None if plain else pack(denominator),
    }


def _flags(table: RunTable) -> list[Flag]:
    weights = weights_for(table)
    accuracy: dict[str, Figure] = {
        code: ratio_figure(weights, cell.numerator, cell.denominator) for code, cell in table.clean.items()
    }
    return (
        run_flags(table)
        + language_flags(table, accuracy)
        + cell_flags(table, list(table.cells))
        + flags_of_search(table)
    )
