"""Families of tasks: how examples become model inputs, which head they need, and how development rows are scored."""

from __future__ import annotations

from robustx.stilts.heads.base import Family
from robustx.stilts.heads.choices import Choices
from robustx.stilts.heads.masked import Masked
from robustx.stilts.heads.pairs import Pairs
from robustx.stilts.heads.questions import Questions
from robustx.stilts.heads.tags import Tags
from robustx.stilts.sources import Source

MLM = "mlm"
"""What masked language modelling is called among the tasks of a phase."""


def family_of(source: Source) -> Family:
    """The family of a task that is trained on."""
    if source.kind == "tagged":
        return Tags(source.metric)
    families: dict[str, Family] = {"pair": Pairs(), "question": Questions(), "choice": Choices()}
    return families[source.kind]


__all__ = ["MLM", "Family", "Masked", "family_of"]
