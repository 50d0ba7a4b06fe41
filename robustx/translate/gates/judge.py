"""Every gate over every pair: all figures are measured and recorded, then judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from robustx.translate.gates import (
    agreement,
    copying,
    language,
    length,
    names,
    negation,
    numbers,
    repetition,
    roundtrip,
    script,
)
from robustx.translate.gates.pair import Figures, Pair
from robustx.translate.gates.thresholds import Thresholds, read_thresholds
from robustx.translate.gates.verdict import Verdict, judged

_BY_PAIR = (
    copying.measure,
    script.measure,
    length.measure,
    repetition.measure,
    numbers.measure,
    names.measure,
    negation.measure,
)


@dataclass(frozen=True)
class Helpers:
    """What gates need beside the texts; a gate whose helper is None measures nothing.

    Attributes:
        identify: tells the language of a text; ``language.identifier()`` makes one.
        embed: gives sentence embeddings; ``agreement.demo_embedder()`` makes one.
        back: translates back, where an engine can.
        thresholds: the bounds that figures are judged by.
    """

    identify: language.Identifier | None = None
    embed: agreement.Embed | None = None
    back: roundtrip.BackTranslate | None = None
    thresholds: Thresholds = field(default_factory=read_thresholds)


def measure_all(pairs: Sequence[Pair], helpers: Helpers) -> list[Figures]:
    """Every figure of every pair, in the order of the pairs."""
    figures: list[Figures] = [{} for _ in pairs]
    for at, pair in enumerate(pairs):
        for measure in _BY_PAIR:
            figures[at] |= measure(pair)
        if helpers.identify is not None:
            figures[at] |= language.measure(pair, helpers.identify)
    if helpers.embed is not None:
        figures = _joined(figures, agreement.measure(pairs, helpers.embed))
    if helpers.back is not None:
        figures = _joined(figures, roundtrip.measure(pairs, helpers.back))
    return figures


def judge_all(pairs: Sequence[Pair], helpers: Helpers) -> list[Verdict]:
    """A verdict for every pair, in the order of the pairs. No pair is left out.

    Raises:
        MissingExtraError: a helper needs a package that is not installed.
    """
    return [judged(figures, helpers.thresholds) for figures in measure_all(pairs, helpers)]


def _joined(figures: Sequence[Figures], more: Sequence[Figures]) -> list[Figures]:
    return [one | other for one, other in zip(figures, more, strict=True)]
