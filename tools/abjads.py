"""Write the informal romanisation of an abjad: its letters as people type them, with likely vowels between consonants.

    python tools/abjads.py --letters tools/data/abjads/ar.tsv --out attacks/tables/romanise-attested/ar.tsv

Short vowels are not written in the script. They are supplied so that the word can be said: of consonants in a row, from
the beginning of the word, each first opens a syllable and each second closes it (mdrs is mad-ras). The consonant after a
long vowel closes that syllable, unless one more and another vowel letter follow (talba or taliba); and one that is left
over at the end may have a vowel before it (ktb is katab or katb). Which vowel is said, the letters file knows only by
weights. Its rows of kind ``consonant`` are treated so, with those of kind ``initial`` instead at the beginning of the
word; its other rows go into the table as they are.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from math import prod
from pathlib import Path

KEPT = 5
"""How many typings of a pair of consonants are kept, the likeliest."""
EDGE = "#\\u200c"
"""The edge of the word, or of an affix that a zero-width non-joiner parts, inside a set of characters."""
PLACES = ("of an opening consonant", "after a long vowel", "before a last consonant")
COLUMNS = ("from", "to", "where", "after", "before", "weight")
Cells = dict[str, str]
Typings = list[tuple[str, float]]


def read(path: Path) -> tuple[dict[str, str], list[Cells]]:
    """The facts and the rows of a letters file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    facts = dict(line.removeprefix("# ").split(": ", 1) for line in lines if line.startswith("#"))
    header, *body = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return facts, [dict(zip(header, cells, strict=False)) for cells in body]


def weighted(text: str) -> Typings:
    """``a 50, e 20, - 30`` as strings with weights; the hyphen is nothing."""
    pairs = (part.split() for part in text.split(","))
    return [("" if value == "-" else value, float(weight)) for value, weight in pairs]


def typings(rows: list[Cells], kind: str) -> dict[str, Typings]:
    """How each letter of a kind is typed, with weights in a hundred."""
    typed: dict[str, Typings] = defaultdict(list)
    for row in rows:
        if row["kind"] == kind:
            typed[row["from"]].append((row["to"], float(row["weight"])))
    return typed


def joined(*parts: Typings) -> Typings:
    """The likeliest ways to type what stands in a row, with weights in a hundred."""
    made = [("".join(to for to, _ in one), prod(weight / 100 for _, weight in one) * 100) for one in product(*parts)]
    return sorted(made, key=lambda one: -one[1])[:KEPT]


def row_of(source: str, typing: tuple[str, float], **places: str) -> Cells:
    return {"from": source, "to": typing[0], "weight": f"{max(round(typing[1]), 1)}", **places}


def with_vowels(facts: dict[str, str], rows: list[Cells]) -> Iterator[Cells]:
    """The rows of consonants, one by one and in pairs."""
    typed, initial = typings(rows, "consonant"), typings(rows, "initial")
    vowels = "".join(dict.fromkeys(row["from"] for row in rows if row["kind"] == "fixed" and len(row["from"]) == 1))
    # the table covers words of these letters only: what is neither a vowel letter nor the edge is a consonant
    vowel, consonant, close = f"[{vowels}\\p{{M}}]", f"[^{EDGE}{vowels}\\p{{M}}]", f"[^{vowels}\\p{{M}}]"
    opening, after_long, last = (weighted(facts[f"vowels {place}"]) for place in PLACES)
    for letter, values in typed.items():
        begins = initial.get(letter, values)
        yield from (row_of(letter, one, after=f"[{EDGE}]") for one in begins)
        yield from (row_of(letter, one, after=f"[^{EDGE}]", before=vowel) for one in values)
        yield from (row_of(letter, one, after=vowel, before=close) for one in values)
        yield from (row_of(letter, one, after=consonant, before=f"[{EDGE}]") for one in joined(last, values))
    for (first, values), (second, closing) in product(typed.items(), typed.items()):
        pair = first + second
        made = joined(values, after_long, closing)[:3]
        yield from (row_of(pair, one, after=vowel, before=vowel) for one in made)
        after = consonant if first in initial else close
        yield from (row_of(pair, one, after=after) for one in joined(values, opening, closing))
        if first in initial:
            yield from (row_of(pair, one, after=f"[{EDGE}]") for one in joined(initial[first], opening, closing))


def main() -> None:
    """Write one table."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--letters", type=Path, required=True, help="the letters file")
    parser.add_argument("--out", type=Path, required=True, help="the table")
    args = parser.parse_args()
    facts, rows = read(args.letters)
    head = {key: facts[key] for key in ("source", "version", "licence")}
    head |= {"note": f"made by tools/abjads.py from {args.letters.name}; weights are estimates", "cover": "all"}
    lines = [f"# {key}: {value}" for key, value in head.items()] + ["\t".join(COLUMNS)]
    for row in [*with_vowels(facts, rows), *(row for row in rows if row["kind"] == "fixed")]:
        cells = {**dict.fromkeys(COLUMNS, ""), "where": "any", **{key: value for key, value in row.items() if value}}
        lines.append("\t".join(cells[column] for column in COLUMNS))
    args.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
