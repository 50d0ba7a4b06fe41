"""Write romanisation tables from rules in order: ``python tools/romanisation/ordered.py SPEC.toml``.

A description (``tools/romanisation/specs/th.toml`` is one) has

``classes``
    sets of characters under names in capitals: ``B = "ก-ฬฮ"``; for ``from``, a list of strings may be one too.
``contexts``
    what may stand beside a character, under names in capitals, as a list of alternatives.
``rules``
    ``from | to | after | before``, from the special to the general: the first that holds decides. ``from`` may name a
    class, and the rule then holds for each of its members; ``to`` lists sounds, and ``initial``, ``final`` for what the
    consonant is there. In ``after`` and ``before`` stand characters, sets, names of classes (``^B``: anything else)
    and contexts; ``#`` is the edge, and ``?`` marks what may be missing.
``frames`` and ``clusters``
    for vowels that are written before their consonant: ``vowel | before | sound | one, two or both``, for which
    the consonant may be one, or two, as ``clusters`` lists them: ``vowels | first | second``, and how the first
    and the second are written.
``tables``
    the tables to write, each with its path, facts, and the letters of its sounds and consonants, as ``"t:3 d"``.
"""

from __future__ import annotations

import argparse
import itertools
import math
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import regex
from abugida import Ways, ways
from sets import expanded


class Rule(NamedTuple):
    """One line of the rules, read."""

    source: str
    to: str
    after: str
    before: str


class Spec:
    """A description, read."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self.classes: dict[str, str | list[str]] = spec["classes"]
        self.contexts: dict[str, list[str]] = spec.get("contexts", {})
        self.tables: list[dict[str, Any]] = spec["tables"]
        self.rules = [*_framed(spec), *(_rule(line) for line in spec["rules"])]

    def members(self, name: str) -> list[str]:
        """The characters that a part of ``from`` stands for."""
        inside = self.classes.get(name, name.strip("[]"))
        if isinstance(inside, list):
            return inside
        return list(expanded(inside)) if name in self.classes or name.startswith("[") else [name]

    def sets(self, cell: str) -> list[str]:
        """A cell of neighbours as the table writes it, one for each of its alternatives."""
        parts: list[list[str]] = []
        for name in cell.split():
            optional, plain = name.endswith("?"), name.removesuffix("?")
            inside = self.contexts.get(plain)
            found = [one for each in inside for one in self.sets(each)] if inside else [self._set(plain)]
            parts.append([*found, ""] if optional else found)
        return ["".join(chosen) for chosen in itertools.product(*parts)]

    def _set(self, name: str) -> str:
        if name.startswith("["):
            return name
        bare = name.removeprefix("^")
        return f"[{'^' if bare != name else ''}{self.classes.get(bare, bare)}]"


def _rule(line: str) -> Rule:
    cells = [cell.strip() for cell in line.split("|")]
    return Rule(*cells, *[""] * (4 - len(cells)))


def _framed(spec: dict[str, Any]) -> Iterator[Rule]:
    """The rules of the vowels that stand before their consonants; those of two consonants first."""
    frames = [_rule(line) for line in spec.get("frames", [])]
    for line in spec.get("clusters", []):
        vowels, first, second, *letters = (cell.strip() for cell in line.split("|"))
        for vowel, before, sound, count in frames:
            if vowel in expanded(vowels) and count != "one":
                yield Rule(f"{vowel} {first}", letters[0], "", f"{second} {before}")
                yield Rule(second, f"{letters[1]} {sound}", f"{vowel} {first}", before)
    for vowel, before, sound, count in frames:
        if count != "two":
            yield Rule(f"{vowel} X", f"initial {sound}", "", before)


def rows(spec: Spec, table: dict[str, Any]) -> Iterator[str]:
    """The rows of one of the tables, in the order of the rules."""
    for rule in spec.rules:
        beside = list(itertools.product(spec.sets(rule.after), spec.sets(rule.before)))
        for parts in itertools.product(*(spec.members(name) for name in rule.source.split())):
            source = "".join(parts)
            letters = [_letters(table, name, source) for name in rule.to.split() if name != "-"]
            for (after, before), (to, weight) in itertools.product(beside, _joined(letters).items()):
                yield "\t".join([source, to, after, before, f"{weight:.3g}" if weight < 100 else "1"])


def _letters(table: dict[str, Any], name: str, source: str) -> Ways:
    if name in ("initial", "final"):
        consonant = regex.sub(r"[\u0e40-\u0e44\u0ec0-\u0ec4]", "", source)
        return ways(table[name][consonant])
    return ways(table["sounds"][name])


def _joined(letters: list[Ways]) -> Ways:
    """All that can be written for sounds in a row."""
    made: Ways = {}
    for chosen in itertools.product(*(one.items() for one in letters)):
        to = "".join(way for way, _ in chosen)
        made[to] = made.get(to, 0.0) + math.prod(weight for _, weight in chosen)
    return {to: 100 * weight / sum(made.values()) for to, weight in made.items()}


def main() -> None:
    """Read the description, write its tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("spec", type=Path)
    parser.add_argument("--out", type=Path, default=Path("attacks/tables"))
    given = parser.parse_args()
    spec = Spec(tomllib.loads(given.spec.read_text(encoding="utf-8")))
    for table in spec.tables:
        head = [f"# {name}: {value}" for name, value in table["facts"].items()]
        path = given.out / table["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [*head, "from\tto\tafter\tbefore\tweight", *dict.fromkeys(rows(spec, table))]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
