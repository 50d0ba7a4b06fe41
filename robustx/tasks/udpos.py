"""UD-POS (Universal Dependencies 2.5, Nivre et al. 2020; XTREME's 33 languages): parts of speech.

Scored as XTREME scores it: by seqeval's F1, to which a run of one tag is one chunk, and not by token accuracy.
"""

from __future__ import annotations

from collections.abc import Mapping

from robustx.tasks.base import Metric
from robustx.tasks.tagging import Tagging, early_chunk_f1, token_accuracy
from robustx.text.languages import language as language_of


class Udpos(Tagging):
    """The task."""

    name = "udpos"
    labels: tuple[str, ...] = (
        *("ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM"),
        *("PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X"),
    )
    filler = "X"
    chance = 0.05  # tags at random, measured on 14 languages: 0.04 to 0.06
    beside: Mapping[str, Metric] = {"token accuracy": token_accuracy, "F1 (seqeval 0.0.12)": early_chunk_f1}
    hub_tags = "pos_tags"

    def hub_config(self, language: str) -> str:
        """``udpos.Hindi``."""
        return f"udpos.{language_of(language).name}"
