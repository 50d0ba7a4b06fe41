"""Sets of NLI that others made, by name: where they are on the hub, and in which languages. The table is ``nli_sets.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import Field, ValidationError, field_validator

from robustx.cards import Card, read_card
from robustx.errors import CardError, UsageError, did_you_mean
from robustx.tasks.holdout import Holdout, read_holdout
from robustx.tasks.hub import configs_of, named_rows, splits_of
from robustx.text.languages import language as language_of
from robustx.text.languages import languages

_TABLE = Path(__file__).with_name("nli_sets.toml")
_SPLITS = ("test", "validation", "dev", "train")
"""Of a set that is no card's, in the order in which they are looked for."""


class NliSet(Card):
    """One set of NLI on the hub; ``nli_sets.toml`` says what each key means."""

    about: str
    hub: str
    config: str | None = None
    split: str
    files: str | None = None
    revision: str | None = None
    separator: str | None = None
    languages: list[str]
    codes: dict[str, str] = Field(default_factory=dict)
    labels: list[str] = Field(default_factory=list)
    training: bool = False
    licence: str
    source: str

    @field_validator("languages")
    @classmethod
    def _known(cls, codes: list[str]) -> list[str]:
        unknown = [code for code in codes if code not in languages()]
        if unknown or not codes:
            raise ValueError(f"expected languages that robustx knows, not {', '.join(unknown) or 'none'}")
        return codes

    def rows(self, language: str) -> Iterator[Mapping[str, Any]]:
        """The rows of one language as they come, class numbers by their names, columns in lower case.

        Raises:
            DataError: they cannot be reached.
        """
        config, split, files = (self._of(language, part) for part in (self.config, self.split, self.files))
        reading = {} if self.separator is None else {"sep": self.separator}
        for row in named_rows(self.hub, config, str(split), self.revision, files, **reading):
            yield {str(column).lower(): cell for column, cell in row.items()}

    def _of(self, language: str, part: str | None) -> str | None:
        return None if part is None else part.replace("{language}", self.codes.get(language, language))


class Chosen(NamedTuple):
    """A set, and which of its rows may be read if they are training rows."""

    set: NliSet
    rule: Holdout | None


def chosen(name: str) -> Chosen:
    """What ``SET[:LANGUAGE][:HOLDOUT.toml]`` names: SET is a set of the table, a card of one's own, or OWNER/NAME[/CONFIG].

    A data set that no card describes has one config a language, or is in the language that is named after it.

    Raises:
        UsageError: there is no such set or language.
        DataError: the data set cannot be reached, or its languages cannot be told.
        CardError: a card of one's own breaks a rule.
    """
    first, *more = name.split(":")
    rules = [part for part in more if part.endswith(".toml")]
    codes = [language_of(part).code for part in more if part not in rules]
    if len(rules) > 1 or len(codes) > 1:
        raise UsageError(f"--data hub:{name}: expected hub:SET, then at most one language and one hold-out rule")
    rule = read_holdout(Path(rules[0])) if rules else None
    if first in nli_sets() or first.endswith(".toml"):
        known = nli_sets()[first] if first in nli_sets() else read_card(Path(first), NliSet)
        if codes and codes[0] not in known.languages:
            raise UsageError(f"--data hub:{name}: {first} is in {', '.join(known.languages)}")
        return Chosen(known.model_copy(update={"languages": codes}) if codes else known, rule)
    return Chosen(_described(first, codes), rule)


@lru_cache(maxsize=1)
def nli_sets() -> dict[str, NliSet]:
    """Every set of the table by its name.

    Raises:
        CardError: the table breaks a rule.
    """
    raw = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    try:
        return {name: NliSet.model_validate(one) for name, one in raw.items()}
    except ValidationError as error:
        raise CardError(f"{_TABLE}: {error}") from error


def spelt() -> dict[str, str]:
    """What sets call languages otherwise than robustx does, to robustx's codes: aym is ay."""
    return {other: code for one in nli_sets().values() for code, other in one.codes.items()}


def _described(name: str, codes: list[str]) -> NliSet:
    """A data set that has no card, by what the hub says of it."""
    owner, slash, rest = name.partition("/")
    title, _, config = rest.partition("/")
    if not slash or not owner or not title:
        near = did_you_mean(name, nli_sets())
        raise UsageError(
            f"--data hub:{name}: there is no such set.{near} Sets: {', '.join(nli_sets())}; or OWNER/NAME of any data set "
            "on the hub with columns for premise, hypothesis and label"
        )
    dataset = f"{owner}/{title}"
    found = [] if codes else [one for one in configs_of(dataset) if one in languages()]
    if not codes and (config or not found):
        raise UsageError(
            f"--data hub:{name}: its language cannot be told: it has no config that is called as a language is; "
            f"say it, as in hub:{name}:ko"
        )
    named = "{language}" if found else config or None
    splits = splits_of(dataset, found[0] if found else named)
    split = next((one for one in _SPLITS if one in splits), None)
    if split is None:
        raise UsageError(
            f"--data hub:{name}: has the splits {', '.join(splits)}, none of {', '.join(_SPLITS)}; describe it in a card: "
            "hub:MY.toml, as robustx/tasks/nli_sets.toml does"
        )
    return NliSet(
        about=dataset, hub=dataset, config=named, split=split, languages=codes or found, training=split == "train",
        licence="as its page on the hub says", source=dataset,
    )  # fmt: skip
