"""ANLI (Nie et al. 2020, arXiv:1910.14599): adversarial natural language inference, its three rounds as three tasks.

Folders, each also below ``anli/`` or ``anli_v1.0/``:

* as released: ``R1/test.jsonl`` (uid, context, hypothesis, label e, n or c), English;
* as ``robustx translate`` writes it: ``hi/R1/test.jsonl``, the same rows with a verdict on their translation;
* one ``.jsonl`` file of all rounds with a column ``tag`` such as ``r1_test``, English.

The test set is read where there is one, else dev. Hub: ``facebook/anli``, English.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from robustx.errors import DataError
from robustx.tasks.base import Example, Head, SkipLog, Statistic, Task, field_problem
from robustx.tasks.nli_labels import NLI_LABELS, nli_label
from robustx.text.languages import languages

HUB_ID = "facebook/anli"
ROUNDS = ("R1", "R2", "R3")
SPLITS = ("test", "dev")
"""In the order in which they are looked for."""

_SOURCE = "en"


@dataclass(frozen=True)
class AnliRow:
    """One row of a file; ``raw`` is all that stands there."""

    number: int
    example: Example
    raw: dict[str, Any]

    @property
    def verdict(self) -> str:
        """What the gates said of a translation; rows that were not translated are kept."""
        return str(self.raw.get("verdict", "kept"))


def anli_rows(root: Path, language: str, anli_round: str, split: str, skipped: SkipLog) -> Iterator[AnliRow]:
    """The rows of one round and split in one language, in order; what cannot be used goes to ``skipped``.

    Raises:
        DataError: there is no such file, or its first row is none of ANLI's.
    """
    path = anli_file(root, language, anli_round, split)
    if path is None:
        where = f"{language}/{anli_round}/{split}.jsonl"
        raise DataError(f"{root}: has no ANLI rows for {language} {anli_round} {split}; expected {where}")
    tag = None if path.parent.name == anli_round else f"{anli_round.lower()}_{split}"
    seen: set[str] = set()
    place = 0
    for number, raw in _objects(path, skipped):
        if tag is not None and raw.get("tag") != tag:
            continue
        place += 1
        uid = str(raw.get("uid") or f"{anli_round.lower()}_{split}-{place}")
        premise, hypothesis = (_text(raw, names) for names in (_PREMISE, _HYPOTHESIS))
        gold = nli_label(raw.get("label"))
        problem = field_problem((premise, hypothesis))
        if problem is None and gold is None:
            problem = f'the label "{str(raw.get("label"))[:40]}"; expected e, n or c'
        elif problem is None and uid in seen:
            problem = f"the uid {uid[:60]} stands in an earlier row too"
        if problem is not None:
            skipped.add(path, number, problem)
            continue
        seen.add(uid)
        fields = {"premise": premise, "hypothesis": hypothesis}
        yield AnliRow(number, Example(uid, language, fields, str(gold)), raw)


def anli_file(root: Path, language: str, anli_round: str, split: str) -> Path | None:
    """The file that has the rows of one round and split in one language."""
    for base in (root, *(root / name for name in ("anli", "anli_v1.0", "anli/anli_v1.0"))):
        named = [base / language / anli_round / f"{split}.jsonl"]
        if language == _SOURCE:
            named.append(base / anli_round / f"{split}.jsonl")
            named += [path for path in sorted(base.glob("*.jsonl")) if _has_tag(path, f"{anli_round.lower()}_{split}")]
        for path in named:
            if path.is_file():
                return path
    return None


class Anli(Task):
    """One round of ANLI.

    Args:
        anli_round: ``R1``, ``R2`` or ``R3``.
        every_row: also rows whose translation the gates doubted or rejected.
    """

    head: Head = "classification"
    fields: tuple[str, ...] = ("premise", "hypothesis")
    attackable: tuple[str, ...] = ("premise", "hypothesis")
    protects: tuple[str, ...] = ("negation",)
    labels: tuple[str, ...] = NLI_LABELS
    chance = 1 / 3

    def __init__(self, anli_round: str, every_row: bool = False) -> None:
        self.name = f"anli-{anli_round.lower()}{'-all' * every_row}"
        self._round, self._every_row = anli_round, every_row

    def available(self, root: Path) -> list[str]:
        """Languages that the folder has this round in, of those robustx knows."""
        return [code for code in languages() if self._split(root, code) is not None]

    def read(self, root: Path, language: str, skipped: SkipLog) -> Iterator[Example]:
        """Rows of the test set, else of dev; translations that are not kept are skipped with their reasons."""
        split = self._split(root, language) or SPLITS[0]
        for row in anli_rows(root, language, self._round, split, skipped):
            if self._every_row or row.verdict == "kept":
                yield row.example
            else:
                path = anli_file(root, language, self._round, split) or root
                skipped.add(path, row.number, f"the translation is {row.verdict}: {_reasons(row.raw)}")

    def read_hub(self, language: str, skipped: SkipLog) -> Iterator[Example]:
        """Rows of the hub's test split.

        Raises:
            DataError: the hub has ANLI in English only.
        """
        from robustx.tasks.hub import hub_rows

        if language != _SOURCE:
            raise DataError(f"{HUB_ID} is English; make it in {language} with robustx translate --data anli=FOLDER")
        split = f"test_{self._round.lower()}"
        for number, row in enumerate(hub_rows(HUB_ID, "plain_text", split), start=1):
            fields = {name: str(row[name] or "") for name in self.fields}
            gold = nli_label(row["label"])
            problem = field_problem(fields.values()) or (None if gold else f'the label "{row["label"]}"')
            if problem is not None:
                skipped.add(f"{HUB_ID}/{split}", number, problem)
                continue
            yield Example(str(row["uid"]), language, fields, str(gold))

    def statistic(self, gold: str, predicted: str, language: str) -> Statistic:
        """Accuracy: right or not, of one."""
        return Statistic(float(gold == predicted), 1.0)

    def _split(self, root: Path, language: str) -> str | None:
        return next((split for split in SPLITS if anli_file(root, language, self._round, split) is not None), None)


_PREMISE = ("context", "premise")
_HYPOTHESIS = ("hypothesis", "statement")


def _objects(path: Path, skipped: SkipLog) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                raw = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
            except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
                raw = f"is no JSON ({type(error).__name__})"
            if isinstance(raw, dict) and any(name in raw for name in _PREMISE) and "label" in raw:
                yield number, raw
                continue
            problem = raw if isinstance(raw, str) else "is no object with context, hypothesis and label"
            if number == 1:
                raise DataError(f"{path}: row 1: {problem}; expected ANLI's rows")
            skipped.add(path, number, problem)


def _text(raw: dict[str, Any], names: tuple[str, ...]) -> str:
    found = next((raw[name] for name in names if name in raw), "")
    return found if isinstance(found, str) else ""


def _has_tag(path: Path, tag: str) -> bool:
    """Whether any line names the tag: read as bytes, since files of all rounds are large."""
    wanted = f'"{tag}"'.encode()
    with path.open("rb") as lines:
        return any(wanted in line for line in lines)


def _reasons(raw: dict[str, Any]) -> str:
    reasons = raw.get("reasons")
    said = [str(reason) for reason in reasons] if isinstance(reasons, list) else []
    return "; ".join(said)[:200] or "no reason given"
