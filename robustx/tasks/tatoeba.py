"""Tatoeba (Artetxe and Schwenk 2019, arXiv:1812.10464): up to 1,000 sentences a language, aligned with English; accuracy at 1.

As XTREME and jiant score it, each English sentence looks for the nearest sentence of the language (``similarity_search`` in
google-research/xtreme ``third_party/utils_retrieve.py``: the index holds the language, the queries are English).

Folder, or ``tatoeba/`` below it: LASER's ``tatoeba.<iso3>-eng.<iso3>`` and ``.eng``, or ``<language>-en.<language>`` and ``.en``.
XTREME's own script sorts the English side to hide the answers; such a file is refused. Hub: ``google/xtreme``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from robustx.errors import DataError
from robustx.tasks.base import Example, SkipLog, Statistic, field_problem
from robustx.tasks.lines import line_count, lines
from robustx.tasks.retrieval import RetrievalTask
from robustx.text.languages import languages

HUB_ID = "google/xtreme"
_SORTED = 12
"""Lines that stand in order by chance once in 12! times."""


class Tatoeba(RetrievalTask):
    """The task."""

    name = "tatoeba"
    search = "nearest"
    chance = 0.001

    def available(self, root: Path) -> list[str]:
        """Languages with both files, of those robustx knows."""
        return [code for code in languages() if code != "en" and _files(root, code) is not None]

    def read(self, root: Path, language: str, skipped: SkipLog) -> Iterator[Example]:
        """Rows of the two files, line by line.

        Raises:
            DataError: there are no such files, they differ in length, or the English one is sorted.
        """
        found = _files(root, language)
        if found is None:
            name = _names().get(language, language)
            raise DataError(
                f"{root}: has no Tatoeba sentences for {language}; expected tatoeba.{name}-eng.{name} and "
                f"tatoeba.{name}-eng.eng, or {language}-en.{language} and {language}-en.en"
            )
        source, target = found
        counts = line_count(source), line_count(target)
        if counts[0] != counts[1]:
            raise DataError(
                f"{source}: has {counts[0]:,} lines and {target.name} {counts[1]:,}; "
                "expected files that are translations of each other line by line"
            )
        _check_order(target)
        english = dict(lines(target, skipped))
        for number, text in lines(source, skipped):
            if number in english:
                yield from _row(source, number, text, english[number], language, skipped)

    def read_hub(self, language: str, skipped: SkipLog) -> Iterator[Example]:
        """Rows of the hub's validation split, which is all that there is."""
        from robustx.tasks.hub import hub_rows

        name = _names().get(language)
        if name is None:
            raise DataError(f"{HUB_ID}: has no Tatoeba sentences for {language}")
        for number, row in enumerate(hub_rows(HUB_ID, f"tatoeba.{name}", "validation"), start=1):
            source, target = (str(row[key] or "").rstrip("\r\n") for key in ("source_sentence", "target_sentence"))
            yield from _row(f"{HUB_ID}/tatoeba.{name}", number, source, target, language, skipped)

    def statistic(self, gold: str, predicted: str, language: str) -> Statistic:
        """Accuracy at 1: found or not, of one."""
        return Statistic(float(gold == predicted), 1.0)


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """What LASER's files call a language, by its code."""
    rows = Path(__file__).with_name("tatoeba.tsv").read_text(encoding="utf-8").splitlines()
    pairs = (row.split("\t") for row in rows[1:] if not row.startswith("#"))
    return {code: name for code, name in pairs if code != "language"}


def _files(root: Path, language: str) -> tuple[Path, Path] | None:
    """The two files of a language; LASER's come first, whose English side is never sorted."""
    folder = root / "tatoeba" if (root / "tatoeba").is_dir() else root
    name = _names().get(language, language)
    for stem, ends in ((f"tatoeba.{name}-eng", (name, "eng")), (f"{language}-en", (language, "en"))):
        source, target = (folder / f"{stem}.{end}" for end in ends)
        if source.is_file() and target.is_file():
            return source, target
    return None


def _check_order(target: Path) -> None:
    english = [line for _, line in lines(target, SkipLog())]
    if len(english) >= _SORTED and english == sorted(english):
        raise DataError(
            f"{target}: is in alphabetical order, as XTREME's download script leaves it to hide which line translates "
            "which; expected LASER's files, tatoeba.<iso3>-eng.<iso3> and tatoeba.<iso3>-eng.eng"
        )


def _row(path: Path | str, number: int, source: str, target: str, language: str, skipped: SkipLog) -> Iterator[Example]:
    problem = field_problem((source, target))
    if problem is not None:
        skipped.add(path, number, problem)
        return
    # each language has sentences of its own: row i of one is not row i of another
    uid = f"tatoeba-{language}-{number}"
    yield Example(uid, language, {"source": source, "target": target}, uid)
