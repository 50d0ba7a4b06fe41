"""The rows of a training task: from a folder or the hub, limited, split, checked and fingerprinted."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from robustx.errors import DataError, UsageError
from robustx.perturb.keyed import key_of
from robustx.stilts.examples import Example, Pair, Question, Tagged, fingerprint
from robustx.stilts.readers import choices, pairs, questions, tags
from robustx.stilts.sources import Source, source
from robustx.tasks.base import SkipLog
from robustx.tasks.hub import hub_rows

WRONG_LABELS = 0.05
"""Share of rows with labels that the task does not know, above which the file is taken to be another task's."""

_HELD_OUT_KEY = "robustx-held-out"

Reader = Callable[[Path, Source, SkipLog, str], Iterator[Example]]
FILES: Mapping[str, Reader] = {
    "pair": pairs.read,
    "tagged": tags.read,
    "question": questions.read,
    "choice": choices.read,
}
ROWS: Mapping[str, Callable[..., Iterator[Example]]] = {
    "pair": pairs.from_rows,
    "tagged": tags.from_rows,
    "question": questions.from_rows,
    "choice": choices.from_rows,
}


@dataclass(frozen=True)
class Named:
    """Files that a recipe names for a task, in place of those that its release has.

    Attributes:
        train, dev: paths or patterns below the data folder.
        held_out: without ``dev``, so many training rows (those with the smallest keyed hashes) are the development set.
        limit: so many training rows (those with the smallest keyed hashes), or all.
    """

    train: tuple[str, ...] = ()
    dev: tuple[str, ...] = ()
    held_out: int = 0
    limit: int | None = None


@dataclass(frozen=True)
class Split:
    """Rows of one task with what must be said of them.

    Attributes:
        where: the files or hub splits that were read.
        skipped: rows passed over.
    """

    examples: list[Any]
    where: tuple[str, ...]
    skipped: SkipLog

    @property
    def sha256(self) -> str:
        """The fingerprint of the rows in order."""
        return fingerprint(self.examples)


@dataclass
class Library:
    """Where rows come from: ``--data`` and what the recipe names.

    Attributes:
        spec: ``hub``, a folder, ``TASK=FOLDER``, or several of these apart by commas.
    """

    spec: str
    named: Mapping[str, Named] = field(default_factory=dict)
    _read: dict[tuple[str, str], Split] = field(default_factory=dict)

    def train(self, name: str) -> Split:
        """The training rows of a task.

        Raises:
            UsageError: the task has none, or ``--data`` names no place.
            DataError: the files are not there, or are not the task's.
        """
        return self._split(name, "train")

    def dev(self, name: str) -> Split:
        """The English development rows of a task; as ``train``."""
        return self._split(name, "dev")

    def root(self, name: str) -> Path | None:
        """The folder for a task, or None for the hub.

        Raises:
            UsageError: ``--data`` names no place for it, or the folder is not there.
        """
        parts = [part.strip() for part in self.spec.split(",") if part.strip()]
        own = dict(part.split("=", 1) for part in parts if "=" in part)
        general = [part for part in parts if "=" not in part]
        if name not in own and len(general) != 1:
            raise UsageError(f"--data {self.spec}: names no place for {name}; expected hub, FOLDER or {name}=FOLDER")
        place = own.get(name) or general[0]
        if place == "hub":
            return None
        if not Path(place).is_dir():
            raise UsageError(f"--data {place}: there is no such folder (hub is the other choice)")
        return Path(place)

    def _split(self, name: str, split: str) -> Split:
        if (name, split) not in self._read:
            self._read[name, split] = self._fresh(source(name), split)
        return self._read[name, split]

    def _fresh(self, task: Source, split: str) -> Split:
        named = self.named.get(task.name, Named())
        if named.held_out and not named.dev:
            whole = self._whole(task, "train", named.train)
            chosen = {example.uid for example in _smallest(whole.examples, named.held_out)}
            if len(chosen) >= len(whole.examples):
                raise UsageError(f"{task.name}: held_out = {named.held_out} of {len(whole.examples)} rows leaves none")
            keep = [example for example in whole.examples if (example.uid in chosen) == (split == "dev")]
            made = Split(keep, whole.where, whole.skipped)
        else:
            made = self._whole(task, split, getattr(named, split))
        if split == "train" and named.limit is not None:
            made = Split(_smallest(made.examples, named.limit), made.where, made.skipped)
        return made

    def _whole(self, task: Source, split: str, files: Sequence[str]) -> Split:
        parts = [] if files else (task.train_from if split == "train" else task.dev_from)
        if parts:
            splits = [self._split(part, split) for part in parts]
            skipped = SkipLog()
            for one in splits:
                skipped.count += one.skipped.count
                skipped.first += one.skipped.first
            examples = [example for one in splits for example in one.examples]
            return Split(examples, tuple(itertools.chain(*(one.where for one in splits))), skipped)
        root = self.root(task.name)
        made = _from_hub(task, split) if root is None and not files else _from_files(task, split, root, files)
        _check(task, made)
        return made


def _from_hub(task: Source, split: str) -> Split:
    hub = task.hub
    name = getattr(hub, split) if hub else None
    if hub is None or name is None:
        raise DataError(f"{task.name}: the hub has no {split} rows of it ({task.about}); give a folder: --data FOLDER")
    skipped = SkipLog()
    rows = enumerate(hub_rows(hub.id, hub.config, name, hub.revision), start=1)
    examples = list(ROWS[task.kind](rows, Path(hub.id, name), task, skipped))
    return Split(examples, (f"{hub.id}/{hub.config or 'default'}/{name}",), skipped)


def _from_files(task: Source, split: str, root: Path | None, files: Sequence[str]) -> Split:
    if root is None:
        raise UsageError(f"{task.name}: the recipe names files, which lie in a folder: --data FOLDER")
    paths = _found(task, split, root, files)
    skipped = SkipLog()
    examples = [example for path in paths for example in FILES[task.kind](path, task, skipped, "en")]
    return Split(_apart(examples), tuple(str(path.relative_to(root)) for path in paths), skipped)


def _found(task: Source, split: str, root: Path, files: Sequence[str]) -> list[Path]:
    """All files that a recipe names, or the first of those that releases have."""
    if files:
        if absolute := [pattern for pattern in files if Path(pattern).is_absolute()]:
            raise DataError(
                f"{absolute[0]}: files that a recipe names for {task.name} lie below --data; expected a relative path"
            )
        groups = [sorted(root.glob(pattern)) for pattern in files]
        missing = [pattern for pattern, group in zip(files, groups, strict=True) if not group]
        if missing:
            raise DataError(f"{root / missing[0]}: there is no such file, which the recipe names for {task.name}")
        return [path for group in groups for path in group]
    usual: list[str] = getattr(task, split)
    # a task's own folder before the common one: several tasks have a train.tsv
    for folder in (task.name, *task.folders, ""):
        for pattern in usual:
            if group := sorted((root / folder).glob(pattern)):
                return group
    raise DataError(
        f"{root}: has no {split} rows of {task.name} ({task.about}); expected one of {', '.join(usual) or 'none'} in it "
        f"or in {task.name}/ below it, or files that the recipe names under [sources.{task.name}]"
    )


def _apart(examples: list[Any]) -> list[Any]:
    """The examples with uids that are all different: the later of two alike gets a number."""
    from dataclasses import replace

    seen: dict[str, int] = {}
    made = []
    for example in examples:
        again = seen.get(example.uid, 0)
        seen[example.uid] = again + 1
        made.append(replace(example, uid=f"{example.uid}~{again + 1}") if again else example)
    return made


def _smallest(examples: Sequence[Any], count: int) -> list[Any]:
    """So many examples by their keyed hashes, in their order: the same whatever else is in the list.

    Questions go by their context, so that a context is not on both sides of a cut (but for the last one).
    """
    keys = [key_of(_HELD_OUT_KEY, one.context if isinstance(one, Question) else one.uid) for one in examples]
    ranked = sorted(range(len(examples)), key=keys.__getitem__)
    return [examples[i] for i in sorted(ranked[:count])]


def _check(task: Source, made: Split) -> None:
    """What cannot be this task's data is one error before anything is trained."""
    where = ", ".join(made.where)
    first = made.skipped.first[0] if made.skipped.first else None
    why = f"; {first.path} row {first.row}: {first.reason}" if first else ""
    if not made.examples:
        raise DataError(f"{where}: no row can be used as {task.name}{why}")
    other = sum(one.reason.startswith('the label "') for one in made.skipped.first) / max(1, len(made.skipped.first))
    if other * made.skipped.count > WRONG_LABELS * (len(made.examples) + made.skipped.count):
        raise DataError(f"{where}: {made.skipped.count:,} rows have labels that {task.name} does not know{why}")


def labels_of(task: Source, examples: Sequence[Example]) -> tuple[str, ...]:
    """The labels of a head for these examples, in order: the task's own, or, where it lists none (CCG), those that occur.

    Raises:
        DataError: a class of the task does not occur: the rows are another task's, or sorted and cut.
    """
    if task.kind not in ("pair", "tagged"):
        return ()
    if not task.labels:
        return tuple(sorted({tag for one in examples if isinstance(one, Tagged) for tag in one.tags}))
    if task.kind == "pair":
        seen = {one.label for one in examples if isinstance(one, Pair)}
        if missing := [label for label in task.labels if label not in seen]:
            raise DataError(
                f"{task.name}: none of {len(examples):,} training rows is {', '.join(missing)}; "
                f"expected all of {', '.join(task.labels)}"
            )
    return tuple(task.labels)
