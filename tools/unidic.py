"""Read the words of UniDic: what stands in the compiled lexicon of unidic-lite, for the tools that derive tables.

UniDic 2.1.2 is the UniDic Consortium's, under the BSD licence (one of three at choice).
"""

from __future__ import annotations

import struct
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

import unidic_lite

SOURCE = "words, readings and costs of UniDic 2.1.2 (unidic-lite 1.0.8)"
LICENCE = "BSD-3-Clause (Copyright (c) 2011-2013, The UniDic Consortium)"
_HEADER, _TOKEN = struct.Struct("<10I32x"), struct.Struct("<HHHhII")
_JIS_LEVEL_1 = b"\xcf\xd3"


class Word(NamedTuple):
    """One form of a word, as it is written, read and said; the lower the cost, the more frequent."""

    written: str
    kana: str
    spoken: str
    part: str
    kind: str
    conjugation: str
    form: str
    lemma: str
    base: str
    origin: str
    cost: int
    ids: tuple[int, int]


def words() -> list[Word]:
    """Every form of the lexicon that is modern and has a reading (the header and tokens of a MeCab dictionary)."""
    content = (Path(unidic_lite.DICDIR) / "sys.dic").read_bytes()
    head = _HEADER.unpack_from(content)
    trie, tokens = head[6], head[7]
    features = content[_HEADER.size + trie + tokens :]
    found = []
    for at in range(_HEADER.size + trie, _HEADER.size + trie + tokens, _TOKEN.size):
        left, right, _, cost, offset, _ = _TOKEN.unpack_from(content, at)
        cells = features[offset : features.index(b"\0", offset)].decode("utf-8").split(",")
        if len(cells) > 17 and cells[17] not in ("", "*") and not cells[4].startswith("文語") and cells[0] != "記号":
            named = (*cells[:2], cells[4], cells[5], f"{cells[7]} {cells[6]}", cells[10], cells[12])
            found.append(Word(cells[8], hiragana(cells[17]), cells[9], *named, cost, (left, right)))
    return found


def met(every: list[Word]) -> set[tuple[str, str, str, str]]:
    """The words that stood in the texts that UniDic's costs were learnt from, by ``key``.

    A word that did not has the cost of its class, which is the commonest there is in it.
    """
    costs: dict[tuple[int, int], Counter[int]] = defaultdict(Counter)
    for word in every:
        costs[word.ids][word.cost] += 1
    usual = {ids: counted.most_common(1)[0][0] for ids, counted in costs.items() if counted.total() >= 50}
    return {key(word) for word in every if word.cost < usual.get(word.ids, word.cost + 1)}


def key(word: Word) -> tuple[str, str, str, str]:
    """What all forms of a word have in common, in one spelling."""
    return word.base, word.conjugation, word.part, word.kind


def hiragana(kana: str) -> str:
    """Write katakana as hiragana."""
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in kana)


@cache
def is_everyday(character: str) -> bool:
    """Tell whether a kanji is on level 1 of JIS X 0208, its 2,965 everyday ones, or any other character is kana."""
    if not "\u3400" <= character <= "\u9fff":
        return True
    try:
        code = character.encode("euc_jp")
    except UnicodeEncodeError:
        return False
    return len(code) == 2 and code <= _JIS_LEVEL_1
