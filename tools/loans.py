"""Derive the tables that write a language of Latin letters in the syllables of another script.

    python tools/loans.py attacks/tables

``tools/data/loans`` has, for a language, the letters of each sound and the letters that must follow; and for a script, what it
writes for a sound before each vowel, alone (``bare``), and before another consonant (``closed``); ``i#`` ends a word.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parent / "data" / "loans"
TABLES = {"katakanise": "katakana", "devanagarise": "devanagari"}
LANGUAGES = ("es", "sw", "tr")
SILENT = "-"
LONG = ":"


class Letters(NamedTuple):
    """What a language writes for a sound."""

    letters: str
    sound: str
    followed_by: str


Script = dict[str, dict[str, str]]
"""What a script writes, by sound and by what follows it."""


def read(path: Path) -> tuple[str, list[list[str]]]:
    """The source of a file of data, and its rows, the header first."""
    lines = path.read_text(encoding="utf-8").splitlines()
    source = next(line.removeprefix("# source: ") for line in lines if line.startswith("# source: "))
    return source, [line.split("\t") for line in lines if not line.startswith("#")]


def script(name: str) -> tuple[str, Script]:
    """The syllables of a script."""
    source, (header, *rows) = read(DATA / f"{name}.tsv")
    return source, {row[0]: dict(zip(header[1:], [c.replace("-", "") for c in row[1:]], strict=True)) for row in rows}


def rows(spelt: list[Letters], syllables: Script) -> Iterator[tuple[str, str, str, str]]:
    """Rows (from, to, where, before) from the special to the general; the first reading of the same letters holds."""
    vowels = [one for one in spelt if one.sound in syllables[SILENT]]
    consonants = [one for one in spelt if one.sound not in syllables[SILENT]]
    made: dict[tuple[str, str, str], str] = {}
    for one, vowel in product([*consonants, Letters("", SILENT, "")], vowels):
        if vowel.letters in one.followed_by or not one.followed_by:
            found, letters = syllables[one.sound], one.letters + vowel.letters
            last = found.get(f"{vowel.sound}#", found[vowel.sound])
            if last != found[vowel.sound] and (letters, "any", "") not in made:
                made.setdefault((letters, "final", ""), last)
                made.setdefault((letters, "whole", ""), last)
            made.setdefault((letters, "any", ""), found[vowel.sound])
    opening = "".join(sorted({one.letters[0] for one in consonants if one.sound not in (SILENT, LONG)}))
    for one in consonants:
        found = syllables[one.sound]
        if set(one.followed_by) & set(opening):
            made.setdefault((one.letters, "any", f"[{one.followed_by}]"), found["closed"])
        elif not one.followed_by:
            if found["closed"] != found["bare"]:
                made.setdefault((one.letters, "any", f"[{opening}]"), found["closed"])
            made.setdefault((one.letters, "any", ""), found["bare"])
    yield from ((letters, to, where, before) for (letters, where, before), to in made.items())


def main() -> None:
    """Write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("tables", type=Path, help="the folder attacks/tables")
    tables = parser.parse_args().tables
    for (table, name), language in product(TABLES.items(), LANGUAGES):
        written, syllables = script(name)
        letters, (_, *lines) = read(DATA / f"{language}.tsv")
        facts = [f"# source: {written}; {letters}; made by tools/loans.py", "# version: 1", "# licence: CC0-1.0"]
        found = ["\t".join(row) for row in rows([Letters(*line) for line in lines], syllables)]
        path = tables / table / f"{language}.tsv"
        path.parent.mkdir(exist_ok=True)
        head = [*facts, "# cover: all", "# case: fold", "# choice: first", "from\tto\twhere\tbefore"]
        path.write_text("\n".join([*head, *found]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
