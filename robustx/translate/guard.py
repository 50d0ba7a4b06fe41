"""An engine that dies or hangs spoils one text, not a run: each batch is tried twice, then halved."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from robustx.translate.engine import Engine, EngineError, Outcome

TWICE = "the engine failed twice"
"""How the problem of a text begins that an engine died or hung over."""


def translated(engine: Engine, texts: Sequence[str], source: str, target: str) -> list[Outcome]:
    """One outcome a text, in order; a text that fails twice by itself is marked with what the engine said."""
    failure = ""
    for _ in range(2):
        try:
            return [_clean(outcome) for outcome in _answered(engine, texts, source, target)]
        except EngineError as error:
            failure = str(error)
    if len(texts) == 1:
        return [Outcome("", f"{TWICE}: {failure}")]
    half = len(texts) // 2
    return [*translated(engine, texts[:half], source, target), *translated(engine, texts[half:], source, target)]


def _answered(engine: Engine, texts: Sequence[str], source: str, target: str) -> list[Outcome]:
    given = engine.translate(texts, source, target)
    if len(given) != len(texts):
        raise EngineError(f"{len(given)} answers for {len(texts)} texts")
    return given


def _clean(outcome: Outcome) -> Outcome:
    """One line in NFC: a translation is one field of a row."""
    text = " ".join(unicodedata.normalize("NFC", outcome.text).split())
    problem = outcome.problem or (None if text else "the engine gave nothing")
    return Outcome(text, problem)
