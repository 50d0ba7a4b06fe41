"""Any set of natural language inference: OCNLI, KLUE-NLI, JNLI, FarsTail, IndicXNLI, XTREME's pseudo test sets and the like.

A folder of TSV, CSV, JSON, JSON lines or Parquet files, one a language, whose name or folder has the language's code
(``test-ko.jsonl``, ``xnli_hi.json``, ``en-ja-pseudo-translated.csv``, ``fa/test.tsv``), or one file with a column of
languages. Columns are found by the names that such sets use. Test files come before dev files. Training rows are read
by the hold-out rule only (``robustx.tasks.holdout``). Hub: there is none; fetch a set and give its folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from robustx.errors import DataError
from robustx.tasks.base import Example, Head, SkipLog, Statistic, Task
from robustx.tasks.holdout import holdout
from robustx.tasks.nli_labels import NLI_LABELS, nli_label
from robustx.tasks.nli_rows import LANGUAGE, Origin, cell, examples
from robustx.tasks.nli_sets import Chosen, chosen, nli_sets, spelt
from robustx.tasks.tabular import KINDS, rows
from robustx.text.languages import languages


class Nli(Task):
    """The task."""

    name = "nli"
    head: Head = "classification"
    fields: tuple[str, ...] = ("premise", "hypothesis")
    attackable: tuple[str, ...] = ("premise", "hypothesis")
    protects: tuple[str, ...] = ("negation",)
    labels: tuple[str, ...] = NLI_LABELS
    chance = 1 / 3

    def __init__(self, chosen: Chosen | None = None) -> None:
        self._chosen = chosen
        self.published: tuple[str, ...] = () if chosen is None else tuple(chosen.set.languages)

    def of_hub(self, name: str) -> Nli:
        """The task over one set of the hub: ``ocnli``, ``OWNER/NAME`` and the like (``nli_sets.chosen``)."""
        return Nli(chosen(name))

    def available(self, root: Path) -> list[str]:
        """Languages with a file of their own, or named in the language column of the only file."""
        files = _files(root)
        named = {code for path in files if (code := _language(root, path))}
        if not named and len(files) == 1:
            said = (_code(cell(row, LANGUAGE)) for _, row in rows(files[0], _headless, SkipLog()))
            named = {code for code in said if code is not None}
        return [code for code in languages() if code in named]

    def read(self, root: Path, language: str, skipped: SkipLog) -> Iterator[Example]:
        """Rows of one language.

        Raises:
            DataError: no file has the language, two have it, it has no NLI columns, or its rows are training rows.
        """
        path, mixed = _file(root, language)
        found = rows(path, _headless, skipped)
        if mixed:
            found = ((number, row) for number, row in found if _code(cell(row, LANGUAGE)) == language)
        yield from examples(found, Origin(str(path), _rank(path) == _TRAIN, holdout(root)), language, skipped)

    def read_hub(self, language: str, skipped: SkipLog) -> Iterator[Example]:
        """Rows of the chosen set.

        Raises:
            DataError: no set was chosen, the hub cannot be reached, or its rows are none of NLI's or training rows.
        """
        if self._chosen is None:
            raise DataError(
                f"--data hub: nli is any set of NLI rows; name one: {', '.join(f'hub:{x}' for x in nli_sets())}"
            )
        one, rule = self._chosen
        # a column of languages that says otherwise is believed
        found = (
            (number, row)
            for number, row in enumerate(one.rows(language), start=1)
            if _code(cell(row, LANGUAGE)) in (language, None)
        )
        yield from examples(found, Origin(one.hub, one.training, rule, one.labels), language, skipped)

    def statistic(self, gold: str, predicted: str, language: str) -> Statistic:
        """Accuracy: right or not, of one."""
        return Statistic(float(gold == predicted), 1.0)


def _files(root: Path) -> list[Path]:
    base = root / "nli" if (root / "nli").is_dir() else root
    found = (path for path in base.rglob("*") if path.suffix in KINDS and path.is_file())
    return sorted(path for path in found if "readme" not in path.name.lower())


def _headless(first: Sequence[str]) -> tuple[str, ...] | None:
    """XTREME's files have three columns and no header: then the third cell of the first line is a label."""
    return ("premise", "hypothesis", "label") if len(first) == 3 and nli_label(first[2]) else None


def _language(root: Path, path: Path) -> str | None:
    """The last part of a file's name, else of its folder's, that is a code robustx knows."""
    inside = path.relative_to(root).parent.parts
    for name in (path.stem, *reversed(inside)):
        if "zh-Hant" in name:
            return "zh-Hant"
        for part in reversed(re.split(r"[-_.\s]", name)):
            if (code := _code(part)) is not None:
                return code
    return None


def _code(said: object) -> str | None:
    """The code of a language as files and columns write it, None where robustx does not know it."""
    code = spelt().get(str(said), str(said))
    return code if code in languages() else None


def _file(root: Path, language: str) -> tuple[Path, bool]:
    """The file of a language, and whether it has others too."""
    files = _files(root)
    own = [path for path in files if _language(root, path) == language]
    if not own and len(files) == 1 and _language(root, files[0]) is None:
        return files[0], True
    best = sorted(own, key=_rank)
    if not best:
        raise DataError(f"{root}: has no NLI rows for {language}; expected a file such as test-{language}.tsv")
    if len(best) > 1 and _rank(best[0]) == _rank(best[1]):
        raise DataError(f"{root}: {best[0].name} and {best[1].name} both have {language}; keep one of them")
    return best[0], False


_TRAIN = 3


def _rank(path: Path) -> int:
    name = str(path.name).lower()
    if "train" in name:
        return _TRAIN
    return 0 if "test" in name else 1 if "dev" in name or "valid" in name else 2
