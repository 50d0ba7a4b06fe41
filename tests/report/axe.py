"""axe-core, where ``ROBUSTX_AXE`` names a folder with ``axe.min.js``: what it finds wrong with a page."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def problems(browser: Any, page: Path, scheme: str, width: int = 1280) -> list[tuple[str, list[str]]]:
    """The rules that a page breaks, and where; skips the test where there is no axe-core."""
    axe = Path(os.environ.get("ROBUSTX_AXE", "")) / "axe.min.js"
    if not os.environ.get("ROBUSTX_AXE") or not axe.is_file():
        pytest.skip("no axe-core: ROBUSTX_AXE names no folder with axe.min.js (see docs/report.md)")
    context = browser.new_context(  # the policy would refuse axe too
        color_scheme=scheme, bypass_csp=True, viewport={"width": width, "height": 900}
    )
    opened = context.new_page()
    opened.goto(page.as_uri())
    opened.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    opened.add_script_tag(path=str(axe))
    found = opened.evaluate("rules => axe.run({runOnly: rules})", RULES)
    context.close()
    assert {"color-contrast", "image-alt", "region"} & {one["id"] for one in found["passes"]}, "axe did not run"
    return [(one["id"], [node["html"][:160] for node in one["nodes"]][:3]) for one in found["violations"]]
