"""Write the tables from one Indic script into another: ``python tools/sister_scripts.py TABLES``.

The blocks of the Indic scripts are parallel (Unicode Standard, chapter 12), so a letter becomes the one at the same place
of the other block; what has no parallel, or a customary one elsewhere, is in ``tools/sister_scripts.tsv``. Every language
goes into Devanagari, Hindi into Gujarati. TABLES is ``attacks/tables/sister-script``.
"""

from __future__ import annotations

import argparse
import unicodedata
from pathlib import Path

DEVANAGARI, GUJARATI = 0x900, 0xA80
FROM = {
    "bn": 0x980, "pa": 0xA00, "gu": 0xA80, "or": 0xB00, "ta": 0xB80, "te": 0xC00, "kn": 0xC80, "ml": 0xD00,
    "hi": 0x900, "si": 0xD80,
}  # fmt: skip
INTO = {code: GUJARATI if code == "hi" else DEVANAGARI for code in FROM}


def rows(code: str, by_hand: list[tuple[str, str]]) -> list[str]:
    """The rows of a table, those by hand before the parallel ones."""
    made = dict(by_hand)
    for at in range(0x01, 0x4E):
        source, to = chr(FROM[code] + at), chr(INTO[code] + at)
        kinds = unicodedata.category(source)[0] + unicodedata.category(to)[0]
        parallel = code != "si" and kinds in ("LL", "MM")
        if parallel and unicodedata.is_normalized("NFC", source) and unicodedata.is_normalized("NFC", to):
            made.setdefault(source, to)
    return [f"{_cell(source)}\t{_cell(to)}" for source, to in sorted(made.items())]


def _cell(string: str) -> str:
    """Marks by code point, that a reader of the table sees them."""
    if string and unicodedata.category(string[0]) in ("Mn", "Mc", "Cf"):
        return " ".join(f"U+{ord(c):04X}" for c in string)
    return string


def main() -> None:
    """Write a table a language."""
    parser = argparse.ArgumentParser()
    parser.add_argument("tables", type=Path)
    given = parser.parse_args()
    given.tables.mkdir(parents=True, exist_ok=True)
    lines = Path(__file__).with_suffix(".tsv").read_text(encoding="utf-8").splitlines()
    listed = [line.split("\t") for line in lines if not line.startswith(("#", "language\t"))]
    for code in FROM:
        head = [
            "# source: the parallel blocks of the Indic scripts (Unicode 15.1, chapter 12), by tools/sister_scripts.py",
            "# version: 1",
            "# licence: CC0-1.0",
            "# cover: all",
            "from\tto",
        ]
        body = rows(code, [(source, to) for language, source, to in listed if language == code])
        (given.tables / f"{code}.tsv").write_text("\n".join([*head, *body]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
