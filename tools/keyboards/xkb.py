"""Reading xkeyboard-config: what each key of a layout's section types."""

import re
from pathlib import Path

from .geometry import QWERTY


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
            place = _place(key)
            keys[place] = _merge([symbol.strip() for symbol in symbols.split(",")], keys.get(place, []))
    return keys


def _place(key: str) -> str:
    """The key's place, where a section names it by the Latin letter on it (LatQ)."""
    return QWERTY.get(key.removeprefix("Lat").lower(), key) if key.startswith("Lat") else key


def _typed(body: str) -> str:
    """Drop what stands in brackets before a key's symbols (type[Group1]=..., symbols[Group1]=)."""
    return re.sub(r"(?:type|symbols)\s*\[\w+\]\s*=\s*(?:\"\w+\"\s*,?)?", "", body)


def _merge(new: list[str], old: list[str]) -> list[str]:
    """xkb's override: NoSymbol and levels that the new definition lacks keep the old symbol."""
    width = max(len(new), len(old))
    new, old = new + ["NoSymbol"] * (width - len(new)), old + ["NoSymbol"] * (width - len(old))
    return [n if n != "NoSymbol" else o for n, o in zip(new, old, strict=True)]
