"""How many planted faults the gates on translations catch, and how many human translations they wrongly stop.

    python benchmarks/translation_gates.py --data DIR [--split test] [--languages ar,bg] [--limit N] [--embed] [--show N]

DIR holds XNLI (Conneau et al. 2018, arXiv:1809.05053): SPLIT-LANGUAGE.tsv with premise, hypothesis and label. Its human
translations from English are judged as they are; every one that is not kept is a false alarm. Then faults are planted
in them, and every one that is not kept is caught. Faults are drawn by a seeded generator from the rows where they can be.

A human translation with less than a tenth of its letters of its language's script (XNLI has Romanised Hindi and Urdu) is
not what was asked for, whoever wrote it. Such rows are told by their letters alone, whatever a gate says; they are
counted apart, and of them how many the gates stop and how many they call by that name. All other columns leave them out.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import TypeVar

import regex

from robustx.perturb.protection import negations
from robustx.text.languages import language as language_of
from robustx.text.scripts import PARTS, scripts_in
from robustx.text.words import word_spans
from robustx.translate.gates import Helpers, Pair, Verdict, judge_all, read_thresholds
from robustx.translate.gates.language import identifier
from robustx.translate.gates.names import alike, names_in
from robustx.translate.gates.negation import negation_of
from robustx.translate.gates.numbers import numbers_in, western

NON_LATIN = ("ar", "bg", "el", "hi", "ru", "th", "ur", "zh")
OTHERS = ("de", "es", "fr", "sw", "tr", "vi")
_AUXILIARY = regex.compile(
    r"\b(?:is|are|was|were|can|will|would|should|could|must|had|has|have|might|may)\b(?! not|n['’]t)"
)

First, Second = TypeVar("First"), TypeVar("Second")

Plant = Callable[[Pair, random.Random], Pair | None]
"""A pair with a fault in it, or None where it cannot have this one."""


def texts(folder: Path, split: str, language: str) -> list[tuple[str, str]]:
    """Premise and hypothesis of each row."""
    return [(cells[0], cells[1]) for cells in (line.split("\t") for line in lines(folder / f"{split}-{language}.tsv"))]


def lines(path: Path) -> list[str]:
    """The lines of a file; a line separator inside a text ends none."""
    return path.read_text(encoding="utf-8").rstrip("\n").split("\n")


def fields(rows: Sequence[tuple[str, str]]) -> Iterator[tuple[int, int]]:
    """(row, field) of every hypothesis, and of every premise where it first stands."""
    seen: set[str] = set()
    for at, (premise, _) in enumerate(rows):
        if premise not in seen:
            seen.add(premise)
            yield at, 0
        yield at, 1


def copied(pair: Pair, rng: random.Random) -> Pair:
    """The source given back."""
    return replaced(pair, pair.source)


def repeated(pair: Pair, rng: random.Random) -> Pair | None:
    """A phrase of two to five words said two to four times more, right after itself."""
    spans = word_spans(pair.target)
    if len(spans) < 3:
        return None
    size = rng.randint(2, min(5, len(spans)))
    first = rng.randrange(len(spans) - size + 1)
    start, end = spans[first][0], spans[first + size - 1][1]
    gap = " " if pair.target[spans[0][1] : spans[1][0]] else ""
    phrase = pair.target[start:end]
    return replaced(pair, pair.target[:end] + (gap + phrase) * rng.randint(2, 4) + pair.target[end:])


def dropped_number(pair: Pair, rng: random.Random) -> Pair | None:
    """One of the numbers that both texts have, taken out of the target wherever it stands."""
    shared = sorted(
        {number.value for number in numbers_in(pair.source)} & {number.value for number in numbers_in(pair.target)}
    )
    if not shared:
        return None
    value = rng.choice(shared)
    digits = r"[,.\u066b\u066c ]?".join(str(value))
    plain = western(pair.target)
    spans = [match.span() for match in regex.finditer(rf"(?<!\d){digits}(?!\d)", plain)]
    return replaced(pair, without(pair.target, spans)) if spans else None


def dropped_negation(pair: Pair, rng: random.Random) -> Pair | None:
    """Every word that denies, of both of robustx's tables, taken out of the target, where both texts deny."""
    source, target = negation_of(pair.source_language), negation_of(pair.target_language)
    lowered = pair.target.lower()
    if not source or not target or not source.denies(pair.source) or not target.denies(pair.target):
        return None
    if len(lowered) != len(pair.target) or target.plain is None:
        return None
    left = [match.span() for match in target.none.finditer(lowered)] if target.none else []
    spans = [match.span() for match in target.plain.finditer(lowered)]
    return replaced(pair, without(pair.target, [one for one in spans if not any(overlap(one, kept) for kept in left)]))


def cut_listed_negation(pair: Pair, rng: random.Random) -> Pair | None:
    """Every word of ``attacks/tables/negation.tsv`` alone, which the gate's own list goes beyond, taken out."""
    source = negation_of(pair.source_language)
    spans = negations(pair.target, pair.target_language)
    if not source or not source.denies(pair.source) or not spans:
        return None
    return replaced(pair, without(pair.target, spans))


def denied_source(pair: Pair, rng: random.Random) -> Pair | None:
    """*Not* put into an English source that denies nothing, beside a human translation of what it said before."""
    source = negation_of(pair.source_language)
    if not source or source.may_deny(pair.source):
        return None
    made = _AUXILIARY.sub(lambda match: f"{match.group()} not", pair.source, count=1)
    return Pair(made, pair.target, pair.source_language, pair.target_language) if source.denies(made) else None


def empty(pair: Pair, rng: random.Random) -> Pair:
    """Nothing, as engines that fail silently print."""
    return replaced(pair, rng.choice(["", " ", ".", "…"]))


def cut_short(pair: Pair, rng: random.Random) -> Pair | None:
    """The first third of the words."""
    spans = word_spans(pair.target)
    return replaced(pair, pair.target[: spans[len(spans) // 3][0]]) if len(spans) >= 12 else None


def replaced(pair: Pair, target: str) -> Pair:
    """The pair with another target."""
    return Pair(pair.source, target, pair.source_language, pair.target_language)


def without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text without some stretches."""
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:]
    return text


def overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two stretches share something."""
    return one[0] < other[1] and other[0] < one[1]


PLANTS: dict[str, Plant] = {
    "copied": copied,
    "repeated": repeated,
    "number": dropped_number,
    "negation": dropped_negation,
    "neg. listed": cut_listed_negation,
    "neg. source": denied_source,
    "empty": empty,
    "cut short": cut_short,
}


class Counted:
    """How many of some pairs were not kept, and by what."""

    def __init__(self, pairs: Sequence[Pair], verdicts: Sequence[Verdict]) -> None:
        self.rows = len(pairs)
        self.stopped = [
            (pair, verdict) for pair, verdict in zip(pairs, verdicts, strict=True) if verdict.verdict != "kept"
        ]
        self.passed = [
            (pair, verdict) for pair, verdict in zip(pairs, verdicts, strict=True) if verdict.verdict == "kept"
        ]

    @property
    def share(self) -> float:
        """Stopped, of all; NaN where there were none."""
        return len(self.stopped) / self.rows if self.rows else float("nan")

    def by_reason(self) -> dict[str, int]:
        """How many rows each figure stopped."""
        found: dict[str, int] = {}
        for _, verdict in self.stopped:
            for name in {
                match.group(1) for reason in verdict.reasons if (match := regex.search(r"\((\w+) is", reason))
            }:
                found[name] = found.get(name, 0) + 1
        return dict(sorted(found.items(), key=lambda one: -one[1]))


def human_pairs(folder: Path, split: str, language: str, limit: int | None) -> list[tuple[Pair, int, int]]:
    """Human translations from English, each with its row and field."""
    english, target = texts(folder, split, "en"), texts(folder, split, language)
    chosen = list(fields(english))
    if limit is not None and limit < len(chosen):
        chosen = sorted(random.Random(7).sample(chosen, limit))
    return [(Pair(english[row][at], target[row][at], "en", language), row, at) for row, at in chosen]


def wrong_language(folder: Path, split: str, pairs: Sequence[tuple[Pair, int, int]], rng: random.Random) -> list[Pair]:
    """The human translation of the same text into another of XNLI's languages."""
    target = pairs[0][0].target_language
    others = [code for code in (*NON_LATIN, *OTHERS) if code != target]
    read = {code: texts(folder, split, code) for code in others}
    return [replaced(pair, read[rng.choice(others)][row][at]) for pair, row, at in pairs]


def other_names(pairs: Sequence[Pair], rng: random.Random) -> list[Pair]:
    """Translations into a language in Latin letters: every word like a name of the source by a name of another row."""
    made = []
    for pair in pairs:
        names = names_in(pair.source)
        spans = [
            span for span in word_spans(pair.target) if any(alike(name, pair.target[slice(*span)]) for name in names)
        ]
        if len(names) < 3 or not spans or not language_of(pair.target_language).latin:
            continue
        others = [name for name in names_in(rng.choice(pairs).source) if not any(alike(name, own) for own in names)]
        target = pair.target
        for start, end in reversed(spans):
            target = target[:start] + (rng.choice(others) if others else "") + target[end:]
        made.append(replaced(pair, target))
    return made


SISTERS = {"ar": ("pes",), "bg": ("mkd", "srp"), "hi": ("mar",), "ru": ("ukr", "bel"), "ur": ("pes",), "zh": ("jpn",)}


def sister_language(folder: Path, language: str) -> dict[str, list[Pair]]:
    """Tatoeba's sentences in languages of the same script that XNLI has not, as if they had been asked for in this one."""
    found = {}
    for code in SISTERS.get(language, ()):
        stem = f"tatoeba.{code}-eng"
        english, other = (lines(folder / f"{stem}.{end}") for end in ("eng", code))
        found[code] = [Pair(source, target, "en", language) for source, target in zip(english, other, strict=True)]
    return found


def main() -> None:
    """Print a block a language."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", default="test")
    parser.add_argument("--languages", default=",".join(NON_LATIN))
    parser.add_argument("--limit", type=int)
    parser.add_argument(
        "--embed", action="store_true", help="the agreement of embeddings alone, on another row's translation"
    )
    parser.add_argument(
        "--tatoeba", type=Path, help="a folder of LASER's Tatoeba pairs: sister languages are planted too"
    )
    parser.add_argument("--show", type=int, default=0, help="print so many rows that were wrongly judged")
    given = parser.parse_args()
    if given.embed:
        agreement(given)
        return
    judge = partial(judge_all, helpers=Helpers(identify=identifier()))
    columns = ("language", *PLANTS, "names")
    print(
        f"{'':4}{'human':>7}{'script':>8}{'stopped':>9}{'named':>8}{'others':>8}{'alarms':>8}"
        + "".join(f"{name:>13}" for name in columns)
    )
    for language in given.languages.split(","):
        report(given, language, judge)


def agreement(given: argparse.Namespace) -> None:
    """Print what the agreement of embeddings stops: of human pairs, and of pairs with the next row's translation."""
    from robustx.translate.gates.agreement import demo_embedder, measure

    embed, bounds = demo_embedder(), read_thresholds().bounds["agreement"]
    print(f"{'':4}{'human':>7}{'stopped':>9}{'median':>8}{'another':>9}{'median':>8}")
    for language in given.languages.split(","):
        pairs = [pair for pair, _, _ in human_pairs(given.data, given.split, language, given.limit)]
        pairs = [pair for pair in pairs if scripts_in(pair.target).keys() - {"Latn"}]
        turned = [replaced(pair, other.target) for pair, other in zip(pairs, pairs[1:] + pairs[:1], strict=True)]
        cells = ""
        for made in (pairs, turned):
            found = [figures["agreement"] for figures in measure(made, embed)]
            stopped = sum(any(bound.reached(one, bound.doubtful) for bound in bounds) for one in found) / len(found)
            cells += f"{stopped:9.1%}{median(found):8.3f}"
        print(f"{language:4}{len(pairs):7}{cells}", flush=True)


def in_script(pair: Pair) -> bool:
    """Whether at least a tenth of the target's letters are of its language's script: the others may be names."""
    found = scripts_in("".join(character for character in pair.target if character.isalpha()))
    script = language_of(pair.target_language).script
    return 10 * sum(found[part] for part in PARTS.get(script, {script})) >= found.total()


def split_by(
    flags: Sequence[bool], wanted: bool, first: Sequence[First], second: Sequence[Second]
) -> tuple[list[First], list[Second]]:
    """Those of both whose flag is the wanted one."""
    chosen = [at for at, flag in enumerate(flags) if flag is wanted]
    return [first[at] for at in chosen], [second[at] for at in chosen]


def report(given: argparse.Namespace, language: str, judge: Callable[[Sequence[Pair]], list[Verdict]]) -> None:
    """Judge the human pairs of one language and every fault planted in them; print a line."""
    rng = random.Random(f"{language} {given.split}")
    human = human_pairs(given.data, given.split, language, given.limit)
    verdicts = judge([pair for pair, _, _ in human])
    foreign = [not in_script(pair) for pair, _, _ in human]
    strange = Counted(*split_by(foreign, True, [pair for pair, _, _ in human], verdicts))
    human, verdicts = split_by(foreign, False, human, verdicts)
    pairs = [pair for pair, _, _ in human]
    alarms = Counted(pairs, verdicts)
    planted = {"language": wrong_language(given.data, given.split, human, rng)}
    for name, plant in PLANTS.items():
        planted[name] = [made for pair in pairs if (made := plant(pair, rng)) is not None]
    planted["names"] = other_names(pairs, rng)
    caught = {name: Counted(made, judge(made)) for name, made in planted.items()}
    cells = "".join(f"{one.share:8.1%}{one.rows:>5}" for one in caught.values())
    named = strange.by_reason().get("own_script", 0)
    print(
        f"{language:4}{strange.rows + alarms.rows:7}{strange.rows:8}{len(strange.stopped):9}{named:8}"
        f"{alarms.rows:8}{alarms.share:8.1%}{cells}",
        flush=True,
    )
    for code, made in (sister_language(given.tatoeba, language) if given.tatoeba else {}).items():
        counted = Counted(made, judge(made))
        print(f"    {code} in place of {language}: {counted.share:.1%} of {counted.rows}")
    print(f"    false alarms by figure: {alarms.by_reason()}")
    kept = [verdict.figures["names_kept"] for verdict in verdicts if "names_kept" in verdict.figures]
    print(
        f"    of {len(kept)} human rows with a name {sum(one < 1 for one in kept) / max(1, len(kept)):.1%} lack one as it was"
    )
    for name, counted in {"human": alarms, **caught}.items():
        wrong = counted.stopped if name == "human" else counted.passed
        for pair, verdict in rng.sample(wrong, min(given.show, len(wrong))):
            print(f"    {name}: {pair.source[:120]!r} -> {pair.target[:120]!r} {verdict.reasons}")


if __name__ == "__main__":
    main()
