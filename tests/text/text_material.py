"""What the tests of the text layer read: real sentences of every language there is, and strategies for awkward text."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

import robustx
from robustx.text.samples import samples

MINI = Path(robustx.__file__).parent / "tasks" / "mini" / "xnli"


def _sentences(path: Path, count: int = 24) -> list[str]:
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return list(dict.fromkeys(cell for row in rows for cell in row[:2]))[:count]


SENTENCES = {path.stem.removeprefix("test-"): _sentences(path) for path in sorted(MINI.glob("test-*.tsv"))} | {
    code: list(texts) for code, texts in samples().items()
}
LANGUAGES = sorted(SENTENCES)

_PIECES = (
    # letters, syllables and conjuncts of many scripts
    *(
        "a",
        "é",
        "ß",
        "ı",
        "И",
        "ή",
        "ש",
        "ب",
        "ლ",
        "क",
        "क्ष",
        "স",
        "ன",
        "ക",
        "ท",
        "เ",
        "นำ",
        "ກ",
        "ຳ",
        "ខ្មែ",
        "က",
        "င်္ဂ",
        "ဿ",
        "ၵ",
    ),
    *("天", "気", "か", "ガ", "ー", "ｶ", "ﾞ", "々", "가", "각", "ሰ", "ම", "෴"),
    # marks with and without a base, joiners, selectors
    *(
        "\u0301",
        "\u0323",
        "\u0e34",
        "\u0e48",
        "\u093f",
        "\u094d",
        "\u09be",
        "\u0bcd",
        "\u103a",
        "\u1039",
        "\u1038",
        "\u1083",
    ),
    *("\u17d2", "\u3099", "\u20e3", "\u05b8", "\u064e", "\u200c", "\u200d", "\ufe0f", "\U000e0100", "\u034f"),
    # Hangul jamo: leading, vowel, final, and those of the extended blocks
    *("\u1100", "\u1161", "\u11a8", "\u119e", "\ua960", "\ud7b0", "\ud7cb", "\u115f", "\u1160"),
    # emoji: modifiers, flags, sequences; a letter that is an emoji; a number sign that goes before digits
    *("👩", "🏽", "👩‍👩‍👦", "🇩", "🇪", "❤", "ℹ", "\u0600", "\u0d4e"),
    # what stands between words
    *(
        " ",
        "\r\n",
        "\r",
        "\n",
        "\t",
        "\u00a0",
        "\u3000",
        "\u200b",
        "\u00ad",
        ".",
        ",",
        "'",
        "’",
        "_",
        "-",
        "«",
        "。",
        "1",
        "٣",
        "²",
    ),
)

PIECES = st.lists(st.sampled_from(_PIECES), max_size=14).map("".join)
WILD = PIECES | st.text(st.characters(exclude_categories=["Cs", "Cn"]), max_size=12)
"""Any text at all, and mostly such as breaks naive handling of marks, joiners and line ends."""
