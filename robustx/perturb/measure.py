"""How much edits change, in words, clusters, bytes or tokens: a Han character, a Hangul syllable and a Latin letter do not
carry the same, so severities can be matched on the unit that the question asks for (docs/concepts.md, "Fair across
scripts").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

from robustx.perturb.edits import Edit, apply
from robustx.text.analysis import Text, clusters_in


class Measure(Protocol):
    """A unit that texts and edits can be measured in."""

    name: str

    def total(self, text: Text) -> int:
        """How many of the unit a text has."""
        ...

    def changed(self, text: Text, edit: Edit) -> int:
        """How many of the unit one edit changes: of what it replaces or of what it writes, whichever is more."""
        ...


class Words:
    """Words of ``robustx.text.words``, or of a segmenter."""

    name = "words"

    def total(self, text: Text) -> int:
        return len(text.spans)

    def changed(self, text: Text, edit: Edit) -> int:
        first, last = text.word_at(edit.start), text.word_at(max(edit.start, edit.end - 1))
        return 1 + max(0, min(last, len(text.spans) - 1) - first)


class Clusters:
    """Extended grapheme clusters (UAX #29)."""

    name = "clusters"

    def total(self, text: Text) -> int:
        return len(text.clusters)

    def changed(self, text: Text, edit: Edit) -> int:
        return max(1, clusters_in(text.source[edit.start : edit.end]), clusters_in(edit.replacement))


class Bytes:
    """Bytes of UTF-8."""

    name = "bytes"

    def total(self, text: Text) -> int:
        return len(text.source.encode("utf-8", "surrogatepass"))

    def changed(self, text: Text, edit: Edit) -> int:
        return max(
            len(text.source[edit.start : edit.end].encode("utf-8", "surrogatepass")), len(edit.replacement.encode())
        )


class Tokens:
    """Tokens of a tokenizer; those of the text that are gone, or those that are new, whichever is more."""

    name = "tokens"

    def __init__(self, tokenize: Callable[[str], Sequence[int]]) -> None:
        self._tokenize = tokenize
        self._last: tuple[str, Counter[int]] = ("", Counter())

    def total(self, text: Text) -> int:
        return self._counts(text.source).total()

    def changed(self, text: Text, edit: Edit) -> int:
        before, after = self._counts(text.source), Counter(self._tokenize(apply(text.source, [edit])))
        return max((before - after).total(), (after - before).total())

    def _counts(self, source: str) -> Counter[int]:
        if self._last[0] != source:
            self._last = (source, Counter(self._tokenize(source)))
        return self._last[1]


UNITS: dict[str, Callable[[], Measure]] = {"words": Words, "clusters": Clusters, "bytes": Bytes}
"""Units that need no tokenizer, by name."""


class Amounts(NamedTuple):
    """Words, clusters and bytes of the fields that may be attacked, and how many of each the edits change."""

    words: int
    clusters: int
    bytes: int
    changed_words: int
    changed_clusters: int
    changed_bytes: int

    def plus(self, other: Amounts) -> Amounts:
        """The amounts of two fields together."""
        return Amounts(*(a + b for a, b in zip(self, other, strict=True)))


NOTHING = Amounts(0, 0, 0, 0, 0, 0)
_RECORDED = (Words(), Clusters(), Bytes())


def amounts(text: Text, edits: Iterable[Edit]) -> Amounts:
    """What edits change of one text, in every unit that needs no tokenizer."""
    chosen = list(edits)
    totals = [measure.total(text) for measure in _RECORDED]
    changed = [sum(measure.changed(text, edit) for edit in chosen) for measure in _RECORDED]
    return Amounts(*totals, *(min(part, whole) for part, whole in zip(changed, totals, strict=True)))
