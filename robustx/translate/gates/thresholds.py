"""What each figure must be for a row to be kept: data, in ``thresholds.toml``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from robustx.cards import Card, read_card

DEFAULT = Path(__file__).with_name("thresholds.toml")


def _named(value: str) -> str:
    if not value.strip():
        raise ValueError("expected some words")
    return value


Words = Annotated[str, AfterValidator(_named)]


class Bound(Card):
    """From where on a figure makes a row doubtful, and from where on rejected.

    Attributes:
        reason: what is then said of the row.
        bad: on which side of the bounds a figure is bad.
        doubtful: bound from which on a row is doubtful; left out, none is for this.
        rejected: bound from which on it is rejected; left out, none is for this.
    """

    reason: Words
    bad: Literal["above", "below"]
    doubtful: float | None = None
    rejected: float | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Bound:
        if self.doubtful is None and self.rejected is None:
            raise ValueError("expected doubtful, rejected or both")
        if self.doubtful is not None and self.rejected is not None:
            worse = self.rejected >= self.doubtful if self.bad == "above" else self.rejected <= self.doubtful
            if not worse:
                raise ValueError(f"rejected must lie {self.bad} doubtful")
        return self

    def reached(self, figure: float, bound: float | None) -> bool:
        """Whether a figure is at a bound or beyond it."""
        if bound is None:
            return False
        return figure >= bound if self.bad == "above" else figure <= bound


class Thresholds(Card):
    """Every bound, by the figure that it is for; a figure may have one on either side.

    Attributes:
        version: raised with every change, since it changes verdicts.
        source: where the bounds are from.
        bounds: figures without one are recorded and judge nothing.
    """

    version: Annotated[int, Field(ge=1)]
    source: Words
    licence: Words
    bounds: dict[str, list[Bound]]


@lru_cache(maxsize=8)
def read_thresholds(path: Path = DEFAULT) -> Thresholds:
    """Read a card of thresholds.

    Raises:
        CardError: it cannot be read, or a key or value does not fit.
    """
    return read_card(path, Thresholds)
