"""Engines for tests: a program in place of Apertium, and an engine that answers at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from robustx.translate.engine import EngineError, Outcome

PIPELINE = r"""#!/bin/sh
case "$*" in
-l) printf '  eng-hin\n  urd-hin\n'; exit ;;
-V) echo 'Apertium 3.8.3'; exit ;;
esac
text=$(mktemp)
trap 'rm -f "$text"' EXIT
cat > "$text"
FAULT
tr a-z A-Z < "$text"
"""


def program(folder: Path, fault: str = ":") -> str:
    """A program that is called as Apertium is and answers in capitals, unless the fault (a line of shell; the input is in "$text") comes first."""
    path = folder / "apertium-like"
    path.write_text(PIPELINE.replace("FAULT", fault), encoding="utf-8")
    path.chmod(0o755)
    return str(path)


class Capitals:
    """Answers in capitals; counts its calls; fails on what it is told to, and stops for good after so many batches."""

    name = "capitals"

    def __init__(
        self, unit: str = "text", batch: int = 4, longest: int = 100, bad: str = "\0", dies_after: int = 10**9
    ) -> None:
        self.unit, self.batch, self._longest, self._bad, self._left = unit, batch, longest, bad, dies_after
        self.seen: list[list[str]] = []

    def check(self, source: str, target: str) -> None:
        """All languages."""

    def identity(self, source: str, target: str) -> Mapping[str, str]:
        return {"engine": self.name, "version": "1"}

    def fits(self, text: str) -> bool:
        return len(text) <= self._longest

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[Outcome]:
        if self._left == 0:
            raise KeyboardInterrupt
        self._left -= 1
        self.seen.append(list(texts))
        if any(self._bad in text for text in texts):
            raise EngineError("out of memory")
        return [Outcome(text.upper()) for text in texts]
