"""How much each word matters to the model, before any edit of it was tried."""

from __future__ import annotations

from collections.abc import Generator
from typing import Protocol

from robustx.search.space import Place, Probe, Space

Ranked = Generator[list[Probe], list[float], dict[Place, float]]
"""Yields texts to ask about, is sent their losses, and returns the importance of each word that has edits."""


class Ranking(Protocol):
    """A way to tell how much each word matters."""

    def cost(self, space: Space) -> int:
        """Texts that ranking asks, at most."""
        ...

    def rank(self, space: Space) -> Ranked:
        """The importance of each word that has edits, on the scale of losses; higher is more."""
        ...


class ByDeletion:
    """A word promises the loss of the text without it (Li et al. 2016, arXiv:1612.08220)."""

    def cost(self, space: Space) -> int:
        """One text a word."""
        return len(space.words)

    def rank(self, space: Space) -> Ranked:
        """The loss without each word, but for one without which nothing is left."""
        probes = {place: space.without(place) for place in space.words}
        asked = {place: probe for place, probe in probes.items() if probe is not None}
        losses = yield list(asked.values())
        return dict(zip(asked, losses, strict=False))


class ByGradient:
    """A word promises as much as the space's saliency says.

    That is a norm, and the margin of an answer that still stands is negative: so every word that the model reads is tried
    once, the most salient first, before one is tried again.
    """

    def cost(self, space: Space) -> int:
        """Nothing."""
        return 0

    def rank(self, space: Space) -> Ranked:
        """The saliency of each word, asking no text."""
        yield from ()  # a ranking is a generator, and this one has nothing to ask
        return space.saliency()
