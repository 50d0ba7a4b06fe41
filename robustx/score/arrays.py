"""The cells of a table stacked for resampling, and the weights that turn cells into figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from robustx.score.resample import Figure, bootstrap_weights, interval, ratios, resampled_ratios, sign_flip_p
from robustx.score.table import Bools, Cell, CellKey, Floats, RunTable

MIN_EFFECTIVE = 10
"""A cell with fewer examples that the attack changed is counted, and left out of every mean."""


@dataclass(frozen=True)
class Stack:
    """Statistics of all perturbed cells, [examples, cells], on the examples each cell can be judged by.

    Attributes:
        keys: which cell each column is.
        mask: examples that count in each cell.
        robust, robust_total: numerator and denominator perturbed.
        clean, clean_total: the same of the same examples, clean.
    """

    keys: tuple[CellKey, ...]
    mask: Bools
    robust: Floats
    robust_total: Floats
    clean: Floats
    clean_total: Floats

    @property
    def usable(self) -> Bools:
        """Cells with enough examples, and with something to divide by."""
        totals = (self.robust_total.sum(axis=0) > 0) & (self.clean_total.sum(axis=0) > 0)
        return np.asarray(totals & (self.mask.sum(axis=0) >= MIN_EFFECTIVE))


def stack(table: RunTable, mask: Callable[[Cell], Bools] | None = None) -> Stack:
    """Stack a run's cells; ``mask`` narrows the examples of a cell (compare uses those both models were judged by)."""
    keys, masks, columns = [], [], []
    for cell in table.cells:
        base = table.clean[cell.key.language]
        sums = (cell.numerator, cell.denominator, base.numerator, base.denominator)
        good = (cell.effective if mask is None else mask(cell)) & base.present
        keys.append(cell.key)
        masks.append(good)
        columns.append([np.where(good, part, 0.0) for part in sums])
    if not keys:
        empty = np.zeros((len(table.uids), 0))
        return Stack((), empty.astype(bool), empty, empty, empty, empty)
    stacked: Floats = np.array(columns).transpose(1, 2, 0)
    return Stack(tuple(keys), np.array(masks).T, *stacked)


def mean_weights(keys: tuple[CellKey, ...], usable: Bools, keep: Callable[[CellKey], bool]) -> Floats:
    """Weights over cells for a macro mean: over languages, in each over attacks, in each over severities and draws."""
    weights = np.zeros(len(keys))
    chosen = [i for i, key in enumerate(keys) if usable[i] and keep(key)]
    tree: dict[str, dict[str, list[int]]] = {}
    for i in chosen:
        tree.setdefault(keys[i].language, {}).setdefault(keys[i].attack, []).append(i)
    for attacks in tree.values():
        for members in attacks.values():
            weights[members] = 1 / (len(tree) * len(attacks) * len(members))
    return weights


def weighted(values: Floats, weights: Floats) -> Floats:
    """Weighted sums over cells, [draws]; cells of weight 0 do not matter even where they are NaN. NaN if all are."""
    used = weights != 0
    if not used.any():
        return np.full(len(values), np.nan)
    return np.asarray(values[:, used] @ weights[used])


@dataclass(frozen=True)
class Resampled:
    """Every cell's clean and robust metric: as measured (row 0) and under each bootstrap draw (the rows after it)."""

    stack: Stack
    robust: Floats
    clean: Floats

    def figure(self, weights: Floats, what: Callable[[Floats, Floats], Floats]) -> Figure:
        """A figure of weighted means; ``what`` makes it from clean and robust values."""
        values = what(weighted(self.clean, weights), weighted(self.robust, weights))
        return Figure(float(values[0]), *interval(values[1:]), int(self.stack.mask[:, weights != 0].any(axis=1).sum()))


def resample(stacked: Stack, weights: npt.NDArray[np.float32]) -> Resampled:
    """Robust and clean metric of each cell, measured and resampled."""
    return Resampled(
        stacked,
        measured_and_resampled(weights, stacked.robust, stacked.robust_total),
        measured_and_resampled(weights, stacked.clean, stacked.clean_total),
    )


def measured_and_resampled(weights: npt.NDArray[np.float32], numerator: Floats, denominator: Floats) -> Floats:
    """Ratio of sums of each column, [1 + draws, columns]: as measured, exactly, and then under each draw."""
    measured = ratios(numerator.sum(axis=0), denominator.sum(axis=0))
    return np.concatenate([measured[None], resampled_ratios(weights, numerator, denominator)])


def ratio_figure(weights: npt.NDArray[np.float32], numerator: Floats, denominator: Floats) -> Figure:
    """One ratio of sums over examples, with its interval."""
    total = denominator.sum()
    if total <= 0:
        return Figure(float("nan"), float("nan"), float("nan"), 0)
    draws = resampled_ratios(weights, numerator[:, None], denominator[:, None])[:, 0]
    return Figure(float(numerator.sum() / total), *interval(draws), int((denominator > 0).sum()))


def change_figure(
    weights: npt.NDArray[np.float32], before: tuple[Floats, Floats], after: tuple[Floats, Floats]
) -> Figure:
    """The change from one ratio of sums to another, both drawn together: each (numerator, denominator) over examples."""
    if min(before[1].sum(), after[1].sum()) <= 0:
        return Figure(float("nan"), float("nan"), float("nan"), 0)
    low, high = (measured_and_resampled(weights, top[:, None], total[:, None])[:, 0] for top, total in (before, after))
    change = high - low
    n = int(((before[1] > 0) & (after[1] > 0)).sum())
    return Figure(float(change[0]), *interval(change[1:]), n)


def mean_figure(weights: npt.NDArray[np.float32], cells: list[Cell]) -> Figure:
    """The mean over cells of each one's metric, with the interval of source examples drawn for all of them at once."""
    numerator = np.stack([cell.numerator for cell in cells], axis=1)
    denominator = np.stack([cell.denominator for cell in cells], axis=1)
    draws = resampled_ratios(weights, numerator, denominator).mean(axis=1)
    value = ratios(numerator.sum(axis=0), denominator.sum(axis=0)).mean()
    return Figure(float(value), *interval(draws), int((denominator > 0).any(axis=1).sum()))


def weights_for(table: RunTable) -> npt.NDArray[np.float32]:
    """The bootstrap draws of a table's source examples: the same for every figure and for both runs of a comparison."""
    return bootstrap_weights(len(table.uids))


def contributions(weights: Floats, high: tuple[Floats, Floats], low: tuple[Floats, Floats]) -> Floats:
    """What each source example adds to the weighted mean of ``high - low``, two ratios of sums per cell.

    Exact where both have the same denominators (accuracy); to first order elsewhere.

    Args:
        high, low: (numerator, denominator), each [examples, cells].
    """
    used = weights != 0
    (a, a_total), (b, b_total) = ((top[:, used], bottom[:, used]) for top, bottom in (high, low))
    sums = (a_total.sum(axis=0) + b_total.sum(axis=0)) / 2
    middle = (a.sum(axis=0) / a_total.sum(axis=0) + b.sum(axis=0) / b_total.sum(axis=0)) / 2
    return np.asarray(((a - b) - middle * (a_total - b_total)) / sums @ weights[used])


def p_of(contributions: Floats, weights: Floats) -> float:
    """The sign-flip p-value of a weighted mean; NaN where no cell can be judged, which is no test at all."""
    return sign_flip_p(contributions) if weights.any() else float("nan")
