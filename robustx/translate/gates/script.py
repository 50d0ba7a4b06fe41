"""Whether the target is written in the script of its language: Romanised Urdu is no Urdu, whatever language it is in."""

from __future__ import annotations

import math

from robustx.text.languages import language as language_of
from robustx.text.scripts import PARTS, scripts_in
from robustx.translate.gates.latin import given_words, without_words
from robustx.translate.gates.pair import Figures, Pair


def measure(pair: Pair) -> Figures:
    """``own_script``: share of the target's letters that are of its language's script (ISO 15924).

    Words in Latin letters that stand in the source too, names above all, are left out where the language is written in
    other letters. A target with no other letters has no such figure.
    """
    share = own_share(without_source_words(pair), pair.target_language)
    return {} if math.isnan(share) else {"own_script": share}


def own_share(text: str, language: str) -> float:
    """The share of a text's letters that are of a language's script; NaN where it has none."""
    found = scripts_in("".join(character for character in text if character.isalpha()))
    if not found:
        return math.nan
    script = language_of(language).script
    return sum(found[part] for part in PARTS.get(script, {script})) / found.total()


def without_source_words(pair: Pair) -> str:
    """The target without the Latin words that the source has, where the target's language is written in other letters."""
    if language_of(pair.target_language).latin:
        return pair.target
    return without_words(pair.target, given_words(pair.source))
