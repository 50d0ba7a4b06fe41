"""The English NLI pool and the ANLI rounds that the demo checkpoints are trained on, from published files in a folder."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

LABELS = {"entailment": 0, "neutral": 1, "contradiction": 2, "e": 0, "n": 1, "c": 2}


class Pair(NamedTuple):
    """One premise and hypothesis with its class (0 entailment, 1 neutral, 2 contradiction)."""

    premise: str
    hypothesis: str
    label: int


def _rows(path: Path) -> Iterator[dict[str, str]]:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    for line in data.decode("utf-8").splitlines():
        yield json.loads(line)


def _pairs(rows: Iterable[dict[str, str]], premise: str, hypothesis: str, label: str) -> Iterator[Pair]:
    for row in rows:
        if row.get(label) in LABELS:
            yield Pair(row[premise].strip(), row[hypothesis].strip(), LABELS[row[label]])


def english_nli(data: Path) -> list[Pair]:
    """Every English pair there is outside XNLI and ANLI, once each, in a fixed order (95,431 pairs).

    Ling-in-the-loop, counterfactually augmented SNLI, semi-automatic pairs, MultiNLI dev matched, SNLI dev and test.
    Pairs of XNLI's English dev or test would be left out; there are none.
    """
    sources: list[Iterator[Pair]] = []
    for path in sorted((data / "nli_train_en/ling_in_loop").glob("*.gz")):
        sources.append(_pairs(_rows(path), "premise", "hypothesis", "label"))
    for split in ("train", "dev", "test"):
        text = (data / f"nli_train_en/cad_snli/all_combined.{split}.tsv").read_text(encoding="utf-8")
        rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
        sources.append(_pairs(rows, "sentence1", "sentence2", "gold_label"))
    for path in sorted((data / "nli_train_en/semi_automatic").glob("*.jsonl")):
        sources.append(_pairs(_rows(path), "premise", "hypothesis", "label"))
    sources.append(_pairs(_rows(data / "mnli/dev_matched.jsonl"), "premise", "hypothesis", "label"))
    sources.append(_pairs(_rows(data / "snli/dev.jsonl"), "premise", "hypothesis", "label"))
    sources.append(_pairs(_rows(data / "snli/snli_1.0_test.jsonl.gz"), "sentence1", "sentence2", "gold_label"))
    held_out = {(pair.premise, pair.hypothesis) for split in ("dev", "test") for pair in xnli(data, "en", split)}
    pool: dict[tuple[str, str], Pair] = {}
    for source in sources:
        for pair in source:
            key = (pair.premise, pair.hypothesis)
            if all(key) and key not in held_out:
                pool.setdefault(key, pair)
    return list(pool.values())


def anli_rounds(data: Path) -> list[Pair]:
    """ANLI's development rounds 1 to 3 (3,198 pairs), the only ANLI text used; its test rounds stay unseen."""
    pairs = []
    for number in (1, 2, 3):
        with (data / f"anli/ANLI_analysis_r{number}_dev.csv").open(encoding="utf-8", newline="") as lines:
            pairs += list(_pairs(csv.DictReader(lines), "context", "statement", "gold_label"))
    return pairs


def xnli(data: Path, language: str, split: str) -> list[Pair]:
    """XNLI rows, for looking at a model: never for training it."""
    lines = (data / f"xnli/{split}-{language}.tsv").read_text(encoding="utf-8").splitlines()
    return [Pair(p, h, LABELS[label]) for p, h, label in (line.split("\t") for line in lines)]


def fingerprint(pairs: Iterable[Pair]) -> str:
    """SHA-256 over the pairs in order."""
    digest = hashlib.sha256()
    for pair in pairs:
        digest.update(json.dumps(pair, ensure_ascii=False).encode())
    return digest.hexdigest()
