"""One cell through one checkpoint: predictions, and the audit of what reached the model."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from robustx.model.checkpoint import Checkpoint
from robustx.model.defended import defended
from robustx.model.heads.base import Asked, Encoded, Known, Seen
from robustx.model.heads.registry import head_of, together
from robustx.suite.cells import CellRow
from robustx.tasks.base import Task


@dataclass(frozen=True)
class Predicted:
    """Predictions of one cell.

    Attributes:
        rows: what is known of each row, in the order of the rows.
        survived: whether the token ids differ from those of the clean input (always true for a clean cell); where a
            defence stands before the model, whether they would without it: what it undoes is its merit.
        ids: the token ids, in a clean cell alone: what later cells are measured against.
        forwarded: how many rows went through the model; the others were known.
    """

    rows: list[Known]
    survived: list[bool]
    ids: list[list[int]] | None
    forwarded: int


def predict(
    checkpoint: Checkpoint,
    task: Task,
    rows: Sequence[CellRow],
    clean: Seen | None,
    earlier: Sequence[Seen] = (),
    clean_ids: Mapping[str, Sequence[int]] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Predicted:
    """Predict a cell. An input that an example had before, as text or as token ids, is not run again.

    Args:
        clean: what is known of each uid's clean input, or None when this is the clean cell.
        earlier: what is known of other cells' inputs; severities are nested, so a stronger one often repeats a text.
        clean_ids: the token ids of each uid's clean input; without them no changed tokens are counted.
    """
    head = head_of(task)
    before = () if together(task) else (*([clean] if clean is not None else []), *earlier)
    texts = [_hash("\x00".join(row.fields)) for row in rows]
    found: list[Known | None] = [_same_text(before, row.uid, text) for row, text in zip(rows, texts, strict=True)]
    fresh = [i for i, known in enumerate(found) if known is None]
    given_rows = defended(checkpoint, rows)
    encoded = head.encode(checkpoint, task, [given_rows[i] for i in fresh])
    unguarded = _unguarded(checkpoint, task, [rows[i] for i in fresh], encoded)
    alike = [_same_ids(before, rows[i].uid, digest) for i, digest in zip(fresh, encoded.digests, strict=True)]
    first: dict[str, int] = {}
    for at, digest in enumerate(encoded.digests):
        if alike[at] is None:
            first.setdefault(digest, at)
    asked = Asked(task, given_rows, [fresh[at] for at in first.values()], clean, progress)
    made = head.decide(checkpoint, asked, encoded.subset(list(first.values())))
    answers = dict(zip(first, made, strict=True))
    for at, i in enumerate(fresh):
        given = alike[at] or answers[encoded.digests[at]]
        audit = _audit(encoded, at, (clean_ids or {}).get(rows[i].uid))
        found[i] = Known(
            texts[i], encoded.digests[at], given.prediction, given.probabilities, *audit, unguarded=unguarded[at]
        )
    outcomes = [known for known in found if known is not None]
    survived = [
        clean is None or known.reached != clean[row.uid].reached for row, known in zip(rows, outcomes, strict=True)
    ]
    return Predicted(outcomes, survived, encoded.ids if clean is None else None, len(first))


def repeatable(checkpoint: Checkpoint, task: Task, rows: Sequence[CellRow]) -> bool:
    """Whether the model gives the same probabilities twice for the same batch."""
    head, rows = head_of(task), defended(checkpoint, rows)
    encoded = head.encode(checkpoint, task, rows)
    asked = Asked(task, rows, range(len(rows)))
    return head.decide(checkpoint, asked, encoded) == head.decide(checkpoint, asked, encoded)


def _unguarded(checkpoint: Checkpoint, task: Task, rows: Sequence[CellRow], encoded: Encoded) -> list[str]:
    """What the digests would be without a defence; nothing where there is none."""
    if not checkpoint.settings.defence:
        return [""] * len(encoded.digests)
    return head_of(task).encode(checkpoint, task, rows).digests


def _audit(encoded: Encoded, at: int, clean: Sequence[int] | None) -> tuple[int, int, int, bool]:
    """Tokens of a row, how many of them changed, how many are unknown, and whether it was cut."""
    ids = encoded.ids[at]
    return len(ids), _changed(clean, ids), int(encoded.unknown[at]), bool(encoded.truncated[at])


def _changed(before: Sequence[int] | None, after: Sequence[int]) -> int:
    """Tokens of the clean input that are gone, or those that are new, whichever is more."""
    if before is None:
        return 0
    old, new = Counter(before), Counter(after)
    return max((old - new).total(), (new - old).total())


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _same_text(before: Sequence[Seen], uid: str, digest: str) -> Known | None:
    return next((known for seen in before if (known := seen.get(uid)) and known.fields_hash == digest), None)


def _same_ids(before: Sequence[Seen], uid: str, digest: str) -> Known | None:
    return next((known for seen in before if (known := seen.get(uid)) and known.ids_hash == digest), None)
