"""Variants a second of every attack there is, slowest first, and whether memory stays flat: one core, processor time.

    python benchmarks/catalogue.py

The texts are 10,000 of about 100 characters in twelve languages, made of the mini sentences. Each attack makes three
draws at each severity of its ladder; a text is analysed once and serves every attack, as in building a suite.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import defaultdict
from itertools import cycle, islice

from robustx.perturb.attacks import all_attacks
from robustx.perturb.edits import apply
from robustx.perturb.protection import protected_spans, reserved_words
from robustx.perturb.sample import Place, sample
from robustx.tasks.base import SkipLog
from robustx.tasks.data import MINI
from robustx.tasks.registry import task
from robustx.text.analysis import Text

LANGUAGES = ("ar", "el", "he", "hi", "ja", "ka", "ko", "my", "ru", "ta", "th", "zh")
LENGTH, DRAWS = 100, 3


def texts(language: str, count: int) -> list[str]:
    """So many distinct texts of about 100 characters."""
    rows = task("xnli").read(MINI, language, SkipLog())
    sentences = list(dict.fromkeys(text for row in rows for text in row.fields.values()))
    made = []
    for i in range(count):
        first, step = i % len(sentences), 1 + i // len(sentences)
        text = ""
        for sentence in islice(cycle(sentences), first, None, step):
            text = f"{text} {sentence}".strip()
            if len(text) >= LENGTH:
                break
        made.append(text[: LENGTH + 20])
    return made


def main() -> None:
    """Print a row an attack."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--texts", type=int, default=10_000)
    count = parser.parse_args().texts // len(LANGUAGES)
    attacks = all_attacks()
    spent: dict[str, float] = defaultdict(float)
    made: dict[str, int] = defaultdict(int)
    analysis, early = 0.0, 0
    for language in LANGUAGES:
        used = [attack for attack in attacks if attack.applies_to(language)]
        for attack in used:
            attack.operator(language)  # reading the tables is not counted
        reserved = reserved_words(language, ["negation"])
        for i, source in enumerate(texts(language, count)):
            began = time.process_time()
            text = Text(source, language, protected_spans(source, language, ["negation"]), reserved=reserved)
            analysis += time.process_time() - began
            for attack in used:
                began = time.process_time()
                for draw in sample(attack, text, Place(7, str(i), "text"), attack.card.ladder, DRAWS):
                    for edits in draw:
                        apply(source, edits)
                        made[attack.id] += 1
                spent[attack.id] += time.process_time() - began
        early = early or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{count * len(LANGUAGES):,} texts, {sum(made.values()):,} variants; analysis {analysis:.1f} s")
    for name in sorted(made, key=lambda name: made[name] / spent[name]):
        print(f"{name:24}{made[name] / spent[name]:12,.0f} variants/s")
    late = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"peak memory {early / 1024:.0f} MB after the first language, {late / 1024:.0f} MB after the last")


if __name__ == "__main__":
    main()
