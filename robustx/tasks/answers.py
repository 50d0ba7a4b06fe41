"""Answers as spans of a context: how they are kept as gold, where they stand, and where edits move them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from robustx.perturb.edits import Edit, remap


class Answer(NamedTuple):
    """One gold answer: ``context[start : start + len(text)] == text``, in code points."""

    text: str
    start: int

    @property
    def span(self) -> tuple[int, int]:
        """(start, end) in the context."""
        return self.start, self.start + len(self.text)


def as_gold(answers: Iterable[Answer]) -> str:
    """Answers as the gold of an example: a JSON list of ``{"text", "start"}``."""
    return json.dumps([answer._asdict() for answer in answers], ensure_ascii=False)


@lru_cache(maxsize=8192)
def from_gold(gold: str) -> tuple[Answer, ...]:
    """The answers that ``as_gold`` wrote."""
    return tuple(Answer(answer["text"], answer["start"]) for answer in json.loads(gold))


def located(context: str, text: str, start: int) -> Answer | None:
    """The answer where it stands nearest to ``start``, or None where the context does not have it.

    Of two occurrences equally near, the earlier. Published offsets are sometimes off by what a converter counted
    otherwise (bytes, UTF-16 units, markup that was taken out).
    """
    if not text:
        return None
    start = min(max(start, 0), len(context))
    before, after = context.rfind(text, 0, start + len(text)), context.find(text, start)
    near = [place for place in (before, after) if place >= 0]
    return Answer(text, min(near, key=lambda place: (abs(place - start), place))) if near else None


def moved(answers: Iterable[Answer], edits: Sequence[Edit]) -> tuple[Answer, ...]:
    """The answers where they stand after edits of the context, none of which touches an answer."""
    return tuple(Answer(answer.text, remap(answer.start, edits)) for answer in answers)
