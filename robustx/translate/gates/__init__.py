"""Gates: how far each translated text can be trusted. ``judge_all`` measures, records and judges; nothing is dropped.

    copying      empty output, the source given back
    script       another script than the language's
    language     another language than asked for
    length       much shorter or longer than human translations are
    repetition   the same phrase again and again
    numbers      numbers lost or made up
    names        names in Latin letters kept, changed or made up
    negation     a denial that is gone
    agreement    sentence embeddings that lie far apart (where there is an embedder)
    roundtrip    a back-translation that says something else (where an engine can go back)
    labels       a checkpoint that decides otherwise on the translation (where one is given)

A gate measures; what a figure must be is data (``thresholds.toml``).
"""

from __future__ import annotations

from robustx.translate.gates.judge import Helpers, judge_all, measure_all
from robustx.translate.gates.pair import Figures, Pair
from robustx.translate.gates.thresholds import Bound, Thresholds, read_thresholds
from robustx.translate.gates.verdict import Verdict, judged, worst_of

__all__ = [
    "Bound",
    "Figures",
    "Helpers",
    "Pair",
    "Thresholds",
    "Verdict",
    "judge_all",
    "judged",
    "measure_all",
    "read_thresholds",
    "worst_of",
]
