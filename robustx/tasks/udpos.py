"""UD-POS (Universal Dependencies 2.5, Nivre et al. 2020; XTREME's 33 languages): parts of speech.

Scored as XTREME scores it: by seqeval's F1, to which a run of one tag is one chunk, and not by token accuracy. The version
that was current when XTREME was published (0.0.12) reads a whole tag as the type; later ones cut its first letter off.
"""

from __future__ import annotations

from collections.abc import Mapping

from robustx.tasks.base import Metric
from robustx.tasks.chunks import split_tag_early
from robustx.tasks.tagging import Tagging, late_chunk_f1, token_accuracy
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
    beside: Mapping[str, Metric] = {"token accuracy": token_accuracy, "F1 (seqeval 1)": late_chunk_f1}
    hub_tags = "pos_tags"

    def parted(self, tag: str) -> tuple[str, str]:
        """As seqeval 0.0.12 does it."""
        return split_tag_early(tag)

    def hub_config(self, language: str) -> str:
        """``udpos.Hindi``."""
        return f"udpos.{language_of(language).name}"
