"""robustx inside TextAttack: a checkpoint as its victim, an attack as its transformation (the extra ``textattack``).

    from robustx.bridges.textattack import RobustxModel, RobustxTransformation

    victim = RobustxModel(load("demo:anli"), task("xnli"))
    transformation = RobustxTransformation(load_attack("keyboard"), "hi", task("xnli"))
    attack = textattack.Attack(UntargetedClassification(victim), [], transformation, GreedySearch())

Importing this module imports TextAttack, which takes some seconds. Tried with TextAttack 0.3.11.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from robustx.bridges.textattack_package import imported
from robustx.errors import CheckpointError, UsageError
from robustx.perturb.attacks import Attack
from robustx.perturb.candidates import Candidate, candidates, together
from robustx.perturb.edits import apply
from robustx.perturb.measure import NOTHING
from robustx.perturb.protection import protected_spans, reserved_words
from robustx.suite.cells import CellRow
from robustx.tasks.base import Task
from robustx.text.analysis import Text

if TYPE_CHECKING:
    from robustx.model.checkpoint import Checkpoint

_textattack: Any = imported("robustx.bridges.textattack")
_ModelWrapper: Any = _textattack.models.wrappers.ModelWrapper
_Transformation: Any = _textattack.transformations.Transformation

_STATE = "robustx"
"""The key under which a text carries what it was made from."""

State = Mapping[str, tuple[str, tuple[Candidate, ...]]]
"""For each field, the original and the edits made to it so far."""


class RobustxModel(_ModelWrapper):  # type: ignore[misc]
    """A robustx checkpoint as TextAttack's model wrapper: padded to the longest of a batch, not to the model's limit.

    Called with a list of texts, or tuples where the task has several fields, it returns log probabilities, [inputs,
    labels], in the order of the task's labels. TextAttack puts a softmax over scores that do not sum to 1 within 1e-6,
    which rounding decides for probabilities.
    """

    def __init__(self, checkpoint: Checkpoint, task: Task) -> None:
        """
        Raises:
            UsageError: the task is no classification.
            CheckpointError: the checkpoint cannot do it.
        """
        from robustx.model.heads.registry import head_of, lacks

        if task.head != "classification":
            raise UsageError(f"RobustxModel: {task.name} is no classification, which is what TextAttack's goals are of")
        if problem := lacks(checkpoint, task):
            raise CheckpointError(problem)
        self.checkpoint = checkpoint
        self.model = checkpoint.model
        self._task, self._head = task, head_of(task)

    def __call__(self, text_input_list: Sequence[str | tuple[str, ...]], **kwargs: Any) -> Any:
        import torch

        from robustx.model.heads.base import Asked

        rows = [self._row(one) for one in text_input_list]
        encoded = self._head.encode(self.checkpoint, self._task, rows)
        given = self._head.decide(self.checkpoint, Asked(self._task, rows, range(len(rows))), encoded)
        made = np.array([one.probabilities for one in given], np.float32)
        return torch.from_numpy(np.log(np.maximum(made, np.finfo(np.float32).tiny)))

    def _row(self, given: str | tuple[str, ...]) -> CellRow:
        fields = (given,) if isinstance(given, str) else given
        if len(fields) != len(self._task.fields):
            raise UsageError(
                f"RobustxModel: {self._task.name} has the fields {', '.join(self._task.fields)}: "
                f"give TextAttack an OrderedDict of {len(self._task.fields)}"
            )
        return CellRow("", "", fields, (), NOTHING)


class RobustxTransformation(_Transformation):  # type: ignore[misc]
    """A robustx attack as TextAttack's transformation: every edit that can be added to those made so far.

    It works on the whole text, in any language, and takes no notice of TextAttack's words, which lack every combining
    mark. Edits are always of the original, at most one a word where the attack's severity counts words, as in robustx.
    So it goes with searches that do not rank words (``GreedySearch``, ``BeamSearch``), and with constraints on whole
    texts; what depends on the number of a word is an error.
    """

    def __init__(self, attack: Attack, language: str, task: Task) -> None:
        """The task says which fields may be edited, and which words in them may not, such as negations."""
        self._attack = attack
        self._operator = attack.operator(language)
        self._language = language
        self._task = task
        self._analysed = lru_cache(maxsize=256)(self._analyse)

    def __call__(
        self,
        current_text: Any,
        pre_transformation_constraints: Sequence[Any] = (),
        indices_to_modify: Any = None,
        shifted_idxs: bool = False,
        return_indices: bool = False,
    ) -> list[Any]:
        if pre_transformation_constraints or indices_to_modify is not None or return_indices:
            raise UsageError(
                "RobustxTransformation works on whole texts, not on numbered words: leave out constraints before the "
                "transformation (the task says what may be edited) and use GreedySearch or BeamSearch"
            )
        return self._get_transformations(current_text, None)

    def _get_transformations(self, current_text: Any, indices_to_modify: Any) -> list[Any]:
        columns = OrderedDict(current_text._text_input)
        state: State = current_text.attack_attrs.get(_STATE) or {name: (text, ()) for name, text in columns.items()}
        made = []
        for name, (source, edits) in state.items():
            if name in self._task.attackable:
                for one in self._more(source, edits):
                    more = (*edits, one)
                    text = apply(source, [each.edit for each in more])
                    if text.strip():
                        made.append(self._next(current_text, columns, name, text, {**state, name: (source, more)}))
        return made

    def _more(self, source: str, edits: tuple[Candidate, ...]) -> Iterator[Candidate]:
        return (one for one in self._analysed(source) if together(self._attack.card.unit, one, edits))

    def _analyse(self, source: str) -> list[Candidate]:
        kept = protected_spans(source, self._language, self._task.protects)
        text = Text(source, self._language, kept, reserved=reserved_words(self._language, self._task.protects))
        return list(candidates(self._operator, text))

    def _next(self, before: Any, columns: OrderedDict[str, str], name: str, text: str, state: State) -> Any:
        carried = {key: before.attack_attrs[key] for key in ("label_names",) if key in before.attack_attrs}
        made = {_STATE: state, "previous_attacked_text": before, "last_transformation": self, **carried}
        return _textattack.shared.AttackedText(OrderedDict({**columns, name: text}), attack_attrs=made)

    def extra_repr_keys(self) -> list[str]:
        """What TextAttack prints of it."""
        return ["_attack", "_language"]


def edits_made(text: Any) -> int:
    """How many edits a ``RobustxTransformation`` made to one of TextAttack's texts, for constraints on their number."""
    state: State = text.attack_attrs.get(_STATE, {})
    return sum(len(edits) for _, edits in state.values())
