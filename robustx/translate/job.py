"""One call of ``robustx translate``: everything is checked first, then language by language, then the card."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from robustx import files
from robustx.errors import CheckpointError, DataError, UsageError
from robustx.text.languages import language as language_of
from robustx.translate.card import write_card
from robustx.translate.dataset import data_file, write_rows
from robustx.translate.engine import Engine
from robustx.translate.gates import Helpers, read_thresholds
from robustx.translate.gates.labels import decider
from robustx.translate.gates.roundtrip import chrf
from robustx.translate.judging import helpers_here, verdicts, why_not_kept
from robustx.translate.sources import FIELDS, Source, read_source
from robustx.translate.store import store_of
from robustx.translate.work import Work, do, plan

if TYPE_CHECKING:
    from robustx.model.checkpoint import Checkpoint

MANIFEST = "manifest.json"
STORE = ".translations"
"""Where the parts lie, below the data set's folder; it may be deleted once all is done."""

Progress = Callable[[str, int, int], None]
"""Given a target language, the pieces that were just done and all that were to do."""


@dataclass(frozen=True)
class Job:
    """A translation that has been checked and not begun.

    Attributes:
        to: target languages (BCP 47).
        fields: those that are translated; others stay in the source's language, so that premise and hypothesis are in
            two (Huang et al. 2021, arXiv:2104.08645).
        agreement: compare sentence embeddings of source and translation.
        round_trip: translate back where the engine can.
        judge: a checkpoint that decides the original and the translated pair.
    """

    source: Source
    to: tuple[str, ...]
    engine: Engine
    out: Path
    fields: tuple[str, ...] = FIELDS
    agreement: bool = False
    round_trip: bool = False
    judge: Checkpoint | None = None

    def work(self, language: str) -> Work:
        """What is to be done for one language."""
        texts = [row.fields[name] for file in self.source.files for row in file.rows for name in self.fields]
        store = store_of(self.engine, self.out / STORE, self.source.language, language)
        return plan(self.engine, texts, self.source.language, language, store)

    def helpers(self, language: str) -> Helpers:
        """What the gates use for one language."""
        back = (self.engine, self.out / STORE) if self._can_go_back(language) else None
        return Helpers(self._common.identify, self._common.embed, helpers_here(False, back).back)

    @cached_property
    def _common(self) -> Helpers:
        return helpers_here(self.agreement, None)

    def _can_go_back(self, language: str) -> bool:
        if not self.round_trip:
            return False
        try:
            self.engine.check(language, self.source.language)
        except UsageError:
            return False
        return True


def prepare(
    data: str,
    to: Sequence[str],
    engine: Engine,
    out: Path,
    *,
    source: str = "en",
    splits: Sequence[str] = ("dev", "test"),
    limit: int | None = None,
    fields: Sequence[str] = FIELDS,
    agreement: bool = False,
    round_trip: bool = False,
    judge: str | None = None,
) -> Job:
    """Check everything that can be checked before the first text is translated.

    Args:
        data: ``anli=FOLDER`` or ``xnli=FOLDER``.
        source: language of the data.
        limit: at most this many rows a file.
        judge: a checkpoint for NLI: a folder, a hub id or a demo checkpoint.

    Raises:
        RobustxError: a language, the data, the engine or the folder cannot be used; nothing was begun.
    """
    language_of(source)
    wanted = tuple(dict.fromkeys(to))
    if not wanted:
        raise UsageError("--to: expected languages, such as hi,ar")
    if not fields or not set(fields) <= set(FIELDS):
        raise UsageError(f"--fields {','.join(fields)}: expected premise, hypothesis or both")
    for code in wanted:
        if language_of(code).code == source:
            raise UsageError(f"--to {code}: the data is in {code} already")
        engine.check(source, code)
    if round_trip:
        chrf("", "")  # raises now where what it needs is missing
    read = read_source(data, source, splits, limit)
    _manifest(out, read.set)
    ordered = tuple(name for name in FIELDS if name in fields)
    decides = None if judge is None else _checkpoint(judge)
    return Job(read, wanted, engine, out, ordered, agreement, round_trip, decides)


def _checkpoint(reference: str) -> Checkpoint:
    from robustx.model.checkpoint import load
    from robustx.model.heads.classification import Classification
    from robustx.tasks.xnli import Xnli

    checkpoint, task = load(reference), Xnli()
    reason = Classification().lacks(checkpoint, task)
    if reason:
        raise CheckpointError(f"--judge {reference}: {reason}")
    checkpoint.order(task.labels)
    return checkpoint


def carry_out(job: Job, progress: Progress | None = None) -> dict[str, Any]:
    """Translate, judge and write; the manifest. A call that was killed is taken up by the same call.

    Raises:
        RobustxError: the engine cannot translate, or the folder cannot be written.
    """
    manifest = _manifest(job.out, job.source.set)
    for language in job.to:
        manifest["languages"][language] = _one(job, language, progress)
        manifest["languages"] = dict(sorted(manifest["languages"].items()))
    manifest["thresholds"] = read_thresholds().model_dump()
    files.write_json(job.out / MANIFEST, manifest)
    write_card(job.out, manifest)
    return manifest


def _one(job: Job, language: str, progress: Progress | None) -> dict[str, Any]:
    work, helpers = job.work(language), job.helpers(language)
    total = work.left
    outcomes = do(work, (lambda count: progress(language, count, total)) if progress else None)
    engine = dict(job.engine.identity(job.source.language, language))
    decide = None if job.judge is None else decider(job.judge)
    counts, every = {}, []
    for file in job.source.files:
        judged = verdicts(file.rows, outcomes, job.fields, (job.source.language, language), helpers, decide)
        every += judged
        counts[file.name] = write_rows(job.out, job.source, file, language, outcomes, job.fields, judged, engine)
    return {
        "source_language": job.source.language,
        "source_sha256": job.source.sha256,
        "fields": list(job.fields),
        "engine": engine,
        "gates": _gates(helpers, job.judge),
        "skipped": job.source.skipped.count,
        "skipped_first": [list(row) for row in job.source.skipped.first],
        "files": counts,
        "reasons": why_not_kept(every),
    }


def _gates(helpers: Helpers, judge: Checkpoint | None) -> list[str]:
    """The gates that ran; those whose helper is missing on this machine measured nothing."""
    optional = {"language": helpers.identify, "agreement": helpers.embed, "round trip": helpers.back}
    always = ["copying", "script", "length", "repetition", "numbers", "names", "negation"]
    labels = [] if judge is None else [f"labels by {judge.signature}"]
    return [*always, *(name for name, helper in optional.items() if helper is not None), *labels]


def _manifest(out: Path, name: str) -> dict[str, Any]:
    """The manifest so far: languages may be added to a folder, sets may not.

    Raises:
        UsageError: the folder holds something else.
        DataError: its manifest is damaged.
    """
    path = out / MANIFEST
    if not path.is_file():
        others = [inner for inner in out.iterdir() if inner.name != STORE] if out.is_dir() else []
        if others and not (out / STORE).is_dir():
            raise UsageError(f"--out {out}: is there already and no data set of robustx translate; choose a new folder")
        return {"format": 1, "set": name, "languages": {}}
    found = files.read_json(path, DataError, "what robustx translate writes")
    if not isinstance(found, Mapping) or not isinstance(found.get("languages"), Mapping):
        raise DataError(f"{path}: is not what robustx translate writes")
    if found.get("set") != name:
        raise UsageError(f"--out {out}: holds {found.get('set')}, not {name}; choose another folder")
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]


def dry_run(job: Job) -> dict[str, Any]:
    """What there is to do, without doing it: rows, distinct texts, pieces, and those that are there already."""
    languages = {}
    for code in job.to:
        work = job.work(code)
        languages[code] = {"texts": len(work.parts), "pieces": work.pieces, "to_translate": work.left}
    return {
        "set": job.source.set,
        "source_language": job.source.language,
        "engine": job.engine.name,
        "files": {file.name: len(file.rows) for file in job.source.files},
        "skipped": job.source.skipped.count,
        "out": str(job.out),
        "written": [str(data_file(job.source.set, code, file)) for code in job.to for file in job.source.files],
        "languages": languages,
    }
