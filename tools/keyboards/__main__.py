"""Write the typing tables. A maintainer runs this once, from the repository's root.

With the packages xkb-data (layouts) and x11proto-dev (keysymdef.h: key name -> character):

    python -m tools.keyboards keyboard shift layout letters --xkb /usr/share/X11/xkb/symbols \
        --keysyms /usr/include/X11/keysymdef.h --xkb-version 2.35.1 --out attacks/tables [--language uk ...]
"""

import argparse
from collections.abc import Callable
from pathlib import Path

from . import korean
from .layouts import Layout, Xkb, read_layouts
from .letters import amharic_syllables, stray_letters
from .slips import neighbour_rows, shift_rows
from .tables import Head, Row, write_list, write_table
from .us_layout import us_rows
from .vietnamese import telex_rows

LETTERS = ("gu", "hy", "km", "kn", "lo", "or", "pa", "si", "uk")  # other languages' lists were written by hand
US = Layout(name="QWERTY", script="LATIN", section="us(basic)")


def head(xkb: Xkb, layout: Layout, *notes: str) -> Head:
    """The facts at the top of a table."""
    licence = "CC0-1.0" if layout.written else "MIT/X11"
    return {
        "source": xkb.source(layout),
        "version": "1",
        "licence": licence,
        "note": "\n".join(note for note in notes if note),
    }


def korean_head(xkb: Xkb) -> Head:
    """The facts at the top of a table of Korean."""
    return {
        "source": "2-set (dubeolsik) layout, KS X 5002; key positions of ISO/IEC 9995",
        "version": "1",
        "licence": "CC0-1.0",
        "note": f"xkeyboard-config {xkb.version} leaves Hangul to the input method: layout written out",
        "form": "nfd",
    }


def write_keyboard(xkb: Xkb, code: str, path: Path) -> int:
    """The neighbouring keys of a language."""
    if code == "ko":
        return write_table(path, code, korean_head(xkb), korean.neighbour_rows(), jamo=True)
    layout = read_layouts()[code]
    rows = neighbour_rows(layout, xkb.keys(layout))
    rows = telex_rows(rows) if code == "vi" else rows
    return write_table(
        path, code, head(xkb, layout, layout.note, "neighbouring keys, same shift level and letter case"), rows
    )


def write_shift(xkb: Xkb, code: str, path: Path) -> int:
    """The slips of Shift of a language, if it has any."""
    if code == "ko":
        return write_table(path, code, korean_head(xkb), korean.shift_rows(), jamo=True)
    layout = read_layouts()[code]
    rows = shift_rows(layout, xkb.keys(layout))
    facts = head(xkb, layout, layout.name, "the two levels of each key, where both are of the language")
    return write_table(path, code, facts, rows) if rows else 0


def write_layout(xkb: Xkb, code: str, path: Path) -> int:
    """What a language's keys type on the US layout, if it has keys of its own."""
    if code == "ko":
        return write_table(path, code, korean_head(xkb) | {"cover": "all"}, korean.us_rows(), jamo=True)
    layout = read_layouts()[code]
    rows: set[Row] = set()
    if layout.section != US.section:
        rows = us_rows(layout, xkb.keys(layout), xkb.keys(US), xkb.dead_keys(layout))
    facts = head(xkb, layout, f"{layout.name}, typed on US QWERTY")
    facts["cover"] = "some" if layout.script == "LATIN" else "all"
    return write_table(path, code, facts, rows) if rows else 0


def write_letters(xkb: Xkb, code: str, path: Path) -> int:
    """The stray letters of a language."""
    if code == "am":
        layout = Layout(name="", script="ETHIOPIC", section="et(olpc)")
        note = "every consonant of the layout in its seven orders"
        return write_list(path, head(xkb, layout, note), amharic_syllables(xkb.keys(layout)))
    if code not in LETTERS:
        return 0
    layout = read_layouts()[code]
    note = "lower case" if code in ("hy", "uk") else "consonants only"
    return write_list(path, head(xkb, layout, note), stray_letters(layout, xkb.keys(layout)))


WRITERS: dict[str, Callable[[Xkb, str, Path], int]] = {
    "keyboard": write_keyboard,
    "shift": write_shift,
    "layout": write_layout,
    "letters": write_letters,
}


def main() -> None:
    """Write every table that was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tools.keyboards", description="Write the typing tables.")
    parser.add_argument("tables", nargs="+", choices=WRITERS)
    parser.add_argument("--xkb", type=Path, required=True, help="the symbols folder of xkb-data")
    parser.add_argument("--keysyms", type=Path, required=True, help="keysymdef.h")
    parser.add_argument("--xkb-version", required=True, help="version of xkb-data, for the header")
    parser.add_argument("--out", type=Path, required=True, help="the folder of tables")
    parser.add_argument("--language", action="append", help="only this language; can be given again")
    args = parser.parse_args()
    xkb = Xkb.at(args.xkb, args.keysyms, args.xkb_version)
    for table in args.tables:
        for code in args.language or sorted([*read_layouts(), "am", "ko"]):
            if code == "am" and table != "letters":
                continue  # typed syllable by syllable through an input method: no key has a neighbour of its own
            count = WRITERS[table](xkb, code, args.out / table / f"{code}.tsv")
            if count:
                print(f"{table} {code}: {count} rows")


if __name__ == "__main__":
    main()
