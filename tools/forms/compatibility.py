"""Compatibility characters that people meet: what NFKC writes otherwise (UAX #15)."""

import unicodedata
from itertools import product
from pathlib import Path

from .tables import PROPERTIES, UCD, Row, letters, write

GREEK_SYMBOLS = (0x3D0, 0x3F5)
RADICALS = (r"\p{Script=Hani}", 0x2E80, 0x2FD5)
SQUARED_WORDS = (r"\p{Script=Kana}", 0x3300, 0x3357)
THAI_AM, LAO_AM = "ำ", "ຳ"


def _folded(characters: list[str]) -> list[Row]:
    """A row for each character that NFKC writes otherwise, from what it writes to the character."""
    rows = [Row(unicodedata.normalize("NFKC", c), c) for c in characters]
    return [row for row in rows if row.source != row.to and unicodedata.is_normalized("NFC", row.to)]


def _am(am: str, script: str, tones: str) -> list[Row]:
    """Sara am typed as nikhahit and sara aa, on each consonant: a sign alone would be a mark without its base."""
    bases = letters(rf"(?=\p{{Script={script}}})\p{{InSC=Consonant}}", 0xE00, 0xEFF)
    parts = unicodedata.normalize("NFKC", am)
    return [Row(base + tone + am, base + tone + parts) for base, tone in product(bases, ["", *tones])]


def _digraphs() -> list[Row]:
    rows = [Row("ໜ", "ຫນ"), Row("ໝ", "ຫມ")]
    return rows + [Row(row.to, row.source) for row in rows]


def tables() -> dict[str, list[Row]]:
    """The rows of attack compatibility by script."""
    radicals = _folded(letters(*RADICALS))
    armenian = [*_folded(letters(r"\p{L}", 0xFB13, 0xFB17)), Row("եւ", "և"), Row("և", "եւ")]
    return {
        "Latn": [
            Row("fi", "ﬁ"),
            Row("fl", "ﬂ"),
            Row("ff", "ﬀ"),
            Row("ffi", "ﬃ"),
            Row("ffl", "ﬄ"),
            Row("ij", "ĳ", "nl"),
            Row("IJ", "Ĳ", "nl"),
        ],
        "Grek": [*_folded(letters(r"(?![\u03d2-\u03d4\u03d6\u03f4])\p{Script=Grek}", *GREEK_SYMBOLS)), Row("μ", "µ")],
        "Armn": armenian,
        "Hebr": [*_folded(letters(r"\p{Script=Hebr}", 0xFB20, 0xFB28)), Row("אל", "ﭏ")],
        "Thai": _am(THAI_AM, "Thai", "่้๊๋"),
        "Laoo": _am(LAO_AM, "Laoo", "່້໊໋") + _digraphs(),
        "Hans": radicals,
        "Hant": radicals,
        "Jpan": radicals + _folded(letters(*SQUARED_WORDS)),
    }


def fullwidth() -> list[Row]:
    """The Latin letters as fullwidth forms."""
    return _folded([chr(0xFF00 + ord(c) - 0x20) for c in letters("[A-Za-z]")])


def halfwidth() -> list[Row]:
    """The katakana as halfwidth forms, a voicing mark behind its letter."""
    kana = letters(r".", 0xFF66, 0xFF9D)
    found = {unicodedata.normalize("NFKC", c + mark): c + mark for c in kana for mark in ("", "ﾞ", "ﾟ")}
    return [Row(source, to) for source, to in found.items() if len(source) == 1]


def sans_bold(first: int, last: int) -> list[Row]:
    """Letters as mathematical sans-serif bold ones, the commonest of the styles that social networks' users pick."""
    bold = [c for c in letters(r"\p{L}", first, last) if "SANS-SERIF BOLD" in unicodedata.name(c)]
    return _folded([c for c in bold if "ITALIC" not in unicodedata.name(c) and "SYMBOL" not in unicodedata.name(c)])


def write_all(folder: Path) -> None:
    """The tables of the attacks on compatibility forms, Arabic apart."""
    facts = {"source": f"{UCD}, compatibility decompositions; {PROPERTIES}"}
    for script, rows in tables().items():
        write(folder / "compatibility" / f"{script}.tsv", facts, rows)
    decomposed = facts | {"form": "nfd"}
    write(folder / "fullwidth" / "Latn.tsv", decomposed, fullwidth())
    write(folder / "halfwidth" / "ja.tsv", facts, halfwidth())
    write(folder / "styled" / "Latn.tsv", decomposed, sans_bold(0x1D5D4, 0x1D607))
    write(folder / "styled" / "Grek.tsv", decomposed, sans_bold(0x1D756, 0x1D78F))
