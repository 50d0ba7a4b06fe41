"""Whether the target is as long as a translation of the source should be (Gale and Church 1993, aclanthology J93-1004).

The length of a translation spreads about a multiple of the source's length, with a variance that grows with it. How
long a language is beside English, and how much it spreads, was measured on human translations (``length.tsv``).
"""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from robustx.perturb.tables import body_of
from robustx.text.analysis import clusters_in
from robustx.translate.gates.pair import Figures, Pair


class Length(NamedTuple):
    """How long a language is beside English.

    Attributes:
        ratio: mean grapheme clusters of a translation for each of English.
        spread: variance of a translation's length, in grapheme clusters, for each of English.
    """

    ratio: float
    spread: float


def measure(pair: Pair) -> Figures:
    """``length_ratio``: grapheme clusters of the target for each of the source; ``length_deviation``: how far it is off.

    The deviation is in standard deviations of human translations; negative where the target is too short. It is left
    out where one of the languages was not measured.
    """
    source, target = clusters_in(pair.source.strip()), clusters_in(pair.target.strip())
    if not source:
        return {}
    figures = {"length_ratio": target / source}
    known = _lengths()
    if pair.source_language in known and pair.target_language in known:
        figures["length_deviation"] = _deviation(
            source, target, known[pair.source_language], known[pair.target_language]
        )
    return figures


def _deviation(source: int, target: int, of_source: Length, of_target: Length) -> float:
    """Both texts are taken to be translations of the same English text, which is as long as the source says."""
    english = source / of_source.ratio
    # what the source's own length leaves open of the English one carries over to the target
    carried = of_source.spread * (of_target.ratio / of_source.ratio) ** 2
    return (target - english * of_target.ratio) / math.sqrt(max(english, 1.0) * (of_target.spread + carried))


@lru_cache(maxsize=1)
def _lengths() -> dict[str, Length]:
    rows = [line.split("\t") for _, line in body_of(Path(__file__).with_name("length.tsv"))[1][1:]]
    return {row[0]: Length(float(row[1]), float(row[2])) for row in rows}
