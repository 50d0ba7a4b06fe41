"""Pairs of runs as tables in memory, drawn from a world whose true falls are known: no file, no model, no text.

An example's difficulty, and whether the candidate turns it over, are shared by its languages and attacks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr
from synthetic import LABELS, SCRIPTS

from robustx.score.gate import Judged
from robustx.score.pair import stacked
from robustx.score.questions import Question, questions
from robustx.score.table import UNITS, Cell, CellKey, RunTable

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class World:
    """What is true of a baseline and a candidate.

    Attributes:
        fall: how much lower the candidate's true accuracy is, in every cell.
        falls: the same by language, where it is another.
        won: share of the baseline's errors that the candidate has right.
        shared: correlation of an example's cells in difficulty, and in being turned over.
    """

    n: int
    fall: float = 0.0
    falls: Mapping[str, float] = field(default_factory=dict)
    languages: Sequence[str] = ("ar", "hi", "ru", "th", "el", "en", "sw", "tr")
    attacks: Sequence[str] = ("typo", "swap", "drop")
    accuracy: float = 0.6
    won: float = 0.08
    shared: float = 0.5

    def draw(self, seed: int) -> list[Question]:
        """One pair of runs, as the questions that a gate asks of it."""
        rng = np.random.default_rng(seed)
        keys = [(code, attack) for code in self.languages for attack in ("clean", *self.attacks)]
        base = self._uniform(rng, len(keys)) < self.accuracy
        turn = self._uniform(rng, len(keys))
        falls = np.array([self.falls.get(code, self.fall) for code, _ in keys])
        lost = (falls + (1 - self.accuracy) * self.won) / self.accuracy
        other = np.where(base, turn >= lost, turn < self.won)
        tables = [_table(self.n, keys, side.astype(np.float64)) for side in (base, other)]
        return list(questions(*tables, stacked(*tables)))

    def _uniform(self, rng: np.random.Generator, cells: int) -> Array:
        own, common = rng.standard_normal((self.n, cells)), rng.standard_normal((self.n, 1))
        return np.asarray(ndtr(np.sqrt(self.shared) * common + np.sqrt(1 - self.shared) * own))


def _table(n: int, keys: list[tuple[str, str]], right: Array) -> RunTable:
    yes, one, nothing = np.ones(n, dtype=bool), np.ones(n), np.zeros(n, dtype=np.int64)
    rest = np.ones((n, len(UNITS))), np.ones((n, len(UNITS))), np.full(n, np.nan)
    cells = [
        Cell(
            CellKey("xnli", code, attack, 0.1, 0),
            yes,
            right[:, i],
            one,
            yes,
            yes,
            nothing,
            nothing,
            one,
            one,
            ~yes,
            *rest,
        )
        for i, (code, attack) in enumerate(keys)
    ]
    return RunTable(
        task="xnli",
        labels=LABELS,
        uids=tuple(map(str, range(n))),
        clean={cell.key.language: cell for cell in cells if cell.key.attack == "clean"},
        cells=tuple(cell for cell in cells if cell.key.attack != "clean"),
        scripts={code: SCRIPTS[code] for code, _ in keys},
        facts={},
    )


def failed(judged: Sequence[Judged]) -> bool:
    """Whether a gate would fail."""
    return any(one.outcome == "failed" for one in judged)
