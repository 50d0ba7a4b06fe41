"""What the benchmarks of search share: a suite's card, a searched run, and its rows.

All runs of one benchmark share the model's answers: a text that several searches ask is forwarded once, and is a query in
each of them. So what is compared is what they found for how many queries, not the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

import robustx
from robustx.model.checkpoint import Checkpoint, Settings
from robustx.search import target
from robustx.search.objective import Answer
from robustx.search.plan import Search
from robustx.search.victim import CheckpointVictim
from robustx.suite.cells import CellRow
from robustx.tasks.base import Task
from robustx.text.languages import language as language_of

_ANSWERS: dict[tuple[str, tuple[str, ...]], Answer] = {}
"""What a model, by its fingerprint, said of a text."""


class Sharing(CheckpointVictim):
    """A checkpoint whose answers all runs of this process share."""

    def __init__(self, checkpoint: Checkpoint, task: Task, rows: Sequence[CellRow]) -> None:
        super().__init__(checkpoint, task)
        self._model = checkpoint.fingerprint

    def answers(self, rows: Sequence[CellRow]) -> list[Answer]:
        """What the checkpoint makes of each row."""
        fresh = {row.fields: row for row in rows if (self._model, row.fields) not in _ANSWERS}
        if fresh:
            made = zip(fresh, super().answers(list(fresh.values())), strict=True)
            _ANSWERS.update({(self._model, fields): answer for fields, answer in made})
        return [_ANSWERS[self._model, row.fields] for row in rows]


@dataclass(frozen=True)
class Setup:
    """What every run of a benchmark has in common."""

    model: str
    data: str
    limit: int
    dtype: str
    folder: Path


def card(folder: Path, languages: list[str], attacks: list[str]) -> Path:
    """A suite's card with these attacks."""
    listed = ", ".join(f'"{code}"' for code in languages)
    lines = ['id = "bench"', "version = 1", 'summary = "A benchmark of search"', "seed = 7", 'tasks = ["xnli"]']
    lines += [f"languages = [{listed}]", *(f'\n[[attacks]]\nid = "{name}"' for name in attacks)]
    path = folder / "bench.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def searched(setup: Setup, languages: list[str], attacks: list[str], how: Search) -> dict[tuple[str, str, int], Any]:
    """Rows by (language, attack, budget), of the examples that the model had right, each with ``fallen`` and ``queries``."""
    out = setup.folder / "-".join([how.name, str(how.queries), *attacks, *languages])
    target.victim_of = Sharing
    run = robustx.attack(
        setup.model,
        str(card(setup.folder, languages, attacks)),
        setup.data,
        limit=setup.limit,
        out=out,
        settings=Settings("cpu", setup.dtype),
        search=how,
    )
    right: dict[str, set[str]] = {}
    made: dict[tuple[str, str, int], Any] = {}
    for cell in run.facts["cells"]:
        rows = pq.read_table(run.folder / "cells" / f"{cell['file']}.parquet").to_pylist()
        if cell["attack"] == "clean":
            right[cell["language"]] = {row["uid"] for row in rows if row["numerator"] == row["denominator"]}
            made[cell["language"], "clean", 0] = rows
        else:
            mine = [row for row in rows if row["uid"] in right[cell["language"]]]
            made[cell["language"], cell["attack"], int(cell["severity"])] = mine
    return made


def script(language: str) -> str:
    """ISO 15924 code of a language's script."""
    return language_of(language).script
