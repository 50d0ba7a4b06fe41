"""The cascade against running everything: the same worst case, and how many queries it saves.

    python benchmarks/cascade.py --model demo:anli --data xnli=FOLDER --limit 12

Everything is each stage of the cascade (a strategy with one attack) alone on every example; an example falls where any of
them fells it. Examples that the model has wrong are left out on both sides.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

from searched import Setup, script, searched

from robustx.perturb.attacks import load_attack
from robustx.search.plan import CASCADE, Search

Who = tuple[str, str]


def main() -> None:
    """Print both, by language."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="demo:anli")
    parser.add_argument("--data", default="mini")
    parser.add_argument("--limit", type=int, default=12)
    parser.add_argument("--dtype", default="bf16")
    parser.add_argument("--languages", default="hi,zh,ru,en")
    parser.add_argument("--attacks", default="invisible,keyboard,homoglyph")
    parser.add_argument("--budget", type=int, default=2)
    parser.add_argument("--queries", type=int, default=64)
    args = parser.parse_args()
    languages, attacks = args.languages.split(","), args.attacks.split(",")
    with tempfile.TemporaryDirectory() as folder:
        setup = Setup(args.model, args.data, args.limit, args.dtype, Path(folder))
        compare(setup, languages, attacks, Search(CASCADE, args.budget, args.queries))


def compare(setup: Setup, languages: list[str], attacks: list[str], how: Search) -> None:
    """Run the cascade and every stage of it, and print what each found and cost."""
    cascade = searched(setup, languages, attacks, how)
    fallen: set[Who] = set()
    spent: Counter[str] = Counter()
    stages = how.quarries([load_attack(name) for name in attacks], languages[0])[0].stages
    for strategy, queries in dict.fromkeys((stage.strategy.name, stage.queries) for stage in stages):
        rows = searched(setup, languages, attacks, Search(strategy, how.budget, queries))
        for (language, attack, budget), members in rows.items():
            if attack != "clean" and budget == how.budget:
                own = [row for row in members if not row["felled_by"].endswith(" by noise")]
                fallen |= {(language, row["uid"]) for row in own if row["fallen"]}
                spent[language] += sum(row["queries"] for row in own)
    print(
        f"{setup.model}, {', '.join(attacks)}, at most {how.budget} edits, {setup.limit} pairs a language, {setup.dtype}"
    )
    print(f"{'':8s}{'right':>7s}{'stand, cascade':>16s}{'everything':>12s}{'queries':>9s}{'everything':>12s}")
    total: Counter[str] = Counter()
    for language in languages:
        mine = cascade[language, CASCADE, how.budget]
        found = {row["uid"] for row in mine if row["fallen"]}
        every = {uid for code, uid in fallen if code == language}
        asked = sum(row["queries"] for row in mine)
        print(
            f"{language} {script(language):5s}{len(mine):7d}{len(mine) - len(found):16d}{len(mine) - len(every):12d}"
            f"{asked:9d}{spent[language]:12d}" + ("" if found == every else "   NOT THE SAME EXAMPLES")
        )
        total.update(row["felled_by"] for row in mine if row["felled_by"])
    asked = sum(row["queries"] for code in languages for row in cascade[code, CASCADE, how.budget])
    print(f"the cascade asks {asked / spent.total():.0%} of the queries of everything")
    print("felled by: " + ", ".join(f"{label} {count}" for label, count in total.most_common()))


if __name__ == "__main__":
    main()
