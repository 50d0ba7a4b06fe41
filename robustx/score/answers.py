"""Gold and predictions as a reader understands them: tags beside their tokens, answers as text, a found sentence as itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

_MOST = 6
"""Tokens whose tags are shown at most."""


class Answers(NamedTuple):
    """The gold of an example, and what was predicted for it, clean and attacked."""

    gold: str
    before: str
    after: str


def shown_answers(head: str, found: Answers, clean: pa.Table, fields: Mapping[str, str]) -> Answers:
    """The same, for people.

    Args:
        head: of the task, as ``run.json`` names it.
        clean: the clean cell of the example's language.
        fields: the example's clean fields.
    """
    if head == "tagging":
        return _tags(found, fields)
    if head == "answering":
        return found._replace(gold=_texts(found.gold))
    if head == "retrieval":
        return Answers(*(_target(clean, uid) for uid in found))
    return found


def _tags(found: Answers, fields: Mapping[str, str]) -> Answers:
    """``Delhi B-LOC, visited O``: the tokens whose tags are not the same in all three."""
    tokens = next(iter(fields.values())).split("\n")
    rows = list(zip(tokens, *(one.split(" ") for one in found), strict=False))
    moved = [row for row in rows if len(set(row[1:])) > 1]
    more = " …" if len(moved) > _MOST else ""
    return Answers(*(", ".join(f"{row[0]} {row[i]}" for row in moved[:_MOST]) + more for i in (1, 2, 3)))


def _texts(gold: str) -> str:
    try:
        answers: list[dict[str, Any]] = json.loads(gold)
        return " | ".join(dict.fromkeys(str(answer["text"]) for answer in answers))
    except (ValueError, KeyError, TypeError):
        return gold


def _target(clean: pa.Table, uid: str) -> str:
    if "target" not in clean.column_names or not uid:
        return uid or "none"
    rows = clean.filter(pc.equal(clean["uid"], uid))["target"].to_pylist()
    return str(rows[0]) if rows else uid
