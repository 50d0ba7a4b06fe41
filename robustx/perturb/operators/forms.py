"""The operator on normalisation forms: the same text in other code points."""

from __future__ import annotations

import unicodedata

from robustx.perturb.edits import Edit
from robustx.perturb.operators.base import Operator
from robustx.text.analysis import Text


class Decompose(Operator):
    """Write a cluster in its canonical decomposition (NFD, UAX #15): the same to the eye, other code points to a model."""

    def sites(self, text: Text, word: int) -> list[int]:
        first, end = text.words[word]
        clusters = text.clusters
        return [i for i in range(first, end) if not unicodedata.is_normalized("NFD", clusters[i])]

    def edits(self, text: Text, site: int) -> list[Edit]:
        made = unicodedata.normalize("NFD", text.clusters[site])
        return [Edit(text.starts[site], text.starts[site + 1], made)]
