"""Letters of one script that look like letters of another: derive ``homoglyph.tsv`` from Unicode's confusables.

A maintainer runs this once; users read the table::

    python tools/homoglyphs.py --confusables confusables.txt --fonts /usr/share/fonts attacks/tables/homoglyph.tsv

``confusables.txt`` is Unicode's security data (UTS #39). Two letters are paired when they have the same skeleton there,
stand in different scripts and survive NFKC, and the one on the left belongs to an everyday alphabet. Where both
fonts share one design (Latin, Cyrillic, Greek, Armenian, Georgian, Hebrew), they must also overlap by ``ALIKE`` when
drawn. ``BY_HAND`` adds what Unicode does not list for letters or what holds only in one joined form.
"""

from __future__ import annotations

import argparse
import unicodedata
from collections import defaultdict
from pathlib import Path

from lookalikes import SCRIPTS, Pen, encode

ALIKE = defaultdict(lambda: 0.72, HEBREW=0.55)  # Hebrew letters are drawn to a height of their own
SAME_DESIGN = {
    "LATIN": "NotoSans-Regular.ttf",
    "CYRILLIC": "NotoSans-Regular.ttf",
    "GREEK": "NotoSans-Regular.ttf",
    "ARMENIAN": "NotoSansArmenian-Regular.ttf",
    "GEORGIAN": "NotoSansGeorgian-Regular.ttf",
    "HEBREW": "NotoSansHebrew-Regular.ttf",
}
# Scripts whose letters may stand in for those of another; by the first word of the character's name.
PARTNERS = {
    "LATIN": "CYRILLIC GREEK ARMENIAN",
    "CYRILLIC": "LATIN GREEK ARMENIAN",
    "GREEK": "LATIN CYRILLIC ARMENIAN",
    "HEBREW": "LATIN CYRILLIC GREEK ARMENIAN",
    "GEORGIAN": "LATIN CYRILLIC GREEK",
    "CJK": "KATAKANA HIRAGANA KATAKANA-HIRAGANA",
    "KATAKANA": "CJK HIRAGANA",
    "HIRAGANA": "KATAKANA",
    "KATAKANA-HIRAGANA": "CJK",
    "BENGALI": "TIRHUTA",
    "THAI": "LAO",
    "TELUGU": "KANNADA",
    "MALAYALAM": "TAMIL LATIN CYRILLIC GREEK",
    "TAMIL": "MALAYALAM",
    "MYANMAR": "MALAYALAM LATIN CYRILLIC GREEK",
}
# Scripts whose consonants carry marks, which need a base of their own script: only a bare letter may change.
BARE_ONLY = {"BENGALI", "THAI", "TELUGU", "MALAYALAM", "TAMIL", "MYANMAR"}
INDEPENDENT = set("అఆఇఒఓఔஐஉഉ")  # vowels that stand alone, and so seldom carry a mark
VIRAMAS = "्্੍્୍்్್്"
VIRAMA_SCRIPTS = {"DEVANAGARI", "BENGALI", "TELUGU", "MALAYALAM", "TAMIL"}
KAZAKH, RUSSIAN_KAZAKH = set("ӘәҒғҚқҢңӨөҰұҮүҺһІі"), set("ЁёЫыЭэ")
LANGUAGES = dict.fromkeys(KAZAKH, "kk") | dict.fromkeys(RUSSIAN_KAZAKH, "ru,kk")
# Phonetic and scholarly letters that hardly any font draws.
UNWANTED = set("ƖǀƽꞟꞵꞷƄƅꜱꭇꭈꭎꭒꭚꬲꬽᴑỿᶌɣʋʏɯɩᴏᴄᴦᴋᴈᴜꝋꝊꝪꙇϳͿͶͷϜƞẟꭓꭕѰѱѲϺǘὺҽΰσꞴ")
UNLIKE = {"іı", "ıі"}  # listed, but a dot apart
# Rows of our own: joined forms, cases that cross, and letters drawn alike that Unicode does not list (yet).
BY_HAND: list[tuple[str, str, str, str]] = [
    *((a, b, "ar", w) for a, b in ("يی", "كک") for w in ("initial", "medial")),
    *((a, b, "fa,ur", w) for a, b in ("یي", "کك") for w in ("initial", "medial")),
    ("ى", "ی", "ar", "final"),
    ("ی", "ى", "fa,ur", "final"),
    ("ه", "ە", "ar,fa", "final"),
    *(("ا", b, "ar,fa,ur", "initial") for b in "lIוІ"),
    *((a + "ه", a + "o", "ar,fa", "final") for a in "ادرو"),
    *((a, b, "*", "final") for a, b in ("टਟ", "ठਠ", "मਸ", "घঘ", "ঘघ")),
    *((a, b, "*", "any") for a, b in ("ძd", "ხb", "УY", "YУ", "ßβ", "βß", "lӀ", "lӏ")),
    *((a, b, "*", "final") for a, b in ("வഖ", "ഖவ", "ตຕ", "ดດ")),
    *((a, b, "*", "any") for a, b in ("เເ", "ไໄ", "ใໃ")),
]
HEADER = """\
# source: Unicode security data (UTS #39) confusables.txt {version}, and rows of our own (tools/homoglyphs.py)
# version: 1
# licence: Unicode-DFS-2016 for Unicode's rows, CC0-1.0 for our own
# note: left out are digits, marks, and letters that NFKC folds back (tokenizers fold them too)
# note: an Indic or South East Asian consonant changes only at the end of a word, where it carries no mark, and in no conjunct
# note: none for ko, as a jamo cannot be replaced inside a syllable
# note: few for hi mr ta ml my he ka; those of bn are Tirhuta letters, which few fonts draw
# note: zh and ja have the pairs of kanji and kana that Unicode lists
# note: ar fa ur mostly have the Arabic and the Persian encoding of yeh and kaf, which look the same where joined
"""


def skeletons(path: Path) -> tuple[str, dict[str, str]]:
    """Unicode's version and its map from a character to the string that stands for all that look like it."""
    version, found = "", {}
    for line in path.read_text("utf-8-sig").splitlines():
        if line.startswith("# Version:"):
            version = line.split(":")[1].strip()
        fields = line.split("#")[0].split(";")
        if len(fields) > 1:
            source, target = ("".join(chr(int(code, 16)) for code in field.split()) for field in fields[:2])
            found[source] = target
    return version, found


def script(char: str) -> str:
    """The script of a letter, as the first word of its name."""
    return unicodedata.name(char, "").split(" ")[0]


def rows(prototypes: dict[str, str], fonts: Path) -> set[tuple[str, str, str, str]]:
    """Every row of the table: from, to, languages, where."""

    def skeleton(char: str) -> str:
        return "".join(prototypes.get(c, c) for c in unicodedata.normalize("NFD", char))

    alike = defaultdict(list)
    for code in range(0x41, 0x30000):
        char = chr(code)
        if unicodedata.category(char)[0] == "L" and unicodedata.normalize("NFKC", char) == char:
            alike[skeleton(char)].append(char)
    pens = {name: Pen(fonts, font) for name, font in SAME_DESIGN.items()}
    found = set(BY_HAND)
    for char in sorted(set("".join(letters for _, _, letters in SCRIPTS.values())) | set("ー")):
        own = script(char)
        if unicodedata.category(char)[0] != "L" or own not in PARTNERS:
            continue
        for other in alike[skeleton(char)]:
            far = script(other)
            if far not in PARTNERS[own].split() or other in UNWANTED or char + other in UNLIKE:
                continue
            if char.isupper() != other.isupper():
                continue
            if own in pens and far in pens and overlap(pens[own], char, pens[far], other) < ALIKE[own]:
                continue
            where = "final" if own in BARE_ONLY and char not in INDEPENDENT else "any"
            found.add((char, other, LANGUAGES.get(char, "*"), where))
    return found


def after(own: str, where: str) -> str:
    """What may stand before a letter: behind a virama, one of another script would leave the conjunct."""
    return f"[^{VIRAMAS}]" if where == "final" and script(own) in VIRAMA_SCRIPTS else ""


def overlap(pen: Pen, one: str, far: Pen, other: str) -> float:
    """The similarity of two letters of different fonts."""
    return Pen.match(pen.draw(one), far.draw(other))


def main() -> None:
    """Read the command line and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--confusables", type=Path, required=True, help="Unicode's confusables.txt")
    parser.add_argument("--fonts", type=Path, required=True, help="a folder with the Noto fonts below it")
    parser.add_argument("table", type=Path)
    options = parser.parse_args()
    version, prototypes = skeletons(options.confusables)
    found = sorted(rows(prototypes, options.fonts))
    lines = ["\t".join((encode(a), encode(b), codes, where, after(a, where))).rstrip() for a, b, codes, where in found]
    text = HEADER.format(version=version) + "from\tto\tlanguages\twhere\tafter\n" + "\n".join(lines) + "\n"
    options.table.write_text(text, "utf-8")
    print(f"{options.table.name}: {len(found)} rows")


if __name__ == "__main__":
    main()
