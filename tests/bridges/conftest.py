"""TextAttack and nlpaug where they are installed (``python3 start.py guests test``); else the tests that need them skip."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from robustx.perturb.guests import guests


def _needs(package: str) -> None:
    if find_spec(package) is None:
        pytest.skip(f"{package} is not installed: python3 start.py guests test")
    if package not in guests():
        pytest.skip("robustx was installed before it had guests: pip install -e . once more")


@pytest.fixture(scope="session")
def nlpaug() -> None:
    """nlpaug, and what it imports, whose own warnings are not ours."""
    _needs("nlpaug")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import nlpaug.augmenter.char
        import nlpaug.augmenter.word  # noqa: F401


@pytest.fixture(scope="session")
def textattack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """TextAttack, imported by robustx with a home folder of its own."""
    _needs("textattack")
    from robustx.bridges.textattack_package import imported

    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        warnings.simplefilter("ignore")
        yield imported("the tests")


@pytest.fixture
def card(tmp_path: Path) -> Any:
    """Writes the card of a guest and returns its path."""

    def write(guest: str, operator: str = "nlpaug", **more: str) -> str:
        facts = {"severity": '"edits"', "ladder": "[1, 2]", "unit": '"edits"', "validity": '"unchecked"'} | more
        lines = "\n".join(f"{key} = {value}" for key, value in facts.items())
        path = tmp_path / "mine.toml"
        path.write_text(
            f'id = "mine"\nversion = 1\nsummary = "A guest"\nfamily = "typing"\noperator = "{operator}"\n'
            f'source = "here"\n{lines}\n{guest}\n',
            encoding="utf-8",
        )
        return str(path)

    return write
