"""The sample strategy: edits of an attack at random, by keyed numbers, nested over severities and distinct over draws."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from robustx.perturb.attacks import Attack
from robustx.perturb.edits import Edit, apply, clash, makes
from robustx.perturb.keyed import key_of, numbers, shuffled
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


def sample(attack: Attack, text: Text, place: Place, severities: Sequence[float], draws: int) -> list[list[list[Edit]]]:
    """Edits for every draw and severity: ``result[draw][i]`` are those of ``severities[i]``.

    For one draw, the edits at a lower severity are the first of those at a higher one. The first edits of two draws make
    different texts wherever the text offers as many. An empty list means that the attack cannot change the text.
    """
    operator = attack.operator(text.language)
    unit = attack.card.unit
    wanted = [amount(severity, unit, text) for severity in severities]
    most = max(wanted, default=0)
    base = key_of(place.seed, attack.id, attack.card.version, place.uid, text.language, place.field)
    seen: set[str] = set()
    made = []
    for draw in range(draws):
        edits: list[Edit] = []
        for attempt in range(_ATTEMPTS if most else 0):
            edits = _greedy(operator, text, numbers(base, draw, attempt), most, unit)
            if not edits or not seen or apply(text.source, edits[:1]) not in seen:
                break
        else:
            first = _unseen(operator, text, numbers(base, draw, _ATTEMPTS), seen) if most else None
            if first is not None:
                edits = _greedy(operator, text, numbers(base, draw), most, unit, first=first)
        if edits and draw + 1 < draws:
            seen.add(apply(text.source, edits[:1]))
        made.append([edits[:count] for count in wanted])
    return made


def _greedy(
    operator: Operator,
    text: Text,
    chances: Iterator[int],
    most: int,
    unit: str,
    *,
    first: tuple[int, Edit] | None = None,
) -> list[Edit]:
    """Edits in keyed order, as many as there may be; the first of them, with its word, may be given."""
    word, chosen = (first[0], [first[1]]) if first else (-1, [])
    if unit == "words":
        return chosen + list(islice(_by_word(operator, text, chances, word), most - len(chosen)))
    for edit in _by_site(operator, text, chances):
        if len(chosen) == most:
            break
        if not clash(edit, chosen) and (edit.replacement or apply(text.source, [*chosen, edit]).strip()):
            chosen.append(edit)
    return chosen


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
            if _allowed(text, edit):
                return edit
            others = [one for one in edits if _allowed(text, one)]
            if others:
                return others[chance % len(others)]
    return None


def _allowed(text: Text, edit: Edit) -> bool:
    return text.reserved is None or not makes(text.source, edit, text.reserved)
