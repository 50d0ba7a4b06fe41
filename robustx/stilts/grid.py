"""Arms x seeds: what is done is passed over, what was cut off is taken up, and nothing that is whole is touched."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from robustx import files
from robustx.errors import CheckpointError, MissingExtraError, RunError
from robustx.stilts import lineage as descent
from robustx.stilts import phase as phases
from robustx.stilts.encoder import Base, encoder_fingerprint, open_base
from robustx.stilts.lineage import Lineage, PhaseLineage
from robustx.stilts.phase import PhaseData, Trained, is_main
from robustx.stilts.read import Library
from robustx.stilts.recipe import Arm, Phase, Recipe

Say = Callable[[str], None]


@dataclass(frozen=True)
class Unit:
    """One arm with one seed.

    Attributes:
        folder: its checkpoints go below it, in ``intermediate`` and ``target``.
        key: SHA-256 of all on the recipe that decides what it makes.
    """

    arm: Arm
    seed: int
    folder: Path
    key: str

    def made(self, phase: Phase) -> Path:
        """The checkpoint of a phase."""
        return self.folder / phase

    def work(self, phase: Phase) -> Path:
        """What there is of a phase that is not done."""
        return self.folder / f".{phase}"


@dataclass
class Grid:
    """The units of a recipe over one place of data.

    Raises:
        RobustxError: the recipe, its data or its base cannot be used; nothing was begun.
    """

    recipe: Recipe
    rows: Library
    out: Path
    arms: Sequence[Arm]
    seeds: Sequence[int]

    def units(self) -> list[Unit]:
        """Every unit, seed by seed, so that whole comparisons are there early."""
        return [
            Unit(arm, seed, self.out / arm.id / f"seed-{seed}", key_of_arm(self.recipe, arm))
            for seed in self.seeds
            for arm in self.arms
        ]

    def phases(self, arm: Arm) -> list[Phase]:
        """The phases that an arm has."""
        has: list[tuple[Phase, bool]] = [
            ("intermediate", bool(arm.intermediate)),
            ("target", self.recipe.card.target is not None),
        ]
        return [phase for phase, there in has if there]

    def data(self, unit: Unit, phase: Phase, base: Base) -> PhaseData:
        """The rows and settings of a unit's phase, steps that another arm decides among them."""
        made = phases.gather(self.recipe, unit.arm, phase, unit.seed, self.rows)
        if unit.arm.steps_as and phase == "target":
            own = sum(self._steps(unit.arm, one, unit.seed, base) for one in self.phases(unit.arm) if one != "target")
            other = self.recipe.arm(unit.arm.steps_as)
            there = sum(self._steps(other, one, unit.seed, base) for one in self.phases(other))
            made = phases.with_steps(made, there - own)
        return made

    def _steps(self, arm: Arm, phase: Phase, seed: int, base: Base) -> int:
        data = phases.gather(self.recipe, arm, phase, seed, self.rows)
        sizes = {name: len(part.train) for name, part in phases.tokenise(data, base).items()}
        return sum(phases.steps_of(data, sizes)[0].values())

    def check(self) -> Base:
        """Read every row that will be needed and open the base, before anything is trained.

        Raises:
            MissingExtraError: accelerate is not installed, or peft where the recipe trains low-rank.
        """
        _need("training", "accelerate")
        if self.recipe.card.low_rank:
            _need("low-rank training", "peft")
        for arm in self.arms:
            for phase in self.phases(arm):
                phases.gather(self.recipe, arm, phase, self.seeds[0], self.rows)
        for unit in self.units():
            for phase in self.phases(unit.arm):
                finished(unit, phase)
                _same_work(unit, phase)
        return open_base(self.recipe.card.base)

    def run(self, say: Say | None = None) -> Iterator[tuple[Unit, Lineage]]:
        """Train what is not done, unit by unit."""
        base = self.check()
        for unit in self.units():
            yield unit, self._run(unit, base, say)

    def _run(self, unit: Unit, base: Base, say: Say | None) -> Lineage:
        told: list[PhaseLineage] = []
        where = base.where
        last: Lineage | None = None
        for phase in self.phases(unit.arm):
            name = f"{unit.arm.id} seed {unit.seed} {phase}"
            last = finished(unit, phase)
            if last is None:
                last = self._train(unit, phase, base, where, told, _prefixed(say, name))
            elif say:
                say(f"{name}: done before")
            if last.tokenizer_sha256 != base.tokenizer_sha256:
                raise CheckpointError(f"{unit.made(phase)}: was trained with another tokenizer than {base.name} has")
            told, where = last.phases, str(unit.made(phase))
        assert last is not None
        return last

    def _train(
        self, unit: Unit, phase: Phase, base: Base, where: str, before: Sequence[PhaseLineage], say: Say | None
    ) -> Lineage:
        data = self.data(unit, phase, base)
        work = unit.work(phase)
        if is_main():
            files.write_json(work / "unit.json", {"key": unit.key})
        trained = phases.run(data, base, where, self.recipe.card.low_rank, work, say)
        origin = descent.read(Path(where)).base_sha256 if before else trained.base_sha256
        made = self._lineage(
            unit, base, origin, encoder_fingerprint(trained.shared.encoder), [*before, trained.lineage]
        )
        if is_main():
            self._save(trained, base, made, unit, phase)
        _wait()
        return made

    def _save(self, trained: Trained, base: Base, made: Lineage, unit: Unit, phase: Phase) -> None:
        """The checkpoint appears whole: it is written in the work folder, and moved."""
        scratch = unit.work(phase) / "made"
        shutil.rmtree(scratch, ignore_errors=True)
        phases.save(trained, base, scratch)
        descent.write(scratch, made)
        with files.writing(unit.made(phase)):
            scratch.rename(unit.made(phase))
        shutil.rmtree(unit.work(phase), ignore_errors=True)

    def _lineage(self, unit: Unit, base: Base, origin: str, encoder: str, told: list[PhaseLineage]) -> Lineage:
        card = self.recipe.card
        contains = [
            f"the intermediate rows of {task.task} contain MultiNLI, which is XNLI's own training set"
            for one in told
            if one.phase == "intermediate" and card.target == "xnli"
            for task in one.tasks
            if task.task in ("mnli", "anli-plus", "nli")
        ]
        return Lineage(
            recipe=card.id,
            recipe_version=card.version,
            recipe_sha256=unit.key,
            arm=unit.arm.id,
            seed=unit.seed,
            target=card.target,
            base=card.base,
            base_sha256=origin,
            tokenizer_sha256=base.tokenizer_sha256,
            encoder_sha256=encoder,
            low_rank=card.low_rank.model_dump() if card.low_rank else None,
            phases=told,
            versions=descent.versions(),
            notes=contains,
        )


def finished(unit: Unit, phase: Phase) -> Lineage | None:
    """The descent of a phase that is done, or None.

    Raises:
        RunError: another recipe made it.
    """
    folder = unit.made(phase)
    if not (folder / descent.FILE).is_file():
        return None
    found = descent.read(folder)
    if (found.recipe_sha256, found.arm, found.seed) != (unit.key, unit.arm.id, unit.seed):
        raise RunError(
            f"{folder}: was trained by another recipe, arm or seed than {unit.arm.id} with {unit.seed} is now "
            f"({found.recipe}@{found.recipe_version}, {found.arm}, {found.seed}); give another --out, or move it away"
        )
    return found


def key_of_arm(recipe: Recipe, arm: Arm) -> str:
    """SHA-256 of all on a recipe that decides what an arm makes: other arms and further seeds change nothing."""
    card = recipe.card
    others = [recipe.arm(name) for name in (arm.rows_as, arm.steps_as) if name]
    deciding: dict[str, Any] = {
        **card.model_dump(include={"base", "target", "low_rank", "settings", "sources"}),
        "preset": recipe.preset.model_dump(exclude={"summary", "source"}),
        "arm": arm.model_dump(exclude={"about"}),
        "others": [one.model_dump(exclude={"about"}) for one in others],
    }
    return hashlib.sha256(json.dumps(deciding, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _same_work(unit: Unit, phase: Phase) -> None:
    path = unit.work(phase) / "unit.json"
    if path.is_file() and files.read_json(path, RunError, "what training writes").get("key") != unit.key:
        raise RunError(
            f"{path.parent}: was begun with another recipe than {unit.arm.id} has now; give another --out, or take it away"
        )


def _need(purpose: str, package: str) -> None:
    if importlib.util.find_spec(package) is None:
        raise MissingExtraError(purpose, package, "train")


def _prefixed(say: Say | None, name: str) -> Say | None:
    return (lambda line: say(f"{name}: {line}")) if say else None


def _wait() -> None:
    from accelerate import PartialState

    PartialState().wait_for_everyone()
