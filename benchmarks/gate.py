"""How often the gate errs, against the level it states: simulated pairs of runs whose true falls are known.

    python benchmarks/gate.py [--runs 300]

Prints, by number of examples a language, the share of pairs at which the gate fails (8 languages, 3 attacks, 21
questions, tolerance 1 point, level 5%), and in non-inferiority the share at which it wrongly or rightly passes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests" / "score"))

from gate_worlds import World, failed

from robustx.score.gate import Judged, not_inferior, regressions
from robustx.score.questions import Question

Judge = Callable[[Sequence[Question], float, float], list[Judged]]
SIZES = (96, 400, 1000)
MANY = (400, 1000, 5000)
FEW = {"languages": ("hi", "en"), "attacks": ("typo",)}
ALARMS: dict[str, dict[str, object]] = {
    "nothing fell": {},
    "1 point everywhere": {"fall": 0.01},
    "1 point, only losses": {"fall": 0.01, "won": 0.0},
    "1 point, cells alike": {"fall": 0.01, "shared": 0.9},
}
POWER: dict[str, dict[str, object]] = {
    "3 points everywhere": {"fall": 0.03},
    "5 points everywhere": {"fall": 0.05},
    "5 points, one language": {"falls": {"th": 0.05}},
    "10 points, one language": {"falls": {"th": 0.10}},
}
PASSES: dict[str, dict[str, object]] = {
    "1 point everywhere": {"fall": 0.01, **FEW},
    "equal, 2% turned over": {"won": 0.025, **FEW},
}


def main() -> None:
    """Print three tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=300)
    runs = parser.parse_args().runs
    table("false alarms (limit 5.0%)", ALARMS, regressions, runs)
    table("falls found", POWER, regressions, runs)
    table("non-inferiority: gates passed, 2 languages, 1 attack", PASSES, not_inferior, runs, MANY, passed=True)


def table(
    title: str,
    worlds: dict[str, dict[str, object]],
    judge: Judge,
    runs: int,
    sizes: Sequence[int] = SIZES,
    passed: bool = False,
) -> None:
    """One line a world, one column a size."""
    print(f"{title:55}" + "".join(f"{n:>9,}" for n in sizes))
    for name, facts in worlds.items():
        rates = [rate(World(n, **facts), judge, runs) for n in sizes]  # type: ignore[arg-type]
        shown = [1 - one if passed else one for one in rates]
        print(f"  {name:53}" + "".join(f"{one:>9.1%}" for one in shown), flush=True)


def rate(world: World, judge: Judge, runs: int) -> float:
    """Share of pairs of runs at which the gate fails."""
    return sum(failed(judge(world.draw(seed), 0.01, 0.05)) for seed in range(runs)) / runs


if __name__ == "__main__":
    main()
