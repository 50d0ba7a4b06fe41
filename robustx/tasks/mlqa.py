"""MLQA (Lewis et al. 2020, arXiv:1910.07475): question and context in the same language, as XTREME tests; scored by MLQA's rules.

Folder: ``test-context-<language>-question-<language>.json``, or else ``dev-...``; in the folder itself or in ``mlqa/``, in
``MLQA_V1/test/`` and ``MLQA_V1/dev/`` below or without it. A question has the same id in every language that has it.
Hub: ``google/xtreme``, which has MLQA as data files; ``facebook/mlqa`` has a loading script.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from robustx.errors import DataError
from robustx.tasks.answering import Answering
from robustx.tasks.base import Example, SkipLog

HUB_ID = "google/xtreme"
_HAN = re.compile("([\u4e00-\u9fa5])")


class Mlqa(Answering):
    """The task."""

    name = "mlqa"
    published = ("ar", "de", "en", "es", "hi", "vi", "zh")
    layout = tuple(
        folder + f"{split}-context-{{code}}-question-{{code}}.json"
        for split in ("test", "dev")
        for folder in ("", f"MLQA_V1/{split}/")
    )

    def available(self, root: Path) -> list[str]:
        """Languages with a file, of the seven that MLQA has rules for."""
        return [code for code in super().available(root) if code in rules()]

    def split(self, root: Path, language: str) -> str:
        """The test set where it has answers, else dev."""
        found = self.file(root, language)
        return found.name.split("-")[0] if found else "test"

    def read(self, root: Path, language: str, skipped: SkipLog) -> Iterator[Example]:
        """The questions of one language, in the order of its file.

        Raises:
            DataError: there is no such file, it is not of SQuAD's form, or MLQA has no rules for the language.
        """
        rule_of(language)
        return super().read(root, language, skipped)

    def hub(self, language: str) -> tuple[str, str, str]:
        """XTREME's copy."""
        rule_of(language)
        return HUB_ID, f"MLQA.{language}.{language}", "test"

    def tokens(self, text: str, language: str) -> list[str]:
        """An answer's words by MLQA's rules."""
        return mlqa_tokens(text, language)


class Rule(NamedTuple):
    """How answers in one language are made comparable: what counts as an article, and whether each Han character is a word."""

    articles: re.Pattern[str] | None
    han: bool


@lru_cache(maxsize=1)
def rules() -> dict[str, Rule]:
    """The rules by language; the table is ``mlqa_articles.tsv``."""
    lines = Path(__file__).with_name("mlqa_articles.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return {code: Rule(_pattern(articles, where), words == "characters") for code, articles, where, words in rows[1:]}


def rule_of(language: str) -> Rule:
    """The rule of a language.

    Raises:
        DataError: MLQA has none.
    """
    if language not in rules():
        raise DataError(f"mlqa has no rules for {language}; its languages are {' '.join(rules())}")
    return rules()[language]


def mlqa_tokens(text: str, language: str) -> list[str]:
    """The words of an answer by the rules of mlqa_evaluation_v1.py: lower case, no punctuation of any script, no articles."""
    rule = rule_of(language)
    text = "".join(character for character in text.lower() if not _is_punctuation(character))
    if rule.articles:
        text = rule.articles.sub(" ", text)
    return (_HAN.sub(r" \1 ", text) if rule.han else text).split()


def _pattern(articles: str, where: str) -> re.Pattern[str] | None:
    if not articles:
        return None
    choice = "|".join(map(re.escape, articles.split()))
    # the published script's word boundaries are those of re, which differ from regex's beside marks
    return re.compile(rf"\b({choice})\b" if where == "word" else choice)


@lru_cache(maxsize=4096)
def _is_punctuation(character: str) -> bool:
    return character in string.punctuation or unicodedata.category(character).startswith("P")
