"""XNLI (Conneau et al. 2018, arXiv:1809.05053): natural language inference, scored by accuracy as XTREME scores it.

Folder: ``test-<language>.tsv``, as XTREME's download script writes them (premise, hypothesis, label; no header), in the
folder itself or in ``xnli/`` below it. Row i is the same pair in every language. Hub: ``facebook/xnli``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from robustx.errors import DataError
from robustx.tasks.base import Example, Head, SkipLog, Statistic, Task, field_problem
from robustx.text.languages import languages

HUB_ID = "facebook/xnli"


class Xnli(Task):
    """The task."""

    name = "xnli"
    head: Head = "classification"
    fields: tuple[str, ...] = ("premise", "hypothesis")
    attackable: tuple[str, ...] = ("premise", "hypothesis")
    protects: tuple[str, ...] = ("negation",)
    labels: tuple[str, ...] = ("entailment", "neutral", "contradiction")
    chance = 1 / 3
    published = ("ar", "bg", "de", "el", "en", "es", "fr", "hi", "ru", "sw", "th", "tr", "ur", "vi", "zh")

    def available(self, root: Path) -> list[str]:
        """Languages with a test file, of those robustx knows."""
        folder = self._folder(root)
        return [code for code in languages() if (folder / f"test-{code}.tsv").is_file()]

    def read(self, root: Path, language: str, skipped: SkipLog) -> Iterator[Example]:
        """Rows of ``test-<language>.tsv``.

        Raises:
            DataError: there is no such file, or its first row has no three tab-separated columns.
        """
        path = self._folder(root) / f"test-{language}.tsv"
        if not path.is_file():
            raise DataError(f"{path}: there is no such file; expected XTREME's layout, test-<language>.tsv")
        with path.open("rb") as lines:
            for number, raw in enumerate(lines, start=1):
                example = self._row(path, number, raw, language, skipped)
                if example is not None:
                    yield example

    def read_hub(self, language: str, skipped: SkipLog) -> Iterator[Example]:
        """Rows of the hub's test split."""
        from robustx.tasks.hub import hub_rows

        for number, row in enumerate(hub_rows(HUB_ID, language, "test"), start=1):
            premise, hypothesis, label = str(row["premise"] or ""), str(row["hypothesis"] or ""), row["label"]
            gold = self.labels[label] if isinstance(label, int) and 0 <= label < 3 else str(label)
            example = self._example(f"{HUB_ID}/{language}", number, [premise, hypothesis, gold], language, skipped)
            if example is not None:
                yield example

    def statistic(self, gold: str, predicted: str, language: str) -> Statistic:
        """Accuracy: right or not, of one."""
        return Statistic(float(gold == predicted), 1.0)

    def _folder(self, root: Path) -> Path:
        inner = root / self.name
        return inner if inner.is_dir() else root

    def _row(self, path: Path, number: int, raw: bytes, language: str, skipped: SkipLog) -> Example | None:
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            skipped.add(path, number, f"not UTF-8 ({error.reason} at byte {error.start})")
            return None
        columns = line.split("\t")
        if len(columns) != 3:
            problem = f"expected 3 tab-separated columns (premise, hypothesis, label), found {len(columns)}"
            if number == 1:
                raise DataError(f"{path}: row 1: {problem}")
            skipped.add(path, number, problem)
            return None
        return self._example(path, number, columns, language, skipped)

    def _example(
        self, path: Path | str, number: int, columns: list[str], language: str, skipped: SkipLog
    ) -> Example | None:
        premise, hypothesis, label = columns
        gold = label.strip().lower().replace("contradictory", "contradiction")
        problem = field_problem((premise, hypothesis))
        if problem is None and gold not in self.labels:
            problem = f'the label "{label[:40]}"; expected {", ".join(self.labels)}'
        if problem is not None:
            skipped.add(path, number, problem)
            return None
        return Example(f"xnli-{number}", language, {"premise": premise, "hypothesis": hypothesis}, gold)
