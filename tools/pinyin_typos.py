"""Derive the Chinese keyboard table: characters whose toneless pinyin differs by one touching QWERTY key.

    python tools/pinyin_typos.py --unihan /usr/share/unicode --unihan-version 15.0.0 --out attacks/tables/keyboard

Chinese is mostly typed as pinyin without tones, and the input method offers a syllable's most frequent characters
first. So a slip turns a character into one of the most frequent characters of the neighbouring syllable. Both sides are
among the 3,500 characters of level 1 of the Table of General Standard Chinese Characters (kTGH).
"""

import argparse
import bz2
import re
import unicodedata
from collections import defaultdict
from pathlib import Path

from chinese_kept import KEPT
from keyboards import Head, Row, qwerty_neighbours, write_table

COMMON = 3500  # level 1 of the table
TARGETS = 4


def read_unihan(path: Path, fields: set[str]) -> dict[str, dict[str, str]]:
    """Field -> character -> value, from one Unihan file (plain or bz2)."""
    text = bz2.decompress(path.read_bytes()).decode("utf-8") if path.suffix == ".bz2" else path.read_text("utf-8")
    out: dict[str, dict[str, str]] = defaultdict(dict)
    for line in text.splitlines():
        if line.startswith("U+"):
            code, field, value = line.split("\t", 2)
            if field in fields:
                out[field][chr(int(code[2:], 16))] = value
    return out


def toneless(reading: str) -> str:
    """A reading as it is typed: no tone, v for u with diaeresis."""
    plain = unicodedata.normalize("NFD", reading.strip()).replace("u\u0308", "v")
    return "".join(char for char in plain if char.isascii() and char.isalpha())


def main_readings(folder: Path) -> dict[str, tuple[str, int]]:
    """Common character -> (its most frequent reading, how often that reading was counted)."""
    suffix = ".txt.bz2" if (folder / "Unihan_Readings.txt.bz2").exists() else ".txt"
    readings = read_unihan(folder / f"Unihan_Readings{suffix}", {"kHanyuPinlu", "kMandarin"})
    table = read_unihan(folder / f"Unihan_OtherMappings{suffix}", {"kTGH"})["kTGH"]
    out: dict[str, tuple[str, int]] = {}
    for char, entry in table.items():
        if int(entry.split()[0].split(":")[1]) > COMMON:
            continue
        counts: dict[str, int] = defaultdict(int)
        for reading, count in re.findall(r"(\S+?)\((\d+)\)", readings["kHanyuPinlu"].get(char, "")):
            counts[toneless(reading)] += int(count)
        if not counts:
            counts[toneless(readings["kMandarin"][char].split()[0])] = 0
        out[char] = max(counts.items(), key=lambda item: item[1])
    return out


def rows(folder: Path) -> set[Row]:
    """For each common character, the most frequent characters that one slip of a key gives."""
    readings, near = main_readings(folder), qwerty_neighbours()
    of_syllable: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for char, (syllable, count) in readings.items():
        if count and char not in KEPT:
            of_syllable[syllable].append((count, char))
    out: set[Row] = set()
    for char in readings.keys() - KEPT:
        syllable = readings[char][0]
        slips = [
            syllable[:index] + slip + syllable[index + 1 :]
            for index, letter in enumerate(syllable)
            for slip in near[letter]
        ]
        offered = sorted((pair for slip in slips for pair in of_syllable[slip]), key=lambda pair: (-pair[0], pair[1]))
        out |= {(char, target, "any") for _, target in offered[:TARGETS]}
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the Chinese pinyin-slip table.")
    parser.add_argument("--unihan", type=Path, required=True, help="folder of the Unihan files")
    parser.add_argument("--unihan-version", required=True, help="for the header")
    parser.add_argument("--out", type=Path, required=True, help="folder for the table")
    args = parser.parse_args()
    head: Head = {
        "source": f"Unihan {args.unihan_version}: kHanyuPinlu, kMandarin, kTGH; QWERTY key positions of ISO/IEC 9995",
        "version": "1",
        "licence": "Unicode-DFS-2016",
        "note": "layout: pinyin on QWERTY (toneless, v for u with diaeresis), one letter hit on a touching key\n"
        f"simplified characters; at most {TARGETS} targets a character, the most frequent ones\n"
        "characters that deny or count are neither replaced nor put in",
    }
    print(f"zh: {write_table(args.out / 'zh.tsv', 'zh', head, rows(args.unihan))} rows")


if __name__ == "__main__":
    main()
