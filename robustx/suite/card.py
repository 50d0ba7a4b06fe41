"""Suite cards: tasks x languages x attacks x severities x draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from pydantic import Field

from robustx.cards import Card, find_card, read_card
from robustx.errors import CardError, UsageError, did_you_mean
from robustx.perturb.attacks import Attack, load_attack
from robustx.tasks.registry import TASKS
from robustx.text.languages import language as language_of

T = TypeVar("T")


class AttackUse(Card):
    """One attack in a suite, with its severities and draws."""

    id: str
    severities: list[float] | None = None
    draws: int = Field(default=1, ge=1, le=100)


class SuiteCard(Card):
    """What a suite's card says. See docs/suites.md."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    version: int = Field(ge=1)
    summary: str
    seed: int
    tasks: list[str] = Field(min_length=1)
    languages: list[str] = Field(min_length=1)
    words: str = Field(default="rules", pattern="^(rules|dictionary)$")
    fields: dict[str, list[str]] = Field(default_factory=dict)
    attacks: list[AttackUse]


@dataclass(frozen=True)
class SuiteSpec:
    """A checked suite card with its attacks loaded."""

    card: SuiteCard
    path: Path
    attacks: tuple[tuple[Attack, tuple[float, ...], int], ...]

    def unbuilt(self) -> SuiteSpec:
        """The suite with its attacks named and none of them carried out: what a search begins with."""
        return replace(self, attacks=tuple((attack, (), 0) for attack, _, _ in self.attacks))

    def languages(self, only: list[str] | None) -> list[str]:
        """The suite's languages, or those of them that were asked for.

        Raises:
            UsageError: one that was asked for is not in the suite.
        """
        for code in only or []:
            language_of(code)
            if code not in self.card.languages:
                raise UsageError(f"suite {self.card.id} has no language {code}; it has {' '.join(self.card.languages)}")
        return [code for code in self.card.languages if only is None or code in only]


def load_suite(name: str, extra: Path | None = None) -> SuiteSpec:
    """A suite by its name or the path of its card, with every name on it checked.

    Raises:
        UsageError: there is no such suite.
        CardError: the card, or an attack it names, is wrong.
    """
    path = find_card("suites", name, extra)
    card = read_card(path, SuiteCard)
    for i, code in enumerate(card.languages):
        _checked(path, f"languages[{i}]", partial(language_of, code))
    for i, task in enumerate(card.tasks):
        if task not in TASKS:
            raise CardError(f'{path}: tasks[{i}]: there is no task "{task}".{did_you_mean(task, TASKS)}')
    for task, fields in card.fields.items():
        if task not in card.tasks:
            raise CardError(f"{path}: fields.{task}: is none of the suite's tasks ({', '.join(card.tasks)})")
        able = TASKS[task].attackable
        if not fields or not set(fields) <= set(able):
            raise CardError(f"{path}: fields.{task}: expected some of {', '.join(able)}, found {fields}")
    uses = []
    for i, use in enumerate(card.attacks):
        attack = _checked(path, f"attacks[{i}]", partial(load_attack, use.id, extra))
        severities = tuple(use.severities if use.severities is not None else attack.card.ladder)
        bad = [s for s in severities if not severity_fits(attack, s)]
        if bad or not severities or list(severities) != sorted(set(severities)):
            where = f"{path}: attacks[{i}].severities"
            raise CardError(f"{where}: expected rising severities that fit {attack.id}, found {severities}")
        uses.append((attack, severities, use.draws))
    if len({attack.id for attack, _, _ in uses}) < len(uses):
        raise CardError(f"{path}: attacks: an attack is named twice")
    return SuiteSpec(card, path, tuple(uses))


def severity_fits(attack: Attack, severity: float) -> bool:
    """Whether a severity means something: a share of words, or a whole number of edits."""
    return 0 <= severity <= 1 if attack.card.unit == "words" else severity >= 0 and float(severity).is_integer()


def _checked(path: Path, where: str, load: Callable[[], T]) -> T:
    try:
        return load()
    except UsageError as error:
        raise CardError(f"{path}: {where}: {error}") from error
