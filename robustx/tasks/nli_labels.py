"""The three labels of natural language inference, under every name that data sets give them."""

from __future__ import annotations

NLI_LABELS = ("entailment", "neutral", "contradiction")
"""In the order of XNLI, MultiNLI, SNLI and ANLI on the hub, where a label is its place in this list."""

_NAMES = {
    "e": "entailment",
    "entails": "entailment",
    "n": "neutral",
    "c": "contradiction",
    "contradictory": "contradiction",
    "contradicts": "contradiction",
    **{name: name for name in NLI_LABELS},
    **{str(place): name for place, name in enumerate(NLI_LABELS)},
}


def nli_label(said: object) -> str | None:
    """The label that a row's value means, or None where it means none (``-``, -1, an unknown word)."""
    return None if isinstance(said, bool) else _NAMES.get(str(said).strip().lower())
