"""Searched runs with planted worst cases: every right example falls at a number of edits of its own, or never."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from entrants import sign
from synthetic import Part, Planted, add_texts, right, write

ATTACKS = ("swap", "unseen")
CLEAN = {"hi": 0.8, "ar": 0.75, "en": 0.9}
NEVER = 99
TEXTS = {
    "hi": ("कोई नहीं आया।", "सब लोग आए।"),
    "ar": ("لم يكن أحد هناك.", "كان الجميع."),
    "en": ("Nobody came.", "All came."),
}


def needed(n: int, language: str, attack: str, strength: float, seed: int) -> np.ndarray[Any, Any]:
    """The edits at which each example falls: the stronger the model, the more."""
    key = hashlib.sha256(f"{language}|{attack}|{seed}".encode()).digest()[:4]
    rng = np.random.default_rng(int.from_bytes(key, "big"))
    return np.where(rng.random(n) < strength, NEVER, rng.integers(1, 4, n))


def searched_run(
    folder: Path,
    name: str = "lab/one",
    strength: float = 0.4,
    *,
    n: int = 40,
    seed: int = 0,
    search: Mapping[str, Any] | None = None,
    defence: str | None = None,
    texts: str = "texts",
    attacks: tuple[str, ...] = ATTACKS,
) -> Path:
    """Write the run folder of a model that was searched with at most three edits, over three languages and two attacks."""
    how = {"strategy": "greedy", "budget": 3, "queries": 40, "certificate": False, **(search or {})}
    run = Planted({code: Part(right(n, share, 10 * seed + i)) for i, (code, share) in enumerate(CLEAN.items())})
    falls = {}
    for code, clean in run.clean.items():
        for attack in attacks:
            edits = needed(n, code, attack, strength, seed)
            for budget in range(1, how["budget"] + 1):
                run.cells[code, attack, float(budget), 0] = Part(clean.right * (edits > budget))
                falls[code, attack, budget] = (clean.right > 0) & (edits <= budget)
    sign(run, name, texts=texts)
    told = f"search:{how['strategy']}/edits:{how['budget']}"
    told += f"/queries:{how['queries']}" if how["queries"] is not None else ""
    asked = f"|defence:{defence}" if defence else ""
    signature = str(run.facts["signature"]).replace("|model:", f"|{told}|model:").replace("|v:0", f"{asked}|v:0")
    run.facts |= {"search": how, "signature": signature, "settings.defence": defence}
    if defence:
        run.facts["model.name"] = f"{name} behind {defence}"
    write(folder, run)
    for (code, attack, budget), fell in falls.items():
        strategy = how["strategy"]
        append(
            folder,
            f"xnli_{code}_{attack}_{budget}_0",
            fell,
            f"{attack} by {strategy}",
            bool(how["certificate"]),
            budget,
        )
    return folder


def append(folder: Path, cell: str, fell: np.ndarray[Any, Any], label: str, certificate: bool, budget: int) -> None:
    """Add to a cell what a search writes: thirty queries an example, and of an enumeration what it covered."""
    path = folder / "cells" / f"{cell}.parquet"
    table, n = pq.read_table(path), len(fell)
    half = np.arange(n) % 2 == 0
    covered = pa.array(np.where(half, budget, budget - 1).tolist() if certificate else [None] * n, pa.int32())
    tried = pa.array(np.where(half, 0, 200).tolist() if certificate else [None] * n, pa.int64())
    columns = {
        "queries": pa.array([30] * n),
        "fallen": pa.array(fell.tolist()),
        "felled_by": pa.array([label if one else "" for one in fell]),
        "covered": covered,
        "tried": tried,
        "sets": tried,
    }
    for column, values in columns.items():
        table = table.append_column(column, values)
    pq.write_table(table, path)


def change(folder: Path, **facts: Any) -> Path:
    """Change what ``run.json`` says at its top."""
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    (folder / "run.json").write_text(json.dumps(run | facts), encoding="utf-8")
    return folder


def texts(language: str, i: int) -> tuple[str, str]:
    return TEXTS[language]


def edits(language: str, attack: str, i: int) -> list[dict[str, Any]]:
    """By ``unseen`` one edit, a zero-width space or in Arabic another letter; by ``swap`` two, so that it has no small flip."""
    letter = {"field": "premise", "start": 0, "end": 1, "replacement": "\u0430"}
    unseen = {"field": "premise", "start": 1, "end": 1, "replacement": "\u200b"}
    if attack == "unseen":
        return [letter if language == "ar" else unseen]
    return [letter, unseen]


def told(folder: Path, *names: Any, **how: Any) -> Path:
    """A searched run whose flips have texts."""
    return add_texts(searched_run(folder, *names, **how), texts, edits)
