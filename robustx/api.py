"""The Python side: the few functions that ``import robustx`` offers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from robustx import files
from robustx.arms import check_arms, paired_by_seed
from robustx.errors import RunError, UsageError
from robustx.model.checkpoint import Settings
from robustx.model.models import check_references, load_models
from robustx.perturb.attacks import Attack, load_attack
from robustx.perturb.edits import Edit, apply
from robustx.perturb.measure import UNITS, Measure, Tokens
from robustx.perturb.protection import always_protected
from robustx.perturb.sample import Place, sample
from robustx.report.html.page import write_run_report
from robustx.run import Run, Watcher, check_out, read_run, run_suite
from robustx.score import claims
from robustx.score.compare import compare_arms
from robustx.score.finding import Gate, Mode
from robustx.score.gate import ALPHA, TOLERANCE, check_runs
from robustx.score.scores import score_run
from robustx.score.submission import Submission
from robustx.score.table import CellKey
from robustx.search.plan import Quarry, Search
from robustx.search.victim import unsearchable
from robustx.suite.build import Plan, Progress, build, plan
from robustx.suite.card import load_suite, severity_fits
from robustx.suite.cells import read_cell
from robustx.suite.manifest import Manifest, cell_path, read_manifest, verify
from robustx.tasks.base import Task
from robustx.tasks.data import sources_of
from robustx.tasks.registry import task as task_of
from robustx.text.analysis import Text
from robustx.text.languages import language as language_of
from robustx.text.look import Look


@dataclass(frozen=True)
class Job:
    """An attack that has been checked and not begun.

    Attributes:
        planned: the suite to be built, or None where ``suite`` is built already.
        search: how the worst case is looked for, with the attacks of the suite's card; the suite built has none.
    """

    model: str
    settings: Settings
    suite: Path
    planned: Plan | None
    out: Path
    search: Search | None = None

    @property
    def cells(self) -> int:
        """How many cells there will be."""
        if self.planned is None:
            return len(read_manifest(self.suite).cells)
        clean = list(self.planned.cells())
        if self.search is None:
            return len(clean)
        return len(clean) + sum(len(quarry.budgets) for cell in clean for quarry in self.quarries(cell.language))

    def quarries(self, language: str) -> list[Quarry]:
        """What is searched in a language."""
        if self.search is None or self.planned is None:
            return []
        return self.search.quarries([attack for attack, _, _ in self.planned.spec.attacks], language)

    @property
    def tasks(self) -> list[Task]:
        """The suite's tasks that there is data for."""
        names = read_manifest(self.suite).fields if self.planned is None else self.planned.languages
        return [task_of(name) for name in names]

    @property
    def suite_id(self) -> str:
        """The suite's id, from its card or its manifest."""
        return self.planned.spec.card.id if self.planned is not None else read_manifest(self.suite).suite


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
    match: str | None = None,
    look: bool = False,
    settings: Settings | None = None,
    watcher: Watcher | None = None,
    cards: str | Path | None = None,
    search: Search | None = None,
) -> Run:
    """Attack a checkpoint with a suite; the run folder holds predictions, ``scores.json`` and ``report.html``.

    Args:
        model: a folder, a hub id, ``demo:direct`` or ``demo:anli``; or one a task, as ``xnli=A,panx=B``. Tasks that no
            checkpoint can do are left out, and ``run.json`` says why.
        suite: a suite's name, the path of a card, or a built suite.
        data: ``mini``, ``hub``, a folder in XTREME's layout, or one a task, as ``xnli=FOLDER,panx=hub``.
        languages: BCP 47 codes; all of the suite's by default.
        limit: at most this many rows a language.
        out: the run folder; ``runs/<suite>-<model>`` by default. A run that is there already is taken up again.
        match, look, cards: as in ``plan_suite``.
        search: look for the worst case with the suite's attacks, in place of carrying them out by chance.

    Raises:
        RobustxError: a name, the data or the model cannot be used; nothing was begun.
    """
    chosen: dict[str, Any] = {"languages": languages, "limit": limit, "match": match, "look": look, "cards": cards}
    return carry_out(prepare(model, suite, data, out=out, settings=settings, search=search, **chosen), watcher)


def prepare(
    model: str,
    suite: str,
    data: str = "mini",
    *,
    languages: list[str] | None = None,
    limit: int | None = None,
    out: str | Path | None = None,
    match: str | None = None,
    look: bool = False,
    settings: Settings | None = None,
    cards: str | Path | None = None,
    search: Search | None = None,
) -> Job:
    """Check everything that can be checked before a long work begins."""
    settings = settings or Settings()
    if search:
        _check_search(suite, match, look)
    folder = Path(suite)
    built = folder.is_dir()
    if built and (languages or limit or match or look or cards):
        raise UsageError(
            f"{suite} is built already: its languages, rows, matching, likeness and attacks are fixed; "
            "build another, or give a card's name"
        )
    planned = None if built else plan_suite(suite, data, languages, limit, match, look, cards)
    names = planned.languages if planned is not None else read_manifest(folder).fields
    unfit = check_references(model, settings, map(task_of, names))
    if search:
        unfit |= {name: reason for name in names if (reason := unsearchable(task_of(name)))}
        if len(unfit) == len(names):
            raise UsageError(f"--search: {'; '.join(f'{name}: {reason}' for name, reason in unfit.items())}")
    if planned is not None and unfit:
        planned = replace(planned.only(names.keys() - unfit), left_out={**planned.left_out, **unfit})
    if search and planned is not None:
        if not search.allowed([attack for attack, _, _ in planned.spec.attacks]):
            raise UsageError(f"--validity {search.validity}: {suite} has no attack that is as sure; leave it out")
        planned = replace(planned, spec=planned.spec.unbuilt())
    where = Path(out) if out is not None else default_out(suite, model, *_marks(search, settings))
    check_out(where)
    return Job(model, settings, folder if built else where / "suite", planned, where, search)


def _marks(search: Search | None, settings: Settings) -> list[str]:
    """What tells a run's folder from that of the same suite and model by chance and undefended."""
    return [*([search.name] if search else []), *([settings.defence.replace(",", "-")] if settings.defence else [])]


def _check_search(suite: str, match: str | None, look: bool) -> None:
    if Path(suite).is_dir():
        raise UsageError(
            f"{suite} is built already, and a search makes its own texts; give the name of the suite's card"
        )
    if match or look:
        raise UsageError("--match and --look are about severities and texts by chance; leave them out with --search")


def carry_out(job: Job, watcher: Watcher | None = None, progress: Progress | None = None) -> Run:
    """Build the suite where it is not built, predict every cell, and write ``scores.json`` and ``report.html``."""
    # first: a model that cannot be used must not cost the building of a suite
    models = load_models(job.model, job.settings, job.tasks)
    left_out: dict[str, str] = {}
    if job.planned is not None:
        left_out = job.planned.left_out
        ensure_suite(job.planned.only(models.of), job.suite, progress)
    search = (job.search, job.planned.spec) if job.search and job.planned else None
    run = run_suite(models, job.suite, job.out, watcher, left_out, search)
    scored = score_run(job.out)
    files.write_json(job.out / "scores.json", scored)
    write_run_report(job.out, scored)
    return run


def plan_suite(
    suite: str,
    data: str,
    languages: list[str] | None = None,
    limit: int | None = None,
    match: str | None = None,
    look: bool = False,
    cards: str | Path | None = None,
) -> Plan:
    """A suite card with its data, checked.

    Args:
        match: what severities that are shares are shares of: ``words``, ``clusters``, ``bytes``, or ``tokens:FILE`` with
            a tokenizer's ``tokenizer.json``. Words, as cards say, by default.
        look: record how alike every text still looks when it is drawn; needs the extra ``look``.
        cards: a folder of one's own with ``attacks`` or ``suites`` in it, whose cards come before robustx's.
    """
    spec = load_suite(suite, Path(cards) if cards is not None else None)
    sources, left_out = sources_of(data, [task_of(name) for name in spec.card.tasks], limit)
    measure, looked = measure_of(match) if match else None, Look() if look else None
    return plan(spec, sources, languages, measure, looked, left_out)


def measure_of(name: str) -> Measure:
    """A measure by its name.

    Raises:
        UsageError: there is no such measure, or its tokenizer cannot be read.
    """
    if name in UNITS:
        return UNITS[name]()
    kind, _, path = name.partition(":")
    if kind != "tokens":
        raise UsageError(f"--match {name}: expected {', '.join(UNITS)} or tokens:FILE")
    from tokenizers import Tokenizer

    file = Path(path) / "tokenizer.json" if Path(path).is_dir() else Path(path)
    try:
        tokenizer = Tokenizer.from_file(str(file))
    except Exception as error:  # the library raises bare exceptions
        raise UsageError(f"--match tokens: {file} cannot be read as a tokenizer.json: {error}") from error
    return Tokens(lambda text: tokenizer.encode(text, add_special_tokens=False).ids)


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


def compare(baseline: str | Path | Run, candidate: str | Path | Run, *, unlike: bool = False) -> Comparison:
    """Compare two runs on the same items: the direct checkpoint first, the intermediate one second.

    Either may be a folder of runs, one a seed of training: those of the same seed are paired, and seeds are a level of the
    bootstrap.

    Args:
        unlike: compare checkpoints that are no pair of arms too, such as those of another base or another target.

    Raises:
        RunError: a run is unfinished, the two are not of the same texts, seeds have no counterpart, or the checkpoints say
            that they are no pair of arms.
    """
    first, second = (one.folder if isinstance(one, Run) else Path(one) for one in (baseline, candidate))
    pairs = paired_by_seed(first, second)
    if not unlike:
        for pair in pairs:
            check_arms(*pair)
    return Comparison(first, second, compare_arms([a for a, _ in pairs], [b for _, b in pairs]))


def check(
    run: str | Path | Run,
    baseline: str | Path | Run,
    *,
    tolerance: float = TOLERANCE,
    alpha: float = ALPHA,
    mode: Mode = "regression",
) -> Gate:
    """Judge a run against a baseline run of the same texts: is it worse by more than a tolerance, beyond chance?

    Args:
        tolerance: the fall that does not matter, as a share of 1.
        alpha: how often the gate may err.
        mode: ``regression`` fails where a fall beyond the tolerance is supported, ``non-inferiority`` unless a fall
            short of it is shown.

    Raises:
        UsageError: a tolerance, level or mode that cannot be used.
        RunError: a run is unfinished, or the two are not of the same texts.
    """
    first, second = (one.folder if isinstance(one, Run) else Path(one) for one in (baseline, run))
    return check_runs(first, second, tolerance, alpha, mode)


def verify_submission(path: str | Path, suite: str | Path | None = None) -> Submission:
    """Hold a submission against itself and, where a built suite is given, against that suite's texts.

    Raises:
        RunError: schema, signature, claimed figures, examples or changed texts are not what they should be.
        SuiteError: the suite is damaged.
    """
    made = claims.verify_submission(Path(path))
    if suite is None:
        return made
    manifest = verify(Path(suite))
    if made.search is not None:
        manifest = manifest.unattacked()
    if (made.suite.signature, made.suite.content_sha256) != (manifest.signature, manifest.content_sha256):
        raise RunError(f"{path}: is of {made.suite.signature}, and the suite is {manifest.signature}")
    for name, fields in manifest.fields.items():
        texts: dict[CellKey, dict[str, bool]] = {}
        for record in manifest.cells:
            if record.cell.task == name:
                rows = read_cell(cell_path(Path(suite), record.cell), fields)
                texts[CellKey(*record.cell)] = {row.uid: bool(row.edits) for row in rows}
        if made.search is None:
            claims.check_texts(str(path), made, name, texts)
        else:
            able = {(language, attack) for attack, of in manifest.attacks.items() for language in of}
            claims.check_searched(str(path), made, name, texts, able)
    return made


def perturb(
    texts: Iterable[str],
    attack: str | Attack,
    language: str,
    *,
    severity: float | None = None,
    seed: int = 0,
    draw: int = 0,
    cards: str | Path | None = None,
) -> Iterator[Perturbed]:
    """Perturb texts by one attack, line by line; line i is keyed by its number, so a line's text depends on no other line.

    Args:
        severity: as the attack's card says; the top of its ladder by default.
        cards: as in ``plan_suite``.

    Raises:
        UsageError: there is no such attack or language, or the attack does not apply to the language.
    """
    own = Path(cards) if cards is not None else None
    chosen = load_attack(attack, own) if isinstance(attack, str) else attack
    language_of(language)
    chosen.operator(language)
    strength = chosen.card.ladder[-1] if severity is None else severity
    if not severity_fits(chosen, strength):
        raise UsageError(f"severity {strength:g}: for {chosen.id} it is the {chosen.card.severity}")
    for number, source in enumerate(texts):
        text = Text(source, language, always_protected(source))
        edits = sample(chosen, text, Place(seed, f"line-{number}", "text"), [strength], draw + 1)[draw][0]
        yield Perturbed(source, apply(source, edits), tuple(sorted(edits)))


def default_out(suite: str, model: str, *more: str) -> Path:
    """``runs/<suite>-<model>``, in letters, digits, dots and hyphens; what else tells a run apart stands behind."""
    names = (Path(part).name.removesuffix(".toml") or part for part in (suite, model.replace(":", "-"), *more))
    return Path("runs") / "-".join("".join(c if c.isalnum() or c in ".-" else "-" for c in name) for name in names)


__all__ = [
    "Comparison",
    "Gate",
    "Job",
    "Perturbed",
    "Run",
    "attack",
    "carry_out",
    "check",
    "compare",
    "perturb",
    "prepare",
    "read_run",
    "scores",
    "verify_submission",
]
