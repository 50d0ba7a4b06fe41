"""Whether the target, translated back, says what the source said: chrF (Popović 2015, aclanthology W15-3049) by sacrebleu."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from robustx.errors import MissingExtraError
from robustx.translate.gates.pair import Figures, Pair

BackTranslate = Callable[[Sequence[str], str, str], Sequence[str | None]]
"""Texts, the language they are in and the one to go to, to a translation of each, or None where there is none."""


def measure(pairs: Sequence[Pair], back: BackTranslate) -> list[Figures]:
    """``round_trip``: chrF of the back-translation against the source, 0 to 100; left out where there is none.

    Raises:
        MissingExtraError: sacrebleu is not installed.
    """
    made: list[Figures] = [{} for _ in pairs]
    ways: dict[tuple[str, str], list[int]] = {}
    for at, pair in enumerate(pairs):
        ways.setdefault((pair.target_language, pair.source_language), []).append(at)
    for (source, target), rows in ways.items():
        for at, text in zip(rows, back([pairs[at].target for at in rows], source, target), strict=True):
            if text is not None:
                made[at] = {"round_trip": chrf(text, pairs[at].source)}
    return made


def chrf(text: str, reference: str) -> float:
    """chrF of a text against a reference, 0 to 100 (character n-grams to 6, beta 2).

    Raises:
        MissingExtraError: sacrebleu is not installed.
    """
    try:
        from sacrebleu.metrics import CHRF
    except ImportError as error:
        raise MissingExtraError("chrF", "sacrebleu", "translate") from error
    return float(CHRF().sentence_score(text, [reference]).score)
