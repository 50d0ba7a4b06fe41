"""What an enumeration proves of a model's accuracy under every set of edits up to a budget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from robustx.score.hunted import Hunted, right
from robustx.score.table import Bools, Cell, CellKey, RunTable

LEVEL = 0.95


def certificate(judged: int, certain: int, tried: Sequence[int]) -> dict[str, Any]:
    """What an enumeration proves of the accuracy under every set of edits up to a budget.

    ``low`` counts only examples of which every set was tried; ``high`` adds those that were sampled and never fell; the two
    are equal where nothing was sampled, and the accuracy is exact for these examples. ``population`` is the exact binomial
    interval of ``low`` (Clopper and Pearson 1934, doi:10.1093/biomet/26.4.404): what holds of further examples. Of the
    sampled ones, at most ``flipping`` of the sets flip any one of them, each with 95% confidence.

    Args:
        judged: examples that the attack changed.
        certain: those that no set flips.
        tried: sets that were tried of each sampled example, none of which flipped it.
    """
    from scipy.stats import binomtest

    nothing = float("nan")
    if judged == 0:
        empty = {"low": nothing, "high": nothing, "population": [nothing, nothing]}
        return {"judged": 0, "certain": 0, "sampled": 0, **empty, "flipping": nothing}
    found = binomtest(certain, judged).proportion_ci(LEVEL, "exact")
    return {
        "judged": judged,
        "certain": certain,
        "sampled": len(tried),
        "low": certain / judged,
        "high": (certain + len(tried)) / judged,
        "population": [float(found.low), float(found.high)],
        "flipping": max((_at_most(count) for count in tried), default=0.0),
    }


def certified(table: RunTable, hunted: dict[CellKey, Hunted], cells: Sequence[Cell]) -> dict[str, Any]:
    """The certificate of some cells of one budget, which is their severity."""
    judged = certain = 0
    tried: list[int] = []
    for cell in cells:
        known = hunted[cell.key]
        stands, sure = _standing(table, cell, known), certainly_right(table, cell, known)
        judged += int(cell.effective.sum())
        certain += int(sure.sum())
        tried += known.tried[stands & ~sure].tolist()
    return certificate(judged, certain, tried)


def certainly_right(table: RunTable, cell: Cell, known: Hunted) -> Bools:
    """Examples that stand after every set of edits up to the cell's budget was tried."""
    return _standing(table, cell, known) & (known.covered >= cell.key.severity)


def _standing(table: RunTable, cell: Cell, known: Hunted) -> Bools:
    return cell.effective & right(table, cell) & ~known.fallen


def _at_most(tried: int) -> float:
    """The largest share of flipping sets that leaves a sample of so many without one, with 95% confidence."""
    from scipy.stats import binomtest

    return float(binomtest(0, tried, alternative="less").proportion_ci(LEVEL, "exact").high) if tried else 1.0
