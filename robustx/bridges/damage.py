"""What a guest breaks in a text beside what it is meant to do, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import regex

from robustx.bridges.rewriting import Rewriting
from robustx.errors import UsageError
from robustx.perturb.attacks import Attack
from robustx.text.analysis import Text
from robustx.text.languages import language as language_of
from robustx.text.scripts import belongs

_MARK = regex.compile(r"\p{M}")
# a mark needs a letter, a digit, a symbol or another mark before it; joiners may stand between
_ORPHAN = regex.compile(r"(?<![\p{L}\p{M}\p{N}\p{S}\u200c\u200d])\p{M}")


class Damage(NamedTuple):
    """Counts over texts that were rewritten; ``plus`` adds those of more texts.

    Attributes:
        texts: how many texts were rewritten.
        altered: of them, how many came out other than they went in.
        marks: combining marks in the originals.
        marks_lost: of them, how many are gone.
        orphans: marks in what came out that have nothing to stand on, beyond those of the original.
        characters: code points in the originals.
        spaces: white space in what came out beyond that of the original.
        words: words in the originals.
        untouched: of them, how many stand in what came out as they were.
        foreign: letters in what came out that are of another writing system than the language's, beyond the original's.
    """

    texts: int = 0
    altered: int = 0
    marks: int = 0
    marks_lost: int = 0
    orphans: int = 0
    characters: int = 0
    spaces: int = 0
    words: int = 0
    untouched: int = 0
    foreign: int = 0

    def plus(self, other: Damage) -> Damage:
        """The counts of both."""
        return Damage(*(one + more for one, more in zip(self, other, strict=True)))


def damage(source: str, rewritten: str, language: str) -> Damage:
    """What was broken on the way from a text to another."""
    marks, kept = Counter(_MARK.findall(source)), Counter(_MARK.findall(rewritten))
    words, left = _words(source, language), _words(rewritten, language)
    return Damage(
        texts=1,
        altered=source != rewritten,
        marks=marks.total(),
        marks_lost=(marks - kept).total(),
        orphans=max(0, len(_ORPHAN.findall(rewritten)) - len(_ORPHAN.findall(source))),
        characters=len(source),
        spaces=max(0, _spaces(rewritten) - _spaces(source)),
        words=words.total(),
        untouched=(words & left).total(),
        foreign=(_foreign(rewritten, language) - _foreign(source, language)).total(),
    )


def audit(attack: Attack, texts: Iterable[str], language: str) -> Damage:
    """What a guest makes of texts of a language, every answer that it gives counted.

    Raises:
        UsageError: the attack is robustx's own, or cannot be used here.
    """
    operator = attack.operator(language)
    if not isinstance(operator, Rewriting):
        raise UsageError(f"{attack.id} is no guest: it proposes edits and rewrites nothing")
    made = Damage()
    for source in texts:
        for rewritten in operator.rewriter.rewrites(source):
            made = made.plus(damage(source, rewritten, language))
    return made


def _words(text: str, language: str) -> Counter[str]:
    made = Text(text, language)
    return Counter(map(made.word_text, range(len(made.spans))))


def _spaces(text: str) -> int:
    return sum(map(str.isspace, text))


def _foreign(text: str, language: str) -> Counter[str]:
    script = language_of(language).script
    return Counter(character for character in text if character.isalpha() and not belongs(character, script))
