"""PAN-X (WikiANN, Pan et al. 2017; XTREME's 40 languages): named entities, scored by seqeval's F1 as XTREME does."""

from __future__ import annotations

from robustx.tasks.tagging import Tagging


class Panx(Tagging):
    """The task."""

    name = "panx"
    labels: tuple[str, ...] = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC")
    filler = "O"
    chance = 0.0
    hub_tags = "ner_tags"

    def hub_config(self, language: str) -> str:
        """``PAN-X.hi``."""
        return f"PAN-X.{language}"
