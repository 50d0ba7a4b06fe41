"""Whether the target is in the language that it should be in.

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
from robustx.translate.gates.pair import Figures, Pair
from robustx.translate.gates.script import own_share, without_source_words

Identifier = Callable[[str], Mapping[str, float]]
"""Text to the probability of each language (ISO 639 code)."""

_FLOOR = 1e-9
_FEW = 0.3


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
    """``language_margin``: how much likelier the language is than any other one.

    The natural logarithm of the probability of the language over that of the likeliest other one. Words in Latin letters
    that stand in the source too, names above all, are left out unless the language is written in Latin letters. There is
    no margin where nothing is left, where the identifier does not know the language, or where 30% of the letters or fewer
    are of its script, as in Romanised Urdu: that is a fault of its own (``script.measure``), and n-grams of other letters
    say nothing of the language.
    """
    text = without_source_words(pair)
    if not own_share(text, pair.target_language) > _FEW:  # NaN where there are no letters
        return {}
    # digits of a script are used by several languages, and say too much to a model of n-grams
    probability = identify("".join(" " if character.isdecimal() else character for character in text))
    taken = codes_of(pair.target_language)
    if not any(code in probability for code in taken):
        return {}
    mine = sum(probability.get(code, 0.0) for code in taken)
    other = max((value for code, value in probability.items() if code not in taken), default=0.0)
    return {"language_margin": math.log(max(mine, _FLOOR)) - math.log(max(other, _FLOOR))}


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
