"""Text of unknown origin, made inert for where it is printed: CSV, LaTeX, Markdown, YAML and JSON inside a page.

Every function first names unseen and control characters (``visible``), so nothing moves a cursor,
colours a terminal or reorders what stands beside it. HTML itself is the templates' business: they escape everything.

References: OWASP, CSV Injection; CommonMark 0.31, section 2.4 (backslash escapes); RFC 8259; YAML 1.2.2, section 7.3.1.
"""

from __future__ import annotations

import json
import re
from typing import Any

from robustx.text.display import visible

_FORMULA = tuple("=+-@\t\r＝＋－＠")
_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
    "'": r"\textquotesingle{}",
}
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def csv_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula. Quoting is the writer's business."""
    shown = visible(text)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown


def latex(text: str) -> str:
    """A text for the body of a LaTeX document; letters of other scripts stay as they are (XeLaTeX, LuaLaTeX)."""
    return "".join(_LATEX.get(character, character) for character in visible(text))


def markdown(text: str) -> str:
    """A text for a cell or a line of Markdown: no markup, no HTML, no link, no end of the cell."""
    return shown_in_markdown(visible(text))


def shown_in_markdown(text: str) -> str:
    """The same for a text that is shown already: what is unseen in it is named, and its isolates stay."""
    shown = re.sub(r"([\\`*_\[\]()|~#!:@$])", r"\\\1", text).replace("www.", r"www\.")
    return "".join(_ENTITIES.get(character, character) for character in shown)


def yaml_string(text: str) -> str:
    """A double-quoted YAML scalar."""
    return json.dumps(visible(text), ensure_ascii=False)


def json_in_html(value: Any) -> str:
    """JSON that can stand inside a ``script`` element of a page, whatever its strings say."""
    raw = json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return raw.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
