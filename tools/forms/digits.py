"""Digits of the language's own script for Latin ones, and back, where readers meet both."""

from pathlib import Path

from .tables import UCD, Row, write

NATIVE = {
    0x0660: "ar",
    0x06F0: "fa,ur",
    0x0966: "hi,mr",
    0x09E6: "bn",
    0x0A66: "pa",
    0x0AE6: "gu",
    0x0B66: "or",
    0x0C66: "te",
    0x0CE6: "kn",
    0x0E50: "th",
    0x0ED0: "lo",
    0x1040: "my",
    0x17E0: "km",
    0xFF10: "ja,ko,zh,zh-Hant",
}
"""Languages by the code point of their zero. Tamil, Malayalam and Sinhala readers use Latin digits."""


def write_all(folder: Path) -> None:
    """The table of attack digits-other."""
    rows = [
        row
        for zero, codes in NATIVE.items()
        for digit in range(10)
        for row in (Row(str(digit), chr(zero + digit), codes), Row(chr(zero + digit), str(digit), codes))
    ]
    for digit in range(10):  # an Arabic layout types the other set of digits in Persian and Urdu
        rows.append(Row(chr(0x06F0 + digit), chr(0x0660 + digit), "fa,ur"))
    write(folder / "digits-other.tsv", {"source": f"{UCD}, property Numeric_Value"}, rows)
