"""Learn how people romanise Hindi: ``python tools/romanisation/hindi.py TRAIN.tsv TABLE.tsv``.

TRAIN is ``hi.translit.sampled.train.tsv`` of Dakshina 1.0 (Roark et al. 2020, CC BY-SA 4.0): a word, a romanisation and
how many people gave it, tab-separated. The table says for each piece of a word, by what stands around it, how it is
written and how often.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

import regex
from align import Pair, aligned
from learn import learned, read, rows
from tree import EDGE

CONSONANTS = frozenset("कखगघङचछजझञटठडढणतथदधनपफबभमयरलळवशषसह")
SIGNS = frozenset("ािीुूृॅेैॉोौ")
VOWELS = frozenset("अआइईउऊऋऍएऐऑओऔ")
NASALS = frozenset("ंँ")
REST = frozenset("़्ः" + EDGE)
CLASSES = [
    CONSONANTS, SIGNS, VOWELS, NASALS, REST, SIGNS | frozenset("्"), SIGNS | frozenset("्ंँःअआइईउऊऋऍएऐऑओऔ"),
    CONSONANTS | frozenset("#"), frozenset("खघछझठढथधफभह"), frozenset("ङञणनम"), frozenset("यरलव"), frozenset("शषस"),
    frozenset("पफबभम"), frozenset("कखगघ"), frozenset("चछजझ"), frozenset("टठडढतथदध"), frozenset("ािीुू"), frozenset("ेैोौ"),
    frozenset("ीिईइ"), frozenset("ूुऊउ"), frozenset("ाआ"),
]  # fmt: skip
PIECES = regex.compile(r"[क-ह]़?्?|.", regex.S)
VOWELS = frozenset("अआइईउऊएऐओऔािीुूॅेैॉोौ")
GAIN, LEAST, SHARE, SHORT = 40.0, 20.0, 0.015, 3


def shape(piece: str, word: str, start: int) -> str:
    """The letters that a piece may have."""
    if piece[0] in CONSONANTS:
        following = word[start + len(piece) : start + len(piece) + 1]
        if piece.endswith("्"):
            return r"[^aeiou]{0,3}|[^aeiou]{1,2}[aeiu]"
        return r"[^aeiou]{0,3}" if following in SIGNS else r"[^aeiou]{0,3}[aeiou]{0,2}|[^aeiou]ah"
    if piece in SIGNS:
        return r"[aeiouyw]{1,3}|r[aeiou]{0,2}|[aeiou]h"
    if piece in VOWELS:
        return r"[aeiouyw]{0,3}|r[aeiou]{0,2}|[aeiou]h"
    return r"[^aeiou]{0,2}"


def short_words(pairs: Iterable[Pair]) -> Iterable[str]:
    """Rows for whole words of few pieces: the commonest words are short, and some are spelt by custom."""
    for word, romanised, count in pairs:
        if len(PIECES.findall(word)) <= SHORT:
            yield "\t".join([word, romanised, "whole", "", "", f"{count:.1f}"])


HEAD = """\
# source: estimated by tools/romanisation/hindi.py from the Hindi training lexicon of Dakshina 1.0 (arXiv:2007.01176)
# version: 1
# licence: CC BY-SA 4.0
# note: weight is the share in percent of the letters that people gave the piece, between such neighbours
# note: for whole short words, weight is how many people wrote so
from\tto\twhere\tafter\tbefore\tweight
"""


def is_slip(row: str) -> bool:
    """Whether a vowel came out with an r: loanwords such as कॅरिअर are aligned so now and then."""
    piece, latin = row.split("\t")[:2]
    return piece in VOWELS and "r" in latin


def main() -> None:
    """Read the lexicon, write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("train", type=Path)
    parser.add_argument("table", type=Path)
    given = parser.parse_args()
    pairs = read(given.train)
    leaves = learned(aligned(pairs, PIECES, shape), CLASSES, GAIN, LEAST)
    made = [*short_words(pairs)]
    learnt = (row for string, found in leaves.items() for leaf in found for row in rows(string, leaf, CLASSES, SHARE))
    made += [row for row in learnt if not is_slip(row)]
    given.table.write_text(HEAD + "\n".join(made) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
