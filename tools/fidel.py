"""Write the Amharic tables of romanise-standard, romanise-attested and round-trip from the values of the letters.

    python tools/fidel.py --out attacks/tables

A letter of the sixth order is a bare consonant or one with a short vowel, and the script does not say which. Here a
syllable is opened by the first of two such letters and closed by the second, counted from the beginning of the word or
from the last letter with a vowel of its own, which the first one after it closes: መንግስት is men-gis-t.
"""

import argparse
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parent / "data" / "fidel.tsv"
SIXTH = 5
LABIAL = {0: "o", 2: "wī", 3: "wa", 4: "wē", 5: "wi"}
STANDARD = ("e", "u", "ī", "a", "ē", "i", "o", "wa")
TYPED: tuple[tuple[tuple[str, int], ...], ...] = (
    (("e", 100),), (("u", 100),), (("i", 85), ("ee", 15)), (("a", 100),), (("e", 70), ("ie", 30)),
    (("i", 60), ("e", 40)), (("o", 100),), (("wa", 80), ("ua", 20)),
)  # fmt: skip


NO_EIGHTH = "ቀኸወየገ"
"""Consonants whose eighth letter is not theirs: those with a labialised series beside them, and kh, w and y."""


class Series(NamedTuple):
    """A consonant with its seven orders and the labialised eighth."""

    first: str
    standard: str
    typed: tuple[tuple[str, int], ...]
    back: str
    kind: str

    def letter(self, order: int) -> str:
        """The letter of an order, from 0."""
        return chr(ord(self.first) + order)

    @property
    def orders(self) -> list[int]:
        """The orders that Amharic writes: the eighth is another letter where no ``wa`` is said."""
        if self.kind == "labial":
            return list(LABIAL)
        return list(range(7 if self.kind or self.first in NO_EIGHTH else 8))

    def vowel(self, order: int) -> str:
        """The vowel of an order in BGN/PCGN: h and the glottal stop have the a sound in the first too."""
        if self.kind == "labial":
            return LABIAL[order]
        return "ā" if order == 0 and self.kind else STANDARD[order]

    def typed_vowels(self, order: int) -> tuple[tuple[str, int], ...]:
        """The vowel of an order as it is typed, with weights in a hundred."""
        if self.kind == "labial":
            return ((LABIAL[order].replace("ī", "i").replace("ē", "e"), 100),)
        return (("a", 100),) if order == 0 and self.kind else TYPED[order]


class Row(NamedTuple):
    """A row of a table."""

    source: str
    to: str
    after: str = ""
    before: str = ""
    weight: int = 0


def read() -> list[Series]:
    """The consonants, with their typed values and weights."""
    lines = [line for line in DATA.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    series = []
    for line in lines[1:]:
        first, standard, typed, back, kind = (line.split("\t") + [""] * 4)[:5]
        values = [value.partition("=") for value in typed.split(",")]
        series.append(Series(first, standard, tuple((v, int(w or 100)) for v, _, w in values), back, kind))
    return series


def standard(series: list[Series]) -> Iterator[Row]:
    """BGN/PCGN 1967."""
    sixths = sixth_letters(series)
    for one in series:
        for order in one.orders:
            to = one.standard + one.vowel(order)
            if one.kind == "glottal":
                yield Row(one.letter(order), one.vowel(order), "[#]")
                yield Row(one.letter(order), to, "[^#]")
            elif one.letter(order) in sixths:
                yield Row(one.letter(order), to, f"[#{sixths}]", "[^#]")
                yield Row(one.letter(order), one.standard, f"[^#{sixths}]", "[^#]")
                yield Row(one.letter(order), one.standard, "", "[#]")
            else:
                yield Row(one.letter(order), to)
    for opens, closes in pairs(series):
        pair = opens.letter(SIXTH) + closes.letter(SIXTH)
        if opens.kind == "glottal":
            yield Row(pair, "i" + closes.standard, "[#]")
        yield Row(
            pair, opens.standard + "i" + closes.standard, f"[{sixths}]" if opens.kind == "glottal" else f"[#{sixths}]"
        )


def sixth_letters(series: list[Series]) -> str:
    """The letters that may be bare consonants."""
    return "".join(one.letter(SIXTH) for one in series if one.kind != "labial")


def pairs(series: list[Series]) -> Iterator[tuple[Series, Series]]:
    """Every two consonants whose sixth orders may open and close a syllable."""
    bare = [one for one in series if one.kind != "labial"]
    return ((opens, closes) for opens, closes in product(bare, bare) if closes.kind != "glottal")


def attested(series: list[Series]) -> Iterator[Row]:
    """As people type, with weights in a hundred."""
    sixths = sixth_letters(series)
    for one in series:
        for order in one.orders:
            opened = [(c + v, cw * vw // 100) for (c, cw), (v, vw) in product(one.typed, one.typed_vowels(order))]
            if one.letter(order) not in sixths or one.kind == "glottal":
                yield from (Row(one.letter(order), to, weight=weight) for to, weight in opened)
                continue
            yield from (Row(one.letter(order), to, f"[#{sixths}]", "[^#]", weight) for to, weight in opened)
            yield from (Row(one.letter(order), c, f"[^#{sixths}]", "[^#]", weight) for c, weight in one.typed)
            yield from (Row(one.letter(order), c, "", "[#]", weight) for c, weight in one.typed)
    for opens, closes in pairs(series):
        for (c, cw), (v, vw) in product(opens.typed, TYPED[SIXTH]):
            pair = opens.letter(SIXTH) + closes.letter(SIXTH)
            yield Row(pair, c + v + closes.typed[0][0], f"[#{sixths}]", weight=cw * vw // 100)


def back(series: list[Series]) -> Iterator[Row]:
    """What Latin letters cannot tell: letters that sound alike, ejectives, and the fifth order, which is typed e."""
    plain = {one.first: one for one in series}
    for one in series:
        target = plain[one.back] if one.back else one
        for order in one.orders:
            lost = order == 3 if one.kind in ("guttural", "glottal") else order == 4 and one.kind != "labial"
            kept = 0 if lost else order if order in target.orders else 3
            if target.letter(kept) != one.letter(order):
                yield Row(one.letter(order), target.letter(kept))


def write(path: Path, head: dict[str, str], rows: Iterator[Row]) -> None:
    """A table with the columns that its rows use."""
    found = list(rows)
    used = [name for name in Row._fields if name in ("source", "to") or any(getattr(row, name) for row in found)]
    lines = [f"# {key}: {value}" for key, value in head.items()]
    lines.append("\t".join(used).replace("source", "from"))
    lines += ["\t".join(str(getattr(row, name)) for name in used) for row in found]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Write the three tables."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the folder of the tables")
    out, series = parser.parse_args().out, read()
    rest = {"version": "1", "licence": "CC0-1.0", "note": "made by tools/fidel.py", "cover": "all"}
    bgn = "BGN/PCGN romanization of Amharic, 1967 system; short vowels of the sixth order supplied by rule"
    write(out / "romanise-standard" / "am.tsv", {"source": bgn, **rest}, standard(series))
    chat = "robustx authors' own compilation of how Amharic is typed in chat; short vowels of the sixth order by rule"
    write(out / "romanise-attested" / "am.tsv", {"source": chat, **rest}, attested(series))
    lost = "letters that informal romanisation writes alike, the commoner one written for the other"
    write(out / "round-trip" / "am.tsv", {"source": lost, **rest, "cover": "some"}, back(series))


if __name__ == "__main__":
    main()
