"""How each family of neural models is told the languages: a token before the source, or the first token of the target."""

from __future__ import annotations

from typing import Any, NamedTuple

from robustx.errors import UsageError
from robustx.translate import codes

FAMILIES = ("nllb", "m2m100", "madlad", "opus-mt")


class Told(NamedTuple):
    """What a model is told.

    Attributes:
        prefix: stands before every source text.
        source: the tokenizer's ``src_lang``, or None where it has none.
        first: the token that the target begins with, or None where the model knows by itself.
    """

    prefix: str
    source: str | None
    first: str | None


def told(family: str, tokenizer: Any, source: str, target: str) -> Told:
    """What a model of a family is told for a pair of languages (BCP 47).

    NLLB-200 (arXiv:2207.04672) and M2M100 (arXiv:2010.11125) begin the target with its language; MADLAD-400
    (arXiv:2309.04662) and multilingual OPUS-MT models (Tiedemann and Thottingal 2020) have it before the source; OPUS-MT
    models of one pair know theirs.

    Raises:
        UsageError: the family, or this checkpoint's vocabulary, lacks a language.
    """
    if family == "opus-mt":
        return _marian(tokenizer, source, target)
    ours, theirs = _only(family, source), _only(family, target)
    if family == "madlad":
        return Told(f"{_known(tokenizer, f'<2{theirs}>', target)} ", None, None)
    if family == "m2m100":
        _known(tokenizer, f"__{ours}__", source)
        return Told("", ours, _known(tokenizer, f"__{theirs}__", target))
    _known(tokenizer, ours, source)
    return Told("", ours, _known(tokenizer, theirs, target))


def _only(family: str, language: str) -> str:
    found = codes.names(family, language)
    if not found:
        have = " ".join(code for code, row in codes.table().items() if row[family])
        raise UsageError(f"--engine {family}: {family} was not trained on {language}; it has {have}")
    return found[0]


def _known(tokenizer: Any, token: str, language: str) -> str:
    if not _has(tokenizer, token):
        raise UsageError(f"the checkpoint's vocabulary has no {token}, so it cannot be told {language}")
    return token


def _marian(tokenizer: Any, source: str, target: str) -> Told:
    several = getattr(tokenizer, "supported_language_codes", None) or []
    if several:
        for name in (*codes.names("iso639_3", target), target):
            if f">>{name}<<" in several:
                return Told(f">>{name}<< ", None, None)
        raise UsageError(f"this OPUS-MT model does not translate into {target}; it has {' '.join(sorted(several))}")
    for asked, stated in ((source, "source_lang"), (target, "target_lang")):
        one = getattr(tokenizer, stated, None)
        if one in _every_name() and one not in (*codes.names("iso639_3", asked), asked):
            raise UsageError(f"this OPUS-MT model's {stated} is {one}, not {asked}")
    return Told("", None, None)


def _every_name() -> set[str]:
    return {name for code, row in codes.table().items() for name in (code, *row["iso639_3"])}


def _has(tokenizer: Any, token: str) -> bool:
    found = tokenizer.convert_tokens_to_ids(token)
    return found is not None and found != tokenizer.unk_token_id
