"""How often a leaderboard claims a rank that is not so, in simulation: boards with any wrong claim, of 2,000 boards.

    python benchmarks/ranks.py

Answers are right or wrong; models find the same examples hard (seven in ten answers hang on a difficulty that all share).
The level is 5% for all claims of a board together.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from robustx.score.ranks import significantly_better

BOARDS = 2000
SHARED = 0.7
FIELDS = {
    "ten equal models, 120 examples": (np.full(10, 0.6), 120),
    "ten equal models, 40 examples": (np.full(10, 0.6), 40),
    "three equal models, 400 examples": (np.full(3, 0.7), 400),
    "ten models in four clusters, 120 examples": (np.array([0.5] * 3 + [0.6] * 3 + [0.8] * 2 + [0.33] * 2), 120),
}


def answers(accuracy: npt.NDArray[np.float64], examples: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Right or wrong, [models, examples]."""
    common, own = rng.random(examples), rng.random((len(accuracy), examples))
    alike = rng.random((len(accuracy), examples)) < SHARED
    return (np.where(alike, common, own) < accuracy[:, None]).astype(np.float64)


def main() -> None:
    """Count, and print a line a field."""
    for name, (accuracy, examples) in FIELDS.items():
        rng = np.random.default_rng(77)
        so = accuracy[:, None] > accuracy[None, :]
        wrong = 0
        for _ in range(BOARDS):
            right = answers(accuracy, examples, rng)
            wrong += bool((significantly_better(right.mean(axis=1), right / examples) & ~so).any())
        print(f"{name:44}{wrong / BOARDS:6.1%}")


if __name__ == "__main__":
    main()
