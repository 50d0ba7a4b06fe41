"""Lines of text files, by number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from robustx.tasks.base import SkipLog


def lines(path: Path, skipped: SkipLog) -> Iterator[tuple[int, str]]:
    """The lines of a file without their ends, counted from 1; one that is not UTF-8 goes to ``skipped``.

    Only a line feed ends a line: sentences hold other characters that Unicode calls line ends.
    """
    with path.open("rb") as raw:
        for number, line in enumerate(raw, start=1):
            try:
                yield number, line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
            except UnicodeDecodeError as error:
                skipped.add(path, number, f"not UTF-8 ({error.reason} at byte {error.start})")


def line_count(path: Path) -> int:
    """How many lines a file has; a last one without an end counts."""
    count, last = 0, b"\n"
    with path.open("rb") as raw:
        while block := raw.read(1 << 20):
            count += block.count(b"\n")
            last = block[-1:]
    return count + (last != b"\n")
