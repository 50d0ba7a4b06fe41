"""What training would do: steps by counting, memory by adding up, time by running one batch of every phase."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from robustx.stilts import phase as phases
from robustx.stilts.encoder import Base, HeadSpec, build, parameters
from robustx.stilts.grid import Grid, finished
from robustx.stilts.phase import PhaseData
from robustx.stilts.recipe import LowRank
from robustx.stilts.schedule import Step

if TYPE_CHECKING:
    from robustx.stilts.trainer import Part


@dataclass(frozen=True)
class PhaseEstimate:
    """What one phase of one arm would do, for every seed.

    Attributes:
        rows, inputs: of each task; a long context makes several inputs.
        steps: at most: early stopping takes fewer. By task in ``steps_by_task``.
        parameters, trained: how many there are.
        memory_bytes: of weights, gradients, Adam's two moments, and what one batch keeps for its backward pass.
        seconds: at most, at the rate of one batch here.
    """

    arm: str
    phase: str
    done: int
    rows: dict[str, int]
    inputs: dict[str, int]
    steps: int
    steps_by_task: dict[str, int]
    parameters: int
    trained: int
    memory_bytes: int
    seconds: float


@dataclass(frozen=True)
class Estimate:
    """What a grid would do."""

    recipe: str
    seeds: list[int]
    phases: list[PhaseEstimate]
    seconds: float
    out: str

    def lines(self) -> list[str]:
        """What ``--dry-run`` prints."""
        made = [f"{self.recipe}: {len({one.arm for one in self.phases})} arms x {len(self.seeds)} seeds"]
        for one in self.phases:
            rows = ", ".join(f"{name} {count:,}" for name, count in one.rows.items())
            done = f", {one.done} of {len(self.seeds)} seeds done" if one.done else ""
            made.append(
                f"  {one.arm} {one.phase}: {rows} rows; at most {one.steps:,} steps; {one.trained / 1e6:.1f} of "
                f"{one.parameters / 1e6:.1f} M parameters trained; {one.memory_bytes / 2**30:.1f} GiB; "
                f"{_duration(one.seconds)} a seed{done}"
            )
        return [*made, f"at most {_duration(self.seconds)} in all on this device", f"would be written to {self.out}"]


def estimate(grid: Grid) -> Estimate:
    """Read the rows, lay down the steps and time one batch of every phase; nothing is written."""
    base = grid.check()
    found = [_phase(grid, arm.id, phase, base) for arm in grid.arms for phase in grid.phases(arm)]
    seconds = sum(one.seconds * (len(grid.seeds) - one.done) for one in found)
    card = grid.recipe.card
    return Estimate(f"{card.id}@{card.version}", list(grid.seeds), found, seconds, str(grid.out))


def _phase(grid: Grid, arm: str, phase: Any, base: Base) -> PhaseEstimate:
    units = [unit for unit in grid.units() if unit.arm.id == arm]
    data = grid.data(units[0], phase, base)
    parts = phases.tokenise(data, base)
    steps = phases.plan(data, parts)
    by_task = {name: sum(step.task == name for step in steps) for name in parts}
    whole, trained, kept, rate = _measured(data, parts, base, grid.recipe.card.low_rank, steps)
    return PhaseEstimate(
        arm=arm,
        phase=phase,
        done=sum(finished(unit, phase) is not None for unit in units),
        rows={name: len(task.train.examples) for name, task in data.tasks.items()},
        inputs={name: len(part.train) for name, part in parts.items()},
        steps=len(steps),
        steps_by_task=by_task,
        parameters=whole,
        trained=trained,
        memory_bytes=4 * whole + 12 * trained + kept,
        seconds=_tokens(data, parts, steps) / rate,
    )


def _measured(
    data: PhaseData, parts: Mapping[str, Part], base: Base, low_rank: LowRank | None, steps: Sequence[Step]
) -> tuple[int, int, int, float]:
    """Parameters, those trained, bytes that a batch keeps for its backward pass, and tokens a second."""
    import torch

    from robustx.stilts.heads import MLM
    from robustx.stilts.heads.base import collate
    from robustx.stilts.heads.masked import mask
    from robustx.stilts.trainer import batches

    heads = {name: HeadSpec(task.family.auto, task.labels) for name, task in data.tasks.items()}
    shared = build(base.where, heads, data.seed)
    phases.prepare(shared, data.settings, low_rank)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    shared.to(device).train()
    micro, _ = batches(data.settings)
    step = max(steps, key=lambda one: sum(parts[one.task].train[i].length for i in one.rows[:micro]))
    rows = [parts[step.task].train[int(i)] for i in step.rows[:micro]]
    rows = [mask(row, base.tokenizer, (0, i)) for i, row in enumerate(rows)] if step.task == MLM else rows
    inputs = {name: tensor.to(device) for name, tensor in collate(rows, base.tokenizer).items()}
    kept: dict[int, int] = {}

    def keep(tensor: Any) -> Any:
        kept[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    own = {parameter.untyped_storage().data_ptr() for parameter in shared.parameters()}
    took = []
    for _ in range(2):  # the first is slower than those after it
        kept.clear()
        begin = time.monotonic()
        precise = data.settings.precision == "bf16"
        with (
            torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor),
            torch.autocast(device.type, torch.bfloat16, enabled=precise),
        ):
            loss = shared(task=step.task, **inputs).loss
        loss.backward()
        loss.item()
        took.append(time.monotonic() - begin)
    bytes_kept = sum(size for place, size in kept.items() if place not in own)
    return *parameters(shared), bytes_kept, inputs["input_ids"].numel() / min(took)


def _tokens(data: PhaseData, parts: Mapping[str, Part], steps: Sequence[Step]) -> int:
    """Tokens of all steps, padding counted."""
    from robustx.stilts.trainer import batches

    micro, _ = batches(data.settings)
    total = 0
    for step in steps:
        lengths = [parts[step.task].train[int(i)].length for i in step.rows]
        total += sum(max(lengths[i : i + micro]) * len(lengths[i : i + micro]) for i in range(0, len(lengths), micro))
    return total


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
