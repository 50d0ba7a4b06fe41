"""The languages robustx knows: BCP 47 code, name, ISO 15924 script, direction. The table is ``languages.tsv``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from robustx.errors import UsageError, did_you_mean


class Language(NamedTuple):
    """One written language."""

    code: str
    name: str
    script: str
    direction: str

    @property
    def latin(self) -> bool:
        """Whether the language is written in the Latin script."""
        return self.script == "Latn"


@lru_cache(maxsize=1)
def languages() -> dict[str, Language]:
    """Every known language by its code."""
    lines = Path(__file__).with_name("languages.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return {row[0]: Language(*row) for row in rows[1:]}


def language(code: str) -> Language:
    """The language of a BCP 47 code.

    Raises:
        UsageError: robustx has no such language.
    """
    known = languages()
    if code not in known:
        near = did_you_mean(code, known)
        raise UsageError(f'there is no language "{code}" in robustx.{near} Codes are BCP 47, such as hi, zh or sw')
    return known[code]
