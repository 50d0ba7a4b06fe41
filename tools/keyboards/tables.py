"""Writing a table: facts at the top, rows in code point order."""

import unicodedata
from collections.abc import Iterable
from pathlib import Path

Row = tuple[str, str, str]  # from, to, where
Head = dict[str, str]  # the facts at the top of a table; several lines of one kind are separated by a line feed


def cell(text: str, *, hexadecimal: bool = False) -> str:
    """Visible letters as they are; marks (and everything, where asked) as U+XXXX."""
    if hexadecimal or any(unicodedata.category(char)[0] in "MCZ" for char in text):
        return " ".join(f"U+{ord(char):04X}" for char in text)
    return text


def write_table(path: Path, language: str, head: Head, rows: Iterable[Row], *, jamo: bool = False) -> int:
    """Write one table; the columns `languages` and `where` only where a row needs them. Returns the number of rows."""
    unique = sorted(set(rows))
    positions = any(place != "any" for _, _, place in unique)
    lines = ["from\tto\tlanguages\twhere" if positions else "from\tto"]
    for source, target, place in unique:
        line = f"{cell(source, hexadecimal=jamo)}\t{cell(target, hexadecimal=jamo and not target.isascii())}"
        lines.append(f"{line}\t{language}\t{place}" if positions else line)
    _write(path, head, lines)
    return len(unique)


def write_list(path: Path, head: Head, strings: Iterable[str]) -> int:
    """Write a table of insertions, whose only column is `to`. Returns the number of rows."""
    unique = sorted(set(strings))
    _write(path, head, ["to", *map(cell, unique)])
    return len(unique)


def _write(path: Path, head: Head, lines: Iterable[str]) -> None:
    facts = [f"# {key}: {value}" for key, values in head.items() for value in values.split("\n")]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*facts, *lines]) + "\n", "utf-8")
