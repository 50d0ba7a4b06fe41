"""Derive the tables that write Chinese words in pinyin, with and without tone marks, and in zhuyin.

Run by a maintainer: ``python tools/chinese_romanisation.py JIEBA_DICT OPENCC_DICTIONARIES TABLES`` with the ``dict.txt``
of jieba (MIT), the dictionary folder of OpenCC (Apache-2.0) and the folder ``attacks/tables``. Needs pypinyin (MIT).
A frequent word of two characters is written as one, in its own readings (GB/T 16159); the syllables of two characters
that are no such word stand apart, each in the reading that the character has most often in the dictionary's words.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from pypinyin import Style, pinyin

WORDS = 8000
BIG5_LEVEL_1 = b"\xc6\x7e"
VOWELS = "aāáǎàoōóǒòeēéěè"
"""A syllable that begins with one of these is parted from the one before it by an apostrophe (GB/T 16159, 7.3)."""


class Lexicon(NamedTuple):
    """Frequent words of two characters, most frequent first, and how often each character has each reading."""

    words: list[str]
    readings: dict[str, Counter[str]]


class Script(NamedTuple):
    """A table to write: its folder, how pypinyin is asked for it, and other spellings of a syllable with weights."""

    folder: str
    style: Style
    note: str


SCRIPTS = (
    Script("pinyin", Style.NORMAL, "without tones, as people type it; ü is mostly typed v"),
    Script("pinyin-tones", Style.TONE, "with the tone marks of Hanyu pinyin; tone sandhi is not written"),
    Script("zhuyin", Style.BOPOMOFO, "with tone marks; syllables of a word are written together"),
)


def read_lexicon(dictionary: Path, style: Style, encoding: str, to: dict[str, str]) -> Lexicon:
    """Count words and readings over the dictionary, in simplified characters or as ``to`` writes them."""
    frequency: Counter[str] = Counter()
    readings: dict[str, Counter[str]] = defaultdict(Counter)
    for line in dictionary.read_text(encoding="utf-8").splitlines():
        simplified, times = line.split(" ")[:2]
        word = to.get(simplified) or "".join(to.get(c, c) for c in simplified)
        if not all(is_covered(c, encoding) for c in word):
            continue
        found = syllables(simplified, style)
        if len(word) == 2 and len(found) == 2:
            frequency[word] += int(times)
        for character, reading in zip(word, found, strict=True):
            readings[character][reading] += int(times)
    return Lexicon([word for word, _ in frequency.most_common(WORDS)], readings)


@cache
def syllables(word: str, style: Style) -> tuple[str, ...]:
    """Read a word, one syllable a character. In zhuyin the dot of the neutral tone stands before the syllable."""
    found = (found[0] for found in pinyin(word, style=style, v_to_u=True))
    return tuple("\u02d9" + one[:-1] if one.endswith("\u02d9") else one for one in found)


def is_covered(character: str, encoding: str) -> bool:
    """Tell whether the character is a Han character of GB 2312, or of the everyday ones of Big5 (level 1)."""
    try:
        code = character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return len(code) == 2 and "\u4e00" <= character <= "\u9fff" and (encoding != "big5" or code <= BIG5_LEVEL_1)


def joined(found: tuple[str, ...], style: Style) -> str:
    """Write syllables as one word."""
    if style == Style.BOPOMOFO:
        return "".join(found)
    return found[0] + "".join("'" + one if one[0] in VOWELS else one for one in found[1:])


def spelt(written: str, style: Style) -> list[tuple[str, int]]:
    """Give the ways to type what has been written, with weights."""
    if style == Style.NORMAL and "ü" in written:
        return [(written.replace("ü", "v"), 3), (written.replace("ü", "u"), 1), (written, 1)]
    return [(written, 1)]


def rows(lexicon: Lexicon, style: Style, encoding: str, to: dict[str, str]) -> list[str]:
    """Write the rows: words, then characters, which part from what follows them in the word."""
    back = {written: word for word, written in to.items() if len(word) == 2}
    back_one = {written: word for word, written in sorted(to.items(), reverse=True) if len(word) == 1}
    found = []
    for word in sorted(lexicon.words):
        simplified = back.get(word) or "".join(back_one.get(c, c) for c in word)
        for written, weight in spelt(joined(syllables(simplified, style), style), style):
            found.append(f"{word}\t{written}\t\t{weight}")
    every = [chr(c) for c in range(0x4E00, 0xA000) if is_covered(chr(c), encoding)]
    for character in every:
        counted = lexicon.readings.get(character)
        reading = counted.most_common(1)[0][0] if counted else syllables(character, style)[0]
        if reading == character:
            continue
        for written, weight in spelt(reading, style):
            found += [f"{character}\t{written}\t[#]\t{weight}", f"{character}\t{written} \t[^#]\t{weight}"]
    return found


def traditional(folder: Path) -> dict[str, str]:
    """Read how OpenCC writes characters, and words of two, in traditional characters: its first choice."""
    found: dict[str, str] = {}
    for name in ("STCharacters", "STPhrases"):
        for line in (folder / f"{name}.txt").read_text(encoding="utf-8").splitlines():
            source, targets = line.split("\t")
            found[source] = targets.split(" ")[0]
    return found


def main() -> None:
    """Read the dictionaries, write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("dictionary", type=Path, help="jieba's dict.txt")
    parser.add_argument("opencc", type=Path, help="the folder of OpenCC's dictionaries")
    parser.add_argument("tables", type=Path, help="the folder attacks/tables")
    given = parser.parse_args()
    counted = f"readings from pypinyin {version('pypinyin')}; frequencies from the dictionary of jieba 0.42.1"
    simplified, converted = ("zh", "gb2312", {}), ("zh-Hant", "big5", traditional(given.opencc))
    for script in SCRIPTS:
        for code, encoding, to in (simplified, converted):
            if script.folder == "zhuyin" and code == "zh":
                continue
            lexicon = read_lexicon(given.dictionary, script.style, encoding, to)
            source = counted + ("; traditional characters from OpenCC" if to else "")
            head = [f"# source: {source}; made by tools/chinese_romanisation.py", "# version: 1"]
            head += ["# licence: MIT" + (" and Apache-2.0" if to else ""), f"# note: {script.note}"]
            head += ["# cover: all", "# apart: word", "from\tto\tbefore\tweight"]
            made = rows(lexicon, script.style, encoding, to)
            path = given.tables / script.folder / f"{code}.tsv"
            path.parent.mkdir(exist_ok=True)
            path.write_text("\n".join(head + made) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
