"""The finite space of one example under one attack: its single edits, and which sets of them make a text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import NamedTuple

from robustx.perturb.attacks import Attack
from robustx.perturb.candidates import Candidate, candidates, together
from robustx.perturb.edits import Edit, apply
from robustx.suite.cells import FieldEdit
from robustx.text.analysis import Text

Choice = tuple[int, ...]
"""A set of edits, as rising positions in ``Space.members``."""

Carries = Callable[[Mapping[str, str]], bool]
"""Whether perturbed fields still carry the gold answer."""


class Probe(NamedTuple):
    """One text to ask the model about.

    Attributes:
        fields: the example's fields, in the task's order.
        choice: the edits that made it, or None where it is asked only for what it tells of the others.
    """

    fields: tuple[str, ...]
    choice: Choice | None


class Place(NamedTuple):
    """A word of a field."""

    field: str
    word: int


Salient = Callable[[Mapping[str, Text]], Mapping[Place, float]]
"""How much a model depends on each word of the texts that are attacked."""


class Space:
    """Every edit that an attack offers for one example, over all fields that may be attacked.

    Attributes:
        identity: the attack's id and version, and the languages of the texts: what random choices are keyed by.
        members: the single edits with their fields, in the order of the fields and of the text.
        places: the word each member stands in.
        words: the members in each word that has any, in the order of the text.

    Args:
        carries: leaves out edits after which the gold answer would be lost.
        salient: how much the model depends on each word, where a strategy asks for it.
    """

    def __init__(
        self,
        attack: Attack,
        fields: Mapping[str, str],
        texts: Mapping[str, Text],
        carries: Carries | None = None,
        salient: Salient | None = None,
    ) -> None:
        self.identity: tuple[str | int, ...] = (
            attack.id,
            attack.card.version,
            *sorted({text.language for text in texts.values()}),
        )
        self._unit = attack.card.unit
        self._fields, self._texts, self._carries, self._salient = dict(fields), texts, carries, salient
        self.members: list[FieldEdit] = []
        self.places: list[Place] = []
        self._candidates: list[Candidate] = []
        for name, text in texts.items():
            for one in candidates(attack.operator(text.language), text):
                if carries is None or carries(self._fields | {name: apply(text.source, [one.edit])}):
                    self.members.append(FieldEdit(name, one.edit))
                    self.places.append(Place(name, one.word))
                    self._candidates.append(one)
        self.words: dict[Place, list[int]] = {}
        rivals: dict[tuple[str, int], list[int]] = {}
        for i, place in enumerate(self.places):
            self.words.setdefault(place, []).append(i)
            at = place.word if self._unit == "words" else self.members[i].edit.start
            rivals.setdefault((place.field, at), []).append(i)
        self._rivals = list(rivals.values())

    def fits(self, choice: Choice, one: int) -> bool:
        """Whether a member can be made beside a set that can be made."""
        field = self.places[one].field
        beside = [self._candidates[i] for i in choice if self.places[i].field == field]
        return one not in choice and together(self._unit, self._candidates[one], beside)

    def count(self, size: int) -> int:
        """How many sets of a size there are, at most: edits of one word, or at one place, are not made together."""
        ways = [1] + [0] * size
        for members in self._rivals:
            for at in range(size, 0, -1):
                ways[at] += ways[at - 1] * len(members)
        return ways[size]

    def choices(self, size: int) -> Iterator[Choice]:
        """Every set of a size whose members fit together."""
        for groups in combinations(self._rivals, size):
            for chosen in product(*groups):
                if all(self.fits(chosen[:at], chosen[at]) for at in range(1, size)):
                    yield tuple(sorted(chosen))

    def probe(self, choice: Choice) -> Probe | None:
        """The text that a set makes; None where it leaves a field empty or no longer carries the gold answer."""
        made = dict(self._fields)
        for name in {self.places[i].field for i in choice}:
            made[name] = apply(self._fields[name], self._of(choice, name))
            if not made[name].strip():
                return None
        if len(choice) > 1 and self._carries is not None and not self._carries(made):
            return None
        return Probe(tuple(made.values()), choice)

    def without(self, place: Place) -> Probe | None:
        """The text without a word, to see what the model makes of its absence; None where nothing would be left."""
        start, end = self._texts[place.field].spans[place.word]
        source = self._fields[place.field]
        left = source[:start] + source[end:]
        return Probe(tuple((self._fields | {place.field: left}).values()), None) if left.strip() else None

    def saliency(self) -> dict[Place, float]:
        """How much the model depends on each word that has edits; empty where nobody can tell."""
        found = self._salient(self._texts) if self._salient else {}
        return {place: found[place] for place in self.words if place in found}

    def edits(self, choice: Choice) -> tuple[FieldEdit, ...]:
        """The edits of a set, in the order of the fields and of the text."""
        return tuple(FieldEdit(name, edit) for name in self._texts for edit in sorted(self._of(choice, name)))

    def _of(self, choice: Sequence[int], field: str) -> list[Edit]:
        return [self.members[i].edit for i in choice if self.places[i].field == field]


def joined(choice: Choice, one: int) -> Choice:
    """A set with one more member."""
    return tuple(sorted((*choice, one)))
