"""Templates to one self-contained page, under a content security policy that lets nothing be fetched or run."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from robustx import files
from robustx.report import words
from robustx.report.flags import merged_flags, spoiled
from robustx.report.html.heat import legend, shade
from robustx.report.html.scale import covering, ends
from robustx.report.html.shown import isolated
from robustx.report.words import p_value
from robustx.text.display import visible
from robustx.text.scripts import script_name

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).with_name("templates")


def render(template: str, **context: Any) -> str:
    """A page; every value in it is escaped unless a function of this package made it markup.

    The policy allows the page's own style by its hash and nothing else: no script, no image, font, frame or form, and no
    connection (Content Security Policy Level 3, W3C).
    """
    style = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return _environment().get_template(template).render(style=Markup(style), policy=policy, **context)


def write_page(path: Path, page: str) -> None:
    """Write a page whole."""
    with files.whole_file(path) as scratch:
        scratch.write_text(page, encoding="utf-8", newline="\n")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        name: getattr(words, name)
        for name in ("points", "signed", "margin", "span", "share", "times", "capital", "edits")
    }
    made.filters |= {"iso": isolated, "plain": visible, "p": p_value, "script_name": script_name}
    made.globals |= {"known": words.known, "shade": shade, "legend": legend, "covering": covering, "ends": ends}
    made.globals |= {"merged_flags": merged_flags, "spoiled": spoiled, "float": float}
    return made
