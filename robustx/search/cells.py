"""The cells of a search: the worst text that was found for every example, a cell a budget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from robustx.model.checkpoint import Checkpoint
from robustx.search.hunt import Found
from robustx.search.plan import CASCADE, VALIDITY, Search
from robustx.search.saliency import Gradients
from robustx.search.target import Searched, Target
from robustx.suite.build import segmenter_for
from robustx.suite.card import SuiteSpec
from robustx.suite.cells import CLEAN, Cell, read_cell
from robustx.suite.manifest import Manifest, cell_path
from robustx.tasks.registry import task as task_of


class Searching:
    """A search over the clean cells of a built suite; the rows of its cells are found when they are asked for.

    Raises:
        UsageError: a checkpoint does not let the strategy look into it.
    """

    def __init__(
        self, how: Search, spec: SuiteSpec, suite: Path, manifest: Manifest, checkpoints: Mapping[str, Checkpoint]
    ) -> None:
        if how.white_box:
            for name, checkpoint in checkpoints.items():
                Gradients(checkpoint, task_of(name))
        self.how = how
        self._spec, self._suite, self._manifest, self._checkpoints = spec, suite, manifest, checkpoints
        self._attacks = {attack.id: attack for attack in how.allowed([attack for attack, _, _ in spec.attacks])}
        self._target: tuple[tuple[str, str], Target] | None = None
        self._found: tuple[tuple[str, str, str], list[Found]] | None = None

    def cells(self) -> dict[Cell, int]:
        """Every searched cell with its rows, in the suite's order of tasks and languages."""
        made: dict[Cell, int] = {}
        for record in self._manifest.cells:
            if record.cell.attack == CLEAN and record.cell.task in self._checkpoints:
                for quarry in self.how.quarries(list(self._attacks.values()), record.cell.language):
                    made |= dict.fromkeys(quarry.cells(record.cell.task, record.cell.language), record.rows)
        return made

    def cell(self, cell: Cell, advance: Callable[[Cell, int], None]) -> Searched:
        """The rows of a cell; the search that fills it and those of its other budgets is made once.

        Args:
            advance: told how many examples of the cell are done.
        """
        target = self._at(cell.task, cell.language)
        key = cell.task, cell.language, cell.attack
        if self._found is not None and self._found[0] == key:
            advance(cell, len(target.rows))
        else:
            quarries = self.how.quarries(list(self._attacks.values()), cell.language)
            quarry = next(one for one in quarries if one.attack == cell.attack)
            found = target.hunted(quarry, self._attacks, self.how.budget, lambda rows: advance(cell, rows))
            self._found = key, found
        rows, columns = target.filled(int(cell.severity), self._found[1])
        weakest = max((attack.card.validity for attack in self._attacks.values()), key=VALIDITY.index)
        verdict = {"verdict": [weakest] * len(rows)} if cell.attack == CASCADE else {}
        return Searched(rows, columns | verdict)

    def _at(self, name: str, language: str) -> Target:
        """The rows of a task in a language, before its checkpoint; one at a time is kept."""
        if self._target is None or self._target[0] != (name, language):
            task, spec = task_of(name), self._spec
            clean = Cell(name, language, CLEAN, 0.0, 0)
            rows = list(read_cell(cell_path(self._suite, clean), self._manifest.fields[name]))
            fields = spec.card.fields.get(name, task.attackable)
            segmenter = segmenter_for(spec, language, {})
            made = Target(
                self._checkpoints[name], task, language, rows, fields, segmenter, spec.card.seed, self.how.white_box
            )
            self._target, self._found = ((name, language), made), None
        return self._target[1]
