"""Defences: what can stand before a model and take perturbed text back, each by name; the normalisers, and two more.

A defence costs something on clean text and gives something back on attacked text; a run with it beside one without says
how much of both (docs/search.md). They are those of Boucher et al. 2022 (arXiv:2106.09898, section VII).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import lru_cache

import regex

from robustx.cards import card_folder
from robustx.errors import UsageError, did_you_mean
from robustx.perturb.normalisers import NORMALISERS
from robustx.perturb.tables import read_table
from robustx.text.languages import languages
from robustx.text.scripts import PARTS, script_of
from robustx.text.words import word_spans

Defence = Callable[[str], str]
"""Takes a text to the text that the model is given."""

_JOINER_IN_PLACE = (
    r"(?<=\p{ccc=9})[\u200c\u200d]"  # RFC 5892, A.1 and A.2: after a virama
    r"|(?<=[\p{jt=D}\p{jt=L}]\p{jt=T}*)\u200c(?=\p{jt=T}*[\p{jt=D}\p{jt=R}])"  # A.1: where letters would join
)
_INVISIBLE = regex.compile(rf"(?:{_JOINER_IN_PLACE})(*SKIP)(*FAIL)|\p{{Default_Ignorable_Code_Point}}")


def strip_invisible(text: str) -> str:
    """The text without default-ignorable code points, but for joiners where spelling has them.

    Those are the places that RFC 5892 (appendix A.1 and A.2) allows them: after a virama, and the non-joiner between
    letters that would join, as in Persian.
    """
    return str(_INVISIBLE.sub("", text))


def skeleton(text: str) -> str:
    """The text with every letter that stands in a word of another script and looks like one of that script replaced by it.

    The look-alikes are those of attack ``homoglyph`` (UTS #39 confusables, and robustx's own). Unlike the skeletons of
    UTS #39 it keeps each word's own script, and so leaves text of one script as it is. A word with as many letters of
    one script as of another is left too.
    """
    pieces: list[str] = []
    at = 0
    for start, end in word_spans(text):
        pieces += (text[at:start], _own_script(text[start:end]))
        at = end
    return "".join((*pieces, text[at:]))


def _own_script(word: str) -> str:
    counts = Counter(_family(character) for character in word)
    del counts["Zyyy"]
    most = counts.most_common(2)
    if len(most) < 2 or most[0][1] == most[1][1]:
        return word
    own, twins = most[0][0], _twins()
    return "".join(
        character if _family(character) in (own, "Zyyy") else twins.get((character, own), character)
        for character in word
    )


def _family(character: str) -> str:
    """The script of a letter, those that are written together as one."""
    found = script_of(character)
    return "Jpan" if found in PARTS["Jpan"] else found


@lru_cache(maxsize=1)
def _twins() -> dict[tuple[str, str], str]:
    """What a look-alike stands for in a script."""
    path = card_folder("attacks") / "tables" / "homoglyph.tsv"
    made: dict[tuple[str, str], str] = {}
    for code in languages():
        for source, rows in read_table(path, code).rows.items():
            for row in rows:
                if len(source) == len(row.to) == 1:
                    made.setdefault((row.to, _family(source)), source)
    return made


DEFENCES: dict[str, Defence] = {
    **{str(name): normaliser for name, normaliser in NORMALISERS.items()},
    "strip-invisible": strip_invisible,
    "skeleton": skeleton,
}
"""Every defence by its name."""


def defence(names: str) -> Defence:
    """Defences one after another, as ``strip-invisible,nfkc``.

    They see one line at a time, so that what a line break separates stays apart; a line of which nothing would be left
    stays as it is.

    Raises:
        UsageError: there is no such defence.
    """
    steps = []
    for name in (part.strip() for part in names.split(",")):
        if name not in DEFENCES:
            known = ", ".join(DEFENCES)
            raise UsageError(
                f'--defence: there is no defence "{name}".{did_you_mean(name, DEFENCES)} Known: {known}; '
                "several are given as strip-invisible,nfkc"
            )
        steps.append(DEFENCES[name])

    def line(text: str) -> str:
        made = text
        for step in steps:
            made = step(made)
        return made if made.strip() else text

    return lambda text: "\n".join(line(part) for part in text.split("\n"))
