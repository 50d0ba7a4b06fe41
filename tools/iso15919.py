"""Write the tables of ISO 15919, the romanisation of the Indic scripts: ``python tools/iso15919.py TABLES``.

The letters are in ``tools/iso15919.tsv``: those of Devanagari, carried to the parallel places of the other blocks
(Unicode Standard, chapter 12), and what a language has besides. TABLES is ``attacks/tables/romanise-standard``. An
anusvara is written ṁ everywhere, as the standard allows; a vowel that follows another gets the standard's colon.
"""

from __future__ import annotations

import argparse
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

DEVANAGARI = 0x900
BLOCKS = {
    "hi": 0x900, "mr": 0x900, "bn": 0x980, "pa": 0xA00, "gu": 0xA80, "or": 0xB00, "ta": 0xB80, "te": 0xC00,
    "kn": 0xC80, "ml": 0xD00, "si": 0xD80,
}  # fmt: skip
VIRAMAS = {code: chr(block + 0x4D) for code, block in BLOCKS.items()} | {"si": "\u0dca"}
ADDAK = "\u0a71"


class Letter(NamedTuple):
    """A letter and what the standard writes for it; a consonant's without the inherent vowel."""

    source: str
    latin: str
    kind: str


def letters(path: Path, code: str) -> list[Letter]:
    """The letters of a language."""
    found: dict[str, Letter] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(("#", "language\t")):
            continue
        language, source, latin, kind = line.split("\t")
        if language == code:
            found[source] = Letter(source, latin, kind)
        elif not language and code != "si":
            there = unicodedata.normalize("NFC", "".join(chr(ord(c) - DEVANAGARI + BLOCKS[code]) for c in source))
            if all(unicodedata.category(c) != "Cn" for c in there):
                found[there] = Letter(there, latin, kind)
    return list(found.values())


def rows(found: list[Letter], code: str) -> Iterator[tuple[str, str, str, str]]:
    """The rows of a table: from, to, after, before."""
    virama = VIRAMAS[code]
    signs = "".join(sorted(one.source for one in found if one.kind == "sign"))
    consonants = "".join(sorted({one.source[0] for one in found if one.kind == "consonant"}))
    bare = f"[{signs}{virama}]"
    for source, latin, kind in found:
        if kind == "consonant":
            yield source + virama, latin, "", ""
            yield source, latin, "", bare
            yield source, latin + "a", "", f"[^{signs}{virama}]"
            if code == "pa":
                yield ADDAK + source, latin[0] + latin, "", bare
                yield ADDAK + source, latin[0] + latin + "a", "", f"[^{signs}{virama}]"
        elif kind == "vowel" and latin in ("i", "u"):
            yield source, ":" + latin, f"[{consonants}]", ""
            yield source, latin, f"[^{consonants}]", ""
        else:
            yield source, latin, "", ""
    for unseen in (virama, "\u200c", "\u200d", *((ADDAK, "\u0a3c") if code == "pa" else ())):
        yield f"U+{ord(unseen):04X}", "", "", ""


def main() -> None:
    """Write a table a language."""
    parser = argparse.ArgumentParser()
    parser.add_argument("tables", type=Path)
    given = parser.parse_args()
    given.tables.mkdir(parents=True, exist_ok=True)
    for code in BLOCKS:
        head = [
            "# source: ISO 15919:2001, by tools/iso15919.py",
            "# version: 1",
            "# licence: CC0-1.0",
            "from\tto\tafter\tbefore",
        ]
        found = letters(Path(__file__).with_suffix(".tsv"), code)
        body = ["\t".join(row) for row in rows(found, code)]
        (given.tables / f"{code}.tsv").write_text("\n".join([*head, *body]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
