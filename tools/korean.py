"""Derive the Korean tables of romanisation and of spelling by sound, over the jamo of a word (NFD).

    python tools/korean.py attacks/tables

Sounds are those of the Standard Pronunciation (National Institute of Korean Language, Pyojun bareumbeop, chapters 4-6);
letters are those of the Revised Romanization (2000), which writes assimilation and liaison but no tensing.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

ONSETS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
CODAS = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
ONSET_LETTERS = dict(zip(ONSETS, "g kk n d tt r m b pp s ss  j jj ch k t p h".split(" "), strict=True))  # noqa: SIM905
VOWEL_LETTERS = dict(zip(VOWELS, "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split(), strict=True))  # noqa: SIM905
STOPS = {
    **dict.fromkeys("ㄱㄲㅋㄳㄺ", "ㄱ"),
    **dict.fromkeys("ㄷㅅㅆㅈㅊㅌㅎ", "ㄷ"),
    **dict.fromkeys("ㅂㅍㅄㄿ", "ㅂ"),
}
SONORANTS = {
    **dict.fromkeys("ㄴㄵㄶ", "ㄴ"),
    **dict.fromkeys("ㄹㄼㄽㄾㅀ", "ㄹ"),
    **dict.fromkeys("ㅁㄻ", "ㅁ"),
    "ㅇ": "ㅇ",
}
SOUND = STOPS | SONORANTS
"""A coda before a consonant, or at the end (articles 8-11)."""
NASAL = {"ㄱ": "ㅇ", "ㄷ": "ㄴ", "ㅂ": "ㅁ"}
CODA_LETTERS = dict(zip("ㄱㄴㄷㄹㅁㅂㅇ", "k n t l m p ng".split(), strict=True))  # noqa: SIM905
SPLIT = {
    "ㄳ": "ㄱㅅ", "ㄵ": "ㄴㅈ", "ㄶ": "ㄴㅎ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ", "ㄽ": "ㄹㅅ", "ㄾ": "ㄹㅌ", "ㄿ": "ㄹㅍ",
    "ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ",
}  # fmt: skip
ASPIRATED = {"ㄱ": "ㅋ", "ㄷ": "ㅌ", "ㅂ": "ㅍ", "ㅈ": "ㅊ"}
TENSE = {"ㄱ": "ㄲ", "ㄷ": "ㄸ", "ㅂ": "ㅃ", "ㅅ": "ㅆ", "ㅈ": "ㅉ"}
PALATAL = {"ㄷ": "ㅈ", "ㅌ": "ㅊ", "ㄾ": "ㄹㅊ"}

CASUAL_VOWELS = {
    "ㅓ": {"eo": 4, "u": 2, "o": 1}, "ㅕ": {"yeo": 4, "yu": 1, "you": 1, "yo": 1}, "ㅜ": {"u": 4, "oo": 2},
    "ㅡ": {"eu": 3, "u": 2}, "ㅐ": {"ae": 4, "e": 1, "eh": 1}, "ㅢ": {"ui": 3, "eui": 1}, "ㅣ": {"i": 6, "ee": 1},
    "ㅚ": {"oe": 2, "we": 1}, "ㅝ": {"wo": 3, "weo": 1}, "ㅔ": {"e": 5, "eh": 1},
}  # fmt: skip
CASUAL_INITIALS = {"ㄱ": {"g": 3, "k": 1}, "ㄷ": {"d": 4, "t": 1}, "ㅂ": {"b": 3, "p": 1}, "ㄹ": {"r": 4, "l": 1}}
"""Spellings of names, songs and chats beside the standard's, with weights by judgement; consonants at the word's beginning."""

Spelt = dict[str, float]


def jamo(letter: str, place: str) -> str:
    """The conjoining jamo of a letter as an onset, a vowel or a coda."""
    letters, first = {"onset": (ONSETS, 0x1100), "vowel": (VOWELS, 0x1161), "coda": (CODAS, 0x11A8)}[place]
    return chr(first + letters.index(letter))


def moved(coda: str) -> tuple[str, str]:
    """What stays in the coda and what moves on before a vowel (articles 12.4, 13 and 14)."""
    if coda in "ㅎㅇ":
        return ("", "ㅇ") if coda == "ㅎ" else ("ㅇ", "ㅇ")
    if coda in "ㄶㅀ":
        return "", SPLIT[coda][0]
    if coda in SPLIT:
        stays, goes = SPLIT[coda]
        return stays, TENSE["ㅅ"] if goes == "ㅅ" else goes
    return "", coda


def met(coda: str, onset: str) -> tuple[str, str] | None:  # noqa: PLR0911 - one return a rule
    """Coda and onset as they sound together where neither tensing nor liaison is the matter; None if as written.

    Articles 12 (h), 18 and 19 (nasals), 20 (liquids).
    """
    held, last = ("", coda) if coda not in SPLIT else (SPLIT[coda][0], SPLIT[coda][1])
    if last == "ㅎ" and onset in ASPIRATED:
        return held, ASPIRATED[onset]
    if onset == "ㅎ" and last in "ㄱㄷㅂㅈㅅㅊㅌㅆㅍㅋ":
        plain = "ㄷ" if coda in "ㅅㅊㅌㅆ" else last
        return held, ASPIRATED.get(plain, plain)
    sound = SOUND[coda]
    if onset in "ㄴㅁ" and sound in NASAL:
        return NASAL[sound], onset
    if onset == "ㄹ" and sound in NASAL:
        return NASAL[sound], "ㄴ"
    if onset == "ㄹ" and sound in "ㅁㅇ":
        return sound, "ㄴ"
    if (sound, onset) in (("ㄴ", "ㄹ"), ("ㄹ", "ㄴ")):
        return "ㄹ", "ㄹ"
    return None


def letters(coda: str, onset: str) -> str:
    """Write a coda and an onset in the Revised Romanization."""
    if (coda, onset) == ("ㄹ", "ㄹ"):
        return "ll"
    return (CODA_LETTERS[SOUND[coda]] if coda else "") + ONSET_LETTERS[onset]


def meeting(coda: str, onset: str) -> Spelt:
    """The standard spellings of a coda with the onset behind it; h may be kept, as the standard does in nouns."""
    if onset == "ㅇ":
        stays, goes = moved(coda)
        if coda in SPLIT and goes == "ㅆ":
            return {letters(stays, "ㅅ"): 1}
        return {letters(stays, goes) if stays else (ONSET_LETTERS[goes]): 1}
    found = met(coda, onset)
    plain = letters(SOUND[coda], onset)
    if found is None:
        return {plain: 1}
    if onset == "ㅎ":
        return {letters(*found): 2, plain: 1}
    if (SOUND[coda], onset) == ("ㄴ", "ㄹ"):
        return {"ll": 3, "nn": 1}
    return {letters(*found): 1}


def romanised(*, casual: bool) -> Iterator[tuple[str, str, str, float]]:
    """Rows (from, to, where, weight) of a romanisation."""
    for onset in ONSETS:
        spelt = CASUAL_INITIALS.get(onset) if casual else None
        yield from ((jamo(onset, "onset"), to, "initial", weight) for to, weight in (spelt or {}).items())
        places = ["medial", "final"] if spelt else ["any"]
        yield from ((jamo(onset, "onset"), ONSET_LETTERS[onset], place, 1) for place in places)
    for vowel in VOWELS:
        spelt = CASUAL_VOWELS.get(vowel) if casual else None
        for to, weight in (spelt or {VOWEL_LETTERS[vowel]: 1}).items():
            yield jamo(vowel, "vowel"), to, "any", weight
    if casual:
        for onset, to in (("ㅅ", "sh"), ("ㅆ", "ssh")):
            for written, weight in ((to, 1), (to[:-1], 1)):
                yield jamo(onset, "onset") + jamo("ㅣ", "vowel"), written + "i", "any", weight
    for coda in CODAS:
        yield jamo(coda, "coda"), CODA_LETTERS[SOUND[coda]], "any", 3 if casual else 1
        if casual and SOUND[coda] == "ㄱ":
            yield jamo(coda, "coda"), "g", "any", 1
        for onset in ONSETS:
            spelt = meeting(coda, onset)
            both = jamo(coda, "coda") + jamo(onset, "onset")
            for to, weight in spelt.items():
                yield both, to, "any", weight * (3 if casual else 1)
            plain = letters(SOUND[coda], onset)
            if casual and onset != "ㅇ" and plain not in spelt:
                yield both, plain, "any", 1
        yield from ((*row, "any", 1) for row in palatal(coda))


def palatal(coda: str) -> Iterator[tuple[str, str]]:
    """Where d and t turn before i, and before hi (article 17)."""
    for vowel in "ㅣㅕ":
        if coda in PALATAL:
            to = "".join("l" if c == "ㄹ" else ONSET_LETTERS[c] for c in PALATAL[coda])
            yield jamo(coda, "coda") + jamo("ㅇ", "onset") + jamo(vowel, "vowel"), to + VOWEL_LETTERS[vowel]
        if coda == "ㄷ":
            yield jamo(coda, "coda") + jamo("ㅎ", "onset") + jamo(vowel, "vowel"), "ch" + VOWEL_LETTERS[vowel]


def respelt(coda: str, onset: str) -> str:
    """A coda and an onset as jamo; the coda may be none."""
    return (jamo(coda, "coda") if coda else "") + jamo(onset, "onset")


def liaison() -> Iterator[tuple[str, str]]:
    """Codas written where they sound, before a vowel."""
    for coda in CODAS.replace("ㅇ", ""):
        yield respelt(coda, "ㅇ"), respelt(*moved(coda))
        if coda in PALATAL:
            held = PALATAL[coda][:-1]
            yield respelt(coda, "ㅇ") + jamo("ㅣ", "vowel"), respelt(held, PALATAL[coda][-1]) + jamo("ㅣ", "vowel")


def assimilated() -> Iterator[tuple[str, str]]:
    """Codas and onsets written as they sound together; an onset tensed behind a stop (article 23), the coda kept."""
    for coda in CODAS:
        for onset in ONSETS.replace("ㅇ", ""):
            found = met(coda, onset)
            if found is None and coda in STOPS and coda != "ㅎ" and onset in TENSE:
                found = coda, TENSE[onset]
            if found and found != (coda, onset):
                yield respelt(coda, onset), respelt(*found)


def points(text: str) -> str:
    """A cell of code points."""
    return " ".join(f"U+{ord(c):04X}" for c in text)


def write(path: Path, facts: list[str], rows: list[str], header: str) -> None:
    """Write a table: its facts, then its rows."""
    path.parent.mkdir(exist_ok=True)
    head = ["# version: 1", "# licence: CC0-1.0", "# form: nfd", *(f"# {fact}" for fact in facts)]
    path.write_text("\n".join([*head, header, *rows]) + "\n", encoding="utf-8")


def main() -> None:
    """Write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("tables", type=Path, help="the folder attacks/tables")
    tables = parser.parse_args().tables
    sounds = "Standard Pronunciation of Korean, chapters 4-6"
    by = "made by tools/korean.py"
    for name, casual, source in (
        ("romaja", False, f"source: Revised Romanization of Korean (2000) with the {sounds}; {by}"),
        ("romaja-casual", True, f"source: spellings of names, songs and chats beside the Revised Romanization; {by}"),
    ):
        rows = [f"{points(a)}\t{to}\t{where}\t{weight:g}" for a, to, where, weight in romanised(casual=casual)]
        write(tables / name / "ko.tsv", [source, "cover: all"], rows, "from\tto\twhere\tweight")
    for name, found in (("liaison", liaison()), ("assimilation", assimilated())):
        rows = [f"{points(a)}\t{points(b)}" for a, b in found]
        write(tables / name / "ko.tsv", [f"source: {sounds}; {by}"], rows, "from\tto")
    split = [
        (jamo(c, place), c) for place, some in (("onset", ONSETS), ("vowel", VOWELS), ("coda", CODAS)) for c in some
    ]
    rows = [f"{points(a)}\t{b}" for a, b in split]
    write(tables / "jamo-split" / "ko.tsv", [f"source: Hangul Compatibility Jamo of Unicode; {by}"], rows, "from\tto")


if __name__ == "__main__":
    main()
