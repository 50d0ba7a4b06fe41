"""The promise of the gates, on robustx's own parallel texts: planted faults are caught, faithful translations are kept.

benchmarks/translation_gates.py measures the same on XNLI's human translations, which cannot be shipped.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest

from robustx.tasks.data import MINI
from robustx.text.words import word_spans
from robustx.translate.gates import Helpers, Pair, judge_all
from robustx.translate.gates.language import identifier
from robustx.translate.gates.negation import measure, negation_of

LANGUAGES = sorted(
    path.stem.removeprefix("test-") for path in (MINI / "xnli").glob("test-*.tsv") if path.stem != "test-en"
)


@pytest.fixture(scope="module")
def helpers() -> Helpers:
    pytest.importorskip("py3langid", reason="language identification is in the extra translate")
    return Helpers(identify=identifier())


def texts(language: str) -> list[str]:
    rows = [line.split("\t") for line in (MINI / "xnli" / f"test-{language}.tsv").read_text("utf-8").splitlines()]
    return [text for row in rows for text in row[:2]]


VERBS = (" is ", " was ", " are ", " were ", " has ", " had ", " will ", " can ")


def every(language: str) -> list[Pair]:
    """Each distinct English text with its translation."""
    given = dict(zip(texts("en"), texts(language), strict=True))
    return [Pair(source, target, "en", language) for source, target in given.items()]


def pairs(language: str) -> list[Pair]:
    """One in three of them."""
    return every(language)[::3]


def share(found: Sequence[Pair], helpers: Helpers) -> float:
    """Of some pairs, those that are not kept."""
    return sum(one.verdict != "kept" for one in judge_all(found, helpers)) / len(found)


def planted(found: Sequence[Pair], fault: Callable[[Pair], str]) -> list[Pair]:
    return [Pair(pair.source, fault(pair), "en", pair.target_language) for pair in found]


@pytest.mark.parametrize("language", LANGUAGES)
def test_faithful_translations_are_kept(language: str, helpers: Helpers) -> None:
    assert share(every(language), helpers) <= 0.05


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_language_is_caught(language: str, helpers: Helpers) -> None:
    others = {code: dict(zip(texts("en"), texts(code), strict=True)) for code in LANGUAGES if code != language}
    rng = random.Random(language)
    wrong = planted(pairs(language), lambda pair: others[rng.choice(sorted(others))][pair.source])
    assert share(wrong, helpers) >= 0.95


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_source_given_back_and_nothing_at_all_are_caught(language: str, helpers: Helpers) -> None:
    assert share(planted(pairs(language), lambda pair: pair.source), helpers) == 1
    assert share(planted(pairs(language), lambda pair: " "), helpers) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phrase_said_again_and_again_is_caught(language: str, helpers: Helpers) -> None:
    def looped(pair: Pair) -> str:
        spans = word_spans(pair.target)
        size = min(len(spans), 2 + len(pair.target) % 3)
        start, end = spans[-size][0], spans[-1][1]
        gap = " " if " " in pair.target else ""
        return pair.target[:end] + (gap + pair.target[start:end]) * 3 + pair.target[end:]

    assert share(planted(pairs(language), looped), helpers) >= 0.95


def test_a_denial_beside_a_text_that_denies_nothing_is_caught() -> None:
    """*Not* is put into the English text: what its faithful translation then lacks is a negation.

    A translation may deny what English affirms in another word (*stayed shut*, *did not work*), so not all are caught.
    """
    found = {}
    for language in LANGUAGES:
        made = [one for pair in every(language) if (one := denied(pair))]
        found[language] = sum(measure(pair)["negation_lost"] for pair in made) / len(made)
    assert min(found.values()) >= 0.65
    assert sum(found.values()) / len(found) >= 0.88


def denied(pair: Pair) -> Pair | None:
    english = negation_of("en")
    verb = next((verb for verb in VERBS if verb in pair.source), None)
    if english is None or verb is None or english.may_deny(pair.source):
        return None
    return Pair(pair.source.replace(verb, f"{verb}not ", 1), pair.target, "en", pair.target_language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_that_is_gone_is_caught(language: str, helpers: Helpers) -> None:
    """Numbers are added to both texts, and then left out of one."""
    added = [
        (Pair(f"{pair.source} ({number})", f"{pair.target} ({number})", "en", language), pair.target)
        for number, pair in enumerate(pairs(language), start=101)
    ]
    assert share([pair for pair, _ in added], helpers) <= 0.05
    assert share([Pair(pair.source, target, "en", language) for pair, target in added], helpers) >= 0.95
