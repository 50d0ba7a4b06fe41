"""Whether the gates' verdicts on a machine's translations agree with how far these are from a person's.

    python benchmarks/translation_agreement.py --data DIR [--from ur --to hi] [--limit N] [--no-embed]

DIR holds XNLI (Conneau et al. 2018, arXiv:1809.05053): test-LANGUAGE.tsv. Apertium (a Debian package, with the pair's)
translates real human text from one language into another, and goes back for the round trip. The gates judge source and
translation alone. Then the human translation of the same row is looked at: chrF of the machine's text against it (0 to
100), by verdict, and its rank correlation with each figure. The human rows are judged as well, against the same source.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.stats import mannwhitneyu, spearmanr
from translation_gates import fields, texts

from robustx.translate.gates import Helpers, Pair, Verdict, judge_all
from robustx.translate.gates.language import identifier
from robustx.translate.gates.roundtrip import chrf
from robustx.translate.gates.verdict import VERDICTS

_ISO_639_3 = {"ur": "urd", "hi": "hin", "en": "eng", "es": "spa"}


def apertium(given: Sequence[str], source: str, target: str) -> list[str | None]:
    """Translations by Apertium, words that it does not know left as they are; None where it printed nothing."""
    direction = f"{_ISO_639_3[source]}-{_ISO_639_3[target]}"
    lines = "\n\n".join([*(" ".join(text.split()) or "." for text in given), ""])
    made = subprocess.run(
        ["apertium", "-u", direction], input=lines, capture_output=True, text=True, check=True, timeout=600
    )
    answers = made.stdout.split("\n\n")[:-1]
    if len(answers) != len(given):
        raise SystemExit(f"apertium {direction}: {len(answers)} answers for {len(given)} texts")
    return [answer.strip() or None for answer in answers]


def spread(values: Sequence[float]) -> str:
    """Mean and quartiles."""
    low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
    return f"n {len(values):5}   mean {np.mean(values):5.1f}   quartiles {low:5.1f} {middle:5.1f} {high:5.1f}"


def shares(verdicts: Sequence[Verdict]) -> str:
    """How many rows have each verdict."""
    found = Counter(one.verdict for one in verdicts)
    return ", ".join(f"{name} {found[name] / len(verdicts):.1%}" for name in VERDICTS)


def main() -> None:
    """Translate, judge, and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--from", dest="source", default="ur")
    parser.add_argument("--to", dest="target", default="hi")
    parser.add_argument("--limit", type=int, default=600)
    parser.add_argument("--no-embed", action="store_true")
    given = parser.parse_args()
    source, target = (texts(given.data, "test", code) for code in (given.source, given.target))
    chosen = random.Random(7).sample(list(fields(texts(given.data, "test", "en"))), given.limit)
    sources, human = ([rows[row][at] for row, at in chosen] for rows in (source, target))
    began = time.perf_counter()
    machine = [text or "" for text in apertium(sources, given.source, given.target)]
    print(
        f"{len(machine) / (time.perf_counter() - began):.0f} texts a second; {sum(not text for text in machine)} came out empty"
    )
    embed = None
    if not given.no_embed:
        from robustx.translate.gates.agreement import demo_embedder

        embed = demo_embedder()
    helpers = Helpers(identify=identifier(), embed=embed, back=apertium)
    judged = [
        judge_all(
            [Pair(one, other, given.source, given.target) for one, other in zip(sources, made, strict=True)], helpers
        )
        for made in (machine, human)
    ]
    near = [chrf(made, person) for made, person in zip(machine, human, strict=True)]
    tell(judged[0], judged[1], near)


def tell(machine: Sequence[Verdict], human: Sequence[Verdict], near: Sequence[float]) -> None:
    """Print how the verdicts on the machine's text agree with chrF against the human one."""
    print(f"machine: {shares(machine)}\nhuman:   {shares(human)}\nchrF of the machine's text against the human one:")
    for name in VERDICTS:
        values = [value for value, one in zip(near, machine, strict=True) if one.verdict == name]
        print(f"    {name:9} {spread(values) if values else 'none'}")
    kept = [value for value, one in zip(near, machine, strict=True) if one.verdict == "kept"]
    stopped = [value for value, one in zip(near, machine, strict=True) if one.verdict != "kept"]
    if kept and stopped:
        test = mannwhitneyu(kept, stopped, alternative="greater")
        nearer = test.statistic / len(kept) / len(stopped)
        print(f"    a kept row is nearer than a stopped one in {nearer:.1%} of pairs, p={test.pvalue:.2g}")
    for name in sorted({name for one in machine for name in one.figures}):
        rows = [(one.figures[name], value) for one, value in zip(machine, near, strict=True) if name in one.figures]
        if len({figure for figure, _ in rows}) > 1:
            print(f"    {name:18} rank correlation {spearmanr(rows).statistic:+.2f} over {len(rows)}")
    found = Counter(reason.split(" (")[0] for one in machine for reason in one.reasons)
    print(f"    reasons: {dict(found.most_common())}")


if __name__ == "__main__":
    main()
