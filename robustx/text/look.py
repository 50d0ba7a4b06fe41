"""How alike two strings look when they are drawn: a soft Dice overlap of their ink.

Both are drawn on one baseline in one size with the same fonts. With ``a`` and ``b`` the ink of two pixels that lie on
one another, the likeness is ``2 sum(min(a, b)) / (sum(a) + sum(b))``: the Dice coefficient (Dice 1945,
doi:10.2307/1932409) for fuzzy sets (Crum, Camara and Hill 2006, doi:10.1109/TMI.2006.880587). Which columns lie on one
another is what makes it largest: an alignment of the columns in order, as of two sequences (Gotoh 1982,
doi:10.1016/0022-2836(82)90398-9), where a gap inside costs the ink of one stroke, whatever its length, so that what
stands after a wider letter is compared with itself.

1 is the same drawing. Two unrelated words of one script are not at 0 but at the share of ink that they have in common
anyway (docs/likeness.md has it for each script), so read the figure against that.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt
import regex

from robustx.text.fonts import Face, faces
from robustx.text.languages import language

EM = 32
"""Pixels an em: about what a phone shows of running text."""
_HEIGHT, _BASELINE = 3 * EM, 2 * EM
_GAP = 2 * 255 * EM * EM // 40
"""Ink of a stroke half an em tall and a twentieth of an em wide in both drawings."""
_SLIP = _GAP // 8
"""Glyphs stand at whole pixels, so what is the same may lie a pixel off: a gap of one column costs little."""
_COMPARED, _DRAWN = 1 << 16, 1 << 11
"""How many likenesses and widths, and how many drawings, are remembered."""

Ink = npt.NDArray[np.uint8]
"""[columns, rows] of ink, 0 to 255, no empty column at either end."""

_SPACES = regex.compile(r"[\t\n\r\u2800]")
# what is drawn as nothing, and a font may yet have a box, a blank or a dotted circle for: controls, Hangul fillers that fill
# nothing, and unseen marks with no base before them
_NOTHING = regex.compile(
    r"[\p{Cc}\u3164\uffa0]|\u115f(?![\u1160-\u11a7\ud7b0-\ud7c6])|(?<![\u1100-\u115f\ua960-\ua97c])\u1160"
    r"|\A(?:(?=\p{M})\p{Default_Ignorable_Code_Point})+"
)
_IGNORED = regex.compile(r"\p{Default_Ignorable_Code_Point}")
_RIGHT_TO_LEFT = regex.compile(r"[^\p{L}]*[\p{bc=R}\p{bc=AL}]")


class Look:
    """Compares strings by how they are drawn, remembers what it has seen, and knows the fonts that it used.

    Control characters, default ignorables and Hangul fillers are drawn as nothing, as text engines do; a code point that
    no font has is a box. Bidirectional controls act within one font.
    """

    def __init__(self) -> None:
        self._used: dict[str, Face] = {}
        self._fonts: dict[Face, Any] = {}
        self._compared = lru_cache(maxsize=_COMPARED)(self._compare)
        self._drawn = lru_cache(maxsize=_DRAWN)(self._draw)
        self.width = lru_cache(maxsize=_COMPARED)(self._width)

    def likeness(self, one: str, other: str, script: str) -> float:
        """Likeness of two strings in [0, 1], 1 where they are drawn the same; the same in both orders.

        Args:
            script: ISO 15924 code of the text that they stand in, which decides the font.

        Raises:
            UsageError: a font or a package is missing.
        """
        return 1.0 if one == other else self._compared(*sorted((shown(one), shown(other))), script)

    def check(self, code: str) -> None:
        """Make sure that a language can be drawn.

        Raises:
            UsageError: a font or a package is missing.
        """
        faces(language(code).script)

    def versions(self) -> dict[str, str]:
        """The libraries that draw and the faces that drew, with their versions."""
        from PIL import features

        drawing = ("pil", "freetype2", "raqm", "harfbuzz", "fribidi")
        libraries = {name: str(features.version(name)) for name in drawing}
        return libraries | {name: face.version for name, face in sorted(self._used.items())}

    def _compare(self, one: str, other: str, script: str) -> float:
        return 1.0 if one == other else overlap(self._drawn(one, script), self._drawn(other, script))

    def _width(self, text: str, script: str) -> float:
        """Advance width of a string in ems."""
        return float(sum(self._font(face).getlength(run) for face, run in self._runs(shown(text), script))) / EM

    def _draw(self, text: str, script: str) -> Ink:
        runs = self._runs(text, script)
        if _RIGHT_TO_LEFT.match(text):
            runs.reverse()
        page = np.zeros((_HEIGHT, EM * (8 + 4 * len(text))), dtype=np.uint8)
        at = 2.0 * EM
        for face, run in runs:
            font = self._font(face)
            mask, (left, top) = font.getmask2(run, mode="L", anchor="ls")
            _stamp(page, mask, round(at) + left, _BASELINE + top)
            at += font.getlength(run) if len(runs) > 1 else 0
        columns = np.flatnonzero(page.any(axis=0))
        if not columns.size:
            return np.zeros((0, _HEIGHT), dtype=np.uint8)
        return np.ascontiguousarray(page[:, columns[0] : columns[-1] + 1].T)

    def _runs(self, text: str, script: str) -> list[tuple[Face, str]]:
        """The text in pieces that one face can draw, in logical order."""
        chain = faces(script)
        pieces = [(_face(cluster, chain), cluster) for cluster in regex.findall(r"\X", text)]
        made = [
            (face, "".join(part for _, part in group)) for face, group in groupby(pieces, key=lambda piece: piece[0])
        ]
        self._used |= {face.family: face for face, _ in made}
        return made

    def _font(self, face: Face) -> Any:
        if face not in self._fonts:
            self._fonts[face] = face.at(EM)
        return self._fonts[face]


def shown(text: str) -> str:
    """The text without what is drawn as nothing and cannot change what is drawn."""
    return str(_NOTHING.sub("", _SPACES.sub(" ", text))).encode("utf-8", "replace").decode()


def overlap(one: Ink, other: Ink) -> float:
    """Soft Dice overlap of two drawings under the alignment of their columns that makes it largest.

    Args:
        one, other: [columns, rows], as many rows in both.
    """
    ink = int(one.sum(dtype=np.int64)) + int(other.sum(dtype=np.int64))
    if not (one.size and other.size):
        return float(one.size == other.size)
    head = _same(one, other)
    tail = _same(one[head:][::-1], other[head:][::-1])
    inner_one, inner_other = (drawing[head : len(drawing) - tail] for drawing in (one, other))
    shared = int(one[:head].sum(dtype=np.int64)) + int(one[len(one) - tail :].sum(dtype=np.int64))
    shared += _aligned(inner_one, inner_other, _GAP * bool(head), _GAP * bool(tail))
    return max(0.0, 2 * shared / ink)


def _same(one: Ink, other: Ink) -> int:
    """How many columns at the beginning are the same in both."""
    size = min(len(one), len(other))
    differ = (one[:size] != other[:size]).any(axis=1)
    return int(differ.argmax()) if differ.any() else size


def _aligned(one: Ink, other: Ink, before: int, after: int) -> int:
    """The most ink that two drawings share when columns are paired in order, less what the gaps cost.

    Args:
        before, after: what a gap at either end costs: nothing, unless something that is paired stands beyond it.
    """
    best = -min(before, after)
    if not (len(one) and len(other)):
        return best
    seen = one.any(axis=0) | other.any(axis=0)
    one, other = one[:, seen], other[:, seen]
    paired = np.full(
        len(other) + 1, -before, dtype=np.int64
    )  # the best that ends with the last column and each of other
    paired[0] = 0
    jumped = np.full(len(other) + 1, -before, dtype=np.int64)  # the best that ended earlier, its gap paid for
    earlier = np.full_like(paired, -before)
    for column in one:
        shared = np.minimum(column, other).sum(axis=1, dtype=np.int64)
        here = np.full_like(paired, -before)
        slip = np.maximum(earlier[:-1], np.concatenate(([-before], paired[:-2]))) - _SLIP
        here[1:] = shared + np.maximum(np.maximum(paired[:-1], slip), jumped[:-1])
        earlier, paired = paired, here
        best = max(best, int(paired[1:].max()) - after)
        jumped = np.maximum(jumped, np.maximum.accumulate(paired) - _GAP)
    return max(best, int(paired[-1]))


def _face(cluster: str, chain: tuple[Face, ...]) -> Face:
    """The first face that draws a whole cluster, or else its first code point, or else the first face's box."""
    needed = [ord(character) for character in cluster if not _IGNORED.match(character)]
    if not needed:
        return chain[0]
    whole = (face for face in chain if face.drawn.issuperset(needed))
    part = (face for face in chain if needed[0] in face.drawn)
    return next(whole, None) or next(part, chain[0])


def _stamp(page: Ink, mask: Any, left: int, top: int) -> None:
    """Put ink on a page [rows, columns]; what falls beyond its edges is cut off."""
    width, height = mask.size
    if not (width and height):
        return
    ink = np.array(mask, dtype=np.uint8).reshape(height, width)
    rows = slice(max(0, top), min(page.shape[0], top + height))
    columns = slice(max(0, left), min(page.shape[1], left + width))
    part = ink[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    page[rows, columns] = np.maximum(page[rows, columns], part)
