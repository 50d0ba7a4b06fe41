"""Learn how people romanise Hindi: ``python tools/romanisation/hindi.py TRAIN.tsv TABLE.tsv``.

TRAIN is ``hi.translit.sampled.train.tsv`` of Dakshina 1.0 (Roark et al. 2020, CC BY-SA 4.0): a word, a romanisation and
how many people gave it, tab-separated. The table says for each piece of a word, by what stands around it, how it is
written and how often.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import regex
from align import Pair, Piece, aligned
from tree import EDGE, REACH, Leaf, Sets, grown, seen

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
GAIN, LEAST, SHARE, SHORT = 40.0, 20.0, 0.015, 3


def shape(piece: str, word: str, start: int) -> str:
    """The letters that a piece may have."""
    if piece[0] in CONSONANTS:
        following = word[start + len(piece) : start + len(piece) + 1]
        if piece.endswith("्"):
            return r"[^aeiou]{0,3}|[^aeiou]{1,2}[aeiu]"
        return r"[^aeiou]{0,3}" if following in SIGNS else r"[^aeiou]{0,3}[aeiou]{0,2}|[^aeiou]ah"
    if piece in SIGNS or piece in VOWELS:
        return r"[aeiouyw]{0,3}|r[aeiou]{0,2}|[aeiou]h"
    return r"[^aeiou]{0,2}"


def read(path: Path) -> list[Pair]:
    """The pairs of a Dakshina lexicon."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return [Pair(word, romanised, float(count)) for word, romanised, count in rows]


def learned(alignments: Iterable[list[Piece]], gain: float, least: float) -> dict[str, list[Leaf]]:
    """The leaves of every piece's tree."""
    by_piece: dict[str, list[Piece]] = {}
    for pieces in alignments:
        for piece in pieces:
            by_piece.setdefault(piece.word[piece.start : piece.stop], []).append(piece)
    return {
        string: list(grown([seen(p) for p in found], CLASSES, gain, least)) for string, found in sorted(by_piece.items())
    }


def rows(string: str, leaf: Leaf) -> Iterable[str]:
    """The rows of a leaf; letters given too rarely are left out."""
    before, after = _sets(leaf.sets[REACH:]), _sets(leaf.sets[:REACH][::-1])[::-1]
    for chunk, share in sorted(leaf.shares.items(), key=lambda one: (-one[1], one[0])):
        if share >= SHARE:
            yield "\t".join([string, chunk, "", "".join(after), "".join(before), f"{100 * share:.1f}"])


def short_words(pairs: Iterable[Pair]) -> Iterable[str]:
    """Rows for whole words of few pieces: the commonest words are short, and some are spelt by custom."""
    for word, romanised, count in pairs:
        if len(PIECES.findall(word)) <= SHORT:
            yield "\t".join([word, romanised, "whole", "", "", f"{count:.1f}"])


def _sets(sets: Sets) -> list[str]:
    """The neighbours from the nearest outwards as sets of a table; the last that may be anything are left out."""
    everything = frozenset().union(*CLASSES)
    made = [_set(one, everything) for one in sets]
    while made and made[-1] == _ANY:
        made.pop()
    return made


_ANY = r"[\s\S]"


def _set(members: frozenset[str], everything: frozenset[str]) -> str:
    if members == everything:
        return _ANY
    others = everything - members
    if len(others) < len(members):
        return f"[^{''.join(sorted(others))}]"
    return f"[{''.join(sorted(members))}]"


HEAD = """\
# source: estimated by tools/romanisation/hindi.py from the Hindi training lexicon of Dakshina 1.0 (Roark et al. 2020, arXiv:2007.01176)
# version: 1
# licence: CC BY-SA 4.0
# note: weight is the share in percent of the letters that people gave the piece, between such neighbours; of whole short words, how many people wrote so
from\tto\twhere\tafter\tbefore\tweight
"""


def main() -> None:
    """Read the lexicon, write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("train", type=Path)
    parser.add_argument("table", type=Path)
    given = parser.parse_args()
    pairs = read(given.train)
    leaves = learned(aligned(pairs, PIECES, shape), GAIN, LEAST)
    made = [*short_words(pairs)]
    made += [row for string, found in leaves.items() for leaf in found for row in rows(string, leaf)]
    given.table.write_text(HEAD + "\n".join(made) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
