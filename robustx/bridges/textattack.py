"""robustx inside TextAttack: a checkpoint as its victim, an attack as its transformation (the extra ``textattack``).

    from robustx.bridges.textattack import RobustxModel, RobustxTransformation

    victim = RobustxModel(load("demo:anli"), task("xnli").labels)
    transformation = RobustxTransformation(load_attack("keyboard"), "hi", protects=("negation",))
    attack = textattack.Attack(UntargetedClassification(victim), [], transformation, GreedySearch())

Importing this module imports TextAttack, which takes some seconds. Tried with TextAttack 0.3.11.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from robustx.bridges.textattack_package import imported
from robustx.errors import UsageError
from robustx.perturb.attacks import Attack
from robustx.perturb.candidates import Candidate, candidates, together
from robustx.perturb.edits import apply
from robustx.perturb.protection import protected_spans, reserved_words
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

    Called with a list of (first, second) pairs it returns log probabilities, [inputs, labels], in the order of ``labels``.
    TextAttack puts a softmax over scores that do not sum to 1 within 1e-6, which rounding decides for probabilities.
    """

    def __init__(self, checkpoint: Checkpoint, labels: tuple[str, ...]) -> None:
        self.checkpoint = checkpoint
        self.model = checkpoint.model
        self._order = checkpoint.order(labels)

    def __call__(self, text_input_list: Sequence[tuple[str, str]], **kwargs: Any) -> Any:
        import torch

        from robustx.model.infer import encode, probabilities

        if not all(isinstance(one, tuple) and len(one) == 2 for one in text_input_list):
            raise UsageError(
                "RobustxModel takes pairs of texts: give TextAttack an OrderedDict of two fields, as premise and hypothesis"
            )
        made = probabilities(self.checkpoint, encode(self.checkpoint, list(text_input_list)))[:, self._order]
        return torch.from_numpy(np.log(np.maximum(made, np.finfo(np.float32).tiny)))


class RobustxTransformation(_Transformation):  # type: ignore[misc]
    """A robustx attack as TextAttack's transformation: every edit that can be added to those made so far.

    It works on the whole text, in any language, and takes no notice of TextAttack's words, which lack every combining
    mark. Edits are always of the original, at most one a word where the attack's severity counts words, as in robustx.
    So it goes with searches that do not rank words (``GreedySearch``, ``BeamSearch``), and with constraints on whole
    texts; what depends on the number of a word is an error.
    """

    def __init__(
        self,
        attack: Attack,
        language: str,
        fields: Collection[str] | None = None,
        protects: Iterable[str] = (),
    ) -> None:
        """``fields`` may be edited (all by default); ``protects`` as a task says, such as ``negation``."""
        self._attack = attack
        self._operator = attack.operator(language)
        self._language = language
        self._fields = fields
        self._protects = tuple(protects)
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
                "transformation (fields and protects keep texts from being touched) and use GreedySearch or BeamSearch"
            )
        return self._get_transformations(current_text, None)

    def _get_transformations(self, current_text: Any, indices_to_modify: Any) -> list[Any]:
        columns = OrderedDict(current_text._text_input)
        state: State = current_text.attack_attrs.get(_STATE) or {name: (text, ()) for name, text in columns.items()}
        made = []
        for name, (source, edits) in state.items():
            if self._fields is None or name in self._fields:
                for one in self._more(source, edits):
                    more = (*edits, one)
                    text = apply(source, [each.edit for each in more])
                    if text.strip():
                        made.append(self._next(current_text, columns, name, text, {**state, name: (source, more)}))
        return made

    def _more(self, source: str, edits: tuple[Candidate, ...]) -> Iterator[Candidate]:
        return (one for one in self._analysed(source) if together(self._attack.card.unit, one, edits))

    def _analyse(self, source: str) -> list[Candidate]:
        kept = protected_spans(source, self._language, self._protects)
        text = Text(source, self._language, kept, reserved=reserved_words(self._language, self._protects))
        return list(candidates(self._operator, text))

    def _next(self, before: Any, columns: OrderedDict[str, str], name: str, text: str, state: State) -> Any:
        carried = {key: before.attack_attrs[key] for key in ("label_names",) if key in before.attack_attrs}
        made = {_STATE: state, "previous_attacked_text": before, "last_transformation": self, **carried}
        return _textattack.shared.AttackedText(OrderedDict({**columns, name: text}), attack_attrs=made)

    def extra_repr_keys(self) -> list[str]:
        """What TextAttack prints of it."""
        return ["_attack", "_language"]
