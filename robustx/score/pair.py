"""Two runs on the same items, put side by side: the first is the baseline, the second the candidate.

Every cell is judged on the examples that the attack changed for both models.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from robustx.errors import RunError
from robustx.score.arrays import Resampled, Stack, contributions, measured_and_resampled, resample, stack, weights_for
from robustx.score.flags import cell_flags, language_flags, run_flags
from robustx.score.hunted import decisive, how_searched
from robustx.score.resample import Figure, interval
from robustx.score.search_flags import flags_of_search
from robustx.score.table import Cell, Floats, RunTable, read_tables


@dataclass(frozen=True)
class Pair:
    """One task of two runs, resampled together.

    Attributes:
        robust: [1 + draws, cells] metric of (baseline, candidate); ``clean`` likewise, on the same examples.
        clean_all: [1 + draws, languages] clean metric of (baseline, candidate) over all examples.
        seeds: the pairs that this is the mean of (``robustx.score.seeds``); empty where it is one pair of runs.
    """

    tables: tuple[RunTable, RunTable]
    first: Resampled
    second: Resampled
    clean_all: tuple[Floats, Floats]
    seeds: tuple[Pair, ...] = ()

    @property
    def each(self) -> tuple[Pair, ...]:
        """Every pair of runs behind it."""
        return self.seeds or (self,)

    @property
    def stacks(self) -> tuple[Stack, Stack]:
        """The cells of both, as measured."""
        return self.first.stack, self.second.stack

    @property
    def able(self) -> npt.NDArray[np.bool_]:
        """Cells that both models can be judged by, in every pair of runs."""
        return np.asarray(np.all([usable(pair.stacks) for pair in self.each], axis=0))

    @property
    def usable(self) -> npt.NDArray[np.bool_]:
        """Of these, the cells that the verdict is made of: of a search those with the most edits."""
        return np.asarray(self.able & decisive(self.tables[0]))


def read_both(baseline: Path, candidate: Path) -> tuple[list[RunTable], list[RunTable]]:
    """The tables of two runs, one a task.

    Raises:
        RunError: a run is unfinished or damaged, or the two are not of the same suite and texts.
    """
    first, second = read_tables(baseline), read_tables(candidate)
    for folder, tables in ((baseline, first), (candidate, second)):
        _check_sums(folder, tables)
    check_texts(first[0], second[0], baseline, candidate)
    if {table.task for table in first} != {table.task for table in second}:
        told = " and ".join(", ".join(table.task for table in tables) for tables in (first, second))
        raise RunError(
            f"{baseline} and {candidate} did not do the same tasks ({told}); give both runs a checkpoint for each of them"
        )
    return first, second


def paired(first: RunTable, second: RunTable) -> Pair:
    """Two aligned tables, resampled together."""
    weights = weights_for(first)
    clean = tuple(measured_and_resampled(weights, *clean_sums(table, first.languages)) for table in (first, second))
    a, b = stacked(first, second)
    return Pair((first, second), resample(a, weights), resample(b, weights), (clean[0], clean[1]))


def stacked(first: RunTable, second: RunTable) -> tuple[Stack, Stack]:
    """The cells of two aligned tables, each on the examples that reached both models."""
    judged = {a.key: a.effective & b.effective for a, b in zip(first.cells, second.cells, strict=True)}

    def both(cell: Cell) -> npt.NDArray[np.bool_]:
        return judged[cell.key]

    return stack(first, both), stack(second, both)


def usable(stacks: tuple[Stack, Stack]) -> npt.NDArray[np.bool_]:
    """Cells that both models can be judged by."""
    return np.asarray(stacks[0].usable & stacks[1].usable)


def clean_sums(table: RunTable, codes: list[str]) -> tuple[Floats, Floats]:
    """Numerators and denominators of all clean examples, each [examples, languages]."""
    cells = [table.clean[code] for code in codes]
    return np.stack([cell.numerator for cell in cells], axis=1), np.stack([cell.denominator for cell in cells], axis=1)


def robust_shares(stacks: tuple[Stack, Stack], weights: Floats) -> Floats:
    """Each example's share of the robust difference (candidate - baseline) of weighted cells."""
    a, b = stacks
    return contributions(weights, (b.robust, b.robust_total), (a.robust, a.robust_total))


def flags_of_both(pair: Pair) -> list[dict[str, str]]:
    """The reliability flags of both runs, each with the run it is of."""
    made = []
    for side, table, values in zip(("baseline", "candidate"), pair.tables, pair.clean_all, strict=True):
        found = language_flags(table, _accuracies(table, values)) + cell_flags(table, list(table.cells))
        found += flags_of_search(table)
        made += [flag._asdict() | {"run": side} for flag in run_flags(table) + found]
    return made


def _accuracies(table: RunTable, values: Floats) -> dict[str, Figure]:
    return {
        code: Figure(float(values[0, i]), *interval(values[1:, i]), int(table.clean[code].present.sum()))
        for i, code in enumerate(table.languages)
    }


def check_texts(first: RunTable, second: RunTable, baseline: Path, candidate: Path) -> None:
    """Whether two runs are of the same texts.

    Raises:
        RunError: they are not, or a run does not say of which.
    """
    try:
        (a, a_signature), (b, b_signature) = (
            (table.facts["suite"]["content_sha256"], table.facts["suite"]["signature"]) for table in (first, second)
        )
    except (KeyError, TypeError) as error:
        raise RunError(f"{baseline} or {candidate}: run.json does not say of which suite the run is") from error
    searches = [how_searched(folder, one.facts) for folder, one in ((baseline, first), (candidate, second))]
    if searches[0] != searches[1]:
        told = ["not searched" if how is None else f"searched ({how.words})" for how in searches]
        raise RunError(
            f"{baseline} and {candidate} were not searched alike (the first was {told[0]}, the second {told[1]}), so that "
            "neither is the other's match; give both attacks the same --search, --budget and --queries"
        )
    if a != b:
        raise RunError(
            f"{baseline} and {candidate} are not of the same texts, so no example can be paired:\n"
            f"  {a_signature}\n  {b_signature}\nAttack both checkpoints with one suite, data and seed"
        )


def _check_sums(folder: Path, tables: list[RunTable]) -> None:
    """A sum that is no number would pass every test, because nothing can be shown of it."""
    if not tables:
        raise RunError(f"{folder / 'run.json'}: names no task; expected what `robustx attack` writes")
    for table in tables:
        for cell in (*table.clean.values(), *table.cells):
            if not (np.isfinite(cell.numerator).all() and np.isfinite(cell.denominator).all()):
                raise RunError(f"{folder}: cell {'_'.join(map(str, cell.key))}: has numerators that are no numbers")
