"""XNLI (Conneau et al. 2018, arXiv:1809.05053): natural language inference, scored by accuracy as XTREME scores it.

Folder: ``test-<language>.tsv``, as XTREME's download script writes them (premise, hypothesis, label; no header), in the
folder itself or in ``xnli/`` below it. Row i is the same pair in every language. Hub: ``facebook/xnli``.
"""

from __future__ import annotations

from collections.abc import Mapping

from robustx.tasks.pairs import PairTask


class Xnli(PairTask):
    """The task."""

    name = "xnli"
    hub_id = "facebook/xnli"
    fields: tuple[str, ...] = ("premise", "hypothesis")
    attackable: tuple[str, ...] = ("premise", "hypothesis")
    protects: tuple[str, ...] = ("negation",)
    labels: tuple[str, ...] = ("entailment", "neutral", "contradiction")
    spellings: Mapping[str, str] = {"contradictory": "contradiction"}
    chance = 1 / 3
    published = ("ar", "bg", "de", "el", "en", "es", "fr", "hi", "ru", "sw", "th", "tr", "ur", "vi", "zh")
