"""Tables of substitutions and insertions: TSV files with their source, version and licence at the top, read and checked.

Columns: ``from``, ``to`` and, where a row needs them, ``languages`` (BCP 47 codes or ``*``), ``where`` (the place in
the word: any, initial, medial, final, whole), ``after`` and ``before`` (a set such as ``[\\p{M}]`` or ``[^аеё#]`` that
the code point before, or the one after, must be of; several sets in a row, ``[ка][#]``, ask as many code points; ``#``
is the edge of the word) and ``weight`` (how often, against the other rows of the same ``from``). A cell is literal, or
code points as ``U+XXXX U+XXXX``. Further columns are for readers of the table.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import regex

from robustx.errors import CardError

PLACES = ("any", "initial", "medial", "final", "whole")
_REQUIRED_FACTS = ("source", "licence")


class Row(NamedTuple):
    """One replacement for one string, and where it holds."""

    to: str
    where: str = "any"
    weight: float = 1.0
    after: str = ""
    before: str = ""

    @property
    def anywhere(self) -> bool:
        """Whether the row holds wherever its string stands."""
        return self.where == "any" and not self.after and not self.before

    @property
    def reach(self) -> int:
        """How many code points to each side decide whether the row holds; at least one, that edges are told."""
        return max(1, len(sets_of(self.after)), len(sets_of(self.before)))

    def fits(self, word: str, start: int, stop: int) -> bool:
        """Whether the row holds for ``word[start:stop]``."""
        return self.at(start == 0, stop == len(word)) and self.between(word, start, stop)

    def at(self, initial: bool, final: bool) -> bool:
        """Whether the row holds at a place in the word."""
        if self.where == "any":
            return True
        if self.where == "initial":
            return initial
        if self.where == "final":
            return final
        return (initial and final) if self.where == "whole" else not initial and not final

    def between(self, word: str, start: int, stop: int) -> bool:
        """Whether the code points on both sides of ``word[start:stop]`` are such as the row asks for."""
        for distance, one in enumerate(reversed(sets_of(self.after)), start=1):
            if not in_set(one, word[start - distance] if distance <= start else EDGE):
                return False
        return all(
            in_set(one, word[at] if at < len(word) else EDGE) for at, one in enumerate(sets_of(self.before), start=stop)
        )


EDGE = "#"
"""What stands in ``after`` and ``before`` for the edge of the word, and for all that lies beyond it."""

_SET = r"\[(?:\\.|[^\[\]\\])+\]"


@lru_cache(maxsize=16384)
def sets_of(cell: str) -> tuple[str, ...]:
    """The sets that a cell of ``after`` or ``before`` has in a row."""
    return tuple(regex.findall(_SET, cell))


@lru_cache(maxsize=262144)
def in_set(one: str, character: str) -> bool:
    """Whether a code point, or the edge, is of a set."""
    return _pattern(one).fullmatch(character) is not None


@lru_cache(maxsize=16384)
def _pattern(one: str) -> regex.Pattern[str]:
    # kept here, for a table can have more of them than regex itself keeps
    return regex.compile(one, regex.V0)


@dataclass(frozen=True)
class Table:
    """A table as it holds for one language.

    Attributes:
        rows: replacements by the string they replace; insertions stand under the empty string.
        form: ``NFC``; ``NFD`` where the table is matched on the decomposed form inside each cluster; ``ANY`` where its
            rows are canonically equivalent strings.
        facts: the ``# key: value`` lines at the top.
    """

    rows: dict[str, tuple[Row, ...]]
    form: str
    facts: dict[str, str]


@lru_cache(maxsize=512)
def read_table(path: Path, language: str) -> Table:
    """Read the rows of a table that hold for a language.

    Raises:
        CardError: the file is missing or a row breaks a rule; the message names the line.
    """
    facts, body = body_of(path)
    form = facts.get("form", "nfc").upper()
    if not body:
        raise CardError(f"{path}: has no rows; expected a header row with the column 'to'")
    header = body[0][1].split("\t")
    if "to" not in header:
        raise CardError(f"{path}: line {body[0][0]}: expected a header row with the column 'to', found {header}")
    rows: dict[str, dict[Row, None]] = {}
    for number, line in body[1:]:
        found = line.split("\t")
        if len(found) > len(header):
            raise CardError(f"{path}: line {number}: expected at most {len(header)} cells, found {len(found)}")
        cells = dict(zip(header, found, strict=False))
        if language in _languages(cells) or "*" in _languages(cells):
            source, row = _row(path, number, cells, form)
            rows.setdefault(source, {})[row] = None
    return Table({source: tuple(found) for source, found in rows.items()}, form, facts)


def body_of(path: Path) -> tuple[dict[str, str], list[tuple[int, str]]]:
    """The facts at the top of a file, and its other lines with their numbers, the header row first.

    Raises:
        CardError: the file cannot be read, or does not say where it is from and under what licence.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CardError(f"{path}: cannot be read: {error}") from error
    facts = dict(_fact(line) for line in lines if line.startswith("#") and ":" in line)
    for fact in _REQUIRED_FACTS:
        if fact not in facts:
            raise CardError(f"{path}: says nothing of its {fact}; expected a line '# {fact}: ...' at the top")
    body = [(number, line) for number, line in enumerate(lines, start=1) if line.strip() and not line.startswith("#")]
    return facts, body


def _fact(line: str) -> tuple[str, str]:
    name, _, value = line.lstrip("# ").partition(":")
    return name.strip(), value.strip()


def _languages(cells: dict[str, str]) -> list[str]:
    return [code.strip() for code in (cells.get("languages") or "*").split(",")]


def _cell(text: str) -> str:
    if text.startswith("U+"):
        made = "".join(chr(int(part.removeprefix("U+"), 16)) for part in text.split())
        made.encode("utf-8")  # a lone surrogate is a ValueError too
        return made
    return text


def is_mark(character: str) -> bool:
    """Whether a code point must stand on a base: a combining mark, or a Hangul vowel or final jamo."""
    return unicodedata.category(character).startswith("M") or is_jamo(character)


def is_jamo(character: str) -> bool:
    """Whether a code point is a Hangul vowel or final jamo."""
    return "\u1160" <= character <= "\u11ff" or "\ud7b0" <= character <= "\ud7fb"


def _row(path: Path, number: int, cells: dict[str, str], form: str) -> tuple[str, Row]:
    try:
        source, to = _cell(cells.get("from", "")), _cell(cells.get("to", ""))
    except ValueError as error:
        raise CardError(f"{path}: line {number}: expected code points as U+XXXX: {error}") from error
    where = cells.get("where") or "any"
    problem = None
    if source == to:
        problem = f"{source!r} would be replaced by itself"
    elif where not in PLACES:
        problem = f"where is {where!r}; expected one of {', '.join(PLACES)}"
    elif form not in ("NFC", "NFD", "ANY"):
        problem = f"the table's form is {form!r}; expected nfc, nfd or any"
    elif form == "NFC" and not (unicodedata.is_normalized("NFC", source) and unicodedata.is_normalized("NFC", to)):
        problem = f"{source!r} or {to!r} is not in NFC"
    elif source and not is_mark(source[0]) and to and is_mark(to[0]):
        problem = f"{to!r} would leave a mark without its base"
    problem = problem or _context_problem(cells)
    if problem:
        raise CardError(f"{path}: line {number}: {problem}")
    weight = float(cells.get("weight") or 1)
    return source, Row(to, where, weight, cells.get("after") or "", cells.get("before") or "")


def _context_problem(cells: dict[str, str]) -> str | None:
    for side in ("after", "before"):
        pattern = cells.get(side)
        if pattern and not _is_set(pattern):
            return f"{side} is {pattern!r}; expected a set of characters such as [\\p{{M}}] or [^ab#]"
    weight = cells.get("weight")
    if weight and not _is_weight(weight):
        return f"weight is {weight!r}; expected a number above 0"
    return None


@lru_cache(maxsize=65536)
def _is_set(pattern: str) -> bool:
    try:
        return regex.fullmatch(rf"(?:{_SET})+", pattern) is not None and regex.compile(pattern) is not None
    except regex.error:
        return False


@lru_cache(maxsize=4096)
def _is_weight(text: str) -> bool:
    return regex.fullmatch(r"\d+(\.\d+)?", text) is not None and float(text) > 0
