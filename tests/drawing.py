"""Which tests draw text, and what they skip for."""

from __future__ import annotations

import importlib.util

import pytest

from robustx.text import fonts

MISSING = [name for name in ("PIL", "fontTools", *fonts.PACKAGES) if importlib.util.find_spec(name) is None]
drawn = pytest.mark.skipif(bool(MISSING), reason=f"the extra look is not installed: no {', '.join(MISSING)}")
