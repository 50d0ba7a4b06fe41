"""Sets of characters as a table writes them: neighbours in the code chart as a range."""

from __future__ import annotations

from collections.abc import Iterable

import regex


def ranges(members: Iterable[str]) -> str:
    """The inside of a set: runs of three and more code points as first and last."""
    runs: list[list[str]] = []
    for character in sorted(members):
        if runs and ord(character) == ord(runs[-1][-1]) + 1:
            runs[-1].append(character)
        else:
            runs.append([character])
    return "".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else "".join(run) for run in runs)


def expanded(cell: str) -> str:
    """A cell of sets with its ranges written out."""
    return regex.sub(r"(\w|\p{M})-(\w|\p{M})", lambda m: "".join(map(chr, range(ord(m[1]), ord(m[2]) + 1))), cell)


def compact(cell: str) -> str:
    """A cell of sets with ranges again."""
    return regex.sub(r"\[(\^?)([^\]\\]+)\]", lambda m: f"[{m[1]}{ranges(m[2])}]", cell)
