"""A field before and after an attack as HTML: bidirectional text isolated, edits marked, unseen characters named.

An edited character of another script than the language's looks like what it stands for, so its code point is shown too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import regex
from markupsafe import Markup

from robustx.report.html.shown import chip, chips
from robustx.score.flips import FieldDiff, Piece
from robustx.text.display import name_of
from robustx.text.languages import languages
from robustx.text.scripts import belongs

_KEPT = 48
"""Clusters of unchanged text shown on each side of an edit; what lies between is left out of a long field."""

_LONGEST = 320
"""Fields of at most this many clusters are shown whole."""

_SINGLE = 2
"""Longer insertions in another script are seen to be so, and need no code points."""

_NAMED = 8
"""Edited characters that are named on hovering."""

_JOINERS = "\u200c\u200d"
"""Part of ordinary spelling in Persian, Hindi and others: named where an attack put them, left alone elsewhere."""

_BREAKS = "\n"
"""Stands between the tokens of a token task and the paragraphs of a text; a browser shows it as a space."""


class ShownField(NamedTuple):
    """One field as two lines of HTML."""

    name: str
    clean: Markup
    attacked: Markup
    changed: bool
    shortened: bool


def shown_field(field: FieldDiff, code: str) -> ShownField:
    """Both lines of one field of an example in the language ``code``."""
    pieces = field.pieces
    total = sum(len(regex.findall(r"\X", piece.text)) for piece in pieces)
    shortened = total > _LONGEST
    if shortened:
        pieces = tuple(_cut(piece, i == 0, i == len(pieces) - 1) for i, piece in enumerate(pieces))
    changed = any(piece.kind != "same" for piece in pieces)
    return ShownField(
        field.name,
        _line([piece for piece in pieces if piece.kind != "inserted"], code),
        _line([piece for piece in pieces if piece.kind != "removed"], code),
        changed,
        shortened,
    )


def edit_names(fields: Sequence[FieldDiff]) -> list[str]:
    """What a few edits did, with the names of the characters: ``inserted ZERO WIDTH SPACE``, ``A became B``.

    Nothing where so many characters were edited that their names would say no more than the text does.
    """
    told = []
    for field in fields:
        held = ""
        for piece in (*field.pieces, Piece("same", "")):
            if piece.kind == "removed":
                held = piece.text
            elif piece.kind == "inserted":
                told.append(f"{_names(held)} became {_names(piece.text)}" if held else f"inserted {_names(piece.text)}")
                held = ""
            elif held:
                told.append(f"removed {_names(held)}")
                held = ""
    edited = sum(len(piece.text) for field in fields for piece in field.pieces if piece.kind != "same")
    return told if edited <= 2 * _NAMED else []


def _names(text: str) -> str:
    return ", ".join(name_of(character) for character in text)


def direction(code: str) -> str:
    """``ltr`` or ``rtl``; ``auto`` for a language robustx does not know."""
    return languages()[code].direction if code in languages() else "auto"


def _line(pieces: list[Piece], code: str) -> Markup:
    lang = Markup(' lang="{}"').format(code) if code in languages() else Markup("")
    home = languages()[code].script if code in languages() else ""
    inner = Markup("").join(_piece(piece, home) for piece in pieces)
    return Markup('<bdi class="text" dir="{}"{}>{}</bdi>').format(direction(code), lang, inner)


def _piece(piece: Piece, home: str) -> Markup:
    if piece.kind == "same":
        return chips(piece.text, leave=_JOINERS + _BREAKS)
    tag = Markup("del" if piece.kind == "removed" else "ins")
    text = piece.text
    # a combining mark that is taken away alone needs something to stand on
    if piece.kind == "removed" and unicodedata.category(text[0]).startswith("M"):
        text = f"\N{DOTTED CIRCLE}{text}"
    names = "; ".join(name_of(character) for character in piece.text[:_NAMED])
    lookalike = piece.kind == "inserted" and bool(home) and len(piece.text) <= _SINGLE
    foreign = Markup("").join(chip(one) for one in piece.text if lookalike and not belongs(one, home))
    return Markup('<{0} title="{1}">{2}</{0}>{3}').format(tag, names, chips(text), foreign)


def _cut(piece: Piece, first: bool, last: bool) -> Piece:
    """A long unchanged piece with its middle left out (its far end, at the border of the text)."""
    clusters = regex.findall(r"\X", piece.text)
    if piece.kind != "same" or len(clusters) <= 2 * _KEPT:
        return piece
    head = "" if first else "".join(clusters[:_KEPT])
    tail = "" if last else "".join(clusters[-_KEPT:])
    return Piece("same", f"{head} … {tail}")
