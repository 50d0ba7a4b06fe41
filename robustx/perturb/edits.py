"""``Edit``, and what can be done with a set of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import regex


class Edit(NamedTuple):
    """Replace ``source[start:end]`` (code points of the original field) by ``replacement``."""

    start: int
    end: int
    replacement: str


def apply(source: str, edits: Iterable[Edit]) -> str:
    """The text with the edits made; what they do not cover is byte-identical.

    Raises:
        ValueError: two edits overlap or one reaches outside the text.
    """
    pieces: list[str] = []
    at = 0
    for start, end, replacement in sorted(edits):
        if start < at or end > len(source) or end < start:
            raise ValueError(f"edit ({start}, {end}) overlaps another or leaves the text of {len(source)} code points")
        pieces += (source[at:start], replacement)
        at = end
    pieces.append(source[at:])
    return "".join(pieces)


def clash(edit: Edit, others: Sequence[Edit]) -> bool:
    """Whether an edit overlaps one of the others, or inserts at the very place where one begins or ends."""
    return any(
        (edit.start < o.end and o.start < edit.end) or edit.start == o.start or edit.end == o.end for o in others
    )


def makes(source: str, edit: Edit, words: regex.Pattern[str]) -> bool:
    """Whether an edit makes one of the words, as a reader sees it, where there was none."""
    low, high = max(0, edit.start - _NEAR), edit.end + _NEAR
    made = source[low : edit.start] + edit.replacement + source[edit.end : high]
    count = len(words.findall(_UNSEEN.sub("", made)))
    return count > 0 and count > len(words.findall(_UNSEEN.sub("", source[low:high])))


_UNSEEN = regex.compile(r"\p{Default_Ignorable_Code_Point}+")


_NEAR = 16
"""Code points on both sides of an edit that a word it makes can reach over."""


def remap(offset: int, edits: Iterable[Edit]) -> int:
    """Where a code point offset of the original text lies in the edited text.

    An offset inside an edit goes to the edit's end. Used to keep answer spans and token labels in place.
    """
    moved = offset
    for start, end, replacement in sorted(edits):
        if end <= offset:
            moved += len(replacement) - (end - start)
        elif start < offset:
            return moved + (start - offset) + len(replacement)
    return moved
