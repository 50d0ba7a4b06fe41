"""Korean on the 2-set (dubeolsik) layout, KS X 5002, on conjoining jamo (xkb leaves Hangul to the input method)."""

from collections.abc import Iterable

from .geometry import QWERTY, qwerty_neighbours
from .layouts import read_written
from .tables import Row

LEADING = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
TRAILING = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
SETS = ((LEADING, 0x1100), (VOWELS, 0x1161), (TRAILING, 0x11A8))
COMPOUNDS = dict(
    zip(
        "ㅘㅙㅚㅝㅞㅟㅢㄳㄵㄶㄺㄻㄼㄽㄾㄿㅀㅄ",
        zip("ㅗㅗㅗㅜㅜㅜㅡㄱㄴㄴㄹㄹㄹㄹㄹㄹㄹㅂ", "ㅏㅐㅣㅓㅔㅣㅣㅅㅈㅎㄱㅁㅂㅅㅌㅍㅎㅅ", strict=True),
        strict=True,
    )
)


def neighbour_rows() -> set[Row]:
    """A touching key is hit, or the key's other level."""
    plain, shifted = _letters(0), _levels()
    pairs = {(plain[one], plain[two]) for one, near in qwerty_neighbours().items() for two in near}
    pairs |= {(shifted[a], shifted[b]) for a, b in pairs if a in shifted and b in shifted}
    pairs |= {pair for item in shifted.items() for pair in (item, item[::-1])}
    whole = {parts: compound for compound, parts in COMPOUNDS.items()}
    for compound, (first, last) in COMPOUNDS.items():
        pairs |= {(compound, whole[first, b]) for a, b in list(pairs) if a == last and (first, b) in whole}
    return _conjoining((a, b) for a, b in pairs if b not in "ㄽㄿ" and {a, b} != {"ㅒ", "ㅖ"})


def shift_rows() -> set[Row]:
    """The key's other level: tense consonants, and the vowels with a second stroke."""
    return _conjoining(pair for item in _levels().items() for pair in (item, item[::-1]))


def us_rows() -> set[Row]:
    """Every jamo as the US layout has its keys."""
    letter_of = {jamo: letter.upper() for letter, jamo in _letters(1).items()}
    letter_of |= {jamo: letter for letter, jamo in _letters(0).items()}
    letter_of |= {compound: letter_of[one] + letter_of[two] for compound, (one, two) in COMPOUNDS.items()}
    return {(chr(base + i), letter_of[jamo], "any") for letters, base in SETS for i, jamo in enumerate(letters)}


def _letters(level: int) -> dict[str, str]:
    """QWERTY letter -> the jamo of its key at a level."""
    keys = read_written("dubeolsik")
    return {letter: keys[key][level] for letter, key in QWERTY.items()}


def _levels() -> dict[str, str]:
    """Jamo -> the jamo that Shift makes of it."""
    plain, shifted = _letters(0), _letters(1)
    return {plain[letter]: shifted[letter] for letter in plain if plain[letter] != shifted[letter]}


def _conjoining(pairs: Iterable[tuple[str, str]]) -> set[Row]:
    return {
        (chr(base + letters.index(source)), chr(base + letters.index(target)), "any")
        for source, target in pairs
        for letters, base in SETS
        if source in letters and target in letters
    }
