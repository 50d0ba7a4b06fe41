"""What commands share in showing: figures and JSON on standard output, notes on standard error."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console

from robustx import files
from robustx.report.terminal import console
from robustx.text.display import visible

_BEYOND_ASCII = re.compile(r"[^\n -~]")


def print_json(value: Any, indent: int | None = 1) -> None:
    """Print JSON and nothing else; NaN becomes null, and what cannot be seen is written as its code point."""
    sys.stdout.write(as_json(value, indent) + "\n")


def as_json(value: Any, indent: int | None = 1) -> str:
    """JSON that a terminal can show: letters of all scripts, and no character that moves, colours or reorders anything."""
    text = json.dumps(files.finite(value), ensure_ascii=False, indent=indent)
    return _BEYOND_ASCII.sub(lambda found: _shown(found[0]), text)


def say(where: Console, text: str) -> None:
    """A line of text of unknown origin; a script can rely on its not being wrapped."""
    where.print(visible(text), soft_wrap=True)


def notes(quiet: bool) -> Console:
    """Standard error for progress and notes, or nowhere."""
    made = console(stderr=True)
    made.quiet = quiet
    return made


@contextmanager
def busy(where: Console, what: str) -> Iterator[None]:
    """Say on a terminal what is being waited for, and take it away when it is done."""
    if where.quiet or not where.is_terminal:
        yield
        return
    with where.status(f"{visible(what)} ..."):
        yield


def duration(seconds: float) -> str:
    """``40 seconds``, ``12 minutes`` or ``3.5 hours``."""
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"


def _shown(character: str) -> str:
    return character if character.isprintable() else json.dumps(character)[1:-1]
