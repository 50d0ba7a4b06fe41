"""Carry what is learned of Hindi over to Urdu: ``python tools/romanisation/urdu.py TRAIN.tsv LETTERS.tsv HINDI.tsv TABLE.tsv``.

Hindi and Urdu are said alike. So the words of the Hindi training lexicon of Dakshina are written in Urdu's letters (by
the table of the attack ``urdu-script``, short vowels left out), and from these and their romanisations it is learned
which Latin letters the Urdu ones stand for, the vowels that are not written with them. HINDI is Hindi's own table. No
Urdu lexicon is looked at.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import regex
from align import Pair, aligned
from learn import learned, read, rows
from sets import compact, expanded

from robustx.perturb.operators.respell import Respell
from robustx.perturb.tables import read_table

CONSONANTS = frozenset("بپتٹجچدڈرڑزسشفقکگلمنہ")
WEAK = frozenset("اویآئؤےں")
CLASSES = [
    CONSONANTS, WEAK, frozenset("ھ"), frozenset("#"), CONSONANTS | frozenset("#"), frozenset("اآ"), frozenset("وؤ"),
    frozenset("یئے"), frozenset("ھہ"), frozenset("بپم"), frozenset("رلڑ"), frozenset("نمں"), frozenset("تٹدڈ"),
    frozenset("سشزچج"), frozenset("کگقخغ"), frozenset("خغحعصضطظذثژ"),
]  # fmt: skip
PIECES = regex.compile(r"[بپتٹجچدڈرڑکگ]ھ|.", regex.S)
GAIN, LEAST, SHARE, SHORT, SPELLINGS = 100.0, 50.0, 0.03, 3, 6
ALIKE = {"س": "صث", "ت": "ط", "ز": "ذضظ", "ہ": "ح"}
"""Letters of Arabic words and the one of the same sound that Hindi words are written with."""


def shape(piece: str, word: str, start: int) -> str:
    """The letters that a piece may have: a consonant takes the short vowel after it along."""
    if piece[0] in CONSONANTS or piece[0] in "خغ":
        return r"[^aeiou]{0,4}[aeiou]{0,2}"
    if piece in "وی":
        return r"[vwyj]{0,2}[aeiouy]{0,3}w?|[aeiou]{1,2}[yvwh]?"
    return r"[nm]?g?" if piece == "ں" else r"[aeiouyw]{0,4}|[aeiou]h"


def written(pairs: Iterable[Pair], table: Path) -> Iterator[Pair]:
    """The pairs with their words in Urdu's letters; those that end in a long a also with the silent he of Persian."""
    respell = Respell(read_table(table, "hi"))
    for word, romanised, count in pairs:
        for one in respell.spellings(word):
            yield Pair(one.written, romanised, count * one.share)
            if one.written.endswith("ا") and len(one.written) > 2:
                yield Pair(one.written[:-1] + "ہ", romanised, 0.2 * count * one.share)


def alike(found: Iterable[str]) -> Iterator[str]:
    """The rows, and again for the letters of Arabic words that sound the same."""
    for row in found:
        string, to, where, *sets, weight = row.split("\t")
        sets = [expanded(one) for one in sets]
        for letter, others in ALIKE.items():
            sets = [one.replace(letter, letter + others) for one in sets]
        for other in [string, *ALIKE.get(string, "")]:
            yield "\t".join([other, to, where, *map(compact, sets), weight])


def short_words(pairs: Iterable[Pair], letters: Path, hindi: Path) -> Iterator[str]:
    """Rows for whole short words, whose vowels the letters do not tell: half as attested, half as Hindi's table has it."""
    to_urdu, to_latin = Respell(read_table(letters, "hi")), Respell(read_table(hindi, "hi"))
    by_word: dict[str, Counter[str]] = {}
    for word, romanised, count in pairs:
        by_word.setdefault(word, Counter())[romanised] += count
    found: dict[str, Counter[str]] = {}
    for word, attested in by_word.items():
        for one in to_urdu.spellings(word):
            if len(PIECES.findall(one.written)) <= SHORT:
                spelt = found.setdefault(one.written, Counter())
                for romanised, count in attested.items():
                    spelt[romanised] += count / 2
                for spelling in to_latin.spellings(word):
                    spelt[spelling.written] += spelling.share * attested.total() / 2
    for word, spelt in sorted(found.items()):
        for romanised, count in spelt.most_common(SPELLINGS):
            yield "\t".join([word, romanised, "whole", "", "", f"{max(count, 0.01):.2f}"])


HEAD = """\
# source: the Hindi training lexicon of Dakshina 1.0 (arXiv:2007.01176) in Urdu letters, by tools/romanisation/urdu.py
# note: ع ء ۂ and marks by hand
# version: 1
# licence: CC BY-SA 4.0
# note: weight is the share in percent of the letters that people gave the piece, between such neighbours
from\tto\twhere\tafter\tbefore\tweight
"""


def main() -> None:
    """Read the lexicon and the letters, write the table; rows by hand are taken over from ``specs/ur.tsv``."""
    parser = argparse.ArgumentParser()
    parser.add_argument("train", type=Path)
    parser.add_argument("letters", type=Path)
    parser.add_argument("hindi", type=Path)
    parser.add_argument("table", type=Path)
    given = parser.parse_args()
    lexicon = read(given.train)
    leaves = learned(aligned(written(lexicon, given.letters), PIECES, shape), CLASSES, GAIN, LEAST)
    made = [*short_words(lexicon, given.letters, given.hindi)]
    made += alike(
        row for string, found in leaves.items() for leaf in found for row in rows(string, leaf, CLASSES, SHARE)
    )
    by_hand = (Path(__file__).parent / "specs" / "ur.tsv").read_text(encoding="utf-8")
    given.table.write_text(HEAD + "\n".join(made) + "\n" + by_hand, encoding="utf-8")


if __name__ == "__main__":
    main()
