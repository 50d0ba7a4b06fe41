"""A small real classifier over characters, and a field of texts to hunt in: what enumeration can settle in milliseconds."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from robustx.perturb.attacks import load_attack
from robustx.perturb.measure import NOTHING
from robustx.search.hunt import Found, Hunt, Stage, hunt
from robustx.search.lockstep import Remembering, search
from robustx.search.objective import Answer, LabelFlips
from robustx.search.space import Space
from robustx.search.strategies.base import Strategy
from robustx.suite.build import analysed
from robustx.suite.cells import CellRow
from robustx.tasks.base import Example
from robustx.tasks.registry import task

LABELS = ("entailment", "neutral", "contradiction")
TEXTS = {
    "hi": [("बिल्ली चटाई पर बैठी थी।", "एक जानवर बैठा था।"), ("पुल पुराना है।", "पुल बड़ा है।"), ("बच्चे खेल रहे हैं।", "आज धूप है।")],
    "en": [
        ("The cat sat here.", "An animal sat."),
        ("It rains today.", "The sun is out."),
        ("She reads books.", "She can read."),
    ],
    "th": [("แมวนั่งบนเสื่อ", "สัตว์นั่งอยู่"), ("วันนี้ฝนตก", "แดดออก"), ("เธออ่านหนังสือ", "เธออ่านได้")],
}


class Bigrams:
    """A linear classifier over character bigrams with keyed weights: quick, repeatable, and easily led astray.

    With a large bias it always says the first label, and nothing flips it.
    """

    def __init__(self, labels: tuple[str, ...] = LABELS, bias: float = 0.0) -> None:
        self._labels, self._bias = labels, bias
        self.forwarded = 0

    def answers(self, rows: Sequence[CellRow]) -> list[Answer]:
        """A softmax over the sums of the bigrams' weights."""
        self.forwarded += len(rows)
        return [self._answer(row.fields) for row in rows]

    def _answer(self, fields: tuple[str, ...]) -> Answer:
        text = "\x00".join(fields)
        sums = [self._bias, *[0.0] * (len(self._labels) - 1)]
        for a, b in pairwise(text):
            drawn = hashlib.blake2b((a + b).encode(), digest_size=len(sums)).digest()
            sums = [total + byte / 255 - 0.5 for total, byte in zip(sums, drawn, strict=True)]
        top = max(sums)
        shares = [math.exp(value - top) for value in sums]
        chances = tuple(share / sum(shares) for share in shares)
        digest = hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
        return Answer(self._labels[chances.index(max(chances))], chances, digest)


def field(language: str, victim: Bigrams) -> list[CellRow]:
    """Texts of a language, their gold label being what the classifier says of them: all are right to begin with."""
    rows = [CellRow(f"{language}-{i}", "", fields, (), NOTHING) for i, fields in enumerate(TEXTS[language])]
    return [row._replace(gold=answer.prediction) for row, answer in zip(rows, victim.answers(rows), strict=True)]


def space(attack: str, language: str, row: CellRow) -> Space:
    """The space of a row under an attack."""
    xnli = task("xnli")
    example = Example(row.uid, language, dict(zip(xnli.fields, row.fields, strict=True)), row.gold)
    texts = analysed(xnli, example, xnli.attackable, None)
    return Space(load_attack(attack), example.fields, texts, partial(xnli.carries, example))


def hunted(
    strategy: Strategy,
    attack: str,
    language: str,
    budget: int,
    queries: int | None = None,
    rows: Sequence[CellRow] | None = None,
    victim: Bigrams | None = None,
) -> list[Found]:
    """What one strategy finds of each row."""
    victim = victim or Bigrams()
    rows = field(language, victim) if rows is None else rows
    stages = [Stage(attack, strategy, queries or strategy.queries)]

    def start(row: CellRow, clean: Answer) -> Hunt:
        return hunt(row, stages, lambda name: space(name, language, row), budget, range(1, budget + 1), 7)

    asked = Remembering(victim)
    return search(rows, asked.answers(rows), start, asked, LabelFlips(LABELS))


def brute(attack: str, language: str, row: CellRow, budget: int, victim: Bigrams) -> tuple[int | None, int]:
    """The fewest edits that flip a row, and how many sets there are of at most ``budget`` edits: by trying every subset."""
    from itertools import combinations

    from robustx.perturb.edits import apply

    here = space(attack, language, row)
    names = task("xnli").fields
    sets = 0
    for size in range(1, budget + 1):
        flips = False
        for choice in combinations(range(len(here.members)), size):
            if not all(here.fits(choice[:i], choice[i]) for i in range(1, size)):
                continue
            sets += 1
            fields = tuple(
                apply(value, [here.members[i].edit for i in choice if here.members[i].field == name])
                for name, value in zip(names, row.fields, strict=True)
            )
            flips = flips or victim.answers([row._replace(fields=fields)])[0].prediction != row.gold
        if flips:
            return size, sets
    return None, sets
