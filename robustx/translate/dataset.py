"""The data set that comes out: the source's own format, with where each row is from and how far it can be trusted."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from robustx import files
from robustx.translate.engine import Outcome
from robustx.translate.gates import Verdict
from robustx.translate.gates.verdict import VERDICTS
from robustx.translate.sources import FIELDS, Source, SourceFile, SourceRow

_SHORT = {"entailment": "e", "neutral": "n", "contradiction": "c"}
_NAMES = {"anli": {"premise": "context", "hypothesis": "hypothesis"}, "xnli": dict(zip(FIELDS, FIELDS, strict=True))}


def data_file(name: str, language: str, file: SourceFile) -> Path:
    """Where a file's rows go, below the data set's folder: ``hi/R1/test.jsonl``, ``hi/test.jsonl``."""
    return Path(language, f"{file.name}.jsonl")


def write_rows(
    out: Path,
    source: Source,
    file: SourceFile,
    language: str,
    outcomes: Mapping[str, Outcome],
    fields: Sequence[str],
    verdicts: Sequence[Verdict],
    engine: Mapping[str, str],
) -> dict[str, int]:
    """Write one file; every row is there, whatever its verdict. How many rows have which verdict."""
    rows = [
        _row(source, file, row, language, outcomes, fields, verdict, engine)
        for row, verdict in zip(file.rows, verdicts, strict=True)
    ]
    with files.whole_file(out / data_file(source.set, language, file)) as scratch:
        scratch.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    if source.set == "xnli":
        _write_tsv(out / f"test-{language}.tsv", file, outcomes, fields)
    counts = Counter(str(verdict.verdict) for verdict in verdicts)
    return {"rows": len(rows), **{one: counts[one] for one in VERDICTS}}


def _row(
    source: Source,
    file: SourceFile,
    row: SourceRow,
    language: str,
    outcomes: Mapping[str, Outcome],
    fields: Sequence[str],
    verdict: Verdict,
    engine: Mapping[str, str],
) -> dict[str, Any]:
    names = _NAMES[source.set]
    texts = {names[name]: _text(row, name, outcomes, fields) for name in FIELDS}
    short = source.set == "anli"
    return {
        "uid": row.uid,
        **texts,
        "label": _SHORT[row.gold] if short else row.gold,
        **row.carried,
        **({"round": file.part.replace("R", "A")} if file.part else {}),
        "language": language,
        "source_language": source.language,
        "translated": [names[name] for name in fields],
        "source_sha256": hashlib.sha256(
            json.dumps([row.fields[name] for name in FIELDS], ensure_ascii=False).encode()
        ).hexdigest(),
        "engine": engine["engine"],
        "engine_version": engine["version"],
        "verdict": verdict.verdict,
        "reasons": list(verdict.reasons),
        "figures": [{"figure": name, "value": round(value, 6)} for name, value in verdict.figures.items()],
    }


def _write_tsv(path: Path, file: SourceFile, outcomes: Mapping[str, Outcome], fields: Sequence[str]) -> None:
    """XTREME's layout, in which row i is the same pair in every language: a row that was passed over leaves an empty one."""
    lines = {
        row.number: "\t".join([*(_text(row, name, outcomes, fields) for name in FIELDS), row.gold]) for row in file.rows
    }
    last = max(lines, default=0)
    with files.whole_file(path) as scratch:
        scratch.write_text("".join(lines.get(i, "\t\t") + "\n" for i in range(1, last + 1)), encoding="utf-8")


def _text(row: SourceRow, name: str, outcomes: Mapping[str, Outcome], fields: Sequence[str]) -> str:
    return outcomes[row.fields[name]].text if name in fields else row.fields[name]
