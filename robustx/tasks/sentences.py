"""Sentences to show attacks with, in every language that robustx brings text of: the mini data, or else the samples."""

from __future__ import annotations

from functools import lru_cache

from robustx.tasks.base import SkipLog
from robustx.tasks.data import MINI
from robustx.tasks.registry import task
from robustx.text.samples import samples


def languages_shown() -> list[str]:
    """BCP 47 codes of the languages that there are sentences of."""
    return sorted({*task("xnli").available(MINI), *samples()})


@lru_cache(maxsize=64)
def sentences(code: str) -> tuple[str, ...]:
    """The distinct sentences of a language, in order; empty where robustx brings none."""
    xnli = task("xnli")
    if code not in xnli.available(MINI):
        return samples().get(code, ())
    rows = xnli.read(MINI, code, SkipLog())
    return tuple(dict.fromkeys(text for row in rows for text in row.fields.values()))
