"""One phase of one arm: rows to inputs, inputs to a schedule, a schedule to a checkpoint."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from robustx import files
from robustx.errors import RobustxError, UsageError
from robustx.perturb.keyed import key_of
from robustx.stilts import schedule
from robustx.stilts.encoder import (
    Base,
    HeadSpec,
    SharedEncoder,
    build,
    drop_out,
    encoder_fingerprint,
    freeze,
    make_low_rank,
    merge,
)
from robustx.stilts.examples import fingerprint
from robustx.stilts.heads import MLM, Family, Masked, family_of
from robustx.stilts.heads.base import Shape
from robustx.stilts.lineage import PhaseLineage, TaskLineage
from robustx.stilts.noise import augmented
from robustx.stilts.read import Library, Split, labels_of
from robustx.stilts.readers.text import passages
from robustx.stilts.recipe import Arm, LowRank, Phase, Recipe, Settings
from robustx.stilts.sources import source
from robustx.stilts.translated import translated
from robustx.tasks.base import SkipLog

if TYPE_CHECKING:
    from robustx.stilts.trainer import Part, Say


@dataclass(frozen=True)
class TaskData:
    """One task of a phase: its family, labels, rows and how they are cut."""

    family: Family
    labels: tuple[str, ...]
    train: Split
    dev: Split
    shape: Shape


@dataclass(frozen=True)
class PhaseData:
    """A phase with its rows read and nothing trained.

    Attributes:
        tasks: by name, with ``mlm`` among them where the arm has it.
        more: what the arm does besides training on the rows as they are.
    """

    phase: Phase
    arm: Arm
    seed: int
    settings: Settings
    tasks: dict[str, TaskData]
    more: dict[str, Any]

    @property
    def task_names(self) -> list[str]:
        """The tasks that are no company."""
        return [name for name in self.tasks if name != MLM]


def gather(recipe: Recipe, arm: Arm, phase: Phase, seed: int, library: Library) -> PhaseData:
    """Read the rows of a phase.

    Raises:
        RobustxError: rows are missing, or are not the task's.
    """
    settings = recipe.settings(arm, phase)
    names = arm.intermediate if phase == "intermediate" else [str(recipe.card.target)]
    tasks = {}
    for name in names:
        task = source(name)
        train, dev = library.train(name), library.dev(name)
        labels = labels_of(task, train.examples)
        train = _sampled(recipe, arm, train, seed, library) if phase == "intermediate" else train
        train = translated(task, train, library, arm.translated) if phase == "intermediate" else train
        train = augmented(train, arm, seed, library) if phase in arm.robust_phases else train
        shape = Shape(recipe.length(arm, phase, name), int(settings.stride or 0))
        tasks[name] = TaskData(
            family_of(task), labels, train, replace(dev, examples=_some(dev.examples, settings)), shape
        )
    if phase == "intermediate" and arm.mlm:
        root = library.root(MLM)
        rows = [one for code in arm.mlm.languages for one in passages(root, code, arm.mlm.rows)]
        where = tuple(f"{root or 'hub'}/{code}" for code in arm.mlm.languages)
        length = int(settings.max_length or 0)
        tasks[MLM] = TaskData(Masked(), (), Split(rows, where, SkipLog()), Split([], (), SkipLog()), Shape(length, 0))
    return PhaseData(phase, arm, seed, settings, tasks, _more(arm, phase))


def tokenise(data: PhaseData, base: Base) -> dict[str, Part]:
    """The inputs of a phase."""
    from robustx.stilts.trainer import Part

    made = {}
    for name, task in data.tasks.items():
        inputs = [
            task.family.features(split.examples, base.tokenizer, task.labels, task.shape)
            for split in (task.train, task.dev)
        ]
        made[name] = Part(task.family, task.labels, inputs[0], task.dev.examples, inputs[1])
    return made


def plan(data: PhaseData, parts: Mapping[str, Part]) -> list[schedule.Step]:
    """Every step of a phase."""
    steps, batch = steps_of(data, {name: len(part.train) for name, part in parts.items()})
    lengths = {name: [feature.length for feature in part.train] for name, part in parts.items()}
    return schedule.schedule(lengths, steps, batch, data.seed)


def steps_of(data: PhaseData, sizes: Mapping[str, int]) -> tuple[dict[str, int], int]:
    """Steps of each task, and rows a step, where tasks have so many inputs."""
    settings, arm = data.settings, data.arm
    batch = int(settings.batch_size or 1)
    own = {name: sizes[name] for name in data.task_names}
    total = schedule.total_steps(own, batch, float(settings.epochs or 1), settings.max_steps)
    share = schedule.shares(own, arm.mixing, arm.cap)
    if MLM in sizes and arm.mlm:
        # the company comes on top: the tasks have the steps that they would have alone
        total = round(total / (1 - arm.mlm.share))
        share = {name: one * (1 - arm.mlm.share) for name, one in share.items()} | {MLM: arm.mlm.share}
    return schedule.counts(share, total), batch


@dataclass(frozen=True)
class Trained:
    """A phase that was run: its model, ready to be saved, and its descent."""

    shared: SharedEncoder
    lineage: PhaseLineage
    base_sha256: str


def run(
    data: PhaseData, base: Base, where: str, low_rank: LowRank | None, work: Path, say: Say | None = None
) -> Trained:
    """Train a phase, or go on from its last whole checkpoint.

    Args:
        where: the encoder to begin with: the base, or the folder that an earlier phase made.
        work: the folder of its checkpoints.

    Raises:
        RobustxError: something cannot be trained or written; whole checkpoints stay.
    """
    from robustx.stilts.trainer import StiltsTrainer, batches, last_complete

    batches(data.settings)  # before anything is loaded: the batch must be one that can be dealt out
    parts = tokenise(data, base)
    steps = plan(data, parts)
    heads = {name: HeadSpec(task.family.auto, task.labels) for name, task in data.tasks.items()}
    shared = build(where, heads, data.seed)
    began_as = encoder_fingerprint(shared.encoder)
    prepare(shared, data.settings, low_rank)
    robust = data.arm.robust if data.phase in data.arm.robust_phases else None
    with files.writing(work):
        work.mkdir(parents=True, exist_ok=True)
    trainer = StiltsTrainer(shared, parts, steps, data.settings, base.tokenizer, work, data.seed, robust, say)
    begin = time.monotonic()
    last = last_complete(work) if trainer.is_world_process_zero() else None
    trainer.accelerator.wait_for_everyone()
    last = last or last_complete(work)
    if last and say:
        say(f"going on from {last}")
    trainer.train(resume_from_checkpoint=str(last) if last else None)
    scores = {name: trainer.score(part, name) for name, part in parts.items() if part.dev}
    told = _told(data, steps, trainer, scores, time.monotonic() - begin)
    if low_rank:
        merge(shared)
    return Trained(shared, told, began_as)


def prepare(shared: SharedEncoder, settings: Settings, low_rank: LowRank | None) -> None:
    """Freeze what is not trained, make the rest low-rank if it shall be, and set how much is dropped."""
    frozen = int(settings.frozen if settings.frozen is not None else -1)
    if low_rank:
        make_low_rank(shared, low_rank, frozen)
    else:
        freeze(shared, frozen)
    if settings.dropout is not None:
        drop_out(shared, settings.dropout)
    if settings.gradient_checkpointing:
        # the library renamed it in its fifth version
        enable = getattr(
            shared.encoder, "activation_checkpointing_enable", shared.encoder.gradient_checkpointing_enable
        )
        enable({"use_reentrant": False})


def save(trained: Trained, base: Base, folder: Path) -> None:
    """Write the checkpoint of a phase into a new folder: the model with its head, or, of several tasks, the encoder alone."""
    tasks = [task.task for task in trained.lineage.tasks]
    model = trained.shared.model(tasks[0]) if len(tasks) == 1 else trained.shared.encoder
    try:
        model.save_pretrained(folder)
        base.tokenizer.save_pretrained(folder)
    except Exception as error:  # OSError, or what safetensors makes of it
        shutil.rmtree(folder, ignore_errors=True)
        raise RobustxError(
            f"{folder}: cannot be written: {error}; training is kept: make room and run it again"
        ) from error


def _told(
    data: PhaseData, steps: Sequence[schedule.Step], trainer: Any, scores: dict[str, float], took: float
) -> PhaseLineage:
    done = int(trainer.state.global_step)
    counted = {name: sum(step.task == name for step in steps[:done]) for name in data.tasks}
    tasks = [
        TaskLineage(
            task=name,
            train_rows=len(task.train.examples),
            train_sha256=fingerprint(task.train.examples),
            dev_rows=len(task.dev.examples),
            dev_sha256=fingerprint(task.dev.examples),
            where=list(task.train.where),
            skipped=task.train.skipped.count,
            steps=counted[name],
        )
        for name, task in data.tasks.items()
    ]
    return PhaseLineage(
        phase=data.phase,
        tasks=tasks,
        settings=data.settings.model_dump(),
        more=data.more,
        steps=done,
        planned=len(steps),
        examples=done * int(data.settings.batch_size or 1),
        best_step=int(trainer.state.best_global_step or done),
        best_score=float(trainer.state.best_metric or 0.0),
        scores=scores,
        device=str(trainer.args.device.type),
        processes=int(trainer.args.world_size),
        seconds=round(took, 1),
    )


def _sampled(recipe: Recipe, arm: Arm, train: Split, seed: int, library: Library) -> Split:
    """As many rows as another arm's intermediate tasks have, at random by the seed."""
    if arm.rows_as is None:
        return train
    count = sum(len(library.train(name).examples) for name in recipe.arm(arm.rows_as).intermediate)
    if count > len(train.examples):
        raise RobustxError(
            f"arm {arm.id}: rows_as = {arm.rows_as} asks for {count:,} rows and there are {len(train.examples):,}"
        )
    ranked = sorted(range(len(train.examples)), key=lambda i: key_of("robustx-sample", seed, train.examples[i].uid))
    return replace(train, examples=[train.examples[i] for i in sorted(ranked[:count])])


def _some(examples: list[Any], settings: Settings) -> list[Any]:
    """The development rows that are looked at: the same for every arm and seed."""
    ranked = sorted(range(len(examples)), key=lambda i: key_of("robustx-dev", examples[i].uid))
    return [examples[i] for i in sorted(ranked[: settings.eval_rows])]


def _more(arm: Arm, phase: Phase) -> dict[str, Any]:
    made: dict[str, Any] = {}
    names = ["noise", "code_mixed", "robust"] if phase in arm.robust_phases else []
    names += ["mlm", "translated", "rows_as"] if phase == "intermediate" else ["steps_as"]
    for name in names:
        value = getattr(arm, name)
        if value:
            made[name] = value if isinstance(value, (str, list)) else value.model_dump()
    if phase == "intermediate" and len(arm.intermediate) > 1:
        made["mixing"] = arm.mixing
    return made


def is_main() -> bool:
    """Whether this is the process that writes and speaks, among those that ``accelerate launch`` began."""
    return int(os.environ.get("RANK", "0")) == 0


def with_steps(data: PhaseData, steps: int) -> PhaseData:
    """The phase with so many steps.

    Raises:
        UsageError: there are none left.
    """
    if steps < 1:
        raise UsageError(f"arm {data.arm.id}: steps_as = {data.arm.steps_as} leaves no step for its target phase")
    return replace(data, settings=Settings(max_steps=steps).over(data.settings))
