"""Recipes: what is trained on what, in which phases, with which settings, seeds and arms; and presets of settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from robustx.cards import Card, card_folder, find_card, read_card
from robustx.errors import CardError, UsageError, did_you_mean
from robustx.stilts.read import Named
from robustx.stilts.sources import Kind, source, trainable

Phase = Literal["intermediate", "target"]


class Settings(Card):
    """Settings of one phase; what is left out comes from the preset.

    Attributes:
        epochs: passes over the rows; ``max_steps`` goes before it.
        warmup: share of the steps in which the rate rises; after it, it falls to 0 in a line.
        batch_size: rows an optimiser step, over all devices and accumulated batches; ``device_batch``: rows at once on a device.
        max_length: tokens of an input; ``stride``: tokens that two windows of a long context share.
        eval_every: steps between two looks at the English development set, which are also the steps between two checkpoints.
        patience: looks without a better score until training stops; ``eval_rows``: rows of the development set that are used.
        precision: bf16 is autocast, with weights in fp32.
        frozen: layers from below, with the embeddings, that are not trained; -1 trains the embeddings too.
        dropout: of every dropout layer; left out: as the base has them.
    """

    epochs: float | None = Field(default=None, gt=0)
    max_steps: int | None = Field(default=None, ge=1)
    learning_rate: float | None = Field(default=None, gt=0)
    warmup: float | None = Field(default=None, ge=0, le=1)
    weight_decay: float | None = Field(default=None, ge=0)
    batch_size: int | None = Field(default=None, ge=1)
    device_batch: int | None = Field(default=None, ge=1)
    max_length: int | None = Field(default=None, ge=8)
    stride: int | None = Field(default=None, ge=0)
    eval_every: int | None = Field(default=None, ge=1)
    patience: int | None = Field(default=None, ge=1)
    eval_rows: int | None = Field(default=None, ge=1)
    precision: Literal["fp32", "bf16"] | None = None
    gradient_checkpointing: bool | None = None
    frozen: int | None = Field(default=None, ge=-1)
    dropout: float | None = Field(default=None, ge=0, lt=1)

    def over(self, other: Settings) -> Settings:
        """These settings, and where they say nothing, the other's."""
        return Settings.model_validate({**other.said(), **self.said()})

    def said(self) -> dict[str, Any]:
        """What is not left out."""
        return self.model_dump(exclude_none=True)


class Preset(Card):
    """Published settings: for all tasks, for a kind of task, for one task."""

    id: str
    version: int = Field(ge=1)
    summary: str
    source: str
    all: Settings
    kinds: dict[Kind, Settings] = Field(default_factory=dict)
    tasks: dict[str, Settings] = Field(default_factory=dict)
    mlm: Settings = Field(default_factory=Settings)

    def of(self, task: str) -> Settings:
        """The settings of one task."""
        kind = self.kinds.get(trainable(task).kind, Settings())
        return self.tasks.get(task, Settings()).over(kind).over(self.all)


class LowRank(Card):
    """Low-rank training (Hu et al. 2021, arXiv:2106.09685) of every linear layer of the encoder; the head is trained whole."""

    rank: int = Field(default=16, ge=1)
    alpha: int = Field(default=16, ge=1)
    dropout: float = Field(default=0.0, ge=0, lt=1)


class Mlm(Card):
    """Masked language modelling beside the intermediate tasks, on text in several languages.

    Attributes:
        share: share of the optimiser steps.
        rows: passages of each language.
    """

    languages: list[str] = Field(min_length=1)
    share: float = Field(default=0.5, gt=0, lt=1)
    rows: int = Field(default=10_000, ge=1)


class Noise(Card):
    """Training on robustx's own noise: a share of the rows has its English text attacked, keyed by the seed.

    Attributes:
        attacks: ids or card paths; empty: every attack that applies to English.
        leave_out: attacks that are kept for testing (leave one attack out).
        severity: of each attack, as on its card; left out: the middle of its ladder.
    """

    attacks: list[str] = Field(default_factory=list)
    leave_out: list[str] = Field(default_factory=list)
    share: float = Field(default=0.5, gt=0, le=1)
    severity: float | None = Field(default=None, gt=0)


class CodeMix(Card):
    """Code-mixed training (Tan and Joty 2021, arXiv:2103.09593) with the user's word lists.

    Attributes:
        dictionaries: files of ``english<tab or space>word`` a line, as MUSE's, one a language, below the data folder.
        share: share of the rows; words: share of their words that a list knows; languages: so many a row.
    """

    dictionaries: list[str] = Field(min_length=1)
    share: float = Field(default=0.33, gt=0, le=1)
    words: float = Field(default=0.15, gt=0, le=1)
    languages: int = Field(default=2, ge=1)


class Robust(Card):
    """English robust training in the embedding space (Huang et al. 2021, arXiv:2104.08645).

    Attributes:
        method: ``smoothing`` moves every input embedding to a random place in a ball; ``adversarial`` to the place in it that
            a step along the gradient of the loss says is worst.
        radius: of the ball, as a share of the mean length of a word embedding.
    """

    method: Literal["smoothing", "adversarial"]
    radius: float = Field(default=0.1, gt=0)


class Arm(Card):
    """One way to the target.

    Attributes:
        intermediate: tasks of the intermediate phase; empty for direct fine-tuning.
        mixing: how several tasks share the steps: by their rows, by their rows up to ``cap``, or alike.
        rows_as: a random sample of the intermediate rows, as many as another arm's.
        steps_as: the target phase takes as many steps as another arm takes in all.
        translated: languages whose machine-translated rows are added to the English ones.
        noise, code_mixed, robust: in the phases that ``robust_phases`` names.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    about: str = ""
    intermediate: list[str] = Field(default_factory=list)
    mixing: Literal["proportional", "capped", "uniform"] = "proportional"
    cap: int = Field(default=2**19, ge=1)
    rows_as: str | None = None
    steps_as: str | None = None
    translated: list[str] = Field(default_factory=list)
    mlm: Mlm | None = None
    noise: Noise | None = None
    code_mixed: CodeMix | None = None
    robust: Robust | None = None
    robust_phases: list[Phase] = Field(default=["target"])
    settings: dict[Phase, Settings] = Field(default_factory=dict)


class Files(Card):
    """Files for a task in place of its release's; see ``robustx.stilts.read.Named``."""

    train: list[str] = Field(default_factory=list)
    dev: list[str] = Field(default_factory=list)
    held_out: int = Field(default=0, ge=0)
    limit: int | None = Field(default=None, ge=1)


class RecipeCard(Card):
    """What a recipe says. See docs/training.md."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    version: int = Field(ge=1)
    summary: str
    base: str
    preset: str = "jiant"
    target: str | None = None
    seeds: list[int] = Field(min_length=1)
    low_rank: LowRank | None = None
    settings: Settings = Field(default_factory=Settings)
    sources: dict[str, Files] = Field(default_factory=dict)
    arms: list[Arm] = Field(min_length=1)


@dataclass(frozen=True)
class Recipe:
    """A checked recipe with its preset."""

    card: RecipeCard
    path: Path
    preset: Preset

    def arm(self, name: str) -> Arm:
        """An arm by its id.

        Raises:
            UsageError: there is none.
        """
        known = {arm.id: arm for arm in self.card.arms}
        if name not in known:
            raise UsageError(
                f'{self.path}: there is no arm "{name}".{did_you_mean(name, known)} Arms: {", ".join(known)}'
            )
        return known[name]

    def settings(self, arm: Arm, phase: Phase) -> Settings:
        """The settings of a phase: the arm's, the recipe's, the preset's, in that order of precedence."""
        tasks = arm.intermediate if phase == "intermediate" else [str(self.card.target)]
        base = self.preset.of(tasks[0]) if len(tasks) == 1 else self.preset.all
        if phase == "intermediate" and arm.mlm:
            base = self.preset.mlm.over(base)
        return arm.settings.get(phase, Settings()).over(self.card.settings).over(base)

    def length(self, arm: Arm, phase: Phase, task: str) -> int:
        """The longest input of one task of a phase, in tokens: tasks that share a phase keep their own."""
        own = arm.settings.get(phase, Settings()).over(self.card.settings).max_length
        return int(own or self.preset.of(task).max_length or 0)

    def named(self) -> dict[str, Named]:
        """The files that the recipe names, by task."""
        return {
            name: Named(tuple(files.train), tuple(files.dev), files.held_out, files.limit)
            for name, files in self.card.sources.items()
        }


def load_recipe(name: str, extra: Path | None = None) -> Recipe:
    """A recipe by its name or the path of its card, with every name on it checked.

    Raises:
        UsageError: there is no such recipe.
        CardError: the card, its preset, or a task that it names is wrong.
    """
    path = find_card("recipes", name, extra)
    card = read_card(path, RecipeCard)
    recipe = Recipe(card, path, load_preset(card.preset, path))
    _check(recipe)
    return recipe


def load_preset(name: str, asked: Path) -> Preset:
    """A preset by its name or the path of its card."""
    folder = card_folder("recipes") / "presets"
    path = asked.parent / name if name.endswith(".toml") else folder / f"{name}.toml"
    if not path.is_file():
        known = [one.stem for one in sorted(folder.glob("*.toml"))]
        raise CardError(
            f'{asked}: preset: there is no preset "{name}".{did_you_mean(name, known)} Presets: {", ".join(known)}'
        )
    preset = read_card(path, Preset)
    needed = set(Settings.model_fields) - {"max_steps", "dropout"}
    if missing := sorted(needed - set(preset.all.said())):
        raise CardError(
            f"{path}: all: a preset says everything but max_steps and dropout; it lacks {', '.join(missing)}"
        )
    return preset


def _check(recipe: Recipe) -> None:
    card, path = recipe.card, recipe.path
    try:
        for name in card.sources:
            source(name)
        if card.target is not None:
            trainable(card.target)
    except UsageError as error:
        raise CardError(f"{path}: {error}") from error
    if len(set(card.seeds)) < len(card.seeds):
        raise CardError(f"{path}: seeds: a seed is named twice")
    ids = [arm.id for arm in card.arms]
    if len(set(ids)) < len(ids):
        raise CardError(f"{path}: arms: an id is there twice: {', '.join(ids)}")
    for i, arm in enumerate(card.arms):
        try:
            _check_arm(recipe, arm)
        except UsageError as error:
            raise CardError(f"{path}: arms[{i}] ({arm.id}): {error}") from error


def _check_arm(recipe: Recipe, arm: Arm) -> None:
    for name in arm.intermediate:
        trainable(name)
    if len(set(arm.intermediate)) < len(arm.intermediate):
        raise UsageError("intermediate: a task is named twice")
    if not arm.intermediate and recipe.card.target is None:
        raise UsageError("has neither intermediate tasks nor a target: nothing to train")
    if not arm.intermediate and (arm.mlm or arm.translated or arm.rows_as):
        raise UsageError("mlm, translated and rows_as are of the intermediate phase, which this arm has not")
    for other in (arm.rows_as, arm.steps_as):
        if other is not None:
            if other == arm.id:
                raise UsageError("rows_as and steps_as name another arm")
            recipe.arm(other)
    if arm.rows_as and not recipe.arm(arm.rows_as).intermediate:
        raise UsageError(f"rows_as: {arm.rows_as} has no intermediate phase")
    if arm.steps_as and recipe.arm(arm.steps_as).steps_as:
        raise UsageError(f"steps_as: {arm.steps_as} takes its own steps from another arm")


def chosen_seeds(recipe: Recipe, only: list[str] | None) -> list[int]:
    """The recipe's seeds, or those of them that were asked for.

    Raises:
        UsageError: one that was asked for is none of the recipe's.
    """
    seeds = recipe.card.seeds
    for given in only or []:
        if given not in map(str, seeds):
            raise UsageError(f"--seed {given}: {recipe.path} has {', '.join(map(str, seeds))}")
    return [seed for seed in seeds if only is None or str(seed) in only]
