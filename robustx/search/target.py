"""One task in one language and one checkpoint: what is hunted there, and the rows that come of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import pyarrow as pa

from robustx.model.checkpoint import Checkpoint
from robustx.perturb.attacks import Attack
from robustx.perturb.edits import Edit
from robustx.search.hunt import Found, Hunt, Stage, hunt
from robustx.search.ledger import Worst
from robustx.search.lockstep import Remembering, search
from robustx.search.objective import Answer, objective_of
from robustx.search.plan import Quarry
from robustx.search.saliency import Gradients
from robustx.search.space import Space
from robustx.search.strategies.registry import NOISE
from robustx.search.victim import victim_of
from robustx.suite.build import analysed, changes
from robustx.suite.cells import CellRow
from robustx.tasks.base import Example, Task
from robustx.text.analysis import Segmenter


class Searched(NamedTuple):
    """The rows of one searched cell, and the columns that an ordinary cell has not.

    The columns are, a value a row: ``queries``, texts asked until the example fell or the stages were through;
    ``reducing``, those asked after that; ``fallen``; ``felled_by``, a stage's label, empty for an example that was wrong
    before; ``covered``, up to how many edits every set was tried, null unless sets were enumerated;
    ``tried`` and ``sets``, of the size where it had to sample.
    """

    rows: list[CellRow]
    columns: dict[str, Any]


class Target:
    """The clean rows of a task in a language, before a checkpoint.

    Attributes:
        rows: the clean rows.
        fields: those that attacks may touch.
        seed: of the suite.
        white_box: whether the strategy looks into the model.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        task: Task,
        language: str,
        rows: Sequence[CellRow],
        fields: Sequence[str],
        segmenter: Segmenter | None,
        seed: int,
        white_box: bool = False,
    ) -> None:
        self.rows = rows
        self._task, self._language, self._fields, self._segmenter, self._seed = task, language, fields, segmenter, seed
        self._objective = objective_of(task, language)
        self._victim = Remembering(victim_of(checkpoint, task, rows))
        self._clean = self._victim.answers(rows)
        self._gradients = Gradients(checkpoint, task) if white_box else None

    def hunted(
        self, quarry: Quarry, attacks: Mapping[str, Attack], budget: int, advance: Callable[[int], None]
    ) -> list[Found]:
        """What the stages found for each row.

        A row that is wrong as it is needs no search: an edit is looked for that leaves it wrong, so that it can be counted
        among what the attack reached.
        """

        def start(row: CellRow, clean: Answer) -> Hunt:
            spaces = partial(self._space, attacks, row)
            if not self._objective.wrong(row, clean, clean):
                return hunt(row, quarry.stages, spaces, budget, quarry.budgets, self._seed)
            names = dict.fromkeys(stage.attack for stage in quarry.stages)
            any_edit = [Stage(name, NOISE, NOISE.queries) for name in names]
            return hunt(row, any_edit, spaces, 1, quarry.budgets, self._seed)

        return search(self.rows, self._clean, start, self._victim, self._objective, advance)

    def filled(self, budget: int, found: Sequence[Found]) -> Searched:
        """The rows at one budget, and their columns.

        An example that is wrong as it is, and that every edit puts right, an adversary leaves alone, and so it stays.
        """
        rows, columns = [], []
        for row, clean, one in zip(self.rows, self._clean, found, strict=True):
            worst = one.worst[budget]
            fallen = worst is not None and worst.reply.fallen
            was_right = not self._objective.wrong(row, clean, clean)
            rows.append(self._edited(row, worst) if worst is not None and (was_right or worst.reply.wrong) else row)
            columns.append(_columns(one, fallen, one.felled_by if fallen and was_right else ""))
        return Searched(rows, {name: pa.array([row[name] for row in columns], kind) for name, kind in _COLUMNS.items()})

    def _edited(self, row: CellRow, worst: Worst) -> CellRow:
        edits: dict[str, list[Edit]] = {}
        for name, edit in worst.edits:
            edits.setdefault(name, []).append(edit)
        example = self._example(row)
        made = changes(analysed(self._task, example, self._fields, self._segmenter), edits)
        gold = self._task.gold_after(example, edits)
        return row._replace(gold=gold, fields=worst.fields, edits=worst.edits, amounts=made)

    def _space(self, attacks: Mapping[str, Attack], row: CellRow, attack: str) -> Space:
        example = self._example(row)
        texts = analysed(self._task, example, self._fields, self._segmenter)
        salient = partial(self._gradients.words, row) if self._gradients else None
        return Space(attacks[attack], example.fields, texts, partial(self._task.carries, example), salient)

    def _example(self, row: CellRow) -> Example:
        fields = dict(zip(self._task.fields, row.fields, strict=True))
        return Example(row.uid, self._language, fields, row.gold)


_COLUMNS = {
    "queries": pa.int32(),
    "reducing": pa.int32(),
    "fallen": pa.bool_(),
    "felled_by": pa.string(),
    "covered": pa.int32(),
    "tried": pa.int64(),
    "sets": pa.int64(),
}


def _columns(found: Found, fallen: bool, felled_by: str) -> dict[str, Any]:
    covered = found.coverage
    made = {"queries": found.queries, "reducing": found.reducing, "fallen": fallen, "felled_by": felled_by}
    seen = (None, None, None) if covered is None else covered
    return made | dict(zip(("covered", "tried", "sets"), seen, strict=True))
