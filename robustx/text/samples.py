"""A few short sentences of our own in languages that attacks know and the mini data lack; the table is ``samples.tsv``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def samples() -> dict[str, tuple[str, ...]]:
    """The sentences (NFC) by BCP 47 code; to show and test attacks with, not to score a model on."""
    lines = Path(__file__).with_name("samples.tsv").read_text(encoding="utf-8").splitlines()
    found: dict[str, tuple[str, ...]] = {}
    for line in [line for line in lines if not line.startswith("#")][1:]:
        code, text = line.split("\t")
        found[code] = (*found.get(code, ()), text)
    return found
