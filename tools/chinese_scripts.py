"""Derive the tables between simplified and traditional characters, and of regional forms, from OpenCC (Apache-2.0).

Run by a maintainer: ``python tools/chinese_scripts.py OPENCC_DICTIONARIES TABLES``.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

HEAD = "# source: {} of OpenCC (dictionaries of opencc-python-reimplemented 0.1.7); made by tools/chinese_scripts.py"

OTHER_WORDS = "只么幺"
"""Characters whose listed variant is mostly another word."""


def read(folder: Path, name: str) -> dict[str, list[str]]:
    """Read a dictionary: each string and what it becomes, the first choice first."""
    lines = (folder / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return {source: targets.split(" ") for source, targets in (line.split("\t") for line in lines if line)}


def in_taiwan(dictionary: dict[str, list[str]], forms: dict[str, list[str]]) -> dict[str, list[str]]:
    """Write what a dictionary gives in the standard forms of Taiwan."""
    return {
        source: ["".join(forms[c][0] if c in forms else c for c in to) for to in targets]
        for source, targets in dictionary.items()
    }


def is_in(text: str, encoding: str) -> bool:
    """Tell whether all characters are in a character set, and in the basic block of Han characters."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return all("\u4e00" <= c <= "\u9fff" for c in text)


def between(
    one_by_one: dict[str, list[str]], phrases: dict[str, list[str]], encodings: tuple[str, str]
) -> dict[str, str]:
    """Characters by their first choice, and the pairs of characters that are written otherwise than one by one."""
    found = {source: to[0] for source, to in one_by_one.items() if source != to[0]}
    for source, to in phrases.items():
        if len(source) == 2 and len(to[0]) == 2 and "".join(found.get(c, c) for c in source) != to[0] != source:
            found[source] = to[0]
    own, other = encodings
    return {source: to for source, to in found.items() if is_in(source, own) and is_in(to, other)}


def kept_beside(rows: dict[str, str], phrases: dict[str, list[str]]) -> dict[str, tuple[str, str]]:
    """For a character that changes, the characters behind and before which it does not, by the phrases of two."""
    found: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for source, to in phrases.items():
        if len(source) == 2:
            first, last = source
            if first in rows and to[0][:1] == first:
                found[first][1].add(last)
            if last in rows and to[0][-1:] == last:
                found[last][0].add(first)
    return {c: ("".join(sorted(behind)), "".join(sorted(before))) for c, (behind, before) in found.items()}


def undone(rows: dict[str, str], back: dict[str, list[str]]) -> dict[str, str]:
    """The rows that the dictionary the other way round takes back, one character at a time."""
    return {source: to for source, to in rows.items() if "".join(back[c][0] if c in back else c for c in to) == source}


def write(
    path: Path, head: list[str], rows: list[tuple[str, str]], beside: dict[str, tuple[str, str]] | None = None
) -> None:
    """Write a table: its facts, then its rows; what a row must not stand beside, where that matters."""
    path.parent.mkdir(exist_ok=True)
    body = []
    for source, to in sorted(rows):
        sets = [f"[^{some}]" if some else "" for some in (beside or {}).get(source, ("", ""))]
        body.append("\t".join([source, to, *sets]).rstrip("\t"))
    header = "from\tto\tafter\tbefore" if beside else "from\tto"
    path.write_text("\n".join([*head, header, *body]) + "\n", encoding="utf-8")


def main() -> None:
    """Read the dictionaries, write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("opencc", type=Path, help="the folder of OpenCC's dictionaries")
    parser.add_argument("tables", type=Path, help="the folder attacks/tables")
    given = parser.parse_args()
    simple, forms = read(given.opencc, "TSCharacters"), read(given.opencc, "TWVariants")
    characters, phrases = (in_taiwan(read(given.opencc, name), forms) for name in ("STCharacters", "STPhrases"))
    facts = ["# version: 1", "# licence: Apache-2.0"]
    rows = undone(between(characters, phrases, ("gb2312", "big5")), simple)
    write(
        given.tables / "traditional" / "zh.tsv",
        [
            HEAD.format("STCharacters, STPhrases and TWVariants"),
            *facts,
            "# context: text",
            "# note: GB 2312 to Big5; rows that TSCharacters takes back; pairs where a character has several forms",
        ],
        list(rows.items()),
        kept_beside(rows, phrases),
    )
    write(
        given.tables / "simplified" / "zh-Hant.tsv",
        [HEAD.format("TSCharacters and TSPhrases"), *facts, "# note: Big5 to GB 2312"],
        list(between(simple, read(given.opencc, "TSPhrases"), ("big5", "gb2312")).items()),
    )
    pairs = {
        pair
        for dictionary in (forms, read(given.opencc, "HKVariants"))
        for source, targets in dictionary.items()
        for to in targets
        if source != to and source not in OTHER_WORDS and is_in(source + to, "utf-16-le")
        for pair in ((source, to), (to, source))
    }
    write(
        given.tables / "variants" / "zh-Hant.tsv",
        [HEAD.format("TWVariants and HKVariants"), *facts, "# note: forms of Taiwan, Hong Kong and older print"],
        sorted(pairs),
    )


if __name__ == "__main__":
    main()
