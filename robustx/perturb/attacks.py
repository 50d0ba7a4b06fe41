"""Attacks: cards in ``attacks/`` that name an operator, its table and what severity means, and the operator they make."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

from pydantic import Field

from robustx.cards import Card, card_paths, find_card, read_card
from robustx.errors import CardError, UsageError, did_you_mean
from robustx.perturb.guests import GuestUse, guest_operator, guests
from robustx.perturb.normalisers import NORMALISERS, Normaliser
from robustx.perturb.operators import INSERTING, PLAIN, WITH_RULES, WITH_TABLE, Operator, make_operator
from robustx.perturb.rules import read_rules
from robustx.perturb.tables import read_table
from robustx.text.languages import language as language_of


class AttackCard(Card):
    """What an attack's card says. See CONTRIBUTING.md."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    version: int = Field(ge=1)
    summary: str
    family: Literal["typing", "spelling", "look", "marks", "space", "unseen", "case", "transliteration", "mixing"]
    operator: str
    table: str | None = None
    guest: GuestUse | None = None
    languages: list[str] | None = None
    unit: Literal["words", "edits"] = "words"
    severity: str
    ladder: list[float] = Field(min_length=1)
    validity: Literal["provable", "likely", "unchecked"]
    normaliser: Normaliser | None = None
    exempt: list[Literal["script", "nfc", "digits", "gaps", "marks"]] = Field(default_factory=list)
    caveats: list[str] = Field(default_factory=list)
    source: str


class Attack:
    """A card with the folder it lies in: makes operators, and can be told apart by its fingerprint."""

    def __init__(self, card: AttackCard, path: Path) -> None:
        self.card = card
        self.path = path
        self.id = card.id
        self._operators: dict[str, Operator] = {}
        if card.id != path.stem:
            raise CardError(f'{path}: id: expected "{path.stem}", as the file is called, found "{card.id}"')
        if (card.validity == "provable") != (card.normaliser is not None):
            raise CardError(
                f"{path}: normaliser: an attack is provable where a normaliser proves it, and only there; "
                f"expected one of {', '.join(NORMALISERS)} with validity provable, and none otherwise"
            )
        _check_operator(card, path)
        if card.normaliser and card.validity != "provable":
            raise CardError(
                f'{path}: normaliser: what {card.normaliser} undoes is provable; found validity "{card.validity}"'
            )
        try:
            for code in card.languages or []:
                language_of(code)
            (card.table or "").format(language="", script="")
        except UsageError as error:
            raise CardError(f"{path}: languages: {error}") from error
        except (KeyError, IndexError, ValueError, AttributeError) as error:
            problem = f"{card.table!r}: expected no fields but {{language}} and {{script}}"
            raise CardError(f"{path}: table: {problem}") from error
        fits = all(0 < s <= 1 if card.unit == "words" else s >= 1 and s.is_integer() for s in card.ladder)
        if not fits or sorted(set(card.ladder)) != card.ladder:
            wanted = "above 0, at most 1" if card.unit == "words" else "whole numbers from 1"
            raise CardError(f"{path}: ladder: expected rising severities ({wanted}), found {card.ladder}")

    def __repr__(self) -> str:
        return f"Attack({self.id}@{self.card.version})"

    def table_path(self, language: str) -> Path | None:
        """The table that serves a language, or None where the attack needs none."""
        if self.card.table is None:
            return None
        name = self.card.table.format(language=language, script=language_of(language).script)
        return self.path.parent / name

    def applies_to(self, language: str) -> bool:
        """Whether the attack has anything to say about a language: it is listed, and its table has rows for it."""
        if self.card.languages is not None and language not in self.card.languages:
            return False
        path = self.table_path(language)
        if path is None:
            return True
        if not path.is_file():
            return False
        return bool(read_rules(path) if self.card.operator in WITH_RULES else read_table(path, language).rows)

    def operator(self, language: str) -> Operator:
        """The operator for a language.

        Raises:
            UsageError: the attack does not apply to the language.
            CardError: its table is wrong, or of another kind than its operator reads.
        """
        if language not in self._operators:
            if not self.applies_to(language):
                raise UsageError(
                    f"attack {self.id} does not apply to {language}; `robustx attacks show {self.id}` lists its languages"
                )
            if self.card.guest is not None:
                return self._operators.setdefault(language, self._guest(self.card.guest, language))
            path = self.table_path(language)
            if path and self.card.operator in WITH_RULES:
                return self._operators.setdefault(language, WITH_RULES[self.card.operator](read_rules(path)))
            table = read_table(path, language) if path else None
            inserts = self.card.operator in INSERTING
            if table and inserts and set(table.rows) != {""}:
                raise CardError(f"{path}: {self.id} inserts: expected no column 'from'")
            if table and not inserts and "" in table.rows:
                raise CardError(f"{path}: {self.id} replaces: expected something to replace in every row's 'from'")
            try:
                self._operators[language] = make_operator(self.card.operator, table)
            except ValueError as error:
                raise CardError(f"{path}: {error}") from error
        return self._operators[language]

    def _guest(self, use: GuestUse, language: str) -> Operator:
        try:
            return guest_operator(self.card.operator, use, language)
        except CardError as error:
            raise CardError(f"{self.path}: guest: {error}") from error

    def fingerprint(self, language: str) -> str:
        """SHA-256 over the card, the table that serves the language and the operator's version."""
        digest = hashlib.sha256(self.path.read_bytes())
        table = self.table_path(language)
        digest.update(table.read_bytes() if table else b"")
        digest.update(str(self.operator(language).version).encode())
        return digest.hexdigest()


def _check_operator(card: AttackCard, path: Path) -> None:
    """That there is such an operator, and that the card says what it needs and nothing that it has no use for."""
    own = PLAIN | WITH_TABLE | WITH_RULES
    if card.operator not in own and card.operator not in guests():
        known = sorted([*own, *guests()])
        near = did_you_mean(card.operator, known)
        raise CardError(f'{path}: operator: there is no operator "{card.operator}".{near} Known: {", ".join(known)}')
    if (card.guest is None) != (card.operator in own):
        needs = "is robustx's own and takes no guest" if card.operator in own else "needs a table [guest] with a name"
        raise CardError(f"{path}: guest: operator {card.operator} {needs}")
    takes_table = card.operator in WITH_TABLE | WITH_RULES
    if (card.table is not None) != takes_table:
        needs = "needs a table" if takes_table else "takes no table"
        raise CardError(f"{path}: table: operator {card.operator} {needs}")


def load_attack(name: str, extra: Path | None = None) -> Attack:
    """An attack by its id, or by the path of its card.

    Raises:
        UsageError: there is no such attack; the message names the nearest.
        CardError: the card is wrong.
    """
    path = find_card("attacks", name, extra)
    return Attack(read_card(path, AttackCard), path)


def all_attacks(extra: Path | None = None) -> list[Attack]:
    """Every attack there is, by id."""
    return [Attack(read_card(path, AttackCard), path) for _, path in sorted(card_paths("attacks", extra).items())]
