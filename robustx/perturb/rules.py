"""Ordered rewriting rules: TSV files like those of ``tables``, with a regular expression where a table has a string.

Columns: ``pattern`` (in the syntax of the ``regex`` package) and ``to``, in which ``\\1`` stands for a group. The rules
hold one after another, each wherever its pattern matches in what the ones before it made.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import regex

from robustx.errors import CardError
from robustx.perturb.tables import body_of


class Rule(NamedTuple):
    """One rewriting step."""

    pattern: regex.Pattern[str]
    to: str


@lru_cache(maxsize=64)
def read_rules(path: Path) -> tuple[Rule, ...]:
    """Read the rules of a file, in order.

    Raises:
        CardError: the file is missing or a rule is wrong; the message names the line.
    """
    _, body = body_of(path)
    if not body or body[0][1].split("\t") != ["pattern", "to"]:
        raise CardError(f"{path}: expected a header row with the columns 'pattern' and 'to', and rules below it")
    return tuple(_rule(path, number, line) for number, line in body[1:])


def _rule(path: Path, number: int, line: str) -> Rule:
    pattern, _, to = line.partition("\t")
    try:
        rule = Rule(regex.compile(pattern, regex.V0), to)
        groups = [int(group) for group in regex.findall(r"\\(\d)", to)]
        if not pattern or "\t" in to or max(groups, default=0) > rule.pattern.groups:
            raise regex.error("expected a pattern, and in 'to' only groups that it has")
    except regex.error as error:
        raise CardError(f"{path}: line {number}: {error}") from error
    return rule
