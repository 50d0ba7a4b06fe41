"""Carry Hindi's romanisation over to a sister language: ``python tools/romanisation/sisters.py HINDI.tsv CODE TABLE.tsv``.

CODE is mr, gu or pa. The blocks of the Indic scripts are parallel (Unicode Standard, chapter 12), the sounds of these
languages nearly the same, and so are the habits of those who type them; where they are not, rows of
``specs/CODE.tsv`` take the place of Hindi's rows for the same string. Whole words of Hindi are left out.
"""

from __future__ import annotations

import argparse
import unicodedata
from pathlib import Path

from sets import compact, expanded

DEVANAGARI = 0x900
BLOCKS = {"mr": 0x900, "gu": 0xA80, "pa": 0xA00}
BESIDE = {"pa": {"ਂ": "ਂੰ", "ਕ": "ਕੱ"}}
"""Letters that have no parallel in Devanagari, beside the one that has the same neighbours."""
LANGUAGES = {"mr": "Marathi", "gu": "Gujarati", "pa": "Punjabi"}


def carried(cell: str, block: int) -> str:
    """A cell with each letter of Devanagari replaced by the one at the same place in another block, if there is one."""
    return unicodedata.normalize("NFC", "".join(_carried(c, block) for c in cell))


def _carried(character: str, block: int) -> str:
    at = ord(character) - DEVANAGARI
    if not 0 <= at < 0x80 or block == DEVANAGARI:
        return character
    other = chr(block + at)
    return other if unicodedata.category(other) != "Cn" else ""


def table(hindi: str, code: str, by_hand: str) -> list[str]:
    """The rows of the sister's table."""
    own = [line for line in by_hand.splitlines() if line and not line.startswith("#")]
    replaced = {line.split("\t")[0] for line in own}
    made: dict[str, None] = {}
    for line in hindi.splitlines():
        if line.startswith(("#", "from\t")):
            continue
        source, to, where, after, before, weight = line.split("\t")
        source = carried(source, BLOCKS[code])
        sets = [carried(expanded(one), BLOCKS[code]) for one in (after, before)]
        for letter, others in BESIDE.get(code, {}).items():
            sets = [one.replace(letter, others) for one in sets]
        empty = any("[]" in one or "[^]" in one for one in sets)
        if (
            where != "whole"
            and source
            and len(source) == len(line.split("\t")[0])
            and not empty
            and source not in replaced
        ):
            made["\t".join([source, to, where, *map(compact, sets), weight])] = None
    return [*made, *own]


def main() -> None:
    """Read Hindi's table and the rows by hand, write the sister's table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("hindi", type=Path)
    parser.add_argument("code", choices=sorted(BLOCKS))
    parser.add_argument("table", type=Path)
    given = parser.parse_args()
    by_hand = (Path(__file__).parent / "specs" / f"{given.code}.tsv").read_text(encoding="utf-8")
    head = [
        "# source: the table of Hindi (Dakshina 1.0, Roark et al. 2020, arXiv:2007.01176) at the same places of the block, "
        f"with rows for {LANGUAGES[given.code]} by hand; made by tools/romanisation/sisters.py",
        "# version: 1",
        "# licence: CC BY-SA 4.0",
        "from\tto\twhere\tafter\tbefore\tweight",
    ]
    rows = table(given.hindi.read_text(encoding="utf-8"), given.code, by_hand)
    given.table.write_text("\n".join([*head, *rows]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
