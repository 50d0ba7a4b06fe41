"""Verdicts on rows: every translated field is judged by the gates, a row by its worst field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from robustx.errors import MissingExtraError
from robustx.translate.engine import Engine, Outcome
from robustx.translate.gates import Helpers, Pair, Verdict, judge_all, worst_of
from robustx.translate.gates.labels import Decide, judge_labels
from robustx.translate.gates.language import Identifier, identifier
from robustx.translate.gates.verdict import VERDICTS
from robustx.translate.sources import FIELDS, SourceRow
from robustx.translate.store import store_of
from robustx.translate.work import do, plan


def verdicts(
    rows: Sequence[SourceRow],
    outcomes: Mapping[str, Outcome],
    fields: Sequence[str],
    languages: tuple[str, str],
    helpers: Helpers,
    decide: Decide | None = None,
) -> list[Verdict]:
    """A verdict a row, in order; figures and reasons of a field have its name before them.

    Args:
        fields: those that were translated.
        languages: source and target.
        decide: how a checkpoint decides, to see whether it decides otherwise on the translation.
    """
    texts = list(dict.fromkeys(row.fields[name] for row in rows for name in fields))
    pairs = [Pair(text, outcomes[text].text, *languages) for text in texts]
    found = dict(zip(texts, judge_all(pairs, helpers), strict=True))
    judged = {text: _with_problem(one, outcomes[text].problem) for text, one in found.items()}
    made = [worst_of([judged[row.fields[name]] for name in fields], fields) for row in rows]
    if decide is None or not rows:
        return made
    before = [(row.fields["premise"], row.fields["hypothesis"]) for row in rows]
    after = [
        tuple(outcomes[text].text if name in fields else text for name, text in zip(FIELDS, pair, strict=True))
        for pair in before
    ]
    labels = judge_labels(before, [(first, second) for first, second in after], decide, helpers.thresholds)
    return [_both(one, label) for one, label in zip(made, labels, strict=True)]


def why_not_kept(judged: Iterable[Verdict]) -> dict[str, int]:
    """How many rows each reason holds for, figures and fields left out; the commonest first."""
    found = Counter(kind for one in judged for kind in {_kind(reason) for reason in one.reasons})
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def _kind(reason: str) -> str:
    words = reason.partition(" (")[0]
    field, _, rest = words.partition(": ")
    return (rest if field in FIELDS else words).partition(": ")[0]


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


def _both(verdict: Verdict, label: Verdict) -> Verdict:
    worst = max(verdict, label, key=lambda one: VERDICTS.index(one.verdict)).verdict
    return Verdict(worst, (*verdict.reasons, *label.reasons), verdict.figures | label.figures)


def _with_problem(verdict: Verdict, problem: str | None) -> Verdict:
    """What an engine could not do is rejected, whatever the gates make of the rest."""
    if problem is None:
        return verdict
    return Verdict("rejected", (problem, *verdict.reasons), verdict.figures)
