"""Write the tables of telex and vni: what the keys were, for every toned or marked Vietnamese letter.

    python tools/vietnamese_input.py --out attacks/tables

The tone key may follow its letter or end the syllable, and in VNI the key of the letter may wait for the end too; the
input method takes either, so both are rows, with weights in a hundred.
"""

import argparse
import unicodedata
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

LETTERS = ("a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y")
TONES = ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323")
RESTS = ("i", "y", "u", "o", "a", "e", "c", "ch", "m", "n", "ng", "nh", "p", "t")
"""What may follow the letter with the tone in its syllable (Thompson 1965, A Vietnamese Grammar, ch. 3)."""


class Method(NamedTuple):
    """An input method: its key or keys for a marked letter, the keys of the tones, and its typings with weights."""

    name: str
    source: str
    marks: dict[str, str]
    tones: str
    orders: tuple[tuple[str, int], ...]

    def keys(self, letter: str, tone: str, rest: str) -> Iterator[tuple[str, int]]:
        """What is typed for a letter and the rest of its syllable, with weights."""
        base = unicodedata.normalize("NFD", letter)[0]
        mark = self.marks.get(letter, "")
        key = self.tones[TONES.index(tone)].strip()
        for order, weight in self.orders:
            yield order.format(base=base, mark=mark, tone=key, rest=rest), weight


TELEX = Method(
    "telex",
    "Telex input method as in UniKey",
    {"ă": "w", "â": "a", "ê": "e", "ô": "o", "ơ": "w", "ư": "w"},
    " sfrxj",
    (("{base}{mark}{tone}{rest}", 35), ("{base}{mark}{rest}{tone}", 65)),
)
VNI = Method(
    "vni",
    "VNI input method as in UniKey",
    {"ă": "8", "â": "6", "ê": "6", "ô": "6", "ơ": "7", "ư": "7"},
    " 12345",
    (("{base}{mark}{tone}{rest}", 30), ("{base}{mark}{rest}{tone}", 40), ("{base}{rest}{mark}{tone}", 30)),
)


def rows(method: Method) -> Iterator[tuple[str, str, str, int]]:
    """from (NFD), to, where and weight of every letter, alone and with what may follow it at the end of a word."""
    yield "đ", "dd" if method is TELEX else "d9", "any", 100
    for letter, tone in product(LETTERS, TONES):
        source = unicodedata.normalize("NFD", letter + tone)
        if source == letter:
            continue
        for to in dict.fromkeys(to for to, _ in method.keys(letter, tone, "")):
            yield source, to, "any", 100
            if letter == "ơ":  # both letters of ươ take their mark from one key
                yield unicodedata.normalize("NFD", "ư") + source, "u" + to, "any", 100
        for rest in RESTS:
            typed: dict[str, int] = {}
            for to, weight in method.keys(letter, tone, rest):
                typed[to] = typed.get(to, 0) + weight
            for to, weight in typed.items():
                yield source + rest, to, "final", weight
                if letter == "ơ":
                    yield unicodedata.normalize("NFD", "ư") + source + rest, "u" + to, "final", weight


def main() -> None:
    """Write both tables."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the folder of the tables")
    out = parser.parse_args().out
    for method in (TELEX, VNI):
        lines = [f"# source: {method.source}", "# version: 1", "# licence: CC0-1.0"]
        lines += ["# note: made by tools/vietnamese_input.py", "# form: nfd", "# case: fold", "from\tto\twhere\tweight"]
        lines += ["\t".join((source, to, where, str(weight))) for source, to, where, weight in rows(method)]
        path = out / method.name / "vi.tsv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
