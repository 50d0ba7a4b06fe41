"""What every operator offers, sequences of edits made when asked for, and what keeps a text well formed."""

from __future__ import annotations

import unicodedata
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import overload

import regex

from robustx.perturb.edits import Edit
from robustx.perturb.tables import is_jamo, is_mark
from robustx.text.analysis import Text


class Operator(ABC):
    """What every operator offers. A site is an offset that only the operator that listed it can read."""

    version: int | str = 1

    def closed(self, text: Text) -> frozenset[int]:
        """The words that the operator may not touch."""
        return text.closed

    @abstractmethod
    def sites(self, text: Text, word: int) -> list[int]:
        """The places in one open word where this operator may have an edit."""

    @abstractmethod
    def edits(self, text: Text, site: int) -> Sequence[Edit]:
        """The edits at a site; may be empty."""


class Choices(Sequence[Edit]):
    """One edit a string at the same place, made when it is asked for: of an alphabet of them, sampling takes one."""

    def __init__(self, start: int, end: int, strings: tuple[str, ...]) -> None:
        self._start, self._end, self._strings = start, end, strings

    def __len__(self) -> int:
        return len(self._strings)

    @overload
    def __getitem__(self, i: int) -> Edit: ...
    @overload
    def __getitem__(self, i: slice) -> list[Edit]: ...
    def __getitem__(self, i: int | slice) -> Edit | list[Edit]:
        if isinstance(i, int):
            return Edit(self._start, self._end, self._strings[i])
        return [Edit(self._start, self._end, string) for string in self._strings[i]]


class Weighted(Choices):
    """Edits of one place that are not equally likely, the likeliest first; ``chosen`` picks by weight."""

    def __init__(self, start: int, end: int, strings: tuple[str, ...], weights: tuple[float, ...]) -> None:
        super().__init__(start, end, strings)
        self._bounds = tuple(accumulate(weights))

    def chosen(self, chance: int) -> Edit:
        """The edit that a 64-bit number falls on."""
        share = (chance & _MASK) / (_MASK + 1)
        return self[min(bisect_right(self._bounds, share * self._bounds[-1]), len(self) - 1)]


_MASK = (1 << 32) - 1


def chosen(edits: Sequence[Edit], chance: int) -> Edit:
    """One of the edits, by a keyed number: each as likely as the others unless they carry weights."""
    return (
        edits[chance % len(edits)] if type(edits) is list or not isinstance(edits, Weighted) else edits.chosen(chance)
    )


@lru_cache(maxsize=65536)
def joins(character: str) -> bool:
    """Whether a code point can attach to the one before it: a mark, or a jamo that composes; nothing cannot."""
    return bool(character) and is_mark(character)


def kept(text: Text, edits: Iterable[Edit]) -> list[Edit]:
    """The edits that leave the text as well formed as it was.

    Where neither the replacement nor what follows it begins with something that attaches backwards, nothing can change
    across the seams; else the text around the edit is looked at.
    """
    source, good = text.source, []
    for edit in edits:
        follows = source[edit.end : edit.end + 1]
        begins = edit.replacement[:1] or follows
        if (not (begins and joins(begins)) and not (follows and joins(follows))) or _sound(source, edit, begins):
            good.append(edit)
    return good


def _sound(source: str, edit: Edit, begins: str) -> bool:
    low, high = max(0, edit.start - 8), min(len(source), edit.end + 8)
    before = source[edit.start - 1 : edit.start] if edit.start else ""
    replaced = source[edit.start : min(edit.start + 1, edit.end)]
    if is_mark(begins) and not _bears(before, begins) and not (replaced and is_mark(replaced)):
        return False
    last, follows = edit.replacement[-1:], source[edit.end : edit.end + 1]
    if last and follows and is_mark(follows) and not _bears(last, follows) and _bears(source[edit.end - 1], follows):
        return False
    made = source[low : edit.start] + edit.replacement + source[edit.end : high]
    return unicodedata.is_normalized("NFC", made) or not unicodedata.is_normalized("NFC", source[low:high])


def _bears(base: str, mark: str) -> bool:
    """Whether a mark can stand on a code point, or on nothing: not on a space, a control character or punctuation."""
    if is_jamo(mark):
        return bool(base) and regex.fullmatch(r"\X", base + mark) is not None
    return bool(base) and (unicodedata.category(base)[0] in "LMNS" or base in "\u200c\u200d")
