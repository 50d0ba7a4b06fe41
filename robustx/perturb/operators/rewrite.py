"""The operator that writes a whole word in another encoding, by rules that follow one another."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from robustx.perturb.edits import Edit
from robustx.perturb.operators.base import Operator
from robustx.perturb.rules import Rule
from robustx.text.analysis import Text


class Rewrite(Operator):
    """Rewrite a word by ordered rules, each over the whole of what the ones before it made.

    For encodings that put other meanings or another order on code points, as Zawgyi does: what comes out is well formed
    in that encoding, not in Unicode, so it may begin with a mark.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self.rewritten = lru_cache(maxsize=65536)(self._rewritten)

    def sites(self, text: Text, word: int) -> list[int]:
        start, end = text.spans[word]
        word_as_is = text.source[start:end]
        return [start] if self.rewritten(word_as_is) not in ("", word_as_is) else []

    def edits(self, text: Text, site: int) -> list[Edit]:
        start, end = text.spans[text.word_at(site)]
        return [Edit(start, end, self.rewritten(text.source[start:end]))]

    def _rewritten(self, word: str) -> str:
        for pattern, to in self._rules:
            word = pattern.sub(to, word)
        return word
