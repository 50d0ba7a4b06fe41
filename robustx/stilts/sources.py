"""What there is to train on: the nine intermediate tasks and XTREME's targets (``sources.toml``)."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from robustx.cards import Card
from robustx.errors import CardError, UsageError, did_you_mean

Kind = Literal["pair", "tagged", "question", "choice", "retrieval"]


class Hub(Card):
    """A data set on the hub: its id, config and splits; ``prefix`` keeps rows whose ``id`` begins so."""

    id: str
    config: str | None = None
    revision: str | None = None
    train: str | None = None
    dev: str | None = None
    prefix: str | None = None


class Source(Card):
    """A task: what its examples are, its labels and where its rows come from. See ``sources.toml``."""

    name: str
    kind: Kind
    about: str
    target: bool = False
    labels: list[str] = Field(default_factory=list)
    aliases: dict[str, str] = Field(default_factory=dict)
    unlabelled: list[str] = Field(default_factory=list)
    columns: dict[str, list[str]] = Field(default_factory=dict)
    metric: Literal["accuracy", "f1"] = "accuracy"
    train: list[str] = Field(default_factory=list)
    dev: list[str] = Field(default_factory=list)
    train_from: list[str] = Field(default_factory=list)
    dev_from: list[str] = Field(default_factory=list)
    folders: list[str] = Field(default_factory=list)
    hub: Hub | None = None

    def label(self, written: str) -> str | None:
        """The label that a row means, or None where the row has no gold.

        Raises:
            ValueError: the row's label is none of the task's.
        """
        text = written.strip()
        if text in self.unlabelled:
            return None
        if self.labels:
            low = {label.lower(): label for label in self.labels}
            found = low.get(text.lower()) or self.aliases.get(text) or self.aliases.get(text.lower())
            if found is None:
                raise ValueError(f'the label "{text[:40]}"; expected one of {", ".join(self.labels)}')
            return found
        return self.aliases.get(text, text)


@lru_cache(maxsize=1)
def sources() -> dict[str, Source]:
    """Every task by name."""
    path = Path(__file__).with_name("sources.toml")
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        return {name: Source.model_validate({"name": name, **values}) for name, values in raw.items()}
    except ValidationError as error:
        raise CardError(f"{path}: {error}") from error


def source(name: str) -> Source:
    """A task by its name.

    Raises:
        UsageError: there is no such task; the message names the nearest.
    """
    known = sources()
    if name not in known:
        raise UsageError(
            f'there is no training task "{name}".{did_you_mean(name, known)} Tasks: {", ".join(sorted(known))}'
        )
    return known[name]


def trainable(name: str) -> Source:
    """A task that has English training data.

    Raises:
        UsageError: there is no such task, or it has none (BUCC 2018, Tatoeba).
    """
    found = source(name)
    if found.kind == "retrieval":
        raise UsageError(
            f"{name} has no English training data: leave target out and give the encoder that the intermediate phase makes "
            f"to {name}"
        )
    return found
