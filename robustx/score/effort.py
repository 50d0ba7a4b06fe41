"""What a search spent on a submission's task, and what it proves, from the packed numbers alone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from robustx.score.packed import unpack
from robustx.score.submission import Task, clean_sums, reached


class Effort(NamedTuple):
    """What the largest budget cost, and what is certain of it.

    Attributes:
        queries: texts asked about an example that was right, mean over such examples of all languages and attacks.
        certified: share of the examples that each attack changed which every set of edits leaves right, on the mean over
            them; None without a certificate.
    """

    queries: float
    certified: float | None


def effort(task: Task) -> Effort:
    """The effort of a searched task.

    Args:
        task: of a submission with a search.
    """
    most = max((cell.severity for cell in task.cells), default=0.0)
    last = [i for i, cell in enumerate(task.cells) if cell.severity == most]
    if not last:
        return Effort(float("nan"), None)
    codes = list(task.clean)
    top, bottom = (part.T[[codes.index(task.cells[i].language) for i in last]] for part in clean_sums(task))
    asked = unpack([task.cells[i].queries or "" for i in last], task.examples)[(top >= bottom) & (bottom > 0)]
    certain = [task.cells[i].certain for i in last]
    judged = int(reached(task)[:, last].sum())
    told = [one for one in certain if one is not None]
    sure = float(unpack(told, task.examples).sum()) / judged if told and judged else None
    return Effort(float(np.mean(asked)) if asked.size else float("nan"), sure)
