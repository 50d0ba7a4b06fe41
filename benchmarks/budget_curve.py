"""Worst-case accuracy by budget, 0 to 5 edits, per script, beside the published curve of Bad Characters.

    python benchmarks/budget_curve.py --model demo:anli --data xnli=FOLDER --limit 24

The four attacks are those of Boucher et al. 2022 (arXiv:2106.09898, figure 3: RoBERTa on English MNLI, 500 examples,
differential evolution); here they are searched greedily, in the language's own script where the paper inserts ASCII.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from searched import Setup, script, searched

from robustx.search.plan import Search

PUBLISHED = {
    "invisible": (91.4, 68.0, 47.6, 39.2, 34.6, 30.0),
    "homoglyph": (91.4, 71.0, 50.8, 39.0, 33.0, 29.2),
    "bidi-reordered": (91.4, 60.0, 32.4, 24.2, 23.8, 22.6),
    "deletions": (91.4, 41.6, 27.2, 21.6, 18.6, 15.6),
}
"""Accuracy in per cent at 0 to 5 injections, read from the paper's figure."""


def main() -> None:
    """Print a table an attack."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="demo:anli")
    parser.add_argument("--data", default="mini")
    parser.add_argument("--limit", type=int, default=24)
    parser.add_argument("--dtype", default="bf16")
    parser.add_argument("--languages", default="hi,ar,th,zh,ru,en")
    parser.add_argument("--queries", type=int, default=120)
    args = parser.parse_args()
    languages = args.languages.split(",")
    print(f"{args.model}, {args.limit} pairs a language, {args.dtype}, greedy, {args.queries} queries an example")
    print("worst-case accuracy in per cent of all examples, by edits; a dash: the attack has nothing in the language")
    with tempfile.TemporaryDirectory() as folder:
        setup = Setup(args.model, args.data, args.limit, args.dtype, Path(folder))
        for attack, curve in PUBLISHED.items():
            rows = searched(setup, languages, [attack], Search("greedy", len(curve) - 1, args.queries))
            print(f"\n{attack:14s}" + "".join(f"{budget:7d}" for budget in range(len(curve))) + "   queries an example")
            print(f"{'published':14s}" + "".join(f"{value:7.1f}" for value in curve))
            for language in languages:
                print(line(rows, language, attack, len(curve) - 1), flush=True)


def line(rows: dict, language: str, attack: str, budget: int) -> str:  # type: ignore[type-arg]
    """One language's accuracy at each budget."""
    every, right = rows[language, "clean", 0], rows.get((language, attack, budget))
    name = f"{language} {script(language)}"
    if not right or not any(row["changed"] for row in right):
        return f"{name:14s}" + "      –" * (budget + 1)
    shares = [len(right), *(sum(not row["fallen"] for row in rows[language, attack, b]) for b in range(1, budget + 1))]
    asked = sum(row["queries"] for row in right) / len(right)
    return f"{name:14s}" + "".join(f"{100 * share / len(every):7.1f}" for share in shares) + f"   {asked:.0f}"


if __name__ == "__main__":
    main()
