"""Derive the Japanese keyboard table: kana whose romaji differs by one touching QWERTY key.

    python tools/kana_typos.py --out attacks/tables/keyboard

Japanese is mostly typed as romaji (wapuro spelling) and converted to kana, so a slip changes one letter of the romaji.
Both the short and the Hepburn spellings count (si and shi). One kana becomes one kana of the same syllabary.
"""

import argparse
from pathlib import Path

from keyboards import Head, Row, qwerty_neighbours, write_table

SYLLABLES = {
    "": "あいうえお", "k": "かきくけこ", "s": "さしすせそ", "t": "たちつてと", "n": "なにぬねの", "h": "はひふへほ",
    "m": "まみむめも", "r": "らりるれろ", "g": "がぎぐげご", "z": "ざじずぜぞ", "d": "だぢづでど", "b": "ばびぶべぼ",
    "p": "ぱぴぷぺぽ",
}  # fmt: skip
OTHERS = {"ya": "や", "yu": "ゆ", "yo": "よ", "wa": "わ", "wo": "を"}
OTHERS |= {"shi": "し", "chi": "ち", "tsu": "つ", "fu": "ふ", "ji": "じ"}
RARE_TARGETS = "ぢづ"  # hardly written but in voiced compounds (鼻血 はなぢ)
RARE_KATAKANA = "ヂヅヲ"
# A small kana may follow these, and the new syllable could not carry it (しょ -> すょ, ティ -> レィ): only at the end
# of a katakana word, and never in hiragana, which is not cut into words.
I_COLUMN = "きしちにひみりぎじびぴ"
BEFORE_SMALL = "テデフウ"


def romaji() -> dict[str, str]:
    """Romaji spelling -> hiragana."""
    rows = {onset + vowel: kana for onset, row in SYLLABLES.items() for vowel, kana in zip("aiueo", row, strict=True)}
    return rows | OTHERS


def rows() -> set[Row]:
    """All slips, hiragana and katakana."""
    kana_of, near = romaji(), qwerty_neighbours()
    out: set[Row] = set()
    for spelling, source in kana_of.items():
        for index, letter in enumerate(spelling):
            for slip in near[letter]:
                target = kana_of.get(spelling[:index] + slip + spelling[index + 1 :], "")
                if not target or target == source or target in RARE_TARGETS:
                    continue
                loses_small = source in I_COLUMN and letter in "aiueo"
                if not loses_small:
                    out.add((source, target, "any"))
                katakana = (chr(ord(source) + 0x60), chr(ord(target) + 0x60))
                if not set(katakana) & set(RARE_KATAKANA):
                    out.add((*katakana, "final" if loses_small or katakana[0] in BEFORE_SMALL else "any"))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the Japanese romaji-slip table.")
    parser.add_argument("--out", type=Path, required=True, help="folder for the table")
    args = parser.parse_args()
    head: Head = {
        "source": "wapuro romaji (JIS X 4063 spellings and Hepburn) on QWERTY; key positions of ISO/IEC 9995",
        "version": "1",
        "licence": "CC0-1.0",
        "note": "one romaji letter hit on a touching key; kanji, small kana and the syllabic n are left alone",
    }
    print(f"ja: {write_table(args.out / 'ja.tsv', 'ja', head, rows())} rows")


if __name__ == "__main__":
    main()
