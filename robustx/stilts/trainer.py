"""The Trainer of the Hugging Face library over a schedule laid down before: rows, dev scores, checkpoints, errors."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError
from torch.utils.data import Dataset, SequentialSampler
from transformers import EarlyStoppingCallback, PrinterCallback, Trainer, TrainerCallback, TrainingArguments

from robustx.errors import RobustxError, UsageError
from robustx.stilts.encoder import SharedEncoder
from robustx.stilts.heads import MLM, Family
from robustx.stilts.heads.base import Feature, collate
from robustx.stilts.heads.masked import mask
from robustx.stilts.recipe import Robust, Settings
from robustx.stilts.robust import Neighbourhood
from robustx.stilts.schedule import Step
from robustx.tasks.base import Statistic

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

COMPLETE = "complete"
"""File in a checkpoint that is written when all else is: one without it was cut off and is passed over."""

SCORE = "eval_score"

EVAL_TOKENS = 8192
"""Tokens of a batch of development rows, with padding."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Part:
    """One task of a phase, tokenised."""

    family: Family
    labels: tuple[str, ...]
    train: Sequence[Feature]
    dev_examples: Sequence[Any]
    dev: Sequence[Feature]


Batch = tuple[str, Feature]


class Scheduled(Dataset[Batch]):
    """The rows of a schedule one after another; masks of a language model are keyed by the place in it."""

    def __init__(
        self,
        steps: Sequence[Step],
        parts: Mapping[str, Part],
        batch: int,
        tokenizer: PreTrainedTokenizerBase,
        seed: int,
    ) -> None:
        self._steps, self._parts, self._batch, self._tokenizer, self._seed = steps, parts, batch, tokenizer, seed

    def __len__(self) -> int:
        return len(self._steps) * self._batch

    def __getitem__(self, i: int) -> Batch:
        step = self._steps[i // self._batch]
        feature = self._parts[step.task].train[int(step.rows[i % self._batch])]
        return step.task, mask(feature, self._tokenizer, (self._seed, i)) if step.task == MLM else feature


class StiltsTrainer(Trainer):
    """Trains on a schedule and looks at the English development rows of its tasks.

    Args:
        model: the encoder and its heads.
        parts: the tasks.
        steps: the schedule; its steps are of ``settings.batch_size`` rows.
        folder: checkpoints go there.
        seed: of dropout and of masks.
        robust: noise in the embedding space.
    """

    def __init__(
        self,
        model: SharedEncoder,
        parts: Mapping[str, Part],
        steps: Sequence[Step],
        settings: Settings,
        tokenizer: PreTrainedTokenizerBase,
        folder: Path,
        seed: int,
        robust: Robust | None = None,
        say: Say | None = None,
    ) -> None:
        self.parts, self.shared, self._text = parts, model, tokenizer
        self._near = Neighbourhood(model, robust) if robust else None
        arguments = training_arguments(settings, len(steps), folder, seed, len(parts) > 1)
        super().__init__(
            model=model,
            args=arguments,
            data_collator=self._collate,
            train_dataset=Scheduled(steps, parts, int(settings.batch_size or 0), tokenizer, seed),
            eval_dataset=[],  # looked at in ``evaluate``
            callbacks=[EarlyStoppingCallback(early_stopping_patience=int(settings.patience or 1)), _Told(say)],
        )
        self.remove_callback(PrinterCallback)
        self.model_accepts_loss_kwargs = False

    def _collate(self, rows: Sequence[Batch]) -> dict[str, Any]:
        return {"task": rows[0][0], **collate([feature for _, feature in rows], self._text)}

    def _get_train_sampler(self, train_dataset: Any = None) -> Any:
        return SequentialSampler(self.train_dataset)  # type: ignore[arg-type]

    def compute_loss(
        self, model: Any, inputs: Any, return_outputs: bool = False, num_items_in_batch: Any = None
    ) -> Any:
        """The mean loss of a batch, at the worst or a random place near it in robust training."""
        loss = (self._near.loss(model, inputs) if self._near and model.training else model(**inputs).loss).mean()
        return (loss, None) if return_outputs else loss

    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:
        """The metric of every task on its development rows, and their mean (``eval_score``)."""
        scores = {name: self.score(part, name) for name, part in self.parts.items() if part.dev}
        made = {f"eval_{name}": score for name, score in scores.items()}
        made[SCORE] = sum(scores.values()) / max(1, len(scores))
        self.log(made)
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, made)
        return made

    @torch.no_grad()
    def score(self, part: Part, name: str) -> float:
        """The metric of one task on its development rows, each process taking its share of them."""
        rank, world = self.args.process_index, self.args.world_size
        features = [feature for feature in part.dev if feature.row % world == rank]
        training = self.shared.training
        self.shared.eval()
        given: list[Any] = [None] * len(features)
        for batch in _by_length(features, EVAL_TOKENS):
            rows = [features[i] for i in batch]
            inputs = self._prepare_inputs({"task": name, **collate(rows, self._text)})
            inputs.pop("labels", None)
            with self.accelerator.autocast():
                output = self.shared(**_without_answers(inputs))
            for i, one in zip(batch, part.family.outputs(output, rows), strict=True):
                given[i] = one
        self.shared.train(training)
        own = part.family.score(part.dev_examples, features, given, part.labels)
        total = self._summed(own)
        return total.numerator / total.denominator if total.denominator else 0.0

    def _summed(self, own: Statistic) -> Statistic:
        sums = torch.tensor([list(own)], dtype=torch.float64, device=self._device())
        whole = self.accelerator.gather(sums).sum(0).tolist()
        return Statistic(*whole)

    def _device(self) -> torch.device:
        return torch.device("cpu") if self.args.device.type == "mps" else self.args.device

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        """As the library's; what cannot be written whole is one error, and what is there stays."""
        folder = Path(str(self.args.output_dir)) / f"checkpoint-{self.state.global_step}"
        try:
            with warnings.catch_warnings():
                # transformers 4 takes two checkpoints within a second for a sign of clocks that are wrong
                warnings.filterwarnings("ignore", message="mtime may not be reliable")
                super()._save_checkpoint(model, trial)
            if self.args.should_save and folder.is_dir():
                (folder / COMPLETE).write_text("")
        except (OSError, SafetensorError, RuntimeError) as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise RobustxError(
                f"{folder}: the checkpoint cannot be written: {_first_line(error)}; all before it is kept: make room, and the "
                "same command goes on from there"
            ) from error


def training_arguments(settings: Settings, steps: int, folder: Path, seed: int, several: bool) -> TrainingArguments:
    """The library's arguments for a phase."""
    micro, accumulated = batches(settings)
    every = min(int(settings.eval_every or 1), steps)
    cuda = torch.cuda.is_available()
    made = TrainingArguments(
        output_dir=str(folder),
        use_cpu=not cuda,
        per_device_train_batch_size=micro,
        gradient_accumulation_steps=accumulated,
        max_steps=steps,
        learning_rate=float(settings.learning_rate or 0),
        warmup_steps=round((settings.warmup or 0) * steps),
        weight_decay=float(settings.weight_decay or 0),
        lr_scheduler_type="linear",
        bf16=settings.precision == "bf16",
        eval_strategy="steps",
        eval_steps=every,
        save_strategy="steps",
        save_steps=every,
        save_total_limit=2,
        load_best_model_at_end=True,
        metric_for_best_model=SCORE,
        greater_is_better=True,
        logging_steps=max(1, min(50, steps // 10)),
        seed=seed,
        report_to=[],
        disable_tqdm=True,
        remove_unused_columns=False,
        dataloader_pin_memory=cuda,
        ddp_find_unused_parameters=several,
        restore_callback_states_from_checkpoint=True,
    )
    # in one process with several GPUs the library would cut batches across them, and so across tasks
    made._n_gpu = min(made.n_gpu, 1)
    return made


def batches(settings: Settings) -> tuple[int, int]:
    """Rows at once on one device, and how many such batches an optimiser step adds up, with as many processes as there are.

    Raises:
        UsageError: the batch cannot be dealt out to them.
    """
    from accelerate import PartialState

    world = PartialState().num_processes
    batch, micro = int(settings.batch_size or 1), int(settings.device_batch or 1)
    micro = max(1, min(micro, batch // world))
    if batch % (micro * world):
        raise UsageError(
            f"batch_size = {batch} cannot be dealt out to {world} processes with device_batch = {micro}: expected a multiple"
        )
    return micro, batch // (micro * world)


def last_complete(folder: Path) -> Path | None:
    """The latest checkpoint that was written whole; those that were not are taken away."""
    whole = []
    for path in folder.glob("checkpoint-*"):
        if (path / COMPLETE).is_file():
            whole.append(path)
        else:
            shutil.rmtree(path, ignore_errors=True)
    return max(whole, key=lambda path: int(path.name.rpartition("-")[2]), default=None)


class _Told(TrainerCallback):
    """Says what the library logs, in one line each."""

    def __init__(self, say: Say | None) -> None:
        self._say = say

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **more: Any) -> None:
        """One line: step, loss or development scores."""
        if self._say is None or not state.is_world_process_zero:
            return
        if "loss" in (logs or {}):
            self._say(f"step {state.global_step:,}/{state.max_steps:,} loss {float(logs['loss']):.3f}")
        elif SCORE in (logs or {}):
            shown = " ".join(
                f"{name.removeprefix('eval_')} {value:.3f}" for name, value in logs.items() if name.startswith("eval_")
            )
            self._say(f"step {state.global_step:,}/{state.max_steps:,} dev {shown}")


def _by_length(features: Sequence[Feature], budget: int) -> list[list[int]]:
    order = sorted(range(len(features)), key=lambda i: -features[i].length)
    made: list[list[int]] = []
    for i in order:
        full = made and features[made[-1][0]].length * (len(made[-1]) + 1) > budget
        if not made or full:
            made.append([])
        made[-1].append(i)
    return made


def _without_answers(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in inputs.items() if name not in ("labels", "start_positions", "end_positions")}


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
