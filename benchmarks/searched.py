"""What the benchmarks of search share: a suite's card, a searched run, and its rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

import robustx
from robustx.model.checkpoint import Settings
from robustx.search.plan import Search
from robustx.text.languages import language as language_of


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
