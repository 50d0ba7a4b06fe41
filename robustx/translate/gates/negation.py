"""Whether what the source denies is still denied in the target.

Human translators often move a negation into another word: *not good* becomes *bad*, *failed to* becomes *did not*. So
the gate asks for less than equal counts: the source denies plainly, and nothing in the target denies, not even a word
that translators write in its place. The words are data (``negation.tsv``, over ``attacks/tables/negation.tsv``).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import regex

from robustx.cards import card_folder
from robustx.errors import CardError
from robustx.perturb.tables import body_of
from robustx.text.languages import language as language_of
from robustx.translate.gates.pair import Figures, Pair

_TABLE = Path(__file__).with_name("negation.tsv")
_UNSPACED = frozenset({"Hans", "Hant", "Jpan", "Thai", "Mymr", "Laoo", "Khmr"})
_LETTER = r"[\p{L}\p{M}\p{N}]"
_NO_LETTER_BEFORE, _NO_LETTER_AFTER = rf"(?<!{_LETTER})", rf"(?!{_LETTER})"
_SHAPES = {
    "word": (_NO_LETTER_BEFORE, _NO_LETTER_AFTER),
    "start": (_NO_LETTER_BEFORE, ""),
    "end": ("", _NO_LETTER_AFTER),
    "part": ("", ""),
}
_READINGS = ("negation", "near", "none")
_VOWEL_SIGNS = regex.compile(r"[\u0640\u064b-\u0652\u0670]")


@dataclass(frozen=True)
class Negation:
    """How one language denies.

    Attributes:
        none: what looks like a negation and denies nothing; taken out of a text first.
        plain: what denies.
        near: what translators write in place of a negation.
    """

    none: regex.Pattern[str] | None
    plain: regex.Pattern[str] | None
    near: regex.Pattern[str] | None

    def denies(self, text: str) -> bool:
        """Whether a text denies plainly."""
        return _found(self.plain, self._bared(text))

    def may_deny(self, text: str) -> bool:
        """Whether a text denies, plainly or by a word that stands in for a negation."""
        bared = self._bared(text)
        return _found(self.plain, bared) or _found(self.near, bared)

    def _bared(self, text: str) -> str:
        plain = _VOWEL_SIGNS.sub("", unicodedata.normalize("NFKC", text).lower())
        return str(self.none.sub(" ", plain)) if self.none else plain


def measure(pair: Pair) -> Figures:
    """``negation_lost``: 1 where the source denies and nothing in the target does; ``negation_added``: the reverse.

    Nothing is measured where robustx knows no negation of one of the two languages.
    """
    source, target = negation_of(pair.source_language), negation_of(pair.target_language)
    if source is None or target is None:
        return {}
    lost = source.denies(pair.source) and not target.may_deny(pair.target)
    added = target.denies(pair.target) and not source.may_deny(pair.source)
    return {"negation_lost": float(lost), "negation_added": float(added)}


@lru_cache(maxsize=64)
def negation_of(language: str) -> Negation | None:
    """How a language denies, or None where neither table has a word of it.

    Raises:
        CardError: a row of a table breaks a rule; the message names the line.
    """
    rows = [(form, where, reads) for code, form, where, reads in _rows() if code == language]
    if not any(reads == "negation" for _, _, reads in rows):
        return None
    spaced = language_of(language).script not in _UNSPACED
    of = {
        reading: [_shaped(form, where, spaced) for form, where, reads in rows if reads == reading]
        for reading in _READINGS
    }
    return Negation(
        *(regex.compile("|".join(of[reading])) if of[reading] else None for reading in ("none", "negation", "near"))
    )


def _shaped(form: str, where: str, spaced: bool) -> str:
    if where == "pattern":
        return f"(?:{form})"
    before, after = _SHAPES[where if spaced else "part"]
    return f"{before}{regex.escape(unicodedata.normalize('NFKC', form))}{after}"


@lru_cache(maxsize=1)
def _rows() -> list[tuple[str, str, str, str]]:
    """(language, form, where, reads) of both tables; longer forms first, so that they are taken out first."""
    rows = [
        (code, form.lower(), "word", "negation")
        for code, form in (
            _cells(line)[:2] for _, line in body_of(card_folder("attacks") / "tables" / "negation.tsv")[1][1:]
        )
    ]
    for number, line in body_of(_TABLE)[1][1:]:
        cells = _cells(line)
        if len(cells) != 4 or cells[2] not in (*_SHAPES, "pattern") or cells[3] not in _READINGS:
            raise CardError(
                f"{_TABLE}: line {number}: expected language, form, where ({', '.join(_SHAPES)}, pattern) and "
                f"reads ({', '.join(_READINGS)}), found {cells}"
            )
        rows.append((cells[0], cells[1], cells[2], cells[3]))
    return sorted(rows, key=lambda row: (row[2] == "pattern", len(row[1])), reverse=True)


def _cells(line: str) -> list[str]:
    return line.split("\t")


def _found(pattern: regex.Pattern[str] | None, text: str) -> bool:
    return pattern is not None and pattern.search(text) is not None
