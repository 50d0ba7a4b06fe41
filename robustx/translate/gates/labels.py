"""Whether a checkpoint decides the same on the translated pair as on the original one.

A row that a checkpoint labels otherwise after translation may be badly translated, or the checkpoint may be weak in the
target's language: the gate cannot tell. So it makes a row doubtful and never rejects it, and a score of the same
checkpoint over the kept rows alone is too good: what it would have lost was taken out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from robustx.translate.gates.pair import Figures
from robustx.translate.gates.thresholds import Thresholds
from robustx.translate.gates.verdict import Verdict, judged

if TYPE_CHECKING:
    from robustx.model.checkpoint import Checkpoint

Row = tuple[str, str]
"""Premise and hypothesis."""

Decide = Callable[[Sequence[Row]], npt.NDArray[np.float32]]
"""Rows to the probability of each label, [rows, labels]."""


def measure(sources: Sequence[Row], targets: Sequence[Row], decide: Decide) -> list[Figures]:
    """``label_kept``: 1 where the likeliest label is the same; ``label_shift``: total variation distance, 0 to 1."""
    before, after = decide(sources), decide(targets)
    kept = before.argmax(axis=1) == after.argmax(axis=1)
    shift = np.abs(before - after).sum(axis=1) / 2
    return [{"label_kept": float(same), "label_shift": float(far)} for same, far in zip(kept, shift, strict=True)]


def judge_labels(
    sources: Sequence[Row], targets: Sequence[Row], decide: Decide, thresholds: Thresholds
) -> list[Verdict]:
    """A verdict for every row, in the order of the rows."""
    return [judged(figures, thresholds) for figures in measure(sources, targets, decide)]


def decider(checkpoint: Checkpoint) -> Decide:
    """How a checkpoint decides: the probabilities of its head's outputs, in their order."""
    from robustx.model.heads.classification import tokenised
    from robustx.model.infer import Inputs, forwarded

    def decide(rows: Sequence[Row]) -> npt.NDArray[np.float32]:
        ids, extra, _ = tokenised(checkpoint, [[row[0] for row in rows], [row[1] for row in rows]])
        made = forwarded(checkpoint, Inputs(ids, extra), _probabilities)
        return np.array(made, dtype=np.float32).reshape(len(rows), len(checkpoint.outputs))

    return decide


def _probabilities(output: Any, tensors: dict[str, Any]) -> Any:
    return output.logits.float().softmax(dim=-1).cpu().numpy()
