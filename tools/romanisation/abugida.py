"""Write the romanisation table of an Indic language from a description of how its letters are typed.

``python tools/romanisation/abugida.py SPEC.toml TABLE.tsv``. A description (``tools/romanisation/specs``) says for
consonants, vowel signs, vowels and everything else which Latin letters people use, as ``"th:6 t:4"`` with weights
(``:2`` is nothing at all; ``first`` is at the beginning of a word), and what the inherent vowel is, by what stands
around the consonant. With ``final = "#"`` a virama at the end of a word has rows of its own. What follows a virama is
written alike, but for the consonants in ``subjoined``, which have ``rows`` there. In the conditions, ``C`` is a
consonant, ``S`` a vowel sign, ``V`` any vowel or sign, ``H`` the virama and ``#`` the edge of the word.
"""

from __future__ import annotations

import argparse
import itertools
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Ways = dict[str, float]


def ways(cell: str) -> Ways:
    """What a cell of a description lists, with weights."""
    found = (one.partition(":") for one in cell.split(" "))
    return {letters: float(weight or 1) for letters, _, weight in found}


class Spec:
    """A description, read."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self.facts: dict[str, str] = spec["facts"]
        self.virama: str = spec["virama"]
        self.consonants = {c: ways(cell) for c, cell in spec["consonants"].items()}
        self.first = {c: ways(cell) for c, cell in spec.get("first", {}).items()}
        self.subjoined: str = spec.get("subjoined", "")
        self.final: str = spec.get("final", "")
        self.signs = {c: ways(cell) for c, cell in spec["signs"].items()}
        self.vowels = {c: ways(cell) for c, cell in spec["vowels"].items()}
        self.inherent: list[dict[str, str]] = spec["inherent"]
        self.rows: list[dict[str, str]] = spec.get("rows", [])
        bases = "".join(sorted({c[0] for c in self.consonants}))
        signs, vowels = "".join(sorted(self.signs)), "".join(sorted({v[0] for v in self.vowels}))
        self._named = {"C": bases, "S": signs, "V": signs + vowels, "H": self.virama, "#": "#"}

    def sets(self, condition: str) -> str:
        """A condition such as ``[CH][#]`` with its names spelt out; literal letters stand for themselves."""
        return "".join(self._named.get(c, c) for c in condition)


def table(spec: Spec) -> Iterator[str]:
    """The rows of the table."""
    for consonant in sorted(spec.consonants):
        yield from _consonant(spec, consonant)
    for string, found in sorted({**spec.signs, **spec.vowels}.items()):
        for to, weight in found.items():
            yield _row(string, to, "", "", "", weight)
    for row in spec.rows:
        for to, weight in ways(row["to"]).items():
            after, before = spec.sets(row.get("after", "")), spec.sets(row.get("before", ""))
            yield _row(row["from"], to, row.get("where", ""), after, before, weight)


def _consonant(spec: Spec, consonant: str) -> Iterator[str]:
    """The rows of one consonant: without its vowel, doubled, before a sign, and with the inherent vowel."""
    for where, letters in _places(spec, consonant):
        doubled: Ways = {}
        for to, weight in letters.items():
            first = to[0] if to else ""  # tth rather than thth
            doubled[first] = doubled.get(first, 0.0) + weight * 0.65
            doubled[to] = doubled.get(to, 0.0) + weight * 0.2
            doubled[""] = doubled.get("", 0.0) + weight * 0.15
        after = f"[^{spec.virama}]" if consonant in spec.subjoined else ""
        for to, weight in doubled.items():
            yield _row(consonant + spec.virama, to, where, after, f"[{consonant[0]}]", weight)
        for to, weight in letters.items():
            yield _row(consonant + spec.virama, to, where, after, f"[^{consonant[0]}{spec.final}]", weight)
            yield _row(consonant, to, where, after, f"[{spec.sets('S')}]", weight)
            if spec.final:
                yield _row(consonant, to, where, after, f"[{spec.virama}][#]", weight)
    for rule, (where, letters) in itertools.product(spec.inherent, _places(spec, consonant)):
        condition = rule.get("after", "")
        if consonant in spec.subjoined:
            if condition == "[H]":
                continue
            condition = condition.replace("[^", "[^H") or "[^H]"
        after, before = spec.sets(condition), spec.sets(rule.get("before", "[^SH]"))
        for (to, weight), (vowel, often) in itertools.product(letters.items(), ways(rule["is"]).items()):
            yield _row(consonant, to + vowel, where, after, before, weight * often)


def _places(spec: Spec, consonant: str) -> list[tuple[str, Ways]]:
    """The places of a word that tell how a consonant is written, and how."""
    if consonant not in spec.first:
        return [("", spec.consonants[consonant])]
    first, later = spec.first[consonant], spec.consonants[consonant]
    return [("initial", first), ("whole", first), ("medial", later), ("final", later)]


def _row(string: str, to: str, where: str, after: str, before: str, weight: float) -> str:
    return "\t".join([string, to, where, after, before, f"{weight:.4g}"])


def main() -> None:
    """Read the description, write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("spec", type=Path)
    parser.add_argument("table", type=Path)
    given = parser.parse_args()
    spec = Spec(tomllib.loads(given.spec.read_text(encoding="utf-8")))
    head = [f"# {name}: {value}" for name, value in spec.facts.items()]
    rows = list(table(spec))
    given.table.write_text("\n".join([*head, "from\tto\twhere\tafter\tbefore\tweight", *rows]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
