"""Whether PAN-X and UD-POS are scored as seqeval scores them: F1 of noisy predictions on a folder, by both.

    python benchmarks/tagging_metric.py FOLDER

FOLDER is in XTREME's layout. Predictions are the gold tags with a share of them drawn anew. ``apart`` is the largest
difference in F1 over the shares; ``early`` is the same against the tags that seqeval 0.0.12 read them as, and ``x``
counts the sentences that open with X in gold and in a prediction, where a sum over sentences cannot follow seqeval.
"""

from __future__ import annotations

import argparse
import random
import time
import warnings
from collections.abc import Sequence
from pathlib import Path

from seqeval.metrics import f1_score

from robustx.tasks.base import Metric, SkipLog, Task
from robustx.tasks.registry import task
from robustx.tasks.tagging import early_chunk_f1

SHARES = (0.0, 0.1, 0.5, 1.0)
Corpus = list[list[str]]


def noisy(gold: Corpus, labels: Sequence[str], share: float) -> Corpus:
    """The tags, a share of them drawn anew."""
    chance = random.Random(1)
    return [[chance.choice(labels) if chance.random() < share else tag for tag in sentence] for sentence in gold]


def summed(metric: Metric, gold: Corpus, predicted: Corpus, language: str) -> float:
    """The ratio of the sums of a metric over the sentences."""
    found = [metric(" ".join(g), " ".join(p), language) for g, p in zip(gold, predicted, strict=True)]
    return sum(one.numerator for one in found) / sum(one.denominator for one in found)


def named(corpus: Corpus) -> Corpus:
    """Tags whose position and type, as today's seqeval splits them, are those that 0.0.12 saw."""
    return [[tag if "-" in tag or tag == "O" else f"{tag[0]}-{tag}" for tag in sentence] for sentence in corpus]


def row(one: Task, language: str, folder: Path) -> str:
    """The figures of one language."""
    gold = [example.gold.split(" ") for example in one.read(folder, language, SkipLog())]
    apart = early = ours = theirs = 0.0
    opens = 0
    for share in SHARES:
        predicted = noisy(gold, one.labels, share)
        began = time.perf_counter()
        mine = summed(one.statistic, gold, predicted, language)
        between = time.perf_counter()
        published = float(f1_score(gold, predicted))
        ours, theirs = ours + between - began, theirs + time.perf_counter() - between
        apart = max(apart, abs(mine - published))
        old = summed(early_chunk_f1, gold, predicted, language)
        early = max(early, abs(old - float(f1_score(named(gold), named(predicted)))))
        opens = max(opens, sum(g[0] == p[0] == "X" for g, p in zip(gold, predicted, strict=True)))
    return f"{one.name:6} {language:3} {len(gold):9,} {apart:9.1e} {early:9.1e} {opens:5} {theirs / ours:6.1f}x"


def main() -> None:
    """Print a row a language."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    warnings.simplefilter("ignore")  # seqeval warns of every tag without a hyphen
    print(f"{'':10} sentences     apart     early     x  speed")
    for name in ("panx", "udpos"):
        for language in task(name).available(folder):
            print(row(task(name), language, folder), flush=True)


if __name__ == "__main__":
    main()
