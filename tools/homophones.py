"""Derive the Chinese tables: characters with the same or nearly the same pinyin, and the most frequent characters.

Run by a maintainer, once: ``python tools/homophones.py JIEBA_DICT TABLES`` with the ``dict.txt`` of jieba (MIT) and the
folder ``attacks/tables``. Needs pypinyin (MIT). A character's frequency is that of the dictionary's words it stands in,
and a reading's share is that of the words in which pypinyin reads it so; rare readings are left out.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from importlib.metadata import version
from pathlib import Path

from chinese_kept import KEPT
from pypinyin import lazy_pinyin

COMMON = 3000
TARGETS = 9
"""As many as an input method shows on its first page."""
LETTERS = 150
MIN_SHARE_FROM, MIN_SHARE_TO = 0.05, 0.2
INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("r", "l"), ("hu", "f"))
FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"), ("v", "u"), ("uo", "ou"))
"""The pairs that input methods offer to forgive, u for ü, and uo for ou, which learners of pinyin take for one another."""


def is_common_simplified(character: str) -> bool:
    """Tell whether the character is on level 1 of GB 2312, its 3,755 everyday characters."""
    try:
        code = character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return len(code) == 2 and 0xB0 <= code[0] <= 0xD7


def count(dictionary: Path) -> tuple[list[str], dict[str, Counter[str]]]:
    """Find the common characters, most frequent first, and how often each has each toneless reading."""
    frequency: Counter[str] = Counter()
    readings: dict[str, Counter[str]] = defaultdict(Counter)
    for line in dictionary.read_text(encoding="utf-8").splitlines():
        word, times = line.split(" ")[:2]
        if not all(is_common_simplified(c) for c in word):
            continue
        for character, reading in zip(word, lazy_pinyin(word, v_to_u=False), strict=True):
            frequency[character] += int(times)
            readings[character][reading] += int(times)
    return [c for c, _ in frequency.most_common(COMMON)], readings


def near(syllable: str) -> set[str]:
    """Give the syllables that fuzzy-pinyin typing takes for this one: one initial or one final changed."""
    found = set()
    for long, short in INITIALS:
        if syllable.startswith(long):
            found.add(short + syllable[len(long) :])
        elif syllable.startswith(short) and syllable[len(short) : len(short) + 1] != "h":
            found.add(long + syllable[len(short) :])
    for long, short in FINALS:
        if syllable.endswith(long):
            found.add(syllable[: -len(long)] + short)
        elif syllable.endswith(short):
            found.add(syllable[: -len(short)] + long)
    return found


def pairs(common: list[str], readings: dict[str, Counter[str]], *, fuzzy: bool) -> list[tuple[str, str]]:
    """Pair characters of the same toneless reading, or a near one; at most ``TARGETS`` each, most frequent first."""
    shares = {c: {r: n / readings[c].total() for r, n in readings[c].items()} for c in common}
    by_reading: dict[str, list[str]] = defaultdict(list)
    for character in common:
        for reading, share in shares[character].items():
            if share >= MIN_SHARE_TO and character not in KEPT:
                by_reading[reading].append(character)
    rank = {c: i for i, c in enumerate(common)}
    found = []
    for character in sorted(set(common) - KEPT):
        own = {r for r, share in shares[character].items() if share >= MIN_SHARE_FROM}
        wanted = {n for r in own for n in near(r)} - own if fuzzy else own
        others = {other for reading in wanted for other in by_reading.get(reading, ())} - {character}
        found += [(character, other) for other in sorted(others, key=rank.__getitem__)[:TARGETS]]
    return found


def write(path: Path, head: list[str], rows: list[str]) -> None:
    """Write a table: its facts, then its rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([f"# {line}" for line in head] + rows) + "\n", encoding="utf-8")


def main() -> None:
    """Read the dictionary, write the three tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("dictionary", type=Path, help="jieba's dict.txt")
    parser.add_argument("tables", type=Path, help="the folder attacks/tables")
    given = parser.parse_args()
    common, readings = count(given.dictionary)
    counted = "frequencies from the dictionary of jieba 0.42.1"
    read = f"readings from pypinyin {version('pypinyin')}; {counted}; common characters from GB 2312, level 1"
    head = [f"source: {read}; made by tools/homophones.py", "version: 2", "licence: MIT"]
    kept = "note: characters that deny or count are neither replaced nor put in"
    order = f"note: at most {TARGETS} for a character, the most frequent first; tones may differ"
    for name, fuzzy, what in (
        ("homophone", False, "note: same-pinyin errors of input methods"),
        (
            "homophone-near",
            True,
            "note: near-pinyin errors, one at a time: zh z, ch c, sh s, n l, r l, hu f, an ang, en eng, in ing, v u, uo ou",
        ),
    ):
        rows = [f"{a}\t{b}" for a, b in pairs(common, readings, fuzzy=fuzzy)]
        write(given.tables / name / "zh.tsv", [*head, what, order, kept], ["from\tto", *rows])
    letters = sorted([c for c in common if c not in KEPT][:LETTERS])
    head = [f"source: {counted}; made by tools/homophones.py", "version: 1", "licence: MIT"]
    head += [f"note: the {LETTERS} most frequent characters", kept]
    write(given.tables / "letters" / "zh.tsv", head, ["to", *letters])


if __name__ == "__main__":
    main()
