"""Arabic letters as the presentation forms that their place in the word asks for."""

import unicodedata
from pathlib import Path

import regex

from .tables import PROPERTIES, UCD, Row, letters, write

BLOCKS = ((0xFB50, 0xFBFF), (0xFE80, 0xFEFC))
ALLAH = "\ufdf2"
_FORMS = {"<isolated>": (False, False), "<final>": (True, False), "<initial>": (False, True), "<medial>": (True, True)}

_DUAL = r"\p{Joining_Type=D}\p{Joining_Type=C}"
_JOINING = _DUAL + r"\p{Joining_Type=R}"


def rows() -> list[Row]:
    """A row for each letter, and for lam with alef, in each of its forms.

    A letter joins what is before it where that is of joining type D, and what is after it where it is of D itself and
    that is of D or R (Unicode Standard, section 9.2).
    """
    arabic = set(letters(r"\p{Script=Arab}", 0x620, 0x6D3))
    found = [Row("الله", ALLAH, where="whole")]
    for form in [c for first, last in BLOCKS for c in letters(r"\p{L}", first, last)]:
        tag, *parts = unicodedata.decomposition(form).split() or [""]
        source = "".join(chr(int(part, 16)) for part in parts)
        if tag not in _FORMS or not all(c in arabic for c in source) or (len(source) > 1 and source[0] != "ل"):
            continue
        back, on = _FORMS[tag]
        after = f"[{'' if back else '^'}{_DUAL}]"
        before = f"[{'' if on else '^'}{_JOINING}]" if regex.fullmatch(f"[{_DUAL}]", source[-1]) else ""
        found.append(Row(source, form, after=after, before=before))
    return found


def write_all(folder: Path) -> None:
    """The table of attack presentation-forms."""
    facts = {
        "source": f"{UCD}, compatibility decompositions; {PROPERTIES}",
        "note": "a word with marks or a zero width non-joiner is left alone: no row of theirs is here",
        "cover": "all",
    }
    write(folder / "presentation-forms" / "Arab.tsv", facts, rows())
