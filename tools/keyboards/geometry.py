"""Where the keys of a standard staggered keyboard are, and which of them touch."""

from collections.abc import Iterator

# Left edge of each row's first key, in key widths (ISO 9995 stagger; the backslash key stands beside AC11).
EDGES = {"AE": 1.0, "AD": 1.5, "AC": 1.75, "AB": 2.25}
COUNTS = {"AE": 12, "AD": 12, "AC": 11, "AB": 10}
# Column of each QWERTY letter: its key name.
QWERTY = {
    letter: f"{row}{number:02}"
    for row, letters in (("AD", "qwertyuiop"), ("AC", "asdfghjkl"), ("AB", "zxcvbnm"))
    for number, letter in enumerate(letters, 1)
}


def key_edges() -> dict[str, tuple[int, float]]:
    """Key name -> (row, left edge) of the letter block."""
    edges = {
        f"{row}{number + 1:02}": (index, left + number)
        for index, (row, left) in enumerate(EDGES.items())
        for number in range(COUNTS[row])
    }
    return edges | {"TLDE": (0, 0.0), "BKSL": (2, 12.75), "LSGT": (3, 1.25)}


def neighbours() -> Iterator[tuple[str, str]]:
    """Every ordered pair of keys that touch: left, right, and those of the next rows whose edges overlap."""
    edges = key_edges()
    for one, (row, left) in edges.items():
        for two, (other_row, other_left) in edges.items():
            beside = row == other_row and abs(left - other_left) == 1
            if beside or (abs(row - other_row) == 1 and abs(left - other_left) < 1):
                yield one, two


def qwerty_neighbours() -> dict[str, str]:
    """Letter -> the letters on touching keys of a QWERTY keyboard (what pinyin and romaji are typed on)."""
    letter_of = {key: letter for letter, key in QWERTY.items()}
    near: dict[str, str] = dict.fromkeys(QWERTY, "")
    for one, two in neighbours():
        if one in letter_of and two in letter_of:
            near[letter_of[one]] += letter_of[two]
    return near
