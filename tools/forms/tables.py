"""Writing a table of forms: facts at the top, then the rows in the order they are given."""

import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import regex

UCD = f"Unicode Character Database {unicodedata.unidata_version} (Python's unicodedata)"
PROPERTIES = f"scripts and joining types from regex {regex.__version__}"


class Row(NamedTuple):
    """One row; the names are the columns of the table."""

    source: str
    to: str
    languages: str = ""
    where: str = ""
    after: str = ""
    before: str = ""


def cell(text: str) -> str:
    """Visible letters as they are; marks, spaces and what cannot be seen as U+XXXX."""
    hidden = any(unicodedata.category(char)[0] in "MCZ" for char in text)
    changes = not unicodedata.is_normalized("NFC", text)
    return " ".join(f"U+{ord(char):04X}" for char in text) if hidden or changes else text


def write(path: Path, facts: dict[str, str], rows: Iterable[Row]) -> None:
    """Write one table, with the columns that some row fills."""
    found = list(dict.fromkeys(rows))
    names = ["from", "to", *(name for name in Row._fields[2:] if any(getattr(row, name) for row in found))]
    lines = [f"# {key}: {value}" for key, value in {"version": "1", "licence": "Unicode-3.0", **facts}.items()]
    lines.append("\t".join(names))
    for row in found:
        rest = [getattr(row, name) for name in names[2:]]
        lines.append("\t".join([cell(row.source), cell(row.to), *rest]).rstrip("\t"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", "utf-8")


def letters(pattern: str, first: int = 0x21, last: int = 0xFFFF) -> list[str]:
    """The code points of a range that match a pattern whole, in code point order."""
    compiled = regex.compile(pattern)
    return [chr(point) for point in range(first, last + 1) if compiled.fullmatch(chr(point))]
