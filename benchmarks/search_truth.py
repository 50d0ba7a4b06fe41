"""How far greedy and beam search are from the true worst case, which enumeration finds: every set of at most n edits.

    python benchmarks/search_truth.py --model demo:anli --data xnli=FOLDER --limit 16

One run a strategy over the same examples, model and edits. At one edit all are in all six languages; at two edits they
are where the pairs fit into the queries, and examples that enumeration had to sample are left out and counted.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

from searched import Setup, searched

from robustx.search.plan import Search

HEURISTICS = ("greedy", "evolution", "random")
TIGHT = 60
"""Queries that show what a climb does with fewer than there are edits."""


def known(rows: dict[tuple[str, str, int], Any], budget: int) -> dict[tuple[str, str, str], bool]:
    """Whether each example falls, where enumeration knows: by (language, attack, uid)."""
    return {
        (language, attack, row["uid"]): row["fallen"]
        for (language, attack, at), found in rows.items()
        if at == budget
        for row in found
        if row["fallen"] or (row["covered"] or 0) >= budget
    }


def _searches(budget: int, queries: int) -> list[tuple[str, int]]:
    """Strategies with their queries; at one edit, beam search is greedy search."""
    return [("greedy", queries), *([("beam", queries)] if budget > 1 else []), *((name, TIGHT) for name in HEURISTICS)]


def compare(setup: Setup, languages: list[str], attacks: list[str], budget: int, queries: int) -> None:
    """Print what each strategy finds of what there is to find."""
    truth = searched(setup, languages, attacks, Search("exhaustive", budget, queries))
    sure = known(truth, budget)
    every = sum(len(found) for key, found in truth.items() if key[2] == budget)
    asked = sum(row["queries"] for key, found in truth.items() if key[2] == budget for row in found)
    right = len(sure) - sum(sure.values())
    print(f"\nat most {budget} edit(s), {' '.join(attacks)}, {' '.join(languages)}")
    print(f"  examples with a known worst case: {len(sure)} of {every}")
    print(f"  enumeration       {right / len(sure):6.1%} stand   {asked / every:7.1f} queries an example", flush=True)
    for name, allowed in _searches(budget, queries):
        rows = searched(setup, languages, attacks, Search(name, budget, allowed))
        found = {
            (language, attack, row["uid"]): row
            for (language, attack, at), members in rows.items()
            if at == budget
            for row in members
        }
        stand = sum(not found[key]["fallen"] for key in sure)
        asked = sum(row["queries"] for row in found.values())
        wrong = sum(found[key]["fallen"] and not sure[key] for key in sure)
        print(
            f"  {name:9s} of {allowed:4d} {stand / len(sure):6.1%} stand   {asked / len(found):7.1f} queries an example; "
            f"{100 * (stand - right) / len(sure):+.1f} points from the truth"
            + (f"; {wrong} FALLEN WHERE NONE CAN FALL" if wrong else ""),
            flush=True,
        )


def main() -> None:
    """Print both comparisons."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="demo:anli")
    parser.add_argument("--data", default="mini")
    parser.add_argument("--limit", type=int, default=16)
    parser.add_argument("--dtype", default="bf16")
    parser.add_argument("--languages", default="hi,ar,th,zh,ru,en")
    parser.add_argument("--attack", default="invisible", help="whose edits are compared at one edit")
    parser.add_argument("--pairs", default="hi,zh", help="languages of the comparison at two edits")
    parser.add_argument("--queries", type=int, default=1500)
    parser.add_argument("--edits", type=int, choices=(1, 2), action="append", help="only this comparison [both]")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        setup = Setup(args.model, args.data, args.limit, args.dtype, Path(folder))
        if 1 in (args.edits or (1, 2)):
            compare(setup, args.languages.split(","), [args.attack], 1, args.queries)
        if 2 in (args.edits or (1, 2)):
            compare(setup, args.pairs.split(","), ["transpose"], 2, args.queries)


if __name__ == "__main__":
    main()
