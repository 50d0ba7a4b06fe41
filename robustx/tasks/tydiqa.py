"""TyDiQA-GoldP (Clark et al. 2020, arXiv:2003.05002): questions asked in the language itself; scored by SQuAD's rules.

XTREME tests on the dev set, as no other is public. Folder: ``tydiqa.goldp.<language>.dev.json`` as XTREME's scripts name
it, or ``tydiqa-goldp-dev-<name of the language>.json`` as it was published; in the folder itself or in ``tydiqa/``, in
``tydiqa-goldp-v1.1-dev/`` below or without it. No question has a parallel in another language.
Hub: ``google-research-datasets/tydiqa``.
"""

from __future__ import annotations

from robustx.tasks.answering import Answering
from robustx.text.languages import language as language_of

HUB_ID = "google-research-datasets/tydiqa"
_FILES = ("tydiqa.goldp.{code}.dev.json", "tydiqa.{code}.dev.json", "tydiqa-goldp-dev-{name}.json")


class Tydiqa(Answering):
    """The task."""

    name = "tydiqa"
    published = ("ar", "bn", "en", "fi", "id", "ko", "ru", "sw", "te")
    layout = tuple(
        folder + file for folder in ("", "tydiqa-goldp-v1.1-dev/", "tydiqa-goldp-v1.0-dev/") for file in _FILES
    )

    def hub(self, language: str) -> tuple[str, str, str]:
        """All languages are one split."""
        return HUB_ID, "secondary_task", "validation"

    def is_of(self, name: str, language: str) -> bool:
        """An id begins with the language's English name."""
        return name.startswith(f"{language_of(language).name.lower()}-")
