"""Derive the neighbouring-key tables (attacks/tables/keyboard/*.tsv) from the X keyboard layouts of xkeyboard-config.

A maintainer runs this once, with the packages xkb-data (layouts) and x11proto-dev (keysymdef.h: key name -> character):

    python tools/keyboards.py --xkb /usr/share/X11/xkb/symbols --keysyms /usr/include/X11/keysymdef.h \
        --xkb-version 2.35.1 --out attacks/tables/keyboard [language ...]

Two keys are neighbours when they touch on a standard staggered keyboard: left, right, and the two keys of the row above
and of the row below whose edges overlap. Rows stay within one shift level and one letter case. A base letter never
becomes a mark, and a few pairs that could leave two signs fighting for one slot are kept for the word's end, or left out.
"""

import argparse
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

Row = tuple[str, str, str]  # from, to, where

# Left edge of each row's first key, in key widths (ISO 9995 stagger; the backslash key stands beside AC11).
EDGES = {"AE": 1.0, "AD": 1.5, "AC": 1.75, "AB": 2.25}
COUNTS = {"AE": 12, "AD": 12, "AC": 11, "AB": 10}
# Column of each QWERTY letter: its key name.
QWERTY = {
    letter: f"{row}{number:02}"
    for row, letters in (("AD", "qwertyuiop"), ("AC", "asdfghjkl"), ("AB", "zxcvbnm"))
    for number, letter in enumerate(letters, 1)
}


@dataclass(frozen=True)
class Layout:
    """One language's layout: which xkb section, which script, and what is left out of it."""

    section: str
    scripts: tuple[str, ...]  # first words of the Unicode names that belong to the language
    skip: str = ""  # characters on the layout that are not in everyday use in the language
    accented: str = ""  # letters typed with a dead key: their base letters' neighbours carry over
    note: str = ""


INSCRIPT = "InScript, the Indian standard layout"
LAYOUTS: dict[str, Layout] = {
    "ar": Layout("ara(basic)", ("ARABIC",), note="the lam-alef keys are left out: each types two letters"),
    "bg": Layout("bg(bds)", ("CYRILLIC",), skip="ыЫэЭѝЍ", note="BDS, the official layout (not the phonetic one)"),
    "bn": Layout(
        "bd(basic)",
        ("BENGALI",),
        skip="\u09d7",
        note="National (Jatiya) layout of Bangladesh, whose letter keys are nearly those of Bijoy; not InScript or Probhat",
    ),
    "de": Layout("de(basic)", ("LATIN",)),
    "el": Layout("gr(basic)", ("GREEK",), accented="άέήίόύώΆΈΉΊΌΎΏ"),
    "en": Layout("us(basic)", ("LATIN",)),
    "es": Layout("es(basic)", ("LATIN",), skip="çÇ", accented="áéíóúÁÉÍÓÚ"),
    "fa": Layout("ir(pes)", ("ARABIC",), skip="\u064a\u0643إة\u0653\u0654\u0670", note="ISIRI 9147"),
    "fr": Layout("fr(basic)", ("LATIN",), accented="âêîôûÂÊÎÔÛ", note="AZERTY"),
    "he": Layout("il(basic)", ("HEBREW",), note="SI-1452"),
    "hi": Layout(
        "in(deva)",
        ("DEVANAGARI",),
        skip="\u090d\u0945\u094a\u0912\u0946\u090e\u0929\u0931\u0933\u0934\u0949\u0911",
        note=f"{INSCRIPT}; the backslash key is left out, its place differs between keyboards",
    ),
    "ka": Layout("ge(basic)", ("GEORGIAN",)),
    "kk": Layout("kz(basic)", ("CYRILLIC",), note="RST KazSSR 903-90"),
    "ml": Layout(
        "in(mal_enhanced)",
        ("MALAYALAM",),
        skip="\u0d7c\u0d19",
        note=f"{INSCRIPT} (Enhanced, with atomic chillus); the backslash key is left out, its place differs",
    ),
    "mr": Layout(
        "in(deva)",
        ("DEVANAGARI",),
        skip="\u090d\u094a\u0912\u0946\u090e\u0929\u0934\u0949\u0911",
        note=f"{INSCRIPT}; the backslash key is left out, its place differs between keyboards",
    ),
    "my": Layout("mm(basic)", ("MYANMAR",), skip="\u100d\u100e\u100b\u1052\u1008\u1020\u102a\u1023\u1029"),
    "ru": Layout("ru(winkeys)", ("CYRILLIC",)),
    "sw": Layout("us(basic)", ("LATIN",), skip="qxQX", note="q and x are not letters of Swahili"),
    "ta": Layout("in(tam)", ("TAMIL",), skip="\u0b82\u0bb6", note=f"{INSCRIPT} (not Tamil99)"),
    "te": Layout("in(tel)", ("TELUGU",), skip="\u0c31\u0c19\u0c1e", note=INSCRIPT),
    "th": Layout("th(basic)", ("THAI",), skip="\u0e03\u0e05\u0e45\u0e4d\u0e3a\u0e26\u0e2f", note="Kedmanee"),
    "tr": Layout("tr(basic)", ("LATIN",), skip="qwxQWX", note="Turkish Q; q, w and x are not letters of Turkish"),
    "ur": Layout("pk(urd-phonetic)", ("ARABIC",), skip="\u0654\u0658\u0652", note="phonetic"),
    "vi": Layout("us(basic)", ("LATIN",), skip="fjwzFJWZ", note="Telex: the letters of the US layout, and slips on the tone keys"),
}


# --- reading xkb ---------------------------------------------------------------------------------------------------


def read_keysyms(path: Path) -> dict[str, str]:
    """Key symbol name -> character, from keysymdef.h (whose comments give the code points)."""
    pattern = re.compile(r"^#define XK_(\w+)\s+0x[0-9a-f]+\s*/\*\s*\(?U\+([0-9A-F]{4,6})", re.MULTILINE)
    return {name: chr(int(code, 16)) for name, code in pattern.findall(path.read_text("utf-8"))}


def character(symbol: str, keysyms: dict[str, str]) -> str:
    """The character of a key symbol as xkb writes it (U1041, 0x1000642, Arabic_dad), or '' where it has none."""
    if match := re.fullmatch(r"U([0-9A-Fa-f]{3,6})", symbol):
        return chr(int(match[1], 16))
    if match := re.fullmatch(r"0[xX]0?1([0-9A-Fa-f]{6})", symbol):
        return chr(int(match[1], 16))
    return keysyms.get(symbol, "")


def read_section(root: Path, section: str) -> dict[str, list[str]]:
    """Key name -> symbols by level, for a section such as 'in(deva)', with everything that it includes."""
    match = re.fullmatch(r"(\w+)(?:\(([\w-]+)\))?", section)
    if match is None:
        raise ValueError(f"not an xkb section: {section}")
    text = re.sub(r"//[^\n]*", "", (root / match[1]).read_text("utf-8"))
    sections = re.split(r'\bxkb_symbols\s*"([\w-]+)"', text)
    names = sections[1::2]
    name = match[2] or next((n for n, before in zip(names, sections[::2], strict=False) if "default" in before), names[0])
    body = sections[2 * names.index(name) + 2].split("\n};")[0]
    keys: dict[str, list[str]] = {}
    for include, key, symbols in re.findall(r'include\s+"([^"]+)"|key\s*<(\w+)>\s*\{[^\[}]*?\[([^\]]*)\]', _typed(body)):
        if include:
            for part in re.split(r"[+|]", include):
                for other, levels in read_section(root, part.split(":")[0]).items():
                    keys[other] = _merge(levels, keys.get(other, []))
        else:
            keys[key] = _merge([symbol.strip() for symbol in symbols.split(",")], keys.get(key, []))
    return keys


def _typed(body: str) -> str:
    """Drop what stands in brackets before a key's symbols (type[Group1]=..., symbols[Group1]=)."""
    return re.sub(r"(?:type|symbols)\s*\[\w+\]\s*=\s*(?:\"\w+\"\s*,?)?", "", body)


def _merge(new: list[str], old: list[str]) -> list[str]:
    """xkb's override: NoSymbol and levels that the new definition lacks keep the old symbol."""
    width = max(len(new), len(old))
    new, old = new + ["NoSymbol"] * (width - len(new)), old + ["NoSymbol"] * (width - len(old))
    return [n if n != "NoSymbol" else o for n, o in zip(new, old, strict=True)]


# --- neighbours ----------------------------------------------------------------------------------------------------


def key_edges() -> dict[str, tuple[int, float]]:
    """Key name -> (row, left edge) of the letter block."""
    edges = {
        f"{row}{number + 1:02}": (index, left + number)
        for index, (row, left) in enumerate(EDGES.items())
        for number in range(COUNTS[row])
    }
    return edges | {"TLDE": (0, 0.0), "BKSL": (2, 12.75), "LSGT": (3, 1.25)}


def neighbours() -> Iterator[tuple[str, str]]:
    """Every ordered pair of keys that touch."""
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


# --- which pairs are possible --------------------------------------------------------------------------------------


def usable(char: str, layout: Layout) -> bool:
    """Whether a character on the layout may stand in the table: a letter or mark of the language, stable in NFC."""
    return (
        len(char) == 1
        and unicodedata.category(char)[0] in "LM"
        and unicodedata.category(char) != "Me"
        and char not in layout.skip
        and unicodedata.normalize("NFC", char) == char
        and not 0xFB50 <= ord(char) <= 0xFEFF
        and char not in "ªº\u0640"
        and unicodedata.name(char).split()[0] in layout.scripts
    )


def slot(char: str) -> str:
    """The place a character takes in a syllable, where this decides what it may turn into."""
    name = unicodedata.name(char)
    if unicodedata.category(char)[0] == "M":
        return _mark_slot(char, name)
    if name.startswith("THAI") or name.startswith("MYANMAR"):
        return "letter" if re.search(r"THAI CHARACTER (?!SARA|MAIYAMOK|PAIYANNOI)|MYANMAR LETTER (?!.*\b(I|II|U|UU|E|O|AU|GREAT SA)$)", name) else "lone"
    if re.search(r"LETTER (VOCALIC \w+|SHORT \w+|CANDRA \w+|AA?|II?|UU?|EE?|AI|OO?|AU|CHILLU \w+|KHANDA TA)$", name):
        return "lone" if not name.startswith(("LATIN", "CYRILLIC", "GREEK", "ARABIC", "GEORGIAN", "HEBREW")) else "letter"
    return "letter"


def _mark_slot(char: str, name: str) -> str:
    if name.startswith("THAI"):
        if char == "\u0e47":
            return "maitaikhu"  # never bears a tone mark
        return "tone" if "MAI " in name and char in "\u0e48\u0e49\u0e4a\u0e4b" else "silent" if char == "\u0e4c" else "vowel"
    if name.startswith("MYANMAR"):
        return {"\u102f": "below", "\u1030": "below", "\u1032": "ai", "\u1036": "anusvara"}.get(char, char)
    for word, place in (("VIRAMA", "virama"), ("NUKTA", "nukta"), ("VOWEL SIGN", "vowel"), ("LENGTH MARK", "vowel")):
        if word in name:
            return place
    if re.search(r"ANUSVARA|CANDRABINDU|VISARGA", name):
        return "end"
    return "harakat" if name.startswith("ARABIC") else char


# Pairs of slots that always leave a well-formed syllable, and those that do so only at the end of the word.
MARKS_ANYWHERE = {
    ("vowel", "vowel"), ("tone", "tone"), ("end", "end"), ("virama", "vowel"), ("virama", "end"), ("harakat", "harakat"),
    ("maitaikhu", "vowel"), ("maitaikhu", "tone"), ("below", "below"), ("ai", "anusvara"),
}  # fmt: skip
MARKS_AT_END = {("vowel", "end"), ("vowel", "virama"), ("vowel", "tone")}


def where(source: str, target: str) -> str | None:
    """Where in a word the slip is possible, or None for nowhere."""
    one, two = slot(source), slot(target)
    from_mark, to_mark = (unicodedata.category(c)[0] == "M" for c in (source, target))
    if target == "\u0e33":  # sara am joins the cluster before it
        return None
    if from_mark and to_mark:
        return "any" if (one, two) in MARKS_ANYWHERE else "final" if (one, two) in MARKS_AT_END else None
    if to_mark:
        return None
    if unicodedata.category(source) in ("Ll", "Lu") or unicodedata.category(target) in ("Ll", "Lu"):
        return "any" if unicodedata.category(source) == unicodedata.category(target) else None
    # A letter that can bear no sign (independent vowel, chillu, Thai vowel letter) must not inherit one.
    if two == "lone" and one in ("letter", "vowel", "virama", "nukta"):
        return "final"
    return "any"


def layout_rows(layout: Layout, root: Path, keysyms: dict[str, str]) -> set[Row]:
    """All rows of one layout."""
    keys = read_section(root, layout.section)
    rows: set[Row] = set()
    for one, two in neighbours():
        for level in range(2):
            pair = [character(keys[key][level], keysyms) if len(keys.get(key, [])) > level else "" for key in (one, two)]
            if pair[0] == pair[1] or not all(usable(char, layout) for char in pair):
                continue
            if place := where(*pair):
                rows.add((pair[0], pair[1], place))
    plain = [(source, target) for source, target, _ in rows]
    for source, target in plain:
        for mark in "\u0300\u0301\u0302\u0308":
            new = [unicodedata.normalize("NFC", char + mark) for char in (source, target)]
            if all(char in layout.accented for char in new):
                rows.add((new[0], new[1], "any"))
    return rows


def vietnamese(rows: set[Row]) -> set[Row]:
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
    for letter, second in {"â": "a", "ê": "e", "ă": "w", "ơ": "w", "ư": "w"}.items():  # second key of aa, ee, aw, ow, uw
        plain = unicodedata.normalize("NFD", letter)[0]
        for tone in set(near[second]) & set(tones):
            out.add((letter, _nfc(plain + tones[tone]), "any"))
            out.add((letter.upper(), _nfc(plain.upper() + tones[tone]), "any"))
    return out


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


# --- Korean --------------------------------------------------------------------------------------------------------

DUBEOLSIK = dict(zip("qwertyuiopasdfghjklzxcvbnm", "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡ", strict=True))
SHIFTED = dict(zip("ㅂㅈㄷㄱㅅㅐㅔ", "ㅃㅉㄸㄲㅆㅒㅖ", strict=True))
LEADING = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
TRAILING = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
COMPOUNDS = dict(
    zip(
        "ㅘㅙㅚㅝㅞㅟㅢㄳㄵㄶㄺㄻㄼㄽㄾㄿㅀㅄ",
        "ㅗㅏ ㅗㅐ ㅗㅣ ㅜㅓ ㅜㅔ ㅜㅣ ㅡㅣ ㄱㅅ ㄴㅈ ㄴㅎ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ ㅂㅅ".split(),
        strict=True,
    )
)


def korean() -> set[Row]:
    """Slips of the 2-set (dubeolsik) layout, KS X 5002, on conjoining jamo (xkb leaves Hangul to the input method)."""
    pairs: set[tuple[str, str]] = set()
    for one, near in qwerty_neighbours().items():
        pairs |= {(DUBEOLSIK[one], DUBEOLSIK[two]) for two in near}
    pairs |= {(SHIFTED[a], SHIFTED[b]) for a, b in pairs if a in SHIFTED and b in SHIFTED}
    pairs |= {pair for item in SHIFTED.items() for pair in (item, item[::-1])}
    whole = {parts: compound for compound, parts in COMPOUNDS.items()}
    for compound, (first, last) in COMPOUNDS.items():
        pairs |= {(compound, whole[first + b]) for a, b in list(pairs) if a == last and first + b in whole}
    rows: set[Row] = set()
    for letters, base in ((LEADING, 0x1100), (VOWELS, 0x1161), (TRAILING, 0x11A8)):
        for source, target in pairs:
            rare = target in "ㄽㄿ" or "ㅒ" in (source, target) and base == 0x1161 and {"ㅒ", "ㅖ"} == {source, target}
            if source in letters and target in letters and not rare:
                rows.add((chr(base + letters.index(source)), chr(base + letters.index(target)), "any"))
    return rows


# --- writing -------------------------------------------------------------------------------------------------------


def cell(text: str, *, hexadecimal: bool = False) -> str:
    """Visible letters as they are; marks (and everything, where asked) as U+XXXX."""
    if hexadecimal or any(unicodedata.category(char)[0] in "MCZ" for char in text):
        return " ".join(f"U+{ord(char):04X}" for char in text)
    return text


def write_table(path: Path, language: str, head: dict[str, str | list[str]], rows: Iterable[Row], *, jamo: bool = False) -> int:
    """Write one table; the columns `languages` and `where` only where a row needs them. Returns the number of rows."""
    unique = sorted(set(rows))
    positions = any(place != "any" for _, _, place in unique)
    lines = [f"# {key}: {value}" for key, values in head.items() for value in ([values] if isinstance(values, str) else values)]
    lines.append("from\tto\tlanguages\twhere" if positions else "from\tto")
    for source, target, place in unique:
        line = f"{cell(source, hexadecimal=jamo)}\t{cell(target, hexadecimal=jamo)}"
        lines.append(f"{line}\t{language}\t{place}" if positions else line)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return len(unique)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the neighbouring-key tables.")
    parser.add_argument("--xkb", type=Path, required=True, help="the symbols folder of xkb-data")
    parser.add_argument("--keysyms", type=Path, required=True, help="keysymdef.h")
    parser.add_argument("--xkb-version", required=True, help="version of xkb-data, for the header")
    parser.add_argument("--out", type=Path, required=True, help="folder for the tables")
    parser.add_argument("languages", nargs="*", help="only these languages")
    args = parser.parse_args()
    keysyms = read_keysyms(args.keysyms)
    for language in args.languages or [*LAYOUTS, "ko"]:
        head: dict[str, str | list[str]] = {"source": "", "version": "1", "licence": "MIT/X11"}
        if language == "ko":
            head |= {
                "source": "2-set (dubeolsik) layout, KS X 5002; key positions of ISO/IEC 9995",
                "licence": "CC0-1.0",
                "note": "xkeyboard-config leaves Hangul to the input method, so the layout is written in the script itself",
                "form": "nfd",
            }
            count = write_table(args.out / "ko.tsv", "ko", head, korean(), jamo=True)
        else:
            layout = LAYOUTS[language]
            rows = layout_rows(layout, args.xkb, keysyms)
            rows = vietnamese(rows) if language == "vi" else rows
            head["source"] = f"xkeyboard-config {args.xkb_version} (Debian xkb-data), layout {layout.section}"
            head["note"] = [layout.note] * bool(layout.note) + ["neighbouring keys, same shift level and letter case"]
            count = write_table(args.out / f"{language}.tsv", language, head, rows)
        print(f"{language}: {count} rows")


if __name__ == "__main__":
    main()
