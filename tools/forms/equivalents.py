"""Code points that NFC turns into others: a composition exclusion, or a singleton, for what text has."""

import unicodedata
from pathlib import Path

from .tables import PROPERTIES, UCD, Row, letters, write

HAN = (r"\p{Script=Hani}", 0xF900, 0xFAD9)
RANGES = {
    "Grek": (r"(?=\p{L})(?!\u1fbe)\p{Script=Grek}", 0x1F00, 0x2126),
    "Deva": (r"\p{Script=Deva}", 0x900, 0x97F),
    "Beng": (r"\p{Script=Beng}", 0x980, 0x9FF),
    "Guru": (r"\p{Script=Guru}", 0xA00, 0xA7F),
    "Orya": (r"\p{Script=Orya}", 0xB00, 0xB7F),
    "Hans": HAN,
    "Hant": HAN,
    "Jpan": HAN,
}
"""By script; Hebrew's pointed letters stand in text too rarely, and Korean text has hardly any Han."""


def write_all(folder: Path) -> None:
    """The tables of attack composed-otherwise."""
    facts = {"source": f"{UCD}, canonical decompositions; {PROPERTIES}", "form": "any"}
    for script, bounds in RANGES.items():
        composed = [(unicodedata.normalize("NFC", c), c) for c in letters(*bounds)]
        rows = [Row(source, to) for source, to in composed if source != to]
        write(folder / "composed-otherwise" / f"{script}.tsv", facts, rows)
