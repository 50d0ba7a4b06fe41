"""Run folders as ``robustx attack`` writes them, made from arrays: no model, no suite, no text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

LABELS = ("entailment", "neutral", "contradiction")
SCRIPTS = {
    "ar": "Arab",
    "hi": "Deva",
    "ru": "Cyrl",
    "th": "Thai",
    "el": "Grek",
    "en": "Latn",
    "sw": "Latn",
    "tr": "Latn",
}
NAMES = {
    "ar": "Arabic",
    "hi": "Hindi",
    "ru": "Russian",
    "th": "Thai",
    "el": "Greek",
    "en": "English",
    "sw": "Swahili",
    "tr": "Turkish",
}

Array = npt.NDArray[Any]


@dataclass
class Part:
    """What one cell holds, a value an example; everything but ``right`` has the value of an ordinary cell.

    Attributes:
        right: numerator of the metric; the denominator is 1 unless it is given.
        rows: which examples the cell has at all.
    """

    right: Array
    changed: Array | bool = True
    survived: Array | bool = True
    denominator: Array | float = 1.0
    rows: Array | None = None
    prediction: Sequence[str] | None = None
    tokens: Array | int = 10
    unknown: Array | int = 0
    truncated: Array | bool = False
    likeness: Array | float = np.nan


CellName = tuple[str, str, float, int]
"""Language, attack, severity, draw."""


@dataclass
class Planted:
    """A run to be written: clean cells by language, perturbed cells by name."""

    clean: dict[str, Part]
    cells: dict[CellName, Part] = field(default_factory=dict)
    gold: Sequence[str] | None = None
    model: str = "planted"
    texts: str = "texts"
    facts: dict[str, Any] = field(default_factory=dict)


def golds(n: int) -> list[str]:
    """Every label equally often."""
    return [LABELS[i % 3] for i in range(n)]


def wrong(label: str, by: int = 1) -> str:
    """Another label."""
    return LABELS[(LABELS.index(label) + by) % 3]


def write(folder: Path, run: Planted, order: Callable[[list[Any]], list[Any]] = list) -> Path:
    """Write ``run.json`` and ``cells/*.parquet``; ``order`` may shuffle the cells."""
    n = len(next(iter(run.clean.values())).right)
    gold = list(run.gold) if run.gold is not None else golds(n)
    parts: list[tuple[CellName, Part]] = [((language, "clean", 0.0, 0), part) for language, part in run.clean.items()]
    parts += run.cells.items()
    (folder / "cells").mkdir(parents=True)
    cells = []
    for (language, attack, severity, draw), part in order(parts):
        name = f"xnli_{language}_{attack}_{severity:g}_{draw}"
        rows = _write_cell(folder / "cells" / f"{name}.parquet", language, attack, part, gold)
        cells.append(
            {
                "task": "xnli",
                "language": language,
                "attack": attack,
                "severity": severity,
                "draw": draw,
                "rows": rows,
                "file": name,
            }
        )
    (folder / "run.json").write_text(json.dumps(_facts(run, cells)), encoding="utf-8")
    return folder


def _facts(run: Planted, cells: list[dict[str, Any]]) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "schema": 1,
        "signature": f"robustx|suite:planted@1|texts:{run.texts}|model:{run.model}|v:0",
        "complete": True,
        "repeatable": True,
        "model": {"name": run.model, "fingerprint": "0" * 12},
        "settings": {"max_length": 128},
        "suite": {
            "id": "planted",
            "version": 1,
            "seed": 7,
            "data": {"xnli": "planted"},
            "limit": None,
            "signature": f"suite:planted@1|texts:{run.texts}",
            "content_sha256": hashlib.sha256(run.texts.encode()).hexdigest(),
            "skipped": 0,
            "skipped_first": [],
        },
        "tasks": {"xnli": {"fields": ["premise", "hypothesis"], "labels": list(LABELS)}},
        "languages": {code: {"name": NAMES[code], "script": SCRIPTS[code]} for code in sorted(run.clean)},
        "validity": {},
        "cells": cells,
        "versions": {"robustx": "0"},
    }
    for path, value in run.facts.items():
        *outer, last = path.split(".")
        inside = facts
        for key in outer:
            inside = inside[key]
        inside[last] = value
    return facts


def _write_cell(path: Path, language: str, attack: str, part: Part, gold: list[str]) -> int:
    n = len(gold)
    rows = np.arange(n) if part.rows is None else np.flatnonzero(part.rows)

    def column(value: Any, kind: type) -> Array:
        return np.broadcast_to(np.asarray(value, dtype=kind), n)[rows]

    changed = column(part.changed if attack != "clean" else False, bool)
    predicted = part.prediction or [
        label if good > 0 else wrong(label) for label, good in zip(gold, part.right, strict=True)
    ]
    columns: dict[str, Any] = {
        "uid": [f"xnli-{i + 1}" for i in rows],
        "language": [language] * len(rows),
        "gold": [gold[i] for i in rows],
        "prediction": [predicted[i] for i in rows],
        "probabilities": pa.array([[1.0, 0.0, 0.0]] * len(rows), pa.list_(pa.float32())),
        "numerator": column(part.right, float),
        "denominator": column(part.denominator, float),
        "changed": changed,
        "survived": column(part.survived if attack != "clean" else True, bool),
        "tokens": column(part.tokens, np.int32),
        "unknown": column(part.unknown, np.int32),
        "truncated": column(part.truncated, bool),
        **{unit: [5 * size] * len(rows) for unit, size in (("words", 1), ("clusters", 5), ("bytes", 10))},
        **{
            f"changed_{unit}": np.where(changed, size, 0)
            for unit, size in (("words", 1), ("clusters", 2), ("bytes", 4))
        },
        "tokens_changed": np.where(changed, 3, 0),
        "likeness": column(part.likeness, np.float32),
    }
    pq.write_table(pa.table(columns), path, compression="zstd")
    return len(rows)


def right(n: int, share: float, seed: int) -> Array:
    """Right or wrong, at random."""
    return (np.random.default_rng(seed).random(n) < share).astype(float)


def simple(
    n: int,
    languages: Mapping[str, tuple[float, float]],
    attacks: Sequence[str] = ("typo", "swap"),
    seed: int = 0,
    **facts: Any,
) -> Planted:
    """A run with the given (clean, robust) accuracy a language, at random and paired: robust right is among clean right."""
    clean, cells = {}, {}
    for i, (language, (before, after)) in enumerate(languages.items()):
        base = right(n, before, 1000 * seed + i)
        clean[language] = Part(base)
        for j, attack in enumerate(attacks):
            kept = right(n, after / before, 1000 * seed + 100 + 10 * i + j)
            cells[language, attack, 0.1, 0] = Part(base * kept)
    return Planted(clean, cells, **facts)


Edits = list[dict[str, Any]]


def add_texts(
    folder: Path,
    texts: Callable[[str, int], tuple[str, str]],
    edits: Callable[[str, str, int], Edits],
    shares: Callable[[str, int], float] = lambda _, __: 0.9,
) -> Path:
    """Give the cells of a written run what a report shows of examples: texts, edits and probabilities.

    Args:
        texts: premise and hypothesis of a language's i-th example.
        edits: what an attack did to it in a language.
        shares: how sure a cell of an attack is of its i-th prediction; the rest is shared by the other labels.
    """
    for cell in json.loads((folder / "run.json").read_text(encoding="utf-8"))["cells"]:
        path = folder / "cells" / f"{cell['file']}.parquet"
        table = pq.read_table(path)
        sure = [shares(cell["attack"], i) for i in range(table.num_rows)]
        said = table["prediction"].to_pylist()
        spread = [
            [share if label == one else (1 - share) / 2 for label in LABELS]
            for share, one in zip(sure, said, strict=True)
        ]
        at = table.column_names.index("probabilities")
        table = table.set_column(at, "probabilities", pa.array(spread, pa.list_(pa.float32())))
        made = [
            [] if cell["attack"] == "clean" else edits(cell["language"], cell["attack"], i)
            for i in range(table.num_rows)
        ]
        table = table.append_column("edits", pa.array(made, _EDITS))
        if cell["attack"] == "clean":
            pairs = [texts(cell["language"], i) for i in range(table.num_rows)]
            for i, name in enumerate(("premise", "hypothesis")):
                table = table.append_column(name, pa.array([pair[i] for pair in pairs]))
        pq.write_table(table, path, compression="zstd")
    return folder


_EDITS = pa.list_(
    pa.struct([("field", pa.string()), ("start", pa.int32()), ("end", pa.int32()), ("replacement", pa.string())])
)
