"""Boards: submissions of the same texts and conditions, scored and ranked in every view that a reader can choose.

Runs that were searched, or had a defence before the model, stand on boards of their own: with those of the same search and
defence, and no others.

A view is a choice of languages (all, a group, a script or one language), of attack and of severity; its score is the
macro mean over languages, in each over attacks, in each over severities and draws, as everywhere in robustx. Every model
is judged on the examples whose change reached it. A cell counts where nine in ten models can be judged by it; a model
that cannot be judged by a cell of a view has no rank in that view.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from robustx.score.arrays import MIN_EFFECTIVE, Stack, measured_and_resampled
from robustx.score.ranks import Bools, Ranking, ranking
from robustx.score.resample import DRAWS, LEVEL, Floats, bootstrap_weights
from robustx.score.submission import Search, Submission, Task, cell_keys, clean_sums, reached, stacked
from robustx.score.views import ALL, CLEAN, View, sampled, searched, views_of

JUDGED = 0.9
"""Share of models that must be judged by a cell for it to count."""

LEAST = 0.5
"""A model that can be judged by less than this share of the cells is ranked under attack nowhere."""

MANY, FEWER_DRAWS = 200, 500
"""Boards of more models than this are drawn fewer times; an interval's ends then have a Monte Carlo error of about 6%
of its half width."""

UNITS = 512
"""Blocks of source examples whose signs are flipped together where there are more examples than this."""


@dataclass(frozen=True)
class Entry:
    """One submission on a board; ``slug`` is safe as a file's name and differs between submissions."""

    slug: str
    submission: Submission
    task: Task


@dataclass(frozen=True)
class Standing:
    """The scores and ranks of a view.

    Attributes:
        members: positions of the ranked entries, best first. Everything below is in their order.
        score, gap: [members, 3] value, low and high; ``gap`` is None without an attack.
        low, high: rank interval.
        groups: tie groups as (first, last) positions.
        unranked: positions of the entries that the view cannot judge.
        cells: how many cells it is the mean of.
    """

    members: tuple[int, ...]
    score: Floats
    gap: Floats | None
    low: tuple[int, ...]
    high: tuple[int, ...]
    groups: tuple[tuple[int, int], ...]
    unranked: tuple[int, ...]
    cells: int

    @cached_property
    def row_of(self) -> dict[int, int]:
        """Which row of the figures is an entry's, by its position; an unranked one has none."""
        return {member: row for row, member in enumerate(self.members)}


@dataclass(frozen=True)
class Board:
    """Submissions of the same task, texts, search and defence.

    Attributes:
        views: which standing answers each view; views of the same cells share one.
        draws: bootstrap draws behind intervals.
    """

    suite: str
    task: str
    entries: tuple[Entry, ...]
    languages: dict[str, tuple[str, str]]
    examples: int
    views: dict[View, int]
    standings: tuple[Standing, ...]
    draws: int

    def standing(self, view: View) -> Standing:
        """The standing of a view."""
        return self.standings[self.views[view]]

    @property
    def metric(self) -> str:
        """What the task's scores are of."""
        return self.entries[0].submission.tasks[self.task].metric

    @cached_property
    def place_of(self) -> dict[str, int]:
        """The position of each entry, by its slug."""
        return {entry.slug: place for place, entry in enumerate(self.entries)}

    @property
    def search(self) -> Search | None:
        """How the worst case was looked for, in every run of the board alike; None where the texts are the suite's."""
        return self.entries[0].submission.search

    @property
    def defence(self) -> str | None:
        """What stood before every model of the board; None for bare models."""
        return self.entries[0].submission.model.defence

    @property
    def budgets(self) -> list[str]:
        """The edits that an example may get at most, the fewest first; none where nothing was searched."""
        found = {view.severity for view in self.views if view.attack == ALL} if self.search else set()
        return sorted(found, key=float)

    @property
    def headline(self) -> View:
        """The view a reader sees first: non-Latin languages, under all attacks, or of a search with the most edits."""
        severity = self.budgets[-1] if self.budgets else ALL
        wanted = [View(where, *what) for what in ((ALL, severity), (CLEAN, ALL)) for where in ("non-Latin", ALL)]
        return next(view for view in wanted if view in self.views)


def boards(submissions: Iterable[Submission]) -> list[Board]:
    """Every board there is among the submissions: those of bare models under a suite's own texts first, and of them and of
    the others the largest; a submission that was given twice counts once.

    The order in which they are given changes nothing.
    """
    found: dict[tuple[object, ...], list[Entry]] = {}
    seen = set()
    for submission in submissions:
        digest = submission.digest
        if digest in seen:
            continue
        seen.add(digest)
        entry_slug = slug(submission.model.name, digest)
        for name, task in submission.tasks.items():
            found.setdefault(_belongs(submission, name, task), []).append(Entry(entry_slug, submission, task))
    ordered = sorted(found.items(), key=lambda item: (_special(item[1][0].submission), -len(item[1]), str(item[0])))
    return [_board(str(key[1]), str(key[2]), sorted(entries, key=lambda entry: entry.slug)) for key, entries in ordered]


def slug(name: str, digest: str) -> str:
    """A file's name for a model: lower-case ASCII letters, digits and hyphens, and ten digits of its digest."""
    plain = unicodedata.normalize("NFKD", name[:200]).encode("ascii", "ignore").decode().lower()
    return f"{re.sub('[^a-z0-9]+', '-', plain).strip('-')[:48].rstrip('-') or 'model'}-{digest[:10]}"


def _special(submission: Submission) -> bool:
    """Whether a run is of something else than a bare model under a suite's own texts."""
    return submission.search is not None or submission.model.defence is not None


def _belongs(submission: Submission, name: str, task: Task) -> tuple[object, ...]:
    """What submissions must share for their examples to be paired; the suite's signature and the task come second and
    third. Which examples an attack changed is the suite's doing, so it must be the same for all; what a search changed is
    its own answer to each model."""
    own = submission.search is not None
    keyed = zip(cell_keys(task, name), task.cells, strict=True)
    changed = sorted((key, "" if own else cell.changed) for key, cell in keyed)
    present = sorted((code, cell.present) for code, cell in task.clean.items())
    languages = sorted(
        (code, submission.languages[code].name, submission.languages[code].script) for code in task.clean
    )
    parts = hashlib.sha256(repr((changed, present, languages)).encode()).hexdigest()
    how = str(submission.search), str(submission.model.defence)
    suite = submission.suite
    return suite.content_sha256, suite.signature, name, task.examples, task.uids_sha256, parts, *how


def _board(suite: str, name: str, entries: list[Entry]) -> Board:
    first = entries[0]
    entries = [replace(entry, task=_in_order_of(first.task, entry.task, name)) for entry in entries]
    keys, codes = cell_keys(first.task, name), list(first.task.clean)
    known = first.submission.languages
    languages = {code: (known[code].name, known[code].script) for code in codes}
    usable = np.array([_usable(entry.task) for entry in entries]).reshape(len(entries), len(keys))
    judged = _judged(usable)
    views, weights = views_of(keys, judged, languages, searched if first.submission.search else sampled)
    draws = DRAWS if len(entries) <= MANY else FEWER_DRAWS
    scores, gaps, added = _score(entries, name, usable & judged, weights, draws)
    lacking = (weights[:, : len(keys)] != 0).astype(np.int64) @ (~usable).T.astype(np.int64) > 0

    def standing(i: int) -> Standing:
        cells = int((weights[i] != 0).sum())
        perturbed = bool(weights[i, : len(keys)].any())
        return _standing(scores[i], gaps[i] if perturbed else None, added[i], lacking[i], cells)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        standings = tuple(pool.map(standing, range(len(weights))))
    return Board(suite, name, tuple(entries), languages, first.task.examples, views, standings, draws)


def _in_order_of(like: Task, task: Task, name: str) -> Task:
    cells = dict(zip(cell_keys(task, name), task.cells, strict=True))
    ordered = [cells[key] for key in cell_keys(like, name)]
    return task.model_copy(update={"cells": ordered, "clean": {code: task.clean[code] for code in like.clean}})


def _usable(task: Task) -> Bools:
    """Cells with enough examples, [cells]: as ``Stack.usable``, without unpacking what they add."""
    if any(cell.denominator for cell in task.cells) or any(cell.denominator for cell in task.clean.values()):
        return stacked(task, "").usable
    return np.asarray(reached(task).sum(axis=0) >= MIN_EFFECTIVE)


def _judged(usable: Bools) -> Bools:
    """The cells that count on a board, [cells]."""
    possible = usable.any(axis=0)
    able = usable[:, possible].mean(axis=1) >= LEAST if possible.any() else np.ones(len(usable), dtype=np.bool_)
    return np.asarray(usable[able].mean(axis=0) >= JUDGED) if able.any() else np.zeros_like(possible)


def _score(
    entries: list[Entry], name: str, usable: Bools, weights: Floats, draws: int
) -> tuple[Floats, Floats, npt.NDArray[np.float32]]:
    """Scores and gaps with intervals, [standings, models, 3], and what source examples add to the scores, [standings,
    models, units]: one an example, or where there are many, one a block of examples."""
    examples = entries[0].task.examples
    sampled, of_view = bootstrap_weights(examples, draws), weights.T.astype(np.float32)
    middle = _middle(entries, name)
    scores, gaps = (np.empty((len(weights), len(entries), 3)) for _ in range(2))
    added = np.zeros((len(weights), len(entries), min(examples, UNITS)), dtype=np.float32)

    def fill(i: int) -> None:
        sums = _Sums.of(entries[i].task, name)
        values, clean = _columns(sums, usable[i], sampled)
        score, before = (part.astype(np.float32) @ of_view for part in (values, clean))
        scores[:, i], gaps[:, i] = _with_interval(score), _with_interval(score - before)
        given = sums.contributions(middle, usable[i])
        for first in range(0, examples, UNITS):
            part = given[first : first + UNITS] @ of_view
            added[:, i, : len(part)] += part.T

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(fill, range(len(entries))))
    return scores, gaps, added


@dataclass(frozen=True)
class _Sums:
    """What every example adds to every perturbed cell and to every clean one, [examples, columns]."""

    parts: Stack
    numerator: Floats
    denominator: Floats

    @classmethod
    def of(cls, task: Task, name: str) -> _Sums:
        parts, (top, bottom) = stacked(task, name), clean_sums(task)
        return cls(parts, np.hstack([parts.robust, top]), np.hstack([parts.robust_total, bottom]))

    def contributions(self, middle: Floats, usable: Bools) -> npt.NDArray[np.float32]:
        """What each example adds to the metric of each column, as it differs from ``middle``, to first order in the
        denominators; the difference of two models' sums is exactly their difference in the metric."""
        total = self.denominator.sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            added = (self.numerator - middle * self.denominator) / total
        added[:, ~np.append(usable, total[len(usable) :] > 0)] = 0.0
        return np.asarray(added, dtype=np.float32)


def _middle(entries: list[Entry], name: str) -> Floats:
    """About what each column's metric is, [columns]: over some of the models, pooled."""
    some = [_Sums.of(entry.task, name) for entry in entries[:: max(1, len(entries) // 20)]]
    top = sum(sums.numerator.sum(axis=0) for sums in some)
    bottom = sum(sums.denominator.sum(axis=0) for sums in some)
    return np.asarray(top / np.maximum(bottom, 1e-12))


def _columns(sums: _Sums, usable: Bools, sampled: npt.NDArray[np.float32]) -> tuple[Floats, Floats]:
    """Robust and clean metric of every cell, then the clean metric of every language twice, [1 + draws, columns].

    A draw that has no example of a cell takes the cell's measured value: it says nothing new of it.
    """
    parts = sums.parts
    robust = measured_and_resampled(sampled, sums.numerator, sums.denominator)
    clean = robust.copy()
    cells = len(parts.keys)
    clean[:, :cells] = measured_and_resampled(sampled, parts.clean, parts.clean_total)
    for values in (robust, clean):
        values[:, :cells][:, ~usable] = 0.0
        holes = np.isnan(values)
        if holes.any():
            values[holes] = np.broadcast_to(np.nan_to_num(values[0]), values.shape)[holes]
    return robust, clean


def _with_interval(values: npt.NDArray[np.float32]) -> Floats:
    """Measured value and percentile interval of each column of [1 + draws, columns], as [columns, 3]."""
    ordered = np.sort(values[1:].T, axis=1)  # many times as fast as np.quantile, which gives the same
    ends = [_at(ordered, share) for share in ((1 - LEVEL) / 2, (1 + LEVEL) / 2)]
    return np.stack([values[0], *ends], axis=1).astype(np.float64)


def _at(ordered: npt.NDArray[np.float32], share: float) -> npt.NDArray[np.float32]:
    """The quantile of each row of sorted numbers, between two of them linearly."""
    place = share * (ordered.shape[1] - 1)
    below = int(place)
    above = min(below + 1, ordered.shape[1] - 1)
    return np.asarray(ordered[:, below] + (place - below) * (ordered[:, above] - ordered[:, below]))


def _standing(
    score: Floats, gap: Floats | None, added: npt.NDArray[np.float32], lacking: Bools, cells: int
) -> Standing:
    ranked = np.flatnonzero(~lacking)
    made: Ranking = ranking(score[ranked, 0], added[ranked])
    members = ranked[made.order]
    return Standing(
        members=tuple(members.tolist()),
        score=score[members],
        gap=None if gap is None else gap[members],
        low=tuple(made.low[made.order].tolist()),
        high=tuple(made.high[made.order].tolist()),
        groups=made.groups,
        unranked=tuple(np.flatnonzero(lacking).tolist()),
        cells=cells,
    )
