"""UD-POS (Universal Dependencies 2.5, Nivre et al. 2020; XTREME's 33 languages): parts of speech.

Scored as XTREME scores it: by seqeval's F1, to which a run of one tag is one chunk, and not by token accuracy.
"""

from __future__ import annotations

from collections.abc import Mapping

from robustx.tasks.tagging import Metric, Tagging, early_chunk_f1
from robustx.text.languages import language as language_of


class Udpos(Tagging):
    """The task."""

    name = "udpos"
    labels: tuple[str, ...] = (
        *("ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM"),
        *("PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X"),
    )
    filler = "X"
    chance = 0.0
    hub_tags = "pos_tags"

    @property
    def beside(self) -> Mapping[str, Metric]:
        """Token accuracy, and F1 by the version of seqeval that XTREME's published figures were made with."""
        return {**super().beside, "F1 (seqeval 0.0.12)": early_chunk_f1}

    def hub_config(self, language: str) -> str:
        """``udpos.Hindi``."""
        return f"udpos.{language_of(language).name}"
