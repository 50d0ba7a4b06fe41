"""A submission: one run in one small JSON file, with all that a leaderboard computes its figures and tests from.

It holds the run's signature and, for every cell, which examples the attack changed, which changes reached the model and
what each example adds to the metric, packed (``robustx.score.packed``). Examples stand in the order of their uids, so
submissions of the same texts can be paired, example by example. The figures it claims can be computed again from these.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from robustx import files
from robustx.errors import RunError
from robustx.score.arrays import Stack
from robustx.score.packed import unpack
from robustx.score.table import Bools, CellKey, Floats

LARGEST = 64 * 1024 * 1024
"""Bytes of a submission, of which no more is read."""

MOST = 20_000_000
"""Examples times cells of a task, of which no more is unpacked: a few bytes could fill the memory."""

Name = Annotated[str, Field(max_length=300)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9:._+-]{0,99}$")]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Packed = Annotated[str, Field(max_length=16 * 1024 * 1024)]


class Part(BaseModel):
    """Base of everything in a submission: unknown keys and values of another type are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Suite(Part):
    """The suite that was run, as its manifest says."""

    id: Name
    version: int
    signature: Name
    content_sha256: Digest


class Model(Part):
    """The checkpoint that was run; its name as in the signature, never a path on somebody's machine."""

    name: Name
    fingerprint: Name
    tokenizer_fingerprint: Name
    dtype: Name
    max_length: int
    layer: int | None = None
    defence: Name | None = None


class Search(Part):
    """How the worst case was looked for: by which strategy, with how many edits and texts an example."""

    strategy: Code
    budget: int = Field(ge=1, le=1000)
    queries: int | None = Field(default=None, ge=1)
    certificate: bool = False

    @property
    def signature(self) -> str:
        """Its part of a run's signature: ``search:greedy/edits:3/queries:500``."""
        asked = f"/queries:{self.queries}" if self.queries is not None else ""
        return f"search:{self.strategy}/edits:{self.budget}{asked}"


class Language(Part):
    """A language's English name and ISO 15924 script."""

    name: Name
    script: Annotated[str, Field(pattern=r"^[A-Z][a-z]{3}$")]


class Clean(Part):
    """The clean cell of a language; ``denominator`` is 1 for every example there is, unless it is given."""

    present: Packed
    numerator: Packed
    denominator: Packed | None = None


class Attacked(Part):
    """A perturbed cell: what changed, what of it reached the model, and the sums of those examples.

    Attributes:
        severity: of a search, the edits that an example may get at most.
        queries: of a search, the texts that were asked about each example.
        certain: of a search with a certificate, the examples that every set of edits left right.
    """

    language: Code
    attack: Code
    severity: float
    draw: int
    changed: Packed
    reached: Packed
    numerator: Packed
    denominator: Packed | None = None
    queries: Packed | None = None
    certain: Packed | None = None


class Told(Part):
    """A figure as claimed; null where there is nothing to estimate."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int


class Warned(Part):
    """A reliability flag of the run."""

    where: Name
    kind: Name
    text: Annotated[str, Field(max_length=2000)]


class Task(Part):
    """One task of the run."""

    metric: Name = "accuracy"
    examples: int = Field(ge=1, le=10_000_000)
    uids_sha256: Digest
    clean: dict[Code, Clean] = Field(min_length=1, max_length=1000)
    cells: list[Attacked] = Field(max_length=100_000)
    flags: list[Warned] = Field(max_length=10_000)
    scores: dict[Name, dict[Name, dict[Name, Told]]]


class Submission(Part):
    """One run, as submitted."""

    kind: Literal["robustx submission"] = "robustx submission"
    schema_: Literal[1] = Field(default=1, alias="schema")
    signature: Name
    robustx: Name
    suite: Suite
    model: Model
    search: Search | None = None
    languages: dict[Code, Language]
    tasks: dict[Code, Task] = Field(min_length=1, max_length=100)

    @property
    def digest(self) -> str:
        """One hash over everything it says."""
        return hashlib.sha256(self.model_dump_json(by_alias=True).encode()).hexdigest()

    def text(self) -> str:
        """The file's text; the same run gives the same text."""
        return self.model_dump_json(by_alias=True, exclude_none=True, indent=1) + "\n"


def read_submission(path: Path) -> Submission:
    """A submission file, checked against the schema and unpacked once.

    Raises:
        RunError: it cannot be read, is too large, or is no submission.
    """
    try:
        with path.open("rb") as stream:
            raw = stream.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise RunError(
                f"{path}: is larger than {LARGEST // 2**20} MiB; expected what `robustx submission make` writes"
            )
        made = Submission.model_validate_json(raw)
        for task in made.tasks.values():
            _consistent(made, task)
    except OSError as error:
        raise RunError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (ValidationError, RunError) as error:
        raise RunError(f"{path}: is no submission that `robustx submission make` writes: {said(error)}") from error
    return made


def write_submission(made: Submission, path: Path) -> None:
    """Write a submission file whole."""
    with files.whole_file(path) as scratch:
        scratch.write_text(made.text(), encoding="utf-8")


def cell_keys(task: Task, name: str) -> tuple[CellKey, ...]:
    """The perturbed cells of a task, in the submission's order."""
    return tuple(CellKey(name, cell.language, cell.attack, cell.severity, cell.draw) for cell in task.cells)


def reached(task: Task) -> Bools:
    """Which examples each perturbed cell can be judged by, [examples, cells]."""
    return unpack([cell.reached for cell in task.cells], task.examples).T > 0


def stacked(task: Task, name: str) -> Stack:
    """The perturbed cells with the clean sums of the same examples."""
    codes = list(task.clean)
    base = [codes.index(cell.language) for cell in task.cells]
    mask = reached(task)
    parts = (*_sums(task.cells, mask.T, task.examples), *(part.T[base] for part in clean_sums(task)))
    return Stack(cell_keys(task, name), mask, *(np.where(mask, part.T, 0.0) for part in parts))


def clean_sums(task: Task) -> tuple[Floats, Floats]:
    """Clean numerator and denominator of every language over all its examples, each [examples, languages]."""
    cells = list(task.clean.values())
    numerator, denominator = _sums(cells, unpack([cell.present for cell in cells], task.examples), task.examples)
    return numerator.T, denominator.T


def _sums(cells: Sequence[Clean | Attacked], counted: npt.NDArray[np.generic], examples: int) -> tuple[Floats, Floats]:
    """Numerators and denominators, each [cells, examples]; where none is given, ``counted`` is the denominator."""
    denominator = np.array(counted, dtype=np.float64)
    for i, cell in enumerate(cells):
        if cell.denominator is not None:
            denominator[i] = unpack([cell.denominator], examples)[0]
    return unpack([cell.numerator for cell in cells], examples), denominator


def _consistent(made: Submission, task: Task) -> None:
    """What no schema says: sizes, and that no cell claims an example that it cannot have."""
    codes, clean = list(task.clean), list(task.clean.values())
    if task.examples * (len(task.cells) + len(clean)) > MOST:
        raise RunError(f"a task has more than {MOST:,} examples times cells")
    present = unpack([cell.present for cell in clean], task.examples)
    where = [f"clean on {code}" for code in codes]
    if set(codes) - set(made.languages):
        raise RunError("a task has a language that is not among the submission's languages")
    _within(where, present, _sums(clean, present, task.examples))
    keys = [(cell.language, cell.attack, cell.severity, cell.draw) for cell in task.cells]
    if {key[0] for key in keys} - set(codes):
        raise RunError("a perturbed cell is of a language without a clean cell")
    if len(set(keys)) != len(keys):
        raise RunError("a cell stands there twice")
    where = [f"{cell.attack} on {cell.language}" for cell in task.cells]
    changed = unpack([cell.changed for cell in task.cells], task.examples)
    mask = unpack([cell.reached for cell in task.cells], task.examples)
    outside = (mask > changed) | (changed > present[[codes.index(key[0]) for key in keys]])
    _refuse(where, outside, "counts examples that the attack did not change or that the clean cell lacks")
    sums = _sums(task.cells, mask, task.examples)
    _within(where, mask, sums)
    _hunted(made.search, task, where, (mask == 1) & (sums[0] >= sums[1]))


def _hunted(search: Search | None, task: Task, where: list[str], stands: Bools) -> None:
    """What a search must say of every cell, and what nothing else may.

    Args:
        stands: examples that the worst text left right, [cells, examples].
    """
    for cell, name, right in zip(task.cells, where, stands, strict=True):
        told = (cell.queries is not None, cell.certain is not None)
        if told != (search is not None, search is not None and search.certificate):
            raise RunError(f"{name}: tells of a search that was none, or lacks what a search writes")
        if search is None:
            continue
        if cell.draw != 0 or cell.severity not in range(1, search.budget + 1):
            raise RunError(f"{name}: severity {cell.severity:g}: expected edits from 1 to {search.budget}, of one draw")
        if (unpack([cell.queries or ""], task.examples) < 0).any():
            raise RunError(f"{name}: asked fewer texts than none")
        if cell.certain is not None and (unpack([cell.certain], task.examples)[0] > right).any():
            raise RunError(f"{name}: certifies an example that fell")
    most = {(cell.language, cell.attack): 0.0 for cell in task.cells}
    for cell in task.cells:
        most[cell.language, cell.attack] = max(most[cell.language, cell.attack], cell.severity)
    if search is not None and set(most.values()) - {search.budget}:
        raise RunError(f"an attack lacks the cell of {search.budget} edits, which the search went up to")


def _within(where: list[str], mask: Floats, sums: tuple[Floats, Floats]) -> None:
    numerator, denominator = sums
    fits = (numerator >= 0) & (numerator <= denominator) & ((mask == 1) | ((mask == 0) & (denominator == 0)))
    _refuse(where, ~fits, "a numerator beyond its denominator, or sums of an example that does not count")


def _refuse(where: list[str], bad: Bools, why: str) -> None:
    if bad.any():
        raise RunError(f"{where[int(np.flatnonzero(bad.any(axis=1))[0])]}: {why}")


def said(error: Exception) -> str:
    """What is wrong with a submission, in one line: of many things the first, and how many more."""
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])[:200]
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{where or 'the file'}: {first['msg']}{more}"
