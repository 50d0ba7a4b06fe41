"""The Python side: the few functions that ``import robustx`` offers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from robustx import files
from robustx.errors import RunError, UsageError
from robustx.model.checkpoint import Settings, check_reference, load
from robustx.perturb.attacks import Attack, load_attack
from robustx.perturb.edits import Edit, apply
from robustx.perturb.protection import always_protected
from robustx.perturb.sample import Place, sample
from robustx.run import Run, Watcher, check_out, read_run, run_suite
from robustx.score.compare import compare_runs
from robustx.score.single import score_run
from robustx.suite.build import Plan, Progress, build, plan
from robustx.suite.card import load_suite, severity_fits
from robustx.suite.manifest import Manifest, read_manifest
from robustx.tasks.data import task_data
from robustx.tasks.registry import task as task_of
from robustx.text.analysis import Text
from robustx.text.languages import language as language_of


@dataclass(frozen=True)
class Job:
    """An attack that has been checked and not begun.

    Attributes:
        planned: the suite to be built, or None where ``suite`` is built already.
    """

    model: str
    settings: Settings
    suite: Path
    planned: Plan | None
    out: Path

    @property
    def cells(self) -> int:
        """How many cells there will be."""
        if self.planned is None:
            return len(read_manifest(self.suite).cells)
        return sum(1 for _ in self.planned.cells())


@dataclass(frozen=True)
class Comparison:
    """Two runs on the same items; ``figures`` is what ``robustx compare --json`` prints."""

    baseline: Path
    candidate: Path
    figures: dict[str, Any]

    @property
    def verdict(self) -> str:
        """One plain sentence a task, claiming no more than the figures do."""
        return " ".join(task["verdict"] for task in self.figures["tasks"].values())


@dataclass(frozen=True)
class Perturbed:
    """One perturbed text with its edits (offsets are code points of the original)."""

    source: str
    text: str
    edits: tuple[Edit, ...]


def attack(
    model: str,
    suite: str,
    data: str = "mini",
    *,
    languages: list[str] | None = None,
    limit: int | None = None,
    out: str | Path | None = None,
    settings: Settings | None = None,
    watcher: Watcher | None = None,
) -> Run:
    """Attack a checkpoint with a suite; the run folder holds predictions and ``scores.json``.

    Args:
        model: a folder, a hub id, ``demo:direct`` or ``demo:anli``.
        suite: a suite's name, the path of a card, or a built suite.
        data: ``mini``, ``hub``, a folder in XTREME's layout, or ``xnli=FOLDER``.
        languages: BCP 47 codes; all of the suite's by default.
        limit: at most this many rows a language.
        out: the run folder; ``runs/<suite>-<model>`` by default. A run that is there already is taken up again.

    Raises:
        RobustxError: a name, the data or the model cannot be used; nothing was begun.
    """
    job = prepare(model, suite, data, languages=languages, limit=limit, out=out, settings=settings)
    return carry_out(job, watcher)


def prepare(
    model: str,
    suite: str,
    data: str = "mini",
    *,
    languages: list[str] | None = None,
    limit: int | None = None,
    out: str | Path | None = None,
    settings: Settings | None = None,
) -> Job:
    """Check everything that can be checked before a long work begins."""
    settings = settings or Settings()
    folder = Path(suite)
    built = folder.is_dir()
    if built and (languages or limit):
        raise UsageError(
            f"{suite} is built already: its languages and rows are fixed; build another, or give a card's name"
        )
    planned = None if built else plan_suite(suite, data, languages, limit)
    if built:
        read_manifest(folder)
    check_reference(model, settings)
    where = Path(out) if out is not None else default_out(suite, model)
    check_out(where)
    return Job(model, settings, folder if built else where / "suite", planned, where)


def carry_out(job: Job, watcher: Watcher | None = None, progress: Progress | None = None) -> Run:
    """Build the suite where it is not built, predict every cell, and write ``scores.json``."""
    checkpoint = load(
        job.model, job.settings
    )  # first: a model that cannot be used must not cost the building of a suite
    if job.planned is not None:
        for data in job.planned.data:
            checkpoint.order(data.task.labels)
        ensure_suite(job.planned, job.suite, progress)
    run = run_suite(checkpoint, job.suite, job.out, watcher)
    files.write_json(job.out / "scores.json", score_run(job.out))
    return run


def plan_suite(suite: str, data: str, languages: list[str] | None = None, limit: int | None = None) -> Plan:
    """A suite card with its data, checked."""
    spec = load_suite(suite)
    sources = [task_data(data, task_of(name), limit) for name in spec.card.tasks]
    return plan(spec, sources, languages)


def ensure_suite(planned: Plan, folder: Path, progress: Progress | None = None) -> Manifest:
    """Build a suite into ``folder``, or take the one that is there where it is the same.

    Raises:
        RunError: another suite is there.
    """
    if not folder.exists():
        return build(planned, folder, progress)
    there = read_manifest(folder)
    if not planned.makes(there):
        raise RunError(f"{folder}: holds another suite ({there.signature}); give another --out, or remove the folder")
    return there


def scores(run: str | Path) -> dict[str, Any]:
    """Every figure of a finished run."""
    return score_run(Path(run))


def compare(baseline: str | Path | Run, candidate: str | Path | Run) -> Comparison:
    """Compare two runs on the same items: the direct checkpoint first, the intermediate one second.

    Raises:
        RunError: a run is unfinished, or the two are not of the same texts.
    """
    first, second = (one.folder if isinstance(one, Run) else Path(one) for one in (baseline, candidate))
    return Comparison(first, second, compare_runs(first, second))


def perturb(
    texts: Iterable[str],
    attack: str | Attack,
    language: str,
    *,
    severity: float | None = None,
    seed: int = 0,
    draw: int = 0,
) -> Iterator[Perturbed]:
    """Perturb texts by one attack, line by line; line i is keyed by its number, so a line's text depends on no other line.

    Args:
        severity: as the attack's card says; the top of its ladder by default.

    Raises:
        UsageError: there is no such attack or language, or the attack does not apply to the language.
    """
    chosen = load_attack(attack) if isinstance(attack, str) else attack
    language_of(language)
    chosen.operator(language)
    strength = chosen.card.ladder[-1] if severity is None else severity
    if not severity_fits(chosen, strength):
        raise UsageError(f"severity {strength:g}: for {chosen.id} it is the {chosen.card.severity}")
    for number, source in enumerate(texts):
        text = Text(source, language, always_protected(source))
        edits = sample(chosen, text, Place(seed, f"line-{number}", "text"), [strength], draw + 1)[draw][0]
        yield Perturbed(source, apply(source, edits), tuple(sorted(edits)))


def default_out(suite: str, model: str) -> Path:
    """``runs/<suite>-<model>``, in letters, digits, dots and hyphens."""
    names = (Path(part).name.removesuffix(".toml") or part for part in (suite, model.replace(":", "-")))
    return Path("runs") / "-".join("".join(c if c.isalnum() or c in ".-" else "-" for c in name) for name in names)


__all__ = [
    "Comparison",
    "Job",
    "Perturbed",
    "Run",
    "attack",
    "carry_out",
    "compare",
    "perturb",
    "prepare",
    "read_run",
    "scores",
]
