"""Verdicts on rows: every translated field is judged by the gates, a row by its worst field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from robustx.errors import MissingExtraError
from robustx.translate.engine import Engine, Outcome
from robustx.translate.gates import Helpers, Pair, Verdict, judge_all, worst_of
from robustx.translate.gates.language import Identifier, identifier
from robustx.translate.sources import SourceRow
from robustx.translate.store import store_of
from robustx.translate.work import do, plan


def verdicts(
    rows: Sequence[SourceRow],
    outcomes: Mapping[str, Outcome],
    fields: Sequence[str],
    languages: tuple[str, str],
    helpers: Helpers,
) -> list[Verdict]:
    """A verdict a row, in order; figures and reasons have the field's name before them.

    Args:
        fields: those that were translated.
        languages: source and target.
    """
    texts = list(dict.fromkeys(row.fields[name] for row in rows for name in fields))
    pairs = [Pair(text, outcomes[text].text, *languages) for text in texts]
    found = dict(zip(texts, judge_all(pairs, helpers), strict=True))
    judged = {text: _with_problem(one, outcomes[text].problem) for text, one in found.items()}
    return [worst_of([judged[row.fields[name]] for name in fields], fields) for row in rows]


def helpers_here(agreement: bool, back: tuple[Engine, Path] | None) -> Helpers:
    """What the gates can use on this machine.

    Args:
        agreement: compare sentence embeddings too.
        back: the engine to translate back with and where to keep what it makes, or None.

    Raises:
        MissingExtraError: agreement was asked for, and the packages of the demo base are missing.
    """
    from robustx.translate.gates.agreement import demo_embedder

    return Helpers(
        identify=_identify(),
        embed=demo_embedder() if agreement else None,
        back=None if back is None else lambda texts, source, target: _back(*back, texts, source, target),
    )


@lru_cache(maxsize=1)
def _identify() -> Identifier | None:
    """The language identifier, which takes a second to load, or None where its package is missing."""
    try:
        return identifier()
    except MissingExtraError:
        return None


def _back(engine: Engine, folder: Path, texts: Sequence[str], source: str, target: str) -> list[str | None]:
    store = store_of(engine, folder, source, target)
    made = do(plan(engine, [text for text in texts if text], source, target, store))
    return [made[text].text if text and made[text].problem is None else None for text in texts]


def _with_problem(verdict: Verdict, problem: str | None) -> Verdict:
    """What an engine could not do is rejected, whatever the gates make of the rest."""
    if problem is None:
        return verdict
    return Verdict("rejected", (problem, *verdict.reasons), verdict.figures)
