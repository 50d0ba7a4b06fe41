"""What gates judge: one text and its translation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pair:
    """One text and its translation.

    Attributes:
        source: the text as it was given to the engine.
        target: what the engine made of it.
        source_language: BCP 47 code of the source.
        target_language: BCP 47 code that the target should be in.
    """

    source: str
    target: str
    source_language: str
    target_language: str


Figures = dict[str, float]
"""What a gate measured, by the figure's name. A figure that cannot be had for a pair is left out, never guessed."""
