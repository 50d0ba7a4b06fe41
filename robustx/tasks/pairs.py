"""Tasks of two texts and one label, in XTREME's layout: a tab-separated file a language, text, text, label, no header.

XTREME's own script writes its test files without labels. Where the test file has none, the dev file is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from robustx.errors import DataError
from robustx.tasks.base import Example, Head, SkipLog, Statistic, Task, field_problem
from robustx.tasks.lines import lines
from robustx.text.languages import languages


class PairTask(Task):
    """What such tasks share; they are scored by accuracy.

    Attributes:
        hub_id: the data set on the hub, with a config a language and labels as class numbers.
        spellings: what else files call the labels, in lower case.
    """

    head: Head = "classification"
    hub_id: str
    spellings: Mapping[str, str] = MappingProxyType({})

    def available(self, root: Path) -> list[str]:
        """Languages with a file, of those robustx knows."""
        folder = self._folder(root)
        return [
            code for code in languages() if any((folder / f"{split}-{code}.tsv").is_file() for split in ("test", "dev"))
        ]

    def split(self, root: Path, language: str) -> str:
        """The test set where it has labels, else dev."""
        return self._file(root, language).name.split("-")[0]

    def read(self, root: Path, language: str, skipped: SkipLog) -> Iterator[Example]:
        """Rows of ``test-<language>.tsv``, or of ``dev-<language>.tsv`` where the test rows have no labels.

        Raises:
            DataError: there is no such file, or its first row has no three tab-separated columns.
        """
        path = self._file(root, language)
        prefix = self.uid_prefix(path, language)
        for number, line in lines(path, skipped):
            columns = line.split("\t")
            if len(columns) == len(self._columns):
                example = self._example(path, number, f"{prefix}-{number}", columns, language, skipped)
                if example is not None:
                    yield example
                continue
            problem = (
                f"expected {len(self._columns)} tab-separated columns ({', '.join(self._columns)}), "
                f"found {len(columns)}"
            )
            if number == 1:
                raise DataError(f"{path}: row 1: {problem}")
            skipped.add(path, number, problem)

    def read_hub(self, language: str, skipped: SkipLog) -> Iterator[Example]:
        """Rows of the hub's test split."""
        from robustx.tasks.hub import hub_rows

        where = f"{self.hub_id}/{language}"
        for number, row in enumerate(hub_rows(self.hub_id, language, "test"), start=1):
            label = row["label"]
            known = isinstance(label, int) and 0 <= label < len(self.labels)
            columns = [*(str(row[name] or "") for name in self.fields), self.labels[label] if known else str(label)]
            example = self._example(where, number, self.hub_uid(number, row), columns, language, skipped)
            if example is not None:
                yield example

    def statistic(self, gold: str, predicted: str, language: str) -> Statistic:
        """Accuracy: right or not, of one."""
        return Statistic(float(gold == predicted), 1.0)

    def uid_prefix(self, path: Path, language: str) -> str:
        """What stands before the row number in a uid: the same where row i is the same pair in every language."""
        return self.name

    def hub_uid(self, number: int, row: Mapping[str, Any]) -> str:
        """The uid of a row on the hub."""
        return f"{self.name}-{number}"

    @property
    def _columns(self) -> tuple[str, ...]:
        return (*self.fields, "label")

    def _folder(self, root: Path) -> Path:
        inner = root / self.name
        return inner if inner.is_dir() else root

    def _file(self, root: Path, language: str) -> Path:
        test, dev = (self._folder(root) / f"{split}-{language}.tsv" for split in ("test", "dev"))
        if not test.is_file() and not dev.is_file():
            raise DataError(f"{test}: there is no such file; expected XTREME's layout, test-<language>.tsv")
        if not dev.is_file():
            return test
        if not test.is_file():
            return dev
        first = next((line for _, line in lines(test, SkipLog())), "")
        return dev if len(first.split("\t")) == len(self.fields) else test

    def _example(
        self, path: Path | str, number: int, uid: str, columns: list[str], language: str, skipped: SkipLog
    ) -> Example | None:
        *texts, label = columns
        written = label.strip().lower()
        gold = self.spellings.get(written, written)
        problem = field_problem(texts)
        if problem is None and gold not in self.labels:
            problem = f'the label "{label[:40]}"; expected {", ".join(self.labels)}'
        if problem is not None:
            skipped.add(path, number, problem)
            return None
        return Example(uid, language, dict(zip(self.fields, map(_unquoted, texts), strict=True)), gold)


def _unquoted(text: str) -> str:
    """A column as it was before XTREME's script wrote it as CSV: quoted where it holds quotation marks, and these doubled."""
    inner = text[1:-1]
    if text.startswith('"') and text.endswith('"') and '""' in inner and '"' not in inner.replace('""', ""):
        return inner.replace('""', '"')
    return text
