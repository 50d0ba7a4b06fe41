"""What each family of engines calls a language. The table is ``codes.tsv``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from robustx.text.languages import language as language_of

FAMILIES = ("nllb", "m2m100", "madlad", "iso639_3")
"""The columns of the table; ``iso639_3`` serves OPUS-MT and Apertium, whose names differ from model to model."""


@lru_cache(maxsize=1)
def table() -> dict[str, dict[str, tuple[str, ...]]]:
    """Per BCP 47 code and family, the names to try in order; empty where the family lacks the language."""
    lines = Path(__file__).with_name("codes.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    header = rows[0][1:]
    return {
        code: {name: tuple(cell.split()) for name, cell in zip(header, row, strict=True)} for code, *row in rows[1:]
    }


def names(family: str, language: str) -> tuple[str, ...]:
    """What a family calls a language: none, one or several names, the likeliest first.

    Raises:
        UsageError: robustx has no such language.
    """
    return table()[language_of(language).code][family]
