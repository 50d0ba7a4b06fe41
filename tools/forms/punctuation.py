"""Punctuation of another kind, or none: whole gaps between words, with the spaces that stand beside a mark."""

from pathlib import Path

from robustx.text.languages import languages

from .tables import Row, write

PAIRS = Path(__file__).with_name("punctuation.tsv")
DASHES = "\u2013\u2014"
ALL = ",.;:?!"
UNSPACED = ("ja", "zh", "zh-Hant")


def _characters(text: str) -> str:
    return "".join(chr(int(part[2:], 16)) if part.startswith("U+") else part for part in text.split())


def pairs() -> list[tuple[str, str, str]]:
    """(own, other, languages) of each pair of marks."""
    lines = [line for line in PAIRS.read_text("utf-8").splitlines() if not line.startswith("#")][1:]
    return [(_characters(own), _characters(other), codes) for own, other, codes in (line.split("\t") for line in lines)]


def _gaps(own: str, other: str, codes: str) -> list[Row]:
    """A pair as the gaps it stands in: alone, before a space, or between two of them for a dash.

    A full stop never becomes a danda: where sentences end in one, it is the stop of an abbreviation.
    """
    around = [(" ", " ")] if own in DASHES else [("", ""), ("", " ")]
    both = [(own, other)] if other == "\u2013" or (own, other) == ("।", ".") else [(own, other), (other, own)]
    return [Row(low + one + high, low + two + high, codes) for one, two in both for low, high in around]


def other() -> list[Row]:
    """Rows of attack punctuation-other."""
    return [row for pair in pairs() for row in _gaps(*pair)]


def dropped() -> list[Row]:
    """Rows of attack punctuation-dropped: a mark goes, the space beside it stays."""
    spaced = ",".join(code for code in languages() if code not in UNSPACED)
    own = [(own, codes) for own, _, codes in pairs() if len(own) == 1 and own not in DASHES and own not in "\u05be"]
    marks = dict.fromkeys([*((mark, spaced) for mark in ALL), *own])
    rows = [Row(mark, "", codes) for mark, codes in marks]
    return rows + [Row(mark + " ", " ", codes) for mark, codes in marks]


def write_all(folder: Path) -> None:
    """The tables of the attacks on punctuation."""
    facts = {"source": "tools/forms/punctuation.tsv, robustx authors' own compilation", "licence": "CC0-1.0"}
    write(folder / "punctuation-other.tsv", facts, other())
    write(folder / "punctuation-dropped.tsv", facts, dropped())
