"""The script of a character, a text and a language (ISO 15924; Unicode properties from the ``regex`` package)."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from pathlib import Path

import regex

_SCRIPTS = (  # noqa: SIM905 - thirty quoted codes are harder to read
    "Latn Arab Armn Beng Cyrl Deva Ethi Geor Grek Gujr Guru Hang Hani Hebr Hira Kana "
    "Khmr Knda Laoo Mlym Mymr Orya Sinh Taml Telu Thai Bopo Tibt Thaa Syrc"
).split()
_PATTERNS = {script: regex.compile(rf"\p{{Script={script}}}") for script in _SCRIPTS}

PARTS = {
    "Hans": frozenset({"Hani"}),
    "Hant": frozenset({"Hani"}),
    "Jpan": frozenset({"Hani", "Hira", "Kana"}),
    "Kore": frozenset({"Hang", "Hani"}),
}
"""Scripts that a writing system draws on where ISO 15924 gives the whole a code of its own."""


@lru_cache(maxsize=65536)
def script_of(character: str) -> str:
    """ISO 15924 code of one code point; ``Zyyy`` for what is common, inherited or of a script robustx has no use for."""
    for script, pattern in _PATTERNS.items():
        if pattern.match(character):
            return script
    return "Zyyy"


def scripts_in(text: str) -> Counter[str]:
    """How many code points of each script a text has, common and inherited ones left out."""
    counts = Counter(script_of(character) for character in text)
    del counts["Zyyy"]
    return counts


def belongs(character: str, script: str) -> bool:
    """Whether a character may stand in text of the writing system ``script``: of its scripts, or common to all."""
    found = script_of(character)
    return found == "Zyyy" or found in PARTS.get(script, {script})


def script_name(script: str) -> str:
    """The English name of an ISO 15924 code, such as ``Devanagari``; the code itself where robustx has no name for it."""
    return _names().get(script, script)


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    lines = Path(__file__).with_name("script_names.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return {row[0]: row[1] for row in rows[1:]}
