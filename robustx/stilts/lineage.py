"""What a checkpoint came from (``lineage.json`` beside its weights), and whether two belong side by side."""

from __future__ import annotations

import importlib.metadata
import platform
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from robustx import files
from robustx.errors import CheckpointError

FILE = "lineage.json"
SCHEMA = 1


@dataclass(frozen=True)
class TaskLineage:
    """The rows of one task in a phase.

    Attributes:
        train_sha256, dev_sha256: fingerprints of the rows in order, after sampling, noise and translation.
        where: files or hub splits.
        skipped: rows passed over.
        steps: optimiser steps that it had.
    """

    task: str
    train_rows: int
    train_sha256: str
    dev_rows: int
    dev_sha256: str
    where: list[str]
    skipped: int
    steps: int


@dataclass(frozen=True)
class PhaseLineage:
    """One phase as it was run.

    Attributes:
        settings: every setting, presets resolved; ``more`` is what else the arm did (noise, mlm, ...).
        steps: optimiser steps taken; ``planned``: those there would have been without early stopping.
        best_step, best_score: the checkpoint that was kept and its mean development score.
        scores: that checkpoint's score by task.
        device, processes: what it ran on.
        seconds: of training, in the last sitting.
    """

    phase: str
    tasks: list[TaskLineage]
    settings: dict[str, Any]
    more: dict[str, Any]
    steps: int
    planned: int
    examples: int
    best_step: int
    best_score: float
    scores: dict[str, float]
    device: str
    processes: int
    seconds: float


@dataclass(frozen=True)
class Lineage:
    """A checkpoint's whole descent."""

    recipe: str
    recipe_version: int
    recipe_sha256: str
    arm: str
    seed: int
    target: str | None
    base: str
    base_sha256: str
    tokenizer_sha256: str
    encoder_sha256: str
    low_rank: dict[str, Any] | None
    phases: list[PhaseLineage]
    versions: dict[str, str]
    schema: int = SCHEMA
    notes: list[str] = field(default_factory=list)

    @property
    def steps(self) -> int:
        """Optimiser steps of all phases."""
        return sum(phase.steps for phase in self.phases)


def write(folder: Path, lineage: Lineage) -> None:
    """Put a checkpoint's descent beside it."""
    files.write_json(folder / FILE, asdict(lineage))


def read(folder: Path) -> Lineage:
    """A checkpoint's descent.

    Raises:
        CheckpointError: it has none, or it is damaged.
    """
    path = folder / FILE
    return parsed(files.read_json(path, CheckpointError, "what `robustx train` writes beside a checkpoint"), str(path))


def parsed(raw: Any, where: str) -> Lineage:
    """A descent out of its JSON.

    Args:
        where: what an error names.

    Raises:
        CheckpointError: it is damaged.
    """
    if isinstance(raw, dict) and raw.get("schema") not in (SCHEMA, None):
        raise CheckpointError(f"{where}: is of schema {raw['schema']}; this robustx reads {SCHEMA}")
    try:
        return TypeAdapter(Lineage).validate_python(raw, strict=False)
    except ValidationError as error:
        first = error.errors()[0]
        why = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise CheckpointError(f"{where}: is damaged ({why}); expected what `robustx train` writes") from error


def comparable(a: Lineage, b: Lineage) -> str | None:
    """Why two checkpoints are no pair of arms, or None: same base, target, target data, target settings and seed; other arm."""
    must_agree = {
        "base": (a.base_sha256, b.base_sha256, f"{a.base} and {b.base}"),
        "tokenizer": (a.tokenizer_sha256, b.tokenizer_sha256, f"of {a.base} and of {b.base}"),
        "target": (a.target, b.target, f"{a.target} and {b.target}"),
        "seed": (a.seed, b.seed, f"{a.seed} and {b.seed}"),
        "low_rank": (a.low_rank, b.low_rank, f"{a.low_rank} and {b.low_rank}"),
    }
    for name, (mine, theirs, shown) in must_agree.items():
        if mine != theirs:
            return f"not the same {name}: {shown}"
    if a.arm == b.arm and a.recipe_sha256 == b.recipe_sha256:
        return f"the same arm: {a.arm}"
    return _other_target_phase(a, b)


def _other_target_phase(a: Lineage, b: Lineage) -> str | None:
    first, second = (_phase(one, "target") for one in (a, b))
    if first is None or second is None:
        return None if first is second else "one has a target phase, the other has none"
    for mine, theirs in zip(first.tasks, second.tasks, strict=False):
        # an arm that trains on noise has other rows on purpose, and says so
        if mine.train_sha256 != theirs.train_sha256 and not (first.more or second.more):
            return f"other rows of {mine.task}: {mine.train_rows:,} and {theirs.train_rows:,}"
    loose = {"max_steps", "epochs", "device_batch", "gradient_checkpointing"}
    for name in sorted((first.settings.keys() | second.settings.keys()) - loose):
        if first.settings.get(name) != second.settings.get(name):
            return (
                f"other settings in the target phase: {name} {first.settings.get(name)} and {second.settings.get(name)}"
            )
    return None


def _phase(lineage: Lineage, kind: str) -> PhaseLineage | None:
    return next((phase for phase in lineage.phases if phase.phase == kind), None)


def versions() -> dict[str, str]:
    """Versions of what decides what training makes."""
    names = ("robustx", "torch", "transformers", "accelerate", "tokenizers", "datasets", "peft", "numpy")
    found = {"python": platform.python_version()}
    for name in names:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found
