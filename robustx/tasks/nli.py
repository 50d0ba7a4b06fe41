"""Any set of natural language inference: OCNLI, KLUE-NLI, JNLI, FarsTail, IndicXNLI, XTREME's pseudo test sets and the like.

A folder of TSV, CSV, JSON, JSON lines or Parquet files, one a language, whose name or folder has the language's code
(``test-ko.jsonl``, ``xnli_hi.json``, ``en-ja-pseudo-translated.csv``, ``fa/test.tsv``), or one file with a column of
languages. Columns are found by the names that such sets use. Test files come before dev files. Training rows are read
by the hold-out rule only (``robustx.tasks.holdout``). Hub: there is none; fetch a set and give its folder.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from robustx.errors import DataError
from robustx.tasks.base import Example, Head, SkipLog, Statistic, Task, field_problem
from robustx.tasks.holdout import NAME, Holdout, holdout
from robustx.tasks.nli_labels import NLI_LABELS, nli_label
from robustx.tasks.tabular import KINDS, rows
from robustx.text.languages import languages

PREMISE = ("premise", "sentence1", "context", "text1", "text_a", "text")
HYPOTHESIS = ("hypothesis", "sentence2", "statement", "text2", "text_b")
LABEL = ("gold_label", "label", "label_name", "labels")
LANGUAGE = ("language", "lang", "locale")
UID = ("uid", "guid", "pairid", "sentence_pair_id", "id")
ORIGINAL = ("premise_original", "hypothesis_original")
"""The English text beside a machine translation of training rows, as in multilingual-NLI-26lang-2mil7."""


class Nli(Task):
    """The task."""

    name = "nli"
    head: Head = "classification"
    fields: tuple[str, ...] = ("premise", "hypothesis")
    attackable: tuple[str, ...] = ("premise", "hypothesis")
    protects: tuple[str, ...] = ("negation",)
    labels: tuple[str, ...] = NLI_LABELS
    chance = 1 / 3

    def available(self, root: Path) -> list[str]:
        """Languages with a file of their own, or named in the language column of the only file."""
        files = _files(root)
        named = {code for path in files if (code := _language(root, path))}
        if not named and len(files) == 1:
            named = {str(_cell(row, LANGUAGE)) for _, row in rows(files[0], _headless, SkipLog())}
        return [code for code in languages() if code in named]

    def read(self, root: Path, language: str, skipped: SkipLog) -> Iterator[Example]:
        """Rows of one language.

        Raises:
            DataError: no file has the language, two have it, it has no NLI columns, or its rows are training rows.
        """
        path, mixed = _file(root, language)
        rule = holdout(root)
        seen: set[str] = set()
        for number, row in rows(path, _headless, skipped):
            if not seen:
                _check(path, number, row)
            if _is_training(path, row) and rule is None:
                raise DataError(_TRAINING.format(path=path, row=number))
            if mixed and _cell(row, LANGUAGE) != language:
                continue
            if rule is not None and _is_training(path, row) and not _held(rule, row):
                continue
            example = _example(row, number, language)
            problem = example if isinstance(example, str) else None
            if not isinstance(example, str) and example.uid in seen:
                problem = f"the uid {example.uid[:60]} stands in an earlier row too"
            if isinstance(example, str) or problem is not None:
                skipped.add(path, number, str(problem))
                continue
            seen.add(example.uid)
            yield example

    def read_hub(self, language: str, skipped: SkipLog) -> Iterator[Example]:
        """There is no one set on the hub.

        Raises:
            DataError: always.
        """
        raise DataError("--data hub: nli is any set of NLI rows; fetch one and give its folder: --data nli=FOLDER")

    def statistic(self, gold: str, predicted: str, language: str) -> Statistic:
        """Accuracy: right or not, of one."""
        return Statistic(float(gold == predicted), 1.0)


_TRAINING = (
    "{path}: row {row}: these are training rows, and a model may have been trained on them. Hold some out: leave the rows of "
    f"a share of the premises out of training and say so in {NAME} beside them (share = 0.1); only those are read then"
)


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
            if part in languages():
                return part
    return None


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


def _rank(path: Path) -> int:
    name = str(path.name).lower()
    if "train" in name:
        return 3
    return 0 if "test" in name else 1 if "dev" in name or "valid" in name else 2


def _cell(row: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((row[name] for name in names if row.get(name) is not None), None)


def _check(path: Path, number: int, row: Mapping[str, Any]) -> None:
    for names in (PREMISE, HYPOTHESIS, LABEL):
        if not any(name in row for name in names):
            have = ", ".join(map(str, row))[:120]
            raise DataError(f"{path}: row {number}: expected a column {' or '.join(names)}; it has {have}")


def _is_training(path: Path, row: Mapping[str, Any]) -> bool:
    return _rank(path) == 3 or all(name in row for name in ORIGINAL)


def _held(rule: Holdout, row: Mapping[str, Any]) -> bool:
    return rule.holds(str(_cell(row, (ORIGINAL[0], *PREMISE)) or ""))


def _example(row: Mapping[str, Any], number: int, language: str) -> Example | str:
    """The example of a row, or why there is none."""
    texts = [value if isinstance(value := _cell(row, names), str) else "" for names in (PREMISE, HYPOTHESIS)]
    said = _cell(row, LABEL)
    gold = nli_label(said)
    problem = field_problem(texts)
    if problem is not None or gold is None:
        return problem or f'the label "{str(said)[:40]}"; expected {", ".join(NLI_LABELS)}'
    return Example(_uid(row, number), language, {"premise": texts[0], "hypothesis": texts[1]}, gold)


def _uid(row: Mapping[str, Any], number: int) -> str:
    if all(name in row for name in ORIGINAL):
        original = "\n".join(str(row[name]) for name in ORIGINAL)
        return "nli-" + hashlib.sha256(original.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    given = _cell(row, UID)
    return f"nli-{number}" if given is None else str(given)
