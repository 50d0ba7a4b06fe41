"""Builds a suite: every text is read and analysed once, and serves all attacks, severities and draws."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from robustx import files
from robustx.errors import UsageError
from robustx.perturb.attacks import Attack
from robustx.perturb.edits import Edit, apply
from robustx.perturb.likeness import UNSEEN, seen
from robustx.perturb.measure import NOTHING, Amounts, Measure, amounts
from robustx.perturb.protection import protected_spans, reserved_words
from robustx.perturb.sample import Place, sample
from robustx.suite.card import SuiteSpec
from robustx.suite.cells import CLEAN, Cell, CellRow, CellWriter, FieldEdit
from robustx.suite.manifest import CellRecord, Manifest, software
from robustx.tasks.base import Example, SkipLog, Task
from robustx.tasks.data import RowHash, TaskData
from robustx.text.analysis import Segmenter, Text
from robustx.text.look import Look

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """Which cells a suite will have on given data, before any is built.

    Attributes:
        match: what severities are shares of, as in ``sample``; words where it is None.
        look: draws texts to record how alike they still look; nothing is recorded where it is None.
        left_out: why a task of the suite will not be in it.
    """

    spec: SuiteSpec
    data: tuple[TaskData, ...]
    languages: dict[str, list[str]]
    match: Measure | None = None
    look: Look | None = None
    left_out: dict[str, str] = field(default_factory=dict)

    def only(self, tasks: Collection[str]) -> Plan:
        """The same suite with some of its tasks."""
        data = tuple(one for one in self.data if one.task.name in tasks)
        return replace(self, data=data, languages={one.task.name: self.languages[one.task.name] for one in data})

    def attacked(self, task: Task) -> tuple[str, ...]:
        """The fields of a task that are attacked: those the card names, or all that may be."""
        return tuple(self.spec.card.fields.get(task.name, task.attackable))

    def cells(self) -> Iterator[Cell]:
        """Every cell, the clean one of a task and language first."""
        for data in self.data:
            for language in self.languages[data.task.name]:
                yield Cell(data.task.name, language, CLEAN, 0.0, 0)
                for attack, severities, draws in self.spec.attacks:
                    if attack.applies_to(language):
                        for draw in range(draws):
                            for severity in severities:
                                yield Cell(data.task.name, language, attack.id, severity, draw)

    def makes(self, manifest: Manifest) -> bool:
        """Whether a built suite is what this plan would build, data rows included."""
        hashed = RowHash()
        for data in self.data:
            for language in self.languages[data.task.name]:
                for example in data.examples(language, SkipLog()):
                    hashed.add(example)
        match = self.match.name if self.match else None
        mine = (match, self.spec.card.id, self.spec.card.version, self.spec.card.seed, self.languages, _operators(self))
        same = (manifest.match, manifest.suite, manifest.version, manifest.seed, manifest.languages, manifest.attacks)
        cells = {record.cell for record in manifest.cells} == set(self.cells())
        looked = (self.look is None) == (manifest.look is None)
        return mine == same and cells and looked and hashed.hexdigest() == manifest.rows_sha256


def plan(
    spec: SuiteSpec,
    data: list[TaskData],
    only: list[str] | None = None,
    match: Measure | None = None,
    look: Look | None = None,
    left_out: Mapping[str, str] | None = None,
) -> Plan:
    """What building the suite on this data would make; ``match``, ``look`` and ``left_out`` as in ``Plan``.

    Raises:
        UsageError: the data has none of the languages, or a font that ``look`` needs is missing.
        DataError: no row of a language can be used.
    """
    wanted = spec.languages(only)
    languages = {one.task.name: one.available(wanted) for one in data}
    missing = [code for code in only or [] if not any(code in have for have in languages.values())]
    if missing or not any(languages.values()):
        raise UsageError(f"the data has none of {' '.join(missing or wanted)} for {', '.join(spec.card.tasks)}")
    without = {name: f"its data has none of {' '.join(wanted)}" for name, codes in languages.items() if not codes}
    for one in data:
        for code in languages[one.task.name]:
            one.check(code)
            if look:
                look.check(code)
    whole = Plan(spec, tuple(data), languages, match, look, {**(left_out or {}), **without})
    return whole.only([name for name, codes in languages.items() if codes])


def build(planned: Plan, out: Path, progress: Progress | None = None) -> Manifest:
    """Write the suite into a new folder ``out`` and return its manifest.

    The folder appears whole or not at all. Rows that cannot be used are counted in the manifest and passed over.

    Raises:
        UsageError: ``out`` is there already.
    """
    if out.exists():
        raise UsageError(f"{out}: is there already; a suite is built into a new folder")
    with files.writing(out), _scratch(out) as scratch:
        folder = scratch / "suite"
        (folder / "cells").mkdir(parents=True)
        skipped, hashed, records = SkipLog(), RowHash(), []
        segmenters: dict[str, str] = {}
        for data in planned.data:
            for language in planned.languages[data.task.name]:
                segmenter = segmenter_for(planned.spec, language, segmenters)
                records += _language(planned, data, language, segmenter, folder / "cells", skipped, hashed)
                if progress:
                    progress(f"{data.task.name} {language}")
        manifest = _manifest(planned, records, skipped, hashed, segmenters)
        files.write_json(folder / "manifest.json", manifest.as_json())
        shutil.move(folder, out)
    return manifest


def variants(
    attack: Attack,
    task: Task,
    example: Example,
    texts: dict[str, Text],
    seed: int,
    severities: tuple[float, ...],
    draws: int,
    match: Measure | None = None,
    look: Look | None = None,
) -> Iterator[tuple[int, float, CellRow]]:
    """Every (draw, severity, row) of one example under one attack; ``texts`` holds the fields that may be attacked."""
    chosen = {
        name: sample(attack, text, Place(seed, example.uid, name), severities, draws, match)
        for name, text in texts.items()
    }
    for draw in range(draws):
        strongest = {name: picked[draw][-1] for name, picked in chosen.items()}
        if not task.carries(example, dict(zip(example.fields, _edited(example, strongest), strict=True))):
            for name, kept in _carried(task, example, strongest).items():
                chosen[name][draw] = [[edit for edit in edits if edit in kept] for edits in chosen[name][draw]]
        for i, severity in enumerate(severities):
            edits = {name: picked[draw][i] for name, picked in chosen.items()}
            fields = _edited(example, edits)
            named = tuple(FieldEdit(name, edit) for name, found in edits.items() for edit in sorted(found))
            measured = changes(texts, edits), _likeness(texts, edits, look)
            yield draw, severity, CellRow(example.uid, task.gold_after(example, edits), fields, named, *measured)


def _edited(example: Example, edits: Mapping[str, Sequence[Edit]]) -> tuple[str, ...]:
    return tuple(apply(value, edits[name]) if edits.get(name) else value for name, value in example.fields.items())


def _carried(task: Task, example: Example, edits: Mapping[str, Sequence[Edit]]) -> dict[str, set[Edit]]:
    """The edits, from the first on, that leave an example its gold; severities are prefixes, so they stay nested."""
    kept: dict[str, list[Edit]] = {name: [] for name in edits}
    for name, found in edits.items():
        for edit in found:
            kept[name].append(edit)
            if not task.carries(example, dict(zip(example.fields, _edited(example, kept), strict=True))):
                kept[name].pop()
    return {name: set(found) for name, found in kept.items()}


def changes(texts: Mapping[str, Text], edits: Mapping[str, Sequence[Edit]]) -> Amounts:
    """What the edits of all fields change together."""
    made = NOTHING
    for name, text in texts.items():
        made = made.plus(amounts(text, edits.get(name, ())))
    return made


def _likeness(texts: dict[str, Text], edits: Mapping[str, Sequence[Edit]], look: Look | None) -> float | None:
    """How alike all fields together still look, if that was asked."""
    if look is None:
        return None
    made = UNSEEN
    for name, text in texts.items():
        made = made.plus(seen(text, edits.get(name, ()), look))
    return made.likeness


@contextmanager
def _scratch(out: Path) -> Iterator[Path]:
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as scratch:
        yield Path(scratch)


def _language(
    planned: Plan,
    data: TaskData,
    language: str,
    segmenter: Segmenter | None,
    folder: Path,
    skipped: SkipLog,
    hashed: RowHash,
) -> list[CellRecord]:
    task = data.task
    cells = [cell for cell in planned.cells() if cell.task == task.name and cell.language == language]
    writers = {cell: CellWriter(folder / f"{cell.name}.parquet", task.fields) for cell in cells}
    uses = [use for use in planned.spec.attacks if use[0].applies_to(language)]
    try:
        for example in data.examples(language, skipped):
            hashed.add(example)
            texts = analysed(task, example, planned.attacked(task), segmenter)
            measured = changes(texts, {}), 1.0 if planned.look else None
            clean = CellRow(example.uid, example.gold, tuple(example.fields.values()), (), *measured)
            writers[Cell(task.name, language, CLEAN, 0.0, 0)].add(clean)
            for attack, severities, draws in uses:
                how = planned.spec.card.seed, severities, draws, planned.match, planned.look
                for draw, severity, row in variants(attack, task, example, texts, *how):
                    writers[Cell(task.name, language, attack.id, severity, draw)].add(row)
        return [CellRecord(cell, *writer.close(), writer.rows, writer.changed) for cell, writer in writers.items()]
    except BaseException:
        for writer in writers.values():
            writer.abandon()
        raise


def analysed(task: Task, example: Example, fields: Collection[str], segmenter: Segmenter | None) -> dict[str, Text]:
    """The fields of an example that are attacked, each analysed, with what no attack may touch or make in it."""
    reserved = reserved_words(example.language, task.protects)
    return {
        name: Text(value, example.language, _kept(task, example, name), segmenter, reserved)
        for name, value in example.fields.items()
        if name in fields and value
    }


def _kept(task: Task, example: Example, name: str) -> list[tuple[int, int]]:
    """What no attack may touch in a field: in any text, in this task's, and in this example."""
    value = example.fields[name]
    return protected_spans(value, example.language, task.protects) + task.protected(example, name)


def segmenter_for(spec: SuiteSpec, language: str, used: dict[str, str]) -> Segmenter | None:
    """What finds the words of a language, None for the rules; where it is a dictionary, ``used`` is told which."""
    if spec.card.words == "rules":
        return None
    from robustx.text.segment import dictionary_segmenter

    found = dictionary_segmenter(language)
    if found is None:
        return None
    used[language] = found[1]
    return found[0]


def _manifest(
    planned: Plan, records: list[CellRecord], skipped: SkipLog, hashed: RowHash, segmenters: dict[str, str]
) -> Manifest:
    card = planned.spec.card
    return Manifest(
        suite=card.id,
        version=card.version,
        seed=card.seed,
        data={data.task.name: data.label for data in planned.data},
        limit=planned.data[0].limit,
        fields={data.task.name: list(data.task.fields) for data in planned.data},
        labels={data.task.name: list(data.task.labels) for data in planned.data},
        languages=planned.languages,
        validity={attack.id: attack.card.validity for attack, _, _ in planned.spec.attacks},
        attacks=_operators(planned),
        segmenters=segmenters,
        match=planned.match.name if planned.match else None,
        look=planned.look.versions() if planned.look else None,
        rows_sha256=hashed.hexdigest(),
        cells=records,
        skipped=skipped.count,
        skipped_first=[list(row) for row in skipped.first],
        mended=skipped.mended,
        mended_first=[list(row) for row in skipped.mended_first],
        software=software(),
    )


def _operators(planned: Plan) -> dict[str, dict[str, str]]:
    """The fingerprint of every attack for every language it applies to."""
    used = sorted({code for codes in planned.languages.values() for code in codes})
    return {
        attack.id: {language: attack.fingerprint(language) for language in used if attack.applies_to(language)}
        for attack, _, _ in planned.spec.attacks
    }
