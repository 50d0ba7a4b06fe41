"""PAN-X (WikiANN, Pan et al. 2017; XTREME's 40 languages): named entities, scored by seqeval's F1 as XTREME does."""

from __future__ import annotations

from collections.abc import Mapping

from robustx.tasks.base import Metric
from robustx.tasks.tagging import Tagging, token_accuracy


class Panx(Tagging):
    """The task."""

    name = "panx"
    labels: tuple[str, ...] = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC")
    filler = "O"
    chance = 0.02  # tags at random, measured on 13 languages: 0.00 to 0.05
    beside: Mapping[str, Metric] = {"token accuracy": token_accuracy}
    hub_tags = "ner_tags"

    def hub_config(self, language: str) -> str:
        """``PAN-X.hi``."""
        return f"PAN-X.{language}"
