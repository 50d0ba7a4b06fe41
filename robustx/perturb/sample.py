"""The sample strategy: edits of an attack at random, by keyed numbers, nested over severities and distinct over draws."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from robustx.perturb.attacks import Attack
from robustx.perturb.edits import Edit, clash
from robustx.perturb.keyed import key_of, number, shuffled
from robustx.perturb.operators import Operator
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
    attack: Attack, text: Text, place: Place, severities: Sequence[float], draws: int
) -> list[list[list[Edit]]]:
    """Edits for every draw and severity: ``result[draw][i]`` are those of ``severities[i]``.

    For one draw, the edits at a lower severity are the first of those at a higher one. Two draws begin with different
    edits wherever the text offers more than one. An empty list means that the attack cannot change the text.
    """
    operator = attack.operator(text.language)
    unit = attack.card.unit
    wanted = [amount(severity, unit, text) for severity in severities]
    most = max(wanted, default=0)
    base = key_of(place.seed, attack.id, attack.card.version, place.uid, text.language, place.field)
    seen: set[Edit] = set()
    made = []
    for draw in range(draws):
        edits: list[Edit] = []
        for attempt in range(_ATTEMPTS if most else 0):
            edits = _greedy(operator, text, number(base, draw * _ATTEMPTS + attempt), most, unit)
            if not edits or edits[0] not in seen:
                break
        seen.update(edits[:1])
        made.append([edits[:count] for count in wanted])
    return made


def _greedy(operator: Operator, text: Text, key: int, most: int, unit: str) -> list[Edit]:
    if unit == "words":
        return list(islice(_by_word(operator, text, key), most))
    chosen: list[Edit] = []
    for edit in _by_site(operator, text, key):
        if not clash(edit, chosen):
            chosen.append(edit)
            if len(chosen) == most:
                break
    return chosen


def _by_word(operator: Operator, text: Text, key: int) -> Iterator[Edit]:
    """At most one edit a word, the words in keyed order."""
    for word, chance in shuffled(key, len(text.spans)):
        if text.is_open(word):
            sites = operator.sites(text, word)
            if sites:
                edit = _pick(operator, text, sites, chance)
                if edit is not None:
                    yield edit


def _by_site(operator: Operator, text: Text, key: int) -> Iterator[Edit]:
    """At most one edit a site, the sites of all words in keyed order."""
    sites = [site for word in range(len(text.spans)) if text.is_open(word) for site in operator.sites(text, word)]
    for i, chance in shuffled(key, len(sites)):
        edit = _pick(operator, text, [sites[i]], chance)
        if edit is not None:
            yield edit


def _pick(operator: Operator, text: Text, sites: list[int], chance: int) -> Edit | None:
    """One edit at one of the sites; sites without one are passed over in turn from a keyed beginning."""
    chance, begin = divmod(chance, len(sites))
    for step in range(len(sites)):
        edits = operator.edits(text, sites[(begin + step) % len(sites)])
        if edits:
            return edits[chance % len(edits)]
    return None
