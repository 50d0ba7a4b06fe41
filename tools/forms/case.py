"""Upper, lower and exchanged case of the scripts that have it.

Georgian is left out: its capitals (Mtavruli) set whole headings and are in hardly any font of readers.
"""

import unicodedata
from pathlib import Path

from robustx.text.languages import languages

from .tables import UCD, Row, letters, write

RANGES = {
    "Latn": (r"\p{Script=Latn}", 0x41, 0x1EFF),
    "Cyrl": (r"\p{Script=Cyrl}", 0x400, 0x52F),
    "Grek": (r"\p{Script=Grek}", 0x386, 0x3CE),
    "Armn": (r"\p{Script=Armn}", 0x531, 0x586),
}
_DOTTED = {"i": "İ", "ı": "I"}
_TONOS = "\u0301"
_STRESSED = "άέήίόύώ"


def pairs(script: str) -> list[tuple[str, str]]:
    """(lower, upper) of each letter whose case is one code point both ways, and that people write today."""
    found = [(c, c.upper()) for c in letters(*RANGES[script])]
    return [
        (low, up)
        for low, up in found
        if low != up and len(up) == 1 and up.lower() == low and ord(up) <= RANGES[script][2] and low not in "ſıµ"
    ]


def _by_language(script: str, make: dict[str, str], turkish: dict[str, str]) -> list[Row]:
    codes = [code for code, one in languages().items() if one.script == script]
    others = ",".join(code for code in codes if code != "tr")
    rows = []
    for source, to in make.items():
        if script == "Latn" and source in turkish:
            rows.append(Row(source, to, others))
        else:
            rows.append(Row(source, to, ",".join(codes)))
    if script == "Latn":
        rows += [Row(source, to, "tr") for source, to in turkish.items()]
    return rows


def upper(script: str) -> list[Row]:
    """Rows that write a word in capitals."""
    if script == "Grek":
        return _greek_capitals()
    rows = _by_language(script, dict(pairs(script)), _DOTTED)
    if script == "Latn":
        rows.append(Row("ß", "SS", ",".join(c for c, one in languages().items() if one.script == "Latn")))
    return [*rows, Row("և", "ԵՎ", "hy")] if script == "Armn" else rows


def _greek_capitals() -> list[Row]:
    """Capitals lose the tonos, a vowel that it kept apart from the one before gets a dialytika, and the word ή keeps it."""
    rows = [
        Row(first + second, _bare(first) + dialytika, "el")
        for first in _STRESSED
        for second, dialytika in (("ι", "Ϊ"), ("υ", "Ϋ"))
    ]
    for low in dict.fromkeys([*(low for low, _ in pairs("Grek")), "ς", "ΐ", "ΰ"]):
        if low != "ή":
            rows.append(Row(low, _bare(low), "el"))
    inside = [(c, "Η", after, before) for c in "ήΉ" for after, before in (("[^#]", ""), ("[#]", "[^#]"))]
    eta = [Row("ή", "Ή", "el", "whole"), *(Row(c, to, "el", after=a, before=b) for c, to, a, b in inside)]
    return rows + [Row(up, _bare(up), "el") for _, up in pairs("Grek") if _bare(up) != up and up != "Ή"] + eta


def _bare(letter: str) -> str:
    parts = unicodedata.normalize("NFD", letter).replace(_TONOS, "")
    return unicodedata.normalize("NFC", parts.upper())


def lower(script: str) -> list[Row]:
    """Rows that write a word in small letters."""
    small = {up: low for low, up in pairs(script)}
    if script == "Grek":
        del small["Σ"]
        final = [
            Row("Σ", "ς", "el", after="[^#]", before="[#]"),
            Row("Σ", "σ", "el", before="[^#]"),
            Row("Σ", "σ", "el", "whole"),
        ]
        return _by_language(script, small, {}) + final
    return _by_language(script, small, {up: low for low, up in _DOTTED.items()})


def other(script: str) -> list[Row]:
    """Rows that exchange small letters and capitals, as Caps Lock does: a Greek vowel keeps its tonos."""
    low = dict(pairs(script)) | ({"ς": "Σ"} if script == "Grek" else {})
    up = {upper: small for small, upper in pairs(script)}
    return _by_language(script, low | up, _DOTTED | {upper: small for small, upper in _DOTTED.items()})


def write_all(folder: Path) -> None:
    """The tables of the attacks on case."""
    for name, make in (("case-upper", upper), ("case-lower", lower), ("case-other", other)):
        for script in RANGES:
            source = f"{UCD}; Greek, Armenian and Turkish rules written out after SpecialCasing.txt and CLDR el-Upper, hy-Upper"
            write(folder / name / f"{script}.tsv", {"source": source}, make(script))
