"""``Text``: one field, analysed once into extended grapheme clusters (UAX #29) and words, and used by every attack."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import accumulate
from operator import itemgetter

import regex

from robustx.text.words import word_spans

# UAX #29 ends a cluster before some Burmese vowel signs and tone marks that cannot stand alone: they stay with their base
_CLUSTER = regex.compile(r"\X(?:(?=\p{M})(?<![\p{GCB=CN}\r\n])\X)*")
_SIMPLE = regex.compile(
    r"[\x20-\x7e\xa0-\xac\xae-\u02ff\u0400-\u0482\u048a-\u052f\u05d0-\u05ea\u060c\u061b\u061f\u0620-\u064a\u066e\u066f"
    r"\u0671-\u06d4\u10d0-\u10ff\u2010-\u2027\u3001-\u3029\u3041-\u3096\u30a1-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60]*"
)
_ATTACHING = regex.compile(r"[\p{M}\u1160-\u11ff\ud7b0-\ud7fb]")


def clusters_in(source: str) -> int:
    """How many extended grapheme clusters a string has."""
    return len(source) if _SIMPLE.fullmatch(source) else len(_CLUSTER.findall(source))


Segmenter = Callable[[str], list[tuple[int, int]]]
"""Word spans of a text, in code points, in order, not overlapping."""


class Text:
    """One field of one example.

    Attributes:
        source: the text as it was given.
        language: its BCP 47 code.
        clusters: its extended grapheme clusters, in order.
        protected: (start, end) in code points of what attacks may not touch.
        closed: words that overlap something protected.
        reserved: words that an edit may not make, such as a negation that was not there, or None.
        starts: where each cluster begins, in code points, and the length of the text at the end.
        spans: (start, end) of each word in code points, both at the edge of a cluster.
    """

    def __init__(
        self,
        source: str,
        language: str,
        protected: Iterable[tuple[int, int]] = (),
        segmenter: Segmenter | None = None,
        reserved: regex.Pattern[str] | None = None,
    ) -> None:
        self.source = source
        self.language = language
        self.clusters: list[str] = list(source) if _SIMPLE.fullmatch(source) else _CLUSTER.findall(source)
        self.starts: list[int] = list(accumulate(map(len, self.clusters), initial=0))
        spans = segmenter(source) if segmenter else word_spans(source)
        if len(self.clusters) != len(source):
            spans = _whole(spans, self.starts)
        self.reserved = reserved
        self.protected = guarded = list(protected)
        self.spans = spans
        self.closed = (
            frozenset(i for i, (s, e) in enumerate(spans) if any(s < stop and start < e for start, stop in guarded))
            if guarded
            else frozenset[int]()
        )

    @cached_property
    def regular(self) -> bool:
        """Whether no cluster begins with something that attaches to what stands before it, so that clusters can be moved."""
        return not _ATTACHING.search("".join([cluster[0] for cluster in self.clusters]))

    @cached_property
    def words(self) -> list[tuple[int, int]]:
        """Every word as (first cluster, cluster after the last)."""
        if len(self.clusters) == len(self.source):
            return self.spans
        starts = self.starts
        return [(bisect_left(starts, s), bisect_left(starts, e)) for s, e in self.spans]

    def word_at(self, offset: int) -> int:
        """The word that holds a code point offset, or the next one."""
        return bisect_right(self.spans, offset, key=itemgetter(1))

    def is_open(self, word: int) -> bool:
        """Whether attacks may touch the word: it overlaps nothing that is protected."""
        return word not in self.closed

    def word_text(self, word: int) -> str:
        """The word as it stands in the text."""
        start, end = self.spans[word]
        return self.source[start:end]


def _whole(spans: Iterable[tuple[int, int]], starts: Sequence[int]) -> list[tuple[int, int]]:
    """The spans, grown to whole clusters; what one has taken, the next does not get."""
    made: list[tuple[int, int]] = []
    at = 0
    for start, end in spans:
        low, high = max(at, starts[bisect_right(starts, start) - 1]), starts[bisect_left(starts, end)]
        if low < high:
            made.append((low, high))
            at = high
    return made
