"""The operator of a guest: what it wrote anew, as edits of the text."""

from __future__ import annotations

import json
import random
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import takewhile
from typing import Protocol

from robustx.perturb.edits import Edit
from robustx.perturb.guests import GuestUse
from robustx.perturb.keyed import key_of, numbers
from robustx.perturb.operators import Operator
from robustx.text.analysis import Text


class Rewriter(Protocol):
    """A guest that takes a text and returns texts, each changed in its own way."""

    version: str

    def rewrites(self, source: str) -> Iterator[str]:
        """What it makes of a text; the same for the same text, whatever it saw before."""
        ...


class Rewriting(Operator):
    """Propose what a guest made of the text, each change by itself.

    A guest sees the whole text and knows nothing of words or protected spans. What it changed is found by comparing
    grapheme clusters, cut where words begin, and a change that touches something protected is not offered. What it
    breaks is offered as it is: ``robustx.bridges.damage`` measures it.
    """

    def __init__(self, rewriter: Rewriter) -> None:
        self.rewriter = rewriter
        self.version = rewriter.version
        self._proposed = lru_cache(maxsize=1024)(self._propose)

    def sites(self, text: Text, word: int) -> list[int]:
        return sorted({edit.start for edit in self._of(text).get(word, ())})

    def edits(self, text: Text, site: int) -> list[Edit]:
        offered = self._of(text).get(_word_of(text, site), ())
        return [edit for edit in offered if edit.start == site]

    def _of(self, text: Text) -> dict[int, list[Edit]]:
        return self._proposed(text.source, text.language, tuple(text.spans), tuple(text.protected))

    def _propose(
        self, source: str, language: str, spans: tuple[tuple[int, int], ...], protected: tuple[tuple[int, int], ...]
    ) -> dict[int, list[Edit]]:
        """The edits by the word that they begin in, in the order in which the guest came to them."""
        text = Text(source, language, protected, lambda _: list(spans))
        kept = [*protected, *(spans[word] for word in text.closed)]
        made: dict[int, list[Edit]] = {}
        for rewritten in self.rewriter.rewrites(source):
            for edit in changes(text, rewritten):
                offered = made.setdefault(_word_of(text, edit.start), [])
                if edit not in offered and not any(edit.start < end and start < edit.end for start, end in kept):
                    offered.append(edit)
        return made


def changes(text: Text, rewritten: str) -> list[Edit]:
    """The edits that make a text into what a guest wrote, at most one a word; all of them make it exactly.

    They begin and end at the edges of grapheme clusters. Where the guest only moved words, one edit covers all it moved,
    for half a move says a word twice. None where what it wrote is empty or no text.
    """
    if not rewritten.strip() or any(
        "\ud800" <= character <= "\udfff" or character == "\x00" for character in rewritten
    ):
        return []
    other = Text(rewritten, text.language)
    before, after = text.clusters, other.clusters
    head = _alike(before, after)
    tail = _alike(before[head:][::-1], after[head:][::-1])
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    if _moved(_words(text), _words(other)):
        return [Edit(text.starts[head], text.starts[head + len(old)], "".join(new))]
    parts: dict[int, list[Edit]] = {}
    for kind, i, j, low, high in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            for edit in _by_word(text, text.starts[head + i], text.starts[head + j], "".join(new[low:high])):
                parts.setdefault(_word_of(text, edit.start), []).append(edit)
    return [_joined(text.source, edits) for edits in parts.values()]


@contextmanager
def seeded(use: GuestUse, source: str, call: int) -> Iterator[None]:
    """Chance that depends on the guest, its options, the text and the number of the call; what it was before comes back.

    Guests draw from the generators of ``random``, NumPy and torch that the whole process shares.
    """
    import numpy as np
    import torch

    chances = numbers(key_of("guest", use.name, json.dumps(use.options, sort_keys=True), source), call)
    # NumPy's state is a tuple or a dict by how it is asked for; a tuple goes back as it came
    before = random.getstate(), np.random.get_state(), torch.get_rng_state()
    try:
        random.seed(next(chances))
        np.random.seed(next(chances) % 2**32)
        torch.manual_seed(next(chances) % 2**63)
        yield
    finally:
        random.setstate(before[0])
        np.random.set_state(before[1])
        torch.set_rng_state(before[2])


def _word_of(text: Text, offset: int) -> int:
    """The word that an offset lies in or after; the first for what stands before it."""
    return max(0, bisect_right([start for start, _ in text.spans], offset) - 1)


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many clusters two lists begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _words(text: Text) -> list[str]:
    """The words in lower case, for a guest may raise the one that it puts first."""
    return [text.word_text(word).lower() for word in range(len(text.spans))]


def _moved(before: list[str], after: list[str]) -> bool:
    return before != after and Counter(before) == Counter(after)


def _by_word(text: Text, start: int, end: int, replacement: str) -> Iterator[Edit]:
    """One change as an edit in each word that it reaches into; the first of them takes all that is written."""
    borders = [begin for begin, _ in text.spans[1:] if start < begin < end]
    for low, high in zip([start, *borders], [*borders, end], strict=True):
        yield Edit(low, high, replacement)
        replacement = ""


def _joined(source: str, edits: Iterable[Edit]) -> Edit:
    """Edits of one word as one, with what stands between them."""
    first, *rest = edits
    start, end, made = first
    for edit in rest:
        made += source[end : edit.start] + edit.replacement
        end = edit.end
    return Edit(start, end, made)
