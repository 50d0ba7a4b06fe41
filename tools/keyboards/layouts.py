"""The layout of each language (layouts.toml), and what its keys type."""

import tomllib
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from .xkb import character, read_keysyms, read_section

HERE = Path(__file__).parent
Keys = dict[str, list[str]]  # key name -> what it types alone and with Shift; '' for nothing


@dataclass(frozen=True)
class Layout:
    """One language's layout. The fields are explained at the top of layouts.toml."""

    name: str
    script: str
    section: str = ""
    written: str = ""
    skip: str = ""
    apart: list[str] = field(default_factory=list)
    accented: str = ""
    composed: str = ""
    corrected: dict[str, str] = field(default_factory=dict)
    note: str = ""


def read_layouts() -> dict[str, Layout]:
    """Language -> layout."""
    return {
        code: Layout(**{"name": "", **facts})
        for code, facts in tomllib.loads((HERE / "layouts.toml").read_text("utf-8")).items()
    }


def read_written(name: str) -> Keys:
    """A layout that is written out here, which xkeyboard-config lacks."""
    return tomllib.loads((HERE / f"{name}.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Xkb:
    """An installed xkeyboard-config.

    Attributes:
        root: its symbols folder.
        keysyms: key symbol name -> character.
        version: version of the package, for the headers of tables.
    """

    root: Path
    keysyms: dict[str, str]
    version: str

    @classmethod
    def at(cls, root: Path, keysymdef: Path, version: str) -> "Xkb":
        return cls(root, read_keysyms(keysymdef), version)

    def keys(self, layout: Layout) -> Keys:
        """What every key of a layout types at its first two levels."""
        if layout.written:
            return read_written(layout.written)
        symbols = read_section(self.root, layout.section)
        return {key: [character(symbol, self.keysyms) for symbol in levels[:2]] for key, levels in symbols.items()}

    def dead_keys(self, layout: Layout) -> dict[str, tuple[str, int]]:
        """Combining mark -> (key, level) of the dead key that puts it on the next letter."""
        marks = {
            "dead_grave": "\u0300",
            "dead_acute": "\u0301",
            "dead_circumflex": "\u0302",
            "dead_diaeresis": "\u0308",
        }
        symbols = read_section(self.root, layout.section) if layout.section else {}
        return {
            marks[symbol]: (key, level)
            for key, levels in symbols.items()
            for level, symbol in enumerate(levels[:2])
            if symbol in marks
        }

    def source(self, layout: Layout) -> str:
        """The line that says where a table comes from."""
        if layout.written:
            return "SLS 1134 (Wijesekara layout of Sri Lanka); key positions of ISO/IEC 9995"
        return f"xkeyboard-config {self.version} (Debian xkb-data), layout {layout.section}"


def usable(char: str, layout: Layout) -> bool:
    """Whether a character on the layout may stand in a table: a letter or mark of the language, stable in NFC."""
    return (
        len(char) == 1
        and unicodedata.category(char)[0] in "LM"
        and unicodedata.category(char) != "Me"
        and char not in layout.skip
        and unicodedata.normalize("NFC", char) == char
        and not 0xFB50 <= ord(char) <= 0xFEFF
        and char not in "ªº\u0640"
        and unicodedata.name(char).split()[0] == layout.script
    )
