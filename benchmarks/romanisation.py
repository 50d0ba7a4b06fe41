"""How many romanisations that people gave are among the likeliest of ``romanise-attested``, by language.

    python benchmarks/romanisation.py --data DIR

DIR holds the lexicons of Dakshina (Roark et al. 2020, arXiv:2007.01176, CC BY-SA 4.0), ``*.translit.sampled.test.tsv``:
a word, a romanisation and how many people gave it. *Found* is the share of these, weighted by count, that are among the
romaniser's 20 likeliest spellings of the word; *first*, that are its likeliest. The table of Hindi was learned from the
training lexicon, which shares no word with the test; for the other languages no lexicon of theirs was used.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from robustx.perturb.attacks import load_attack
from robustx.perturb.operators.respell import Respell


class Attested(NamedTuple):
    """A word, one romanisation, and how many people gave it."""

    word: str
    romanised: str
    count: int


def lexicon(path: Path) -> Iterator[Attested]:
    """The rows of a lexicon."""
    for line in path.read_text(encoding="utf-8").splitlines():
        word, romanised, count = line.split("\t")
        yield Attested(word, romanised, int(count))


def shares(operator: Respell, rows: list[Attested]) -> tuple[float, float]:
    """The shares, weighted by count, that are among the spellings and that are the first of them."""
    found = first = 0
    for row in rows:
        spellings = [one.written for one in operator.spellings(row.word)]
        found += row.count * (row.romanised in spellings)
        first += row.count * (row.romanised in spellings[:1])
    total = sum(row.count for row in rows)
    return found / total, first / total


def main() -> None:
    """Print a line a language."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--languages", nargs="+", default=["hi", "ur", "bn", "ta"])
    given = parser.parse_args()
    attack = load_attack("romanise-attested")
    print(f"{'':4}{'words':>8}{'attested':>10}{'found':>8}{'first':>8}")
    for code in given.languages:
        rows = list(lexicon(given.data / f"{code}.translit.sampled.test.tsv"))
        operator = attack.operator(code)
        assert isinstance(operator, Respell)
        found, first = shares(operator, rows)
        print(f"{code:4}{len({row.word for row in rows}):8,}{sum(r.count for r in rows):10,}{found:8.3f}{first:8.3f}")


if __name__ == "__main__":
    main()
