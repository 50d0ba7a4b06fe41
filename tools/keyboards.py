"""Derive the neighbouring-key tables (attacks/tables/keyboard/*.tsv) from the X keyboard layouts of xkeyboard-config.

A maintainer runs this once, with the packages xkb-data (layouts) and x11proto-dev (keysymdef.h: key name -> character):

    python tools/keyboards.py --xkb /usr/share/X11/xkb/symbols --keysyms /usr/include/X11/keysymdef.h \
        --xkb-version 2.35.1 --out attacks/tables/keyboard [language ...]

Two keys are neighbours when they touch on a standard staggered keyboard: left, right, and the two keys of the row above
and of the row below whose edges overlap. Rows stay within one shift level and one letter case. A base letter never
becomes a mark; pairs that could leave two signs fighting for one slot are kept for the word's end, or left out.
"""

import argparse
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

Row = tuple[str, str, str]  # from, to, where
Head = dict[str, str]  # the facts at the top of a table; several lines of one kind are separated by a line feed

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
        note="National (Jatiya) layout of Bangladesh, letter keys nearly as in Bijoy (not InScript, not Probhat)",
    ),
    "de": Layout("de(basic)", ("LATIN",)),
    "el": Layout("gr(basic)", ("GREEK",), accented="άέήίόύώΆΈΉΊΌΎΏ"),
    "en": Layout("us(basic)", ("LATIN",)),
    "es": Layout("es(basic)", ("LATIN",), skip="çÇ", accented="áéíóúÁÉÍÓÚ"),
    "fa": Layout("ir(pes)", ("ARABIC",), skip="\u064a\u0643إة\u0653\u0654\u0670\u064c\u064d\u0652", note="ISIRI 9147"),
    "fr": Layout("fr(basic)", ("LATIN",), accented="âêîôûÂÊÎÔÛ", note="AZERTY"),
    "he": Layout("il(basic)", ("HEBREW",), note="SI-1452"),
    "hi": Layout(
        "in(deva)",
        ("DEVANAGARI",),
        skip="ऍ\u0945\u094aऒ\u0946ऎऩऱळऴङ\u0949ऑ",
        note=f"{INSCRIPT}; the backslash key is left out, its place differs between keyboards",
    ),
    "ka": Layout("ge(basic)", ("GEORGIAN",)),
    "kk": Layout("kz(basic)", ("CYRILLIC",), note="RST KazSSR 903-90"),
    "ml": Layout(
        "in(mal_enhanced)",
        ("MALAYALAM",),
        skip="ർഋഝഢ",
        note=f"{INSCRIPT} (Enhanced, with atomic chillus); the backslash key is left out, its place differs",
    ),
    "mr": Layout(
        "in(deva)",
        ("DEVANAGARI",),
        skip="ऍ\u0945\u094aऒ\u0946ऎऩऱऴङ\u0949ऑ\u093c",
        note=f"{INSCRIPT}; the backslash key is left out, its place differs between keyboards",
    ),
    "my": Layout("mm(basic)", ("MYANMAR",), skip="ဍဎဋၒဈဠဪဣဩဃဿ"),
    "ru": Layout("ru(winkeys)", ("CYRILLIC",)),
    "sw": Layout("us(basic)", ("LATIN",), skip="qxQX", note="q and x are not letters of Swahili"),
    "ta": Layout("in(tam)", ("TAMIL",), skip="\u0b82ஶ", note=f"{INSCRIPT} (not Tamil99)"),
    "te": Layout("in(tel)", ("TELUGU",), skip="ఱఙఞఋఝ\u0c01\u0c03", note=INSCRIPT),
    "th": Layout("th(basic)", ("THAI",), skip="ฃฅฌฤฦๅฯ\u0e4d\u0e3a", note="Kedmanee"),
    "tr": Layout("tr(basic)", ("LATIN",), skip="qwxQWX", note="Turkish Q; q, w and x are not letters of Turkish"),
    "ur": Layout("pk(urd-phonetic)", ("ARABIC",), skip="ۃ\u0654\u0658\u0652", note="phonetic"),
    "vi": Layout(
        "us(basic)", ("LATIN",), skip="fjwzFJWZ", note="Telex: the letters of the US layout, and slips on the tone keys"
    ),
}


# --- reading xkb ---------------------------------------------------------------------------------------------------


def read_keysyms(path: Path) -> dict[str, str]:
    """Key symbol name -> character, from keysymdef.h (comments give the code points; aliases share the value)."""
    lines = re.findall(r"^#define XK_(\w+)\s+(0x[0-9a-f]+)(.*)$", path.read_text("utf-8"), re.MULTILINE)
    by_value: dict[str, str] = {}
    for _, value, comment in lines:
        if match := re.search(r"U\+([0-9A-F]{4,6})", comment):
            by_value.setdefault(value, chr(int(match[1], 16)))
    return {name: by_value[value] for name, value, _ in lines if value in by_value}


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
    marked = (n for n, before in zip(names, sections[::2], strict=False) if "default" in before)
    name = match[2] or next(marked, names[0])
    body = sections[2 * names.index(name) + 2].split("\n};")[0]
    keys: dict[str, list[str]] = {}
    statement = r'include\s+"([^"]+)"|key\s*<(\w+)>\s*\{[^\[}]*?\[([^\]]*)\]'
    for include, key, symbols in re.findall(statement, _typed(body)):
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


# Letters that bear no vowel sign: independent vowels, chillus, Thai vowel letters.
INDIC = "DEVANAGARI|BENGALI|TAMIL|TELUGU|MALAYALAM"
LONE = re.compile(
    rf"(?:{INDIC}) LETTER (?:AA?|II?|UU?|EE?|AI|OO?|AU|VOCALIC R|CHILLU \w+|KHANDA TA)"
    "|MYANMAR LETTER (?:II?|UU?|E|O|AU)|THAI CHARACTER (?:SARA .+|MAIYAMOK)"
)
# Thai and Myanmar marks, whose names say too little.
SLOTS = {
    **dict.fromkeys("\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39", "vowel"),
    **dict.fromkeys("\u0e48\u0e49\u0e4a\u0e4b", "tone"),
    **dict.fromkeys("\u102f\u1030", "below"),
    "\u0e47": "maitaikhu",  # never bears a tone mark
    "\u1032": "ai",
    "\u1036": "dot above",
    "\u0651": "shadda",
}


def slot(char: str) -> str:
    """The place a character takes in a syllable, where this decides what it may turn into."""
    name = unicodedata.name(char)
    if char in SLOTS:
        return SLOTS[char]
    if unicodedata.category(char)[0] != "M":
        return "lone" if LONE.fullmatch(name) else "letter"
    if name.startswith("MYANMAR"):
        return "myanmar"
    for pattern, place in (
        ("VIRAMA", "virama"),
        ("NUKTA", "nukta"),
        ("VOWEL SIGN|LENGTH MARK", "vowel"),
        ("ANUSVARA|CANDRABINDU|VISARGA", "end"),
        ("^ARABIC", "harakat"),
    ):
        if re.search(pattern, name):
            return place
    return char


# Pairs of slots that always leave a well-formed syllable, and those that do so only at the end of the word.
MARKS_ANYWHERE = {
    *((same, same) for same in ("vowel", "tone", "end", "harakat", "below")),
    *(("virama", "vowel"), ("virama", "end"), ("maitaikhu", "vowel"), ("maitaikhu", "tone"), ("ai", "dot above")),
}
MARKS_AT_END = {("vowel", "end"), ("vowel", "virama"), ("vowel", "tone")}
NEVER_FINAL = "\u0e31\u0e37"  # Thai vowels that a letter always follows
NUKTA_BASES = "যডঢडढ"  # inside a word mostly with a nukta, which their neighbours cannot bear; never so at its start


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
    # A letter that bears no sign must not inherit one from what it replaces. (A Thai tone mark has none after it.)
    return "final" if two == "lone" and one not in ("lone", "tone", "end") else "any"


def layout_rows(layout: Layout, root: Path, keysyms: dict[str, str]) -> set[Row]:
    """All rows of one layout."""
    keys = read_section(root, layout.section)
    rows: set[Row] = set()
    for one, two in neighbours():
        for level in range(2):
            symbols = [keys[key][level] if len(keys.get(key, [])) > level else "" for key in (one, two)]
            source, target = (character(symbol, keysyms) for symbol in symbols)
            if source == target or not usable(source, layout) or not usable(target, layout):
                continue
            place = where(source, target)
            if source in NUKTA_BASES and "\u093c" not in layout.skip:
                place = "initial" if place == "any" else None
            if place and not (place == "final" and source in NEVER_FINAL):
                rows.add((source, target, place))
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


# --- Korean --------------------------------------------------------------------------------------------------------

DUBEOLSIK = dict(zip("qwertyuiopasdfghjklzxcvbnm", "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡ", strict=True))
SHIFTED = dict(zip("ㅂㅈㄷㄱㅅㅐㅔ", "ㅃㅉㄸㄲㅆㅒㅖ", strict=True))
LEADING = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
TRAILING = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
COMPOUNDS = dict(
    zip(
        "ㅘㅙㅚㅝㅞㅟㅢㄳㄵㄶㄺㄻㄼㄽㄾㄿㅀㅄ",
        zip("ㅗㅗㅗㅜㅜㅜㅡㄱㄴㄴㄹㄹㄹㄹㄹㄹㄹㅂ", "ㅏㅐㅣㅓㅔㅣㅣㅅㅈㅎㄱㅁㅂㅅㅌㅍㅎㅅ", strict=True),
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
        pairs |= {(compound, whole[first, b]) for a, b in list(pairs) if a == last and (first, b) in whole}
    rows: set[Row] = set()
    for letters, base in ((LEADING, 0x1100), (VOWELS, 0x1161), (TRAILING, 0x11A8)):
        for source, target in pairs:
            rare = target in "ㄽㄿ" or {source, target} == {"ㅒ", "ㅖ"}
            if source in letters and target in letters and not rare:
                rows.add((chr(base + letters.index(source)), chr(base + letters.index(target)), "any"))
    return rows


# --- writing -------------------------------------------------------------------------------------------------------


def cell(text: str, *, hexadecimal: bool = False) -> str:
    """Visible letters as they are; marks (and everything, where asked) as U+XXXX."""
    if hexadecimal or any(unicodedata.category(char)[0] in "MCZ" for char in text):
        return " ".join(f"U+{ord(char):04X}" for char in text)
    return text


def write_table(path: Path, language: str, head: Head, rows: Iterable[Row], *, jamo: bool = False) -> int:
    """Write one table; the columns `languages` and `where` only where a row needs them. Returns the number of rows."""
    unique = sorted(set(rows))
    positions = any(place != "any" for _, _, place in unique)
    lines = [f"# {key}: {value}" for key, values in head.items() for value in values.split("\n")]
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
        head: Head = {"source": "", "version": "1", "licence": "MIT/X11"}
        if language == "ko":
            head |= {
                "source": "2-set (dubeolsik) layout, KS X 5002; key positions of ISO/IEC 9995",
                "licence": "CC0-1.0",
                "note": f"xkeyboard-config {args.xkb_version} leaves Hangul to the input method: layout written out",
                "form": "nfd",
            }
            count = write_table(args.out / "ko.tsv", "ko", head, korean(), jamo=True)
        else:
            layout = LAYOUTS[language]
            rows = layout_rows(layout, args.xkb, keysyms)
            rows = vietnamese(rows) if language == "vi" else rows
            head["source"] = f"xkeyboard-config {args.xkb_version} (Debian xkb-data), layout {layout.section}"
            head["note"] = f"{layout.note}\nneighbouring keys, same shift level and letter case".lstrip()
            count = write_table(args.out / f"{language}.tsv", language, head, rows)
        print(f"{language}: {count} rows")


if __name__ == "__main__":
    main()
