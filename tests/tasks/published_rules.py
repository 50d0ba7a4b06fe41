"""The rules by which question answering was published to be scored, step by step, apart from what robustx makes of them.

SQuAD: evaluate-v1.1.py (Rajpurkar et al. 2016). MLQA: mlqa_evaluation_v1.py (Lewis et al. 2020).
"""

from __future__ import annotations

import re
import string
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable

PUNCTUATION = {c for c in map(chr, range(sys.maxunicode)) if unicodedata.category(c)[0] == "P"} | set(
    string.punctuation
)
ARTICLES = {
    "en": r"\b(a|an|the)\b",
    "es": r"\b(un|una|unos|unas|el|la|los|las)\b",
    "vi": r"\b(của|là|cái|chiếc|những)\b",
    "de": r"\b(ein|eine|einen|einem|eines|einer|der|die|das|den|dem|des)\b",
    "ar": r"\sال^|ال",
}


def squad_normal(answer: str, language: str) -> str:
    """Lower case, without ASCII punctuation, without English articles, white space made single."""
    kept = "".join(character for character in answer.lower() if character not in set(string.punctuation))
    return " ".join(re.sub(ARTICLES["en"], " ", kept).split())


def mlqa_normal(answer: str, language: str) -> str:
    """The same with all punctuation and the language's articles; in Chinese each character from 4E00 to 9FA5 is a word."""
    kept = "".join(character for character in answer.lower() if character not in PUNCTUATION)
    if language in ARTICLES:
        kept = re.sub(ARTICLES[language], " ", kept)
    if language != "zh":
        return " ".join(kept.split())
    words, waiting = [], ""
    for character in kept:
        if re.search(r"[\u4e00-\u9fa5]", character):
            words += [*waiting.split(), character]
            waiting = ""
        else:
            waiting += character
    return " ".join(words + waiting.split())


def f1(gold: str, given: str) -> float:
    """F1 of two normal answers."""
    gold_words, given_words = gold.split(), given.split()
    same = sum((Counter(given_words) & Counter(gold_words)).values())
    if same == 0:
        return 0
    precision, recall = 1.0 * same / len(given_words), 1.0 * same / len(gold_words)
    return (2 * precision * recall) / (precision + recall)


def scores(
    normal: Callable[[str, str], str], golds: list[list[str]], given: list[str], language: str
) -> tuple[float, float]:
    """(exact match, F1) in percent over questions, the best over each question's gold answers."""
    exact = total = 0.0
    for answers, answer in zip(golds, given, strict=True):
        made = normal(answer, language)
        exact += max(normal(one, language) == made for one in answers)
        total += max(f1(normal(one, language), made) for one in answers)
    return 100.0 * exact / len(given), 100.0 * total / len(given)
