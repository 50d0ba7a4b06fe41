"""Whether names in Latin letters are kept, or written out in the target's own script or spelling, and none is made up."""

from __future__ import annotations

from difflib import SequenceMatcher

import regex

from robustx.text.languages import language as language_of
from robustx.translate.gates.latin import given_words, latin_words
from robustx.translate.gates.pair import Figures, Pair

_NAME = regex.compile(r"\p{Lu}[\p{Latin}\p{M}\p{N}]+")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_ALIKE = 0.6


def measure(pair: Pair) -> Figures:
    """What became of names: capitalised words of two Latin letters or more that do not begin a sentence.

    Figures: ``names``, how many the source has; ``names_kept``, the share that the target has as they are. Where the
    target's language is not written in Latin letters, ``names_changed`` is how many it has not while it has a word in
    Latin letters that is like them and not in the source (a name in neither way was written in the target's letters or
    dropped, which this gate cannot tell apart), and ``latin_added`` is the share of its words that are in Latin letters
    and that the source lacks.

    Where it is written in Latin letters, names are inflected, spelt in its own way or translated (Londres, Kairo,
    Vereinigte Staaten), one by one; but hardly ever all of them into words that look like none of them. ``names_gone``
    is how many there are where no word of the target is like any of them, else 0.
    """
    names, given = names_in(pair.source), given_words(pair.source)
    latin = latin_words(pair.target)
    here = {word.lower() for word in latin}
    strange = [word for word in latin if len(word) > 1 and word.lower() not in given]
    missing = [name for name in names if name.lower() not in here]
    figures = {"names": float(len(names))}
    if names:
        figures["names_kept"] = 1 - len(missing) / len(names)
    if not language_of(pair.target_language).latin:
        figures["names_changed"] = float(sum(any(alike(name, word) for word in strange) for name in missing))
        figures["latin_added"] = len(strange) / max(1, len(_WORD.findall(pair.target)))
    else:
        found = any(alike(name, word) for name in names for word in here)
        figures["names_gone"] = 0.0 if found else float(len(names))
    return figures


def names_in(text: str) -> list[str]:
    """The distinct names of a text, in order."""
    found = []
    for match in _NAME.finditer(text):
        before = text[: match.start()].rstrip(" \"'“”‘’([{-")
        if before and before[-1] not in ".!?:;…":
            found.append(str(match.group()))
    return list(dict.fromkeys(found))


def alike(name: str, word: str) -> bool:
    """Whether a word may be a name in another spelling or with an ending: Ratcliff and Obershelp's similarity, 0.6 or more."""
    return SequenceMatcher(None, name.lower(), word.lower(), autojunk=False).ratio() >= _ALIKE
