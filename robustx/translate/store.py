"""Translations on disk: parts that are written whole and never changed, so that a killed run loses one batch at most."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from robustx import files
from robustx.translate.engine import Engine, Outcome


class Store:
    """What one engine, as it is, made of texts from one language into another.

    Args:
        folder: where all engines and languages have their folders.
        identity: everything that the translations depend on; another identity is another folder.
    """

    def __init__(self, folder: Path, identity: Mapping[str, str]) -> None:
        self._identity = dict(sorted(identity.items()))
        key = hashlib.sha256(json.dumps(self._identity, ensure_ascii=False).encode()).hexdigest()[:16]
        self.folder = folder / key
        self.known: dict[str, Outcome] = {}
        for path in sorted(self.folder.glob("*.jsonl")):
            self.known |= _part(path)

    def add(self, made: Mapping[str, Outcome]) -> None:
        """Keep the outcomes of one batch."""
        if not (self.folder / "identity.json").is_file():
            files.write_json(self.folder / "identity.json", self._identity)
        path = self.folder / f"{_digest(list(made))}.jsonl"
        with files.whole_file(path) as scratch:
            rows = ({"source": source, "text": one.text, "problem": one.problem} for source, one in made.items())
            scratch.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        self.known |= made


def store_of(engine: Engine, folder: Path, source: str, target: str) -> Store:
    """The store of an engine as it is, for a pair of languages."""
    return Store(folder, {**engine.identity(source, target), "source": source, "target": target})


def _digest(texts: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(texts, ensure_ascii=False).encode()).hexdigest()[:16]


def _part(path: Path) -> dict[str, Outcome]:
    """The outcomes of a part; one that is damaged counts as not made yet."""
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return {
            _text(row["source"]): Outcome(_text(row["text"]), row["problem"] and _text(row["problem"])) for row in rows
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"expected a text, found {type(value).__name__}")
    return value
