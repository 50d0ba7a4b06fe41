"""Running text for masked language modelling: ``<language>.txt`` files of one passage a line, or Wikipedia on the hub."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from robustx.errors import DataError
from robustx.stilts.examples import Passage
from robustx.stilts.readers.rows import text_of
from robustx.tasks.base import MAX_FIELD
from robustx.tasks.hub import hub_rows

WIKIPEDIA = "wikimedia/wikipedia"
DUMP = "20231101"


def passages(root: Path | None, language: str, limit: int) -> list[Passage]:
    """Passages of one language, at most ``limit``: from ``<language>.txt`` in a folder, or from Wikipedia where it is None.

    Raises:
        DataError: there is no such file, or nothing is in it.
    """
    found = list(islice(_hub(language) if root is None else _file(root, language), limit))
    if not found:
        raise DataError(f"{root or WIKIPEDIA}: has no text in {language}")
    return found


def _file(root: Path, language: str) -> Iterator[Passage]:
    path = next((one for one in (root / f"{language}.txt", root / "mlm" / f"{language}.txt") if one.is_file()), None)
    if path is None:
        raise DataError(f"{root / f'{language}.txt'}: there is no such file; expected one passage of {language} a line")
    for number, line in enumerate(text_of(path).split("\n"), start=1):
        if line.strip():
            yield Passage(f"mlm-{language}-{number}", line.strip()[:MAX_FIELD], language)


def _hub(language: str) -> Iterator[Passage]:
    for number, row in enumerate(hub_rows(WIKIPEDIA, f"{DUMP}.{language}", "train"), start=1):
        yield Passage(f"mlm-{language}-{number}", str(row["text"])[:MAX_FIELD], language)
