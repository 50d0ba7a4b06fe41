"""PAWS-X (Yang et al. 2019, arXiv:1908.11828): paraphrase or not, of sentences made of nearly the same words; accuracy.

Folder: ``test-<language>.tsv`` as XTREME writes it (sentence1, sentence2, label; no header), in the folder itself or in
``pawsx/`` below it. Hub: ``google-research-datasets/paws-x``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from robustx.tasks.base import SkipLog
from robustx.tasks.lines import line_count, lines
from robustx.tasks.pairs import PairTask


class PawsX(PairTask):
    """The task."""

    name = "pawsx"
    hub_id = "google-research-datasets/paws-x"
    fields: tuple[str, ...] = ("sentence1", "sentence2")
    attackable: tuple[str, ...] = ("sentence1", "sentence2")
    protects: tuple[str, ...] = ("negation",)
    labels: tuple[str, ...] = ("different", "paraphrase")
    spellings: Mapping[str, str] = {"0": "different", "1": "paraphrase"}
    chance = 0.5
    published = ("de", "en", "es", "fr", "ja", "ko", "zh")

    def available(self, root: Path) -> list[str]:
        """Languages with a file; in a folder without ``pawsx/`` the labels must say that its files are not another task's."""
        found = super().available(root)
        if (root / self.name).is_dir():
            return found
        return [code for code in found if self._labelled(root, code)]

    def _labelled(self, root: Path, language: str) -> bool:
        first = next((line for _, line in lines(self._file(root, language), SkipLog())), "")
        label = first.rpartition("\t")[2].strip().lower()
        return label in self.spellings or label in self.labels

    def uid_prefix(self, path: Path, language: str) -> str:
        """Row i is the same pair in files that have all rows; some copies have lost those without a translation."""
        split = path.name.split("-")[0]
        most = max(line_count(other) for other in path.parent.glob(f"{split}-*.tsv"))
        return self.name if line_count(path) == most else f"{self.name}-{language}"

    def hub_uid(self, number: int, row: Mapping[str, Any]) -> str:
        """The data set's own id, the same in every language."""
        return f"{self.name}-{row['id']}"
