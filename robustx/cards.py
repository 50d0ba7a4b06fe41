"""Cards: TOML files in ``attacks/``, ``suites/`` and ``recipes/`` (and in a user's own folders), found, read and checked.

Nothing here knows what a card means; a wrong key or value is one error that names the file, the key and what was
expected.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from robustx.errors import CardError, UsageError, did_you_mean


class Card(BaseModel):
    """Base of every card: unknown keys are errors, and a card never changes once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


C = TypeVar("C", bound=Card)

KINDS = ("attacks", "suites", "recipes")
"""The folders that cards lie in."""


def card_folder(kind: str) -> Path:
    """The folder of the cards that come with robustx: inside the wheel, or at the repository's root."""
    package = Path(__file__).parent
    packed = package / "cards_data" / kind
    return packed if packed.is_dir() else package.parent / kind


def card_paths(kind: str, extra: Path | None = None) -> dict[str, Path]:
    """Every card of a kind by name; a user's come before robustx's own.

    Args:
        extra: a user's folder, with ``attacks``, ``suites`` or ``recipes`` in it as in robustx's own; one of them is enough.

    Raises:
        UsageError: the user's folder is not there, or is none of cards.
    """
    found = {path.stem: path for path in sorted(card_folder(kind).glob("*.toml"))}
    if extra is not None:
        if not any((extra / one).is_dir() for one in KINDS):
            raise UsageError(f"--cards {extra}: expected a folder with {', '.join(KINDS[:-1])} or {KINDS[-1]} in it")
        found |= {path.stem: path for path in sorted((extra / kind).glob("*.toml"))}
    return found


def find_card(kind: str, name: str, extra: Path | None = None) -> Path:
    """The path of a card by its name, or of a card file given as a path.

    Cards in the folder ``guests`` need packages that are not robustx's own: they are found by name and not listed.

    Raises:
        UsageError: there is no such card; the message names the nearest.
    """
    if name.endswith(".toml"):
        path = Path(name)
        if not path.is_file():
            raise UsageError(f"{name}: there is no such card file")
        return path
    known = card_paths(kind, extra)
    if name not in known:
        guests = {path.stem: path for path in sorted((card_folder(kind) / "guests").glob("*.toml"))}
        if name in guests:
            return guests[name]
        more = f" --cards {extra}" if extra is not None else ""
        shown = f"`robustx {_command(kind)} list{more}` shows all {len(known)}."
        raise UsageError(
            f"{_no_such(kind, name, guests | known)} {shown if kind != 'recipes' else 'Recipes: ' + ', '.join(known)}"
        )
    return known[name]


def read_card(path: Path, kind: type[C]) -> C:
    """Read and check one card.

    Raises:
        CardError: the file is not TOML, or a key is unknown, missing or has a value that does not fit.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CardError(f"{path}: cannot be read as TOML: {error}") from error
    try:
        return kind.model_validate(raw)
    except ValidationError as error:
        raise CardError(_first_problem(path, kind, error)) from error


def _no_such(kind: str, name: str, known: dict[str, Path]) -> str:
    return f'there is no {kind.removesuffix("s")} "{name}".{did_you_mean(name, known)}'


def _command(kind: str) -> str:
    return "suite" if kind == "suites" else kind


def _first_problem(path: Path, kind: type[Card], error: ValidationError) -> str:
    # a misspelt key is an unknown one and a missing one; the unknown one says more
    problem = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in problem["loc"]).lstrip(".")
    if problem["type"] == "extra_forbidden":
        known = list(_card_at(kind, problem["loc"]).model_fields)
        near = did_you_mean(str(problem["loc"][-1]), known)
        return f"{path}: {key}: unknown key.{near} Known keys: {', '.join(known)}"
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{path}: {key or 'card'}: {problem['msg']}{more}"


def _card_at(kind: type[Card], where: tuple[int | str, ...]) -> type[Card]:
    """The card, or the card inside it, that has the key."""
    for part in where[:-1]:
        if isinstance(part, str):
            inner = get_args(kind.model_fields[part].annotation)
            kind = next((one for one in inner if isinstance(one, type) and issubclass(one, Card)), kind)
    return kind
