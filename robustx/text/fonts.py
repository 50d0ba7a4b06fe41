"""The fonts that text is drawn with to see how alike it looks: which file serves which script, and what it can draw.

The extra ``look`` installs Noto Sans for every script of ``languages.tsv``; a folder that the environment variable
``ROBUSTX_FONTS`` names takes its place (Debian's ``fonts-noto-core`` and ``fonts-noto-cjk`` have files of these names).
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import regex

from robustx.errors import MissingExtraError, UsageError

PACKAGES = ("manimgx_fonts", "manimgx_fonts_cjk")
"""Noto Sans and Noto Sans CJK as they were published, on PyPI (SIL Open Font License 1.1)."""
VARIABLE = "ROBUSTX_FONTS"
_PURPOSE = "Seeing how alike texts look"
_AXES = {"wght": 400, "wdth": 100}


class Family(NamedTuple):
    """A line of ``fonts.tsv``: the family that draws a script and how its file's name begins."""

    script: str
    file: str
    name: str


@lru_cache(maxsize=1)
def families() -> tuple[Family, ...]:
    """Every family with its script, in the order in which they stand in for one another."""
    lines = Path(__file__).with_name("fonts.tsv").read_text(encoding="utf-8").splitlines()
    return tuple(Family(*line.split("\t")) for line in lines if not line.startswith("#"))[1:]


@dataclass(frozen=True)
class Face:
    """One upright face of regular weight in a font file.

    Attributes:
        index: which face of a collection.
    """

    family: str
    path: Path
    index: int

    @cached_property
    def drawn(self) -> frozenset[int]:
        """The code points that the face has a glyph for."""
        with _opened(self.path, self.index) as tables:
            return frozenset(tables.getBestCmap() or ())

    @cached_property
    def version(self) -> str:
        """What the face says of its version, and the beginning of its file's SHA-256: ``2.007 (0a1b2c3d)``."""
        with _opened(self.path, self.index) as tables:
            said = str(tables["name"].getDebugName(5) or "?").removeprefix("Version ").split(";")[0]
        return f"{said} ({_digest(self.path)})"

    def at(self, size: int) -> Any:
        """The face as a Pillow font of so many pixels an em, shaped by HarfBuzz through Raqm."""
        from PIL import ImageFont

        font = ImageFont.truetype(str(self.path), size, self.index, layout_engine=ImageFont.Layout.RAQM)
        with _opened(self.path, self.index) as tables:
            axes = tables["fvar"].axes if "fvar" in tables else []
        if axes:
            font.set_variation_by_axes([_AXES.get(axis.axisTag, axis.defaultValue) for axis in axes])
        return font


@lru_cache(maxsize=64)
def faces(script: str) -> tuple[Face, ...]:
    """The face of a script, then those that draw what it cannot.

    Args:
        script: ISO 15924.

    Raises:
        UsageError: Pillow, its shaping or the font of the script is not installed.
    """
    require_drawing()
    ranked = sorted(families(), key=lambda family: family.script != script)
    if ranked[0].script != script:
        raise UsageError(f"{_PURPOSE}: no font is known for the script {script}; those known: {_scripts()}")
    where = tuple(folders())
    found = {family.name: _find(family, where) for family in ranked}
    first = ranked[0]
    if found[first.name] is None:
        raise UsageError(
            f"{_PURPOSE} in {script} needs {first.name}: expected {first.file}-Regular.ttf, .otf or .ttc in "
            f"{', '.join(map(str, where))}; pip install 'robustx[look]', or name a folder in {VARIABLE}"
        )
    return tuple(face for face in found.values() if face)


def folders() -> list[Path]:
    """Where fonts are looked for: the folder of ``ROBUSTX_FONTS``, or else the font packages that are installed.

    Raises:
        UsageError: the variable names no folder, or nothing is installed.
    """
    if named := os.environ.get(VARIABLE):
        if not Path(named).is_dir():
            raise UsageError(f"{VARIABLE}={named}: is no folder; expected one with Noto fonts in it, or below it")
        return [Path(named)]
    specs = [find_spec(name) for name in PACKAGES]
    found = [Path(spec.origin).parent for spec in specs if spec and spec.origin]
    if not found:
        raise MissingExtraError(_PURPOSE, " and ".join(PACKAGES).replace("_", "-"), "look")
    return found


def require_drawing() -> None:
    """Make sure that text can be drawn at all.

    Raises:
        UsageError: Pillow or fontTools is missing, or Pillow was built without Raqm.
    """
    for name, package in (("PIL", "pillow"), ("fontTools", "fonttools")):
        if find_spec(name) is None:
            raise MissingExtraError(_PURPOSE, package, "look")
    from PIL import features

    if not features.check("raqm"):
        raise UsageError(
            f"{_PURPOSE} needs a Pillow with Raqm, which its wheels have: pip install --force-reinstall pillow"
        )


def _scripts() -> str:
    return " ".join(sorted({family.script for family in families()}))


@lru_cache(maxsize=256)
def _find(family: Family, where: tuple[Path, ...]) -> Face | None:
    pattern = regex.compile(rf"{family.file}(-Regular|-VF|\[[a-z,]+\])?(\.otf)?\.(ttf|otf|ttc)")
    for path in _font_files(where):
        if pattern.fullmatch(path.name) and (index := _index(path, family.name)) is not None:
            return Face(family.name, path, index)
    return None


@lru_cache(maxsize=4)
def _font_files(where: tuple[Path, ...]) -> tuple[Path, ...]:
    return tuple(path for folder in where for path in sorted(folder.rglob("*.[ot]t[fc]")))


def _index(path: Path, family: str) -> int | None:
    """Which face of a file is of a family, if one is."""
    from fontTools.ttLib import TTLibError

    try:
        with _opened(path, 0) as tables:
            count = getattr(tables.reader, "numFonts", 1)
        for i in range(count):
            with _opened(path, i) as tables:
                if family in (tables["name"].getDebugName(16), tables["name"].getDebugName(1)):
                    return i
    except (TTLibError, OSError, KeyError, ValueError, struct.error) as error:
        raise UsageError(f"{path}: cannot be read as a font: {error}; remove it or name another folder") from error
    return None


@contextmanager
def _opened(path: Path, index: int) -> Iterator[Any]:
    """The tables of one face."""
    from fontTools.ttLib import TTFont

    with path.open("rb") as file, TTFont(file, fontNumber=index, lazy=True) as tables:
        yield tables


@lru_cache(maxsize=64)
def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:8]
