"""Vietnamese as Telex types it: letters of the US layout, tones and marks by a further key."""

import unicodedata

from .geometry import qwerty_neighbours
from .tables import Row


def telex_rows(rows: set[Row]) -> set[Row]:
    """Telex on top of the base letters: s, r, x are tone keys after a vowel; tone keys and doubled vowels slip too."""
    out = {(a, b, "initial" if b in "srxSRX" else place) for a, b, place in rows}
    tones = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
    near = qwerty_neighbours()
    vowels = "aăâeêioôơuưy"
    for base in vowels + vowels.upper():
        for one, mark in tones.items():
            for two in set(near[one]) & set(tones):  # the tone key: s-x, f-r
                out.add((_nfc(base + mark), _nfc(base + tones[two]), "any"))
            for two in near.get(base.lower(), ""):  # the vowel key of a toned vowel: u-i, i-o
                if two in "aeiouy":
                    out.add((_nfc(base + mark), _nfc((two.upper() if base.isupper() else two) + mark), "any"))
    second_key = {"â": "a", "ê": "e", "ă": "w", "ơ": "w", "ư": "w"}  # of aa, ee, aw, ow, uw
    for letter, second in second_key.items():
        plain = unicodedata.normalize("NFD", letter)[0]
        place = "final" if letter in "ơư" else "any"  # elsewhere one w serves both letters of ươ
        for tone in set(near[second]) & set(tones):
            out.add((letter, _nfc(plain + tones[tone]), place))
            out.add((letter.upper(), _nfc(plain.upper() + tones[tone]), place))
    return out


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
