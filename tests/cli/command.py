"""How a test calls ``robustx``, and how a command ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Ended(NamedTuple):
    """How a command ended."""

    status: int
    out: str
    err: str


Cli = Callable[..., Ended]
