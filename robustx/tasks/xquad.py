"""XQuAD (Artetxe et al. 2020, arXiv:1910.11856): 1,190 questions of SQuAD, translated; scored by SQuAD's rules as XTREME does.

Folder: ``xquad.<language>.json``, in the folder itself or in ``xquad/`` below it. A question has the same id in every
language. Hub: ``google/xquad``.
"""

from __future__ import annotations

from robustx.tasks.answering import Answering

HUB_ID = "google/xquad"


class Xquad(Answering):
    """The task."""

    name = "xquad"
    published = ("ar", "de", "el", "en", "es", "hi", "ru", "th", "tr", "vi", "zh")
    layout = ("xquad.{code}.json",)

    def hub(self, language: str) -> tuple[str, str, str]:
        """The only split, which XTREME tests on, is called validation there."""
        return HUB_ID, f"xquad.{language}", "validation"
