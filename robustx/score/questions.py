"""What a gate asks of two runs: has robust accuracy fallen, by language, group and attack, and clean accuracy by language?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from robustx.score.arrays import Stack, contributions, mean_weights
from robustx.score.hunted import decisive
from robustx.score.pair import clean_sums, robust_shares, usable
from robustx.score.single import LATIN, within
from robustx.score.table import CellKey, Floats, RunTable

ROBUST, CLEAN = "robust", "clean"
LANGUAGE, GROUP, ATTACK = "language", "group", "attack"


class Family(NamedTuple):
    """Questions of one kind: the measure (``robust`` or ``clean``) of a task, by language, group or attack.

    ``metric`` is what the task's statistics sum to.
    """

    task: str
    measure: str
    by: str
    metric: str = "accuracy"

    @property
    def title(self) -> str:
        """``robust accuracy by language``."""
        return f"{self.measure} {self.metric} by {self.by}"


class Name(NamedTuple):
    """One question: its family, and the language, group or attack it is about."""

    family: Family
    about: str


@dataclass(frozen=True)
class Question:
    """One question with what the examples say of it.

    Attributes:
        weights: over the cells (robust) or the languages (clean) whose mean is asked for; all 0 where none can be judged.
        shares: [examples] what each source example adds to the difference, candidate - baseline.
        largest: the most that one source example could add.
        examples: how many source examples were judged.
    """

    name: Name
    weights: Floats
    shares: Floats
    largest: float
    examples: int

    @property
    def judged(self) -> bool:
        """Whether there is anything to judge by."""
        return bool(self.weights.any())


def names(
    task: str, scripts: dict[str, str], attacked: Iterable[tuple[str, str]], metric: str = "accuracy"
) -> list[Name]:
    """The questions of one task, known before any model is run.

    Args:
        scripts: ISO 15924 code of each language.
        attacked: (language, attack) of the perturbed cells.
    """
    pairs = list(dict.fromkeys(attacked))
    touched = [code for code in scripts if any(language == code for language, _ in pairs)]
    groups = [name for name, latin in (("non-Latin", False), ("Latin", True)) if _of_group(touched, scripts, latin)]
    asked = [
        (Family(task, ROBUST, GROUP, metric), groups),
        (Family(task, ROBUST, LANGUAGE, metric), touched),
        (Family(task, ROBUST, ATTACK, metric), list(dict.fromkeys(attack for _, attack in pairs))),
        (Family(task, CLEAN, LANGUAGE, metric), list(scripts)),
    ]
    return [Name(family, about) for family, abouts in asked for about in abouts]


def names_of_run(facts: dict[str, Any]) -> list[Name]:
    """The questions that a comparison with this run will ask, from its ``run.json``.

    Raises:
        KeyError, TypeError: the facts are not those of a run.
    """
    made = []
    for task in facts["tasks"]:
        cells = [cell for cell in facts["cells"] if cell["task"] == task]
        scripts = {c["language"]: facts["languages"][c["language"]]["script"] for c in cells if c["attack"] == CLEAN}
        metric = facts["tasks"][task].get("metric", "accuracy")
        made += names(task, scripts, [(c["language"], c["attack"]) for c in cells if c["attack"] != CLEAN], metric)
    return made


def questions(first: RunTable, second: RunTable, stacks: tuple[Stack, Stack]) -> Iterator[Question]:
    """The questions of one task, with what the examples of two aligned tables say of each."""
    keys, judged = stacks[0].keys, usable(stacks) & decisive(first)
    attacked = [(cell.key.language, cell.key.attack) for cell in first.cells]
    for name in names(first.task, first.scripts, attacked, first.metric):
        if name.family.measure == CLEAN:
            yield _clean(name, first, second)
        else:
            yield _robust(name, mean_weights(keys, judged, _keep(name, first.scripts)), stacks)


def _robust(name: Name, weights: Floats, stacks: tuple[Stack, Stack]) -> Question:
    judged = stacks[0].mask[:, weights != 0].any(axis=1)
    sums = (stacks[0].robust_total + stacks[1].robust_total) / 2
    return Question(name, weights, robust_shares(stacks, weights), _largest(weights, sums), int(judged.sum()))


def _clean(name: Name, first: RunTable, second: RunTable) -> Question:
    codes = [name.about]
    a, b = (clean_sums(table, codes) for table in (first, second))
    sums = (a[1] + b[1]) / 2
    weights = np.array([1.0 if min(a[1].sum(), b[1].sum()) > 0 else 0.0])
    present = int(first.clean[name.about].present.sum())
    of_all = np.array([float(code == name.about and weights.any()) for code in first.languages])
    return Question(name, of_all, contributions(weights, b, a), _largest(weights, sums), present)


def _largest(weights: Floats, sums: Floats) -> float:
    """The most that one example adds to a weighted mean of ratios when it goes from all to nothing in every cell."""
    used = weights != 0
    if not used.any():
        return float("nan")
    return float((sums[:, used] / sums[:, used].sum(axis=0) @ weights[used]).max())


def _keep(name: Name, scripts: dict[str, str]) -> Callable[[CellKey], bool]:
    if name.family.by == ATTACK:
        return lambda key: key.attack == name.about
    return within([name.about] if name.family.by == LANGUAGE else _of_group(scripts, scripts, name.about == "Latin"))


def _of_group(codes: Iterable[str], scripts: dict[str, str], latin: bool) -> list[str]:
    return [code for code in codes if (scripts[code] == LATIN) == latin]
