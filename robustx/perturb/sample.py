"""The sample strategy: edits of an attack at random, by keyed numbers, nested over severities and distinct over draws."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain, islice
from typing import NamedTuple

from robustx.perturb.attacks import Attack
from robustx.perturb.edits import Edit, apply, clash, makes
from robustx.perturb.keyed import key_of, numbers, shuffled
from robustx.perturb.measure import Measure
from robustx.perturb.operators import Operator, chosen
from robustx.text.analysis import Text

_ATTEMPTS = 8


class Place(NamedTuple):
    """What a draw is keyed by, besides attack and draw number."""

    seed: int
    uid: str
    field: str


def amount(severity: float, unit: str, text: Text) -> int:
    """How many edits a severity asks for: a share of the text's words (at least one), or a count."""
    if severity == 0:
        return 0
    if unit == "words":
        return max(1, math.floor(severity * len(text.words) + 0.5))
    return round(severity)


def sample(
    attack: Attack,
    text: Text,
    place: Place,
    severities: Sequence[float],
    draws: int,
    match: Measure | None = None,
) -> list[list[list[Edit]]]:
    """Edits for every draw and severity: ``result[draw][i]`` are those of ``severities[i]``.

    For one draw, the edits at a lower severity are the first of those at a higher one. The first edits of two draws make
    different texts wherever the text offers as many. An empty list means that the attack cannot change the text.

    Args:
        match: measures severities that are shares; words by default. A severity is a share of the text's ``match``, and
            the edits are as many as come nearest to it, at least one.
    """
    operator = attack.operator(text.language)
    unit = attack.card.unit
    goal = _Count(severities, unit, text) if match is None or unit == "edits" else _Share(severities, match, text)
    base = key_of(place.seed, attack.id, attack.card.version, place.uid, text.language, place.field)
    seen: set[str] = set()
    made = []
    for draw in range(draws):
        edits: list[Edit] = []
        for attempt in range(_ATTEMPTS if goal.any else 0):
            edits = goal.enough(_chosen(operator, text, numbers(base, draw, attempt), unit))
            if not edits or not seen or apply(text.source, edits[:1]) not in seen:
                break
        else:
            first = _unseen(operator, text, numbers(base, draw, _ATTEMPTS), seen) if goal.any else None
            if first is not None:
                edits = goal.enough(_chosen(operator, text, numbers(base, draw), unit, first=first))
        if edits and draw + 1 < draws:
            seen.add(apply(text.source, edits[:1]))
        made.append([edits[:count] for count in goal.counts(edits)])
    return made


class _Count:
    """So many edits a severity."""

    def __init__(self, severities: Sequence[float], unit: str, text: Text) -> None:
        self._wanted = [amount(severity, unit, text) for severity in severities]
        self._most = max(self._wanted, default=0)
        self.any = self._most > 0

    def enough(self, edits: Iterator[Edit]) -> list[Edit]:
        """As many of the edits as the strongest severity wants."""
        return list(islice(edits, self._most))

    def counts(self, edits: Sequence[Edit]) -> list[int]:
        """How many of the edits belong to each severity."""
        return self._wanted


class _Share:
    """As many edits as change a share of the text, in some measure."""

    def __init__(self, severities: Sequence[float], match: Measure, text: Text) -> None:
        total = match.total(text)
        self._wanted = [severity * total for severity in severities]
        self._changed = partial(match.changed, text)
        self.any = max(self._wanted, default=0) > 0

    def enough(self, edits: Iterator[Edit]) -> list[Edit]:
        """As many of the edits as the strongest severity wants."""
        made: list[Edit] = []
        changed = 0.0
        for edit in edits:
            more = self._changed(edit)
            if made and changed + more / 2 > max(self._wanted):
                break
            made.append(edit)
            changed += more
        return made

    def counts(self, edits: Sequence[Edit]) -> list[int]:
        """How many of the edits belong to each severity."""
        sizes = [self._changed(edit) for edit in edits]
        return [_nearest(sizes, wanted) if wanted else 0 for wanted in self._wanted]


def _nearest(sizes: Sequence[float], wanted: float) -> int:
    """How many of the sizes, from the first on, come nearest to a sum; at least one."""
    changed, count = 0.0, 0
    for size in sizes:
        if count and changed + size / 2 > wanted:
            break
        changed += size
        count += 1
    return count


def _chosen(
    operator: Operator, text: Text, chances: Iterator[int], unit: str, *, first: tuple[int, Edit] | None = None
) -> Iterator[Edit]:
    """Edits that can be made together, in keyed order; the first of them, with its word, may be given."""
    word, given = (first[0], [first[1]]) if first else (-1, [])
    if unit == "words":
        rest = _by_word(operator, text, chances, word)
        return chain(given, rest) if given else rest
    return chain(given, _together(operator, text, chances, given))


def _together(operator: Operator, text: Text, chances: Iterator[int], given: Sequence[Edit]) -> Iterator[Edit]:
    """Edits at any sites, in keyed order, that clash with none before them and leave the text something."""
    made = list(given)
    for edit in _by_site(operator, text, chances):
        if not clash(edit, made) and (edit.replacement or apply(text.source, [*made, edit]).strip()):
            made.append(edit)
            yield edit


def _unseen(operator: Operator, text: Text, chances: Iterator[int], seen: set[str]) -> tuple[int, Edit] | None:
    """A word and an edit in it that makes none of the texts seen: for when chance has met only those."""
    for word, chance in shuffled(chances, len(text.spans)):
        if word not in operator.closed(text):
            edits = [edit for site in operator.sites(text, word) for edit in operator.edits(text, site)]
            fresh = [edit for edit in edits if apply(text.source, [edit]) not in seen and _allowed(text, edit)]
            if fresh:
                return word, fresh[chance % len(fresh)]
    return None


def _by_word(operator: Operator, text: Text, chances: Iterator[int], but: int) -> Iterator[Edit]:
    """At most one edit a word, the words in keyed order; one of them may be passed over."""
    closed = operator.closed(text)
    for word, chance in shuffled(chances, len(text.spans)):
        if word != but and word not in closed:
            sites = operator.sites(text, word)
            edit = _pick(operator, text, sites, chance) if sites else None
            if edit is not None:
                yield edit


def _by_site(operator: Operator, text: Text, chances: Iterator[int]) -> Iterator[Edit]:
    """At most one edit a site, the sites of all words in keyed order."""
    closed = operator.closed(text)
    sites = [site for word in range(len(text.spans)) if word not in closed for site in operator.sites(text, word)]
    for i, chance in shuffled(chances, len(sites)):
        edit = _pick(operator, text, [sites[i]], chance)
        if edit is not None:
            yield edit


def _pick(operator: Operator, text: Text, sites: list[int], chance: int) -> Edit | None:
    """One edit at one of the sites; sites without one are passed over in turn from a keyed beginning."""
    chance, begin = divmod(chance, len(sites))
    for site in (*sites[begin:], *sites[:begin]) if len(sites) > 1 else sites:
        edits = operator.edits(text, site)
        if len(edits):
            edit = chosen(edits, chance)
            if text.reserved is None or _allowed(text, edit):
                return edit
            others = [one for one in edits if _allowed(text, one)]
            if others:
                return others[chance % len(others)]
    return None


def _allowed(text: Text, edit: Edit) -> bool:
    return text.reserved is None or not makes(text.source, edit, text.reserved)
