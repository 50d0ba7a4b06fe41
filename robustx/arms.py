"""Which runs of two arms belong together: by the seed of training, and only where the checkpoints are a pair of arms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from robustx.errors import RunError
from robustx.run import read_run
from robustx.stilts import lineage

Pairs = list[tuple[Path, Path]]


def paired_by_seed(baseline: Path, candidate: Path) -> Pairs:
    """The runs of two arms, each a run folder or a folder of them, paired by seed.

    A run's seed is what its checkpoint's lineage says, or the name of its folder where there is none.

    Raises:
        RunError: a folder holds no run, two runs of one arm have the same seed, or a seed is in one arm alone.
    """
    first, second = _runs(baseline), _runs(candidate)
    if len(first) == len(second) == 1:
        return [(first[0], second[0])]
    seeds = _by_seed(baseline, first), _by_seed(candidate, second)
    alone = sorted(seeds[0].keys() ^ seeds[1].keys())
    if alone:
        raise RunError(
            f"{baseline} and {candidate}: seed {alone[0]} is in one of them alone ({', '.join(seeds[0])} and "
            f"{', '.join(seeds[1])}); every run of one arm needs its counterpart"
        )
    return [(seeds[0][seed], seeds[1][seed]) for seed in sorted(seeds[0])]


def check_arms(baseline: Path, candidate: Path) -> None:
    """Whether two runs are of checkpoints that may stand side by side; nothing is known of one without a lineage.

    Raises:
        RunError: they have another base, target or seed, or were fine-tuned otherwise.
    """
    first, second = (_lineage(folder) for folder in (baseline, candidate))
    if first is None or second is None:
        return
    reason = lineage.comparable(lineage.parsed(first, str(baseline)), lineage.parsed(second, str(candidate)))
    if reason:
        raise RunError(
            f"{baseline} and {candidate} are no pair of arms: {reason}. To compare them all the same, say --unlike"
        )


def _runs(folder: Path) -> list[Path]:
    if (folder / "run.json").is_file() or not folder.is_dir():
        return [folder]
    found = sorted(path.parent for path in folder.glob("*/run.json"))
    if not found:
        raise RunError(f"{folder}: holds no run; expected a folder that `robustx attack` made, or one of such folders")
    return found


def _by_seed(arm: Path, runs: list[Path]) -> dict[str, Path]:
    made: dict[str, Path] = {}
    for run in runs:
        said = _lineage(run)
        seed = str(said["seed"]) if said and "seed" in said else run.name
        if seed in made:
            raise RunError(f"{arm}: {made[seed].name} and {run.name} are both of seed {seed}")
        made[seed] = run
    return made


def _lineage(folder: Path) -> dict[str, Any] | None:
    model = read_run(folder).facts.get("model")
    found = model.get("lineage") if isinstance(model, dict) else None
    return found if isinstance(found, dict) else None
