"""What an engine offers, and what it says when it fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol


class Outcome(NamedTuple):
    """What became of one text: a translation, or why there is none.

    Attributes:
        text: the translation; empty where nothing was given.
        problem: why it is not to be used, or None.
    """

    text: str
    problem: str | None = None


class EngineError(Exception):
    """An engine died, ran out of time or memory, or gave something else than one answer a text; never leaves the package."""


class Engine(Protocol):
    """Anything that translates.

    Attributes:
        name: as given to ``--engine``.
        unit: what it was made for, ``text`` or ``sentence``.
        batch: how many texts it takes at once.
    """

    @property
    def name(self) -> str: ...

    @property
    def unit(self) -> str: ...

    @property
    def batch(self) -> int: ...

    def check(self, source: str, target: str) -> None:
        """Raise ``UsageError`` unless it translates from ``source`` to ``target`` (BCP 47)."""
        ...

    def identity(self, source: str, target: str) -> Mapping[str, str]:
        """Everything that its translations depend on: versions, fingerprints, settings."""
        ...

    def fits(self, text: str) -> bool:
        """Whether a text is short enough to be translated whole."""
        ...

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[Outcome]:
        """One outcome a text, in order.

        Raises:
            EngineError: the batch as a whole came to nothing.
        """
        ...
