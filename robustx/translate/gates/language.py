"""Whether the target is in the language, and in the script, that it should be in.

The language is told by py3langid (Lui and Baldwin 2012, *langid.py*; naive Bayes over byte n-grams, 139 languages,
BSD), an extra. Asked is not *which language is this?* but *is another one likelier than the one it should be?*: short
texts of sister languages are never certain.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from robustx.errors import MissingExtraError
from robustx.perturb.tables import body_of
from robustx.text.languages import language as language_of
from robustx.text.scripts import PARTS, scripts_in
from robustx.translate.gates.latin import given_words, without_words
from robustx.translate.gates.pair import Figures, Pair

Identifier = Callable[[str], Mapping[str, float]]
"""Text to the probability of each language (ISO 639 code)."""

_FLOOR = 1e-9


def identifier() -> Identifier:
    """The language identifier of the extra ``translate``.

    Raises:
        MissingExtraError: py3langid is not installed.
    """
    try:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier
    except ImportError as error:
        raise MissingExtraError("Language identification", "py3langid", "translate") from error
    known = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return lambda text: dict(known.rank(text))


def measure(pair: Pair, identify: Identifier) -> Figures:
    """``own_script``: share of the letters that are of the language's script; ``language_margin``: how much likelier it is.

    The margin is the natural logarithm of the probability of the language over that of the likeliest other one. Words
    in Latin letters that stand in the source too, names above all, are left out of both unless both texts are in Latin
    letters. A target with no other letters has neither figure, and one in a language that the identifier does not
    know, no margin.
    """
    text = without_source_words(pair)
    found = scripts_in("".join(character for character in text if character.isalpha()))
    if not found:
        return {}
    script = language_of(pair.target_language).script
    own = sum(found[part] for part in PARTS.get(script, {script}))
    figures = {"own_script": own / found.total()}
    # digits of a script are used by several languages, and say too much to a model of n-grams
    probability = identify("".join(" " if character.isdecimal() else character for character in text))
    taken = codes_of(pair.target_language)
    if any(code in probability for code in taken):
        mine = sum(probability.get(code, 0.0) for code in taken)
        other = max((value for code, value in probability.items() if code not in taken), default=0.0)
        figures["language_margin"] = math.log(max(mine, _FLOOR)) - math.log(max(other, _FLOOR))
    return figures


def without_source_words(pair: Pair) -> str:
    """The target without the Latin words that the source has, where the target's language is written in other letters."""
    if language_of(pair.target_language).latin:
        return pair.target
    return without_words(pair.target, given_words(pair.source))


def codes_of(language: str) -> frozenset[str]:
    """The identifier's codes that stand for a language: its own, and those of its varieties (``varieties.tsv``)."""
    return frozenset({language, *_varieties().get(language, ())})


@lru_cache(maxsize=1)
def _varieties() -> dict[str, list[str]]:
    varieties: dict[str, list[str]] = {}
    for _, line in body_of(Path(__file__).with_name("varieties.tsv"))[1][1:]:
        language, code = line.split("\t")[:2]
        varieties.setdefault(language, []).append(code)
    return varieties
