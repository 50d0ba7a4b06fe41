"""Guests: operators that other packages bring, found by name among the installed entry points ``robustx.guests``.

An entry point names a function that takes a ``GuestUse`` and a language and returns an ``Operator``. robustx brings two
itself, ``textattack`` and ``nlpaug``; a package of one's own can bring more.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points

from pydantic import Field

from robustx.cards import Card
from robustx.errors import UsageError
from robustx.perturb.operators import Operator

GROUP = "robustx.guests"
"""The group of entry points that bring operators."""


class GuestUse(Card):
    """What a card says of the guest that it calls.

    Attributes:
        name: what the package calls it, such as a class.
        calls: how often it is asked for a text, where it answers by chance.
        needs: what it must find on this machine besides its package (``robustx.bridges.resources``).
        options: handed to the guest as they are.
    """

    name: str
    calls: int = Field(default=8, ge=1, le=1000)
    needs: list[str] = Field(default_factory=list)
    options: dict[str, str | int | float | bool | list[str]] = Field(default_factory=dict)


def guests() -> dict[str, EntryPoint]:
    """The guests that are installed, by the name that a card calls them."""
    return {point.name: point for point in entry_points(group=GROUP)}


def guest_operator(name: str, use: GuestUse, language: str) -> Operator:
    """The operator of a guest for a language.

    Raises:
        UsageError: there is no such guest, its package is not installed, or what it needs is not on this machine.
        CardError: the package has nothing of the name, or does not take the options.
    """
    point = guests().get(name)
    if point is None:
        raise UsageError(f'there is no guest "{name}"; installed: {", ".join(guests()) or "none"}')
    opened = point.load()(use, language)
    if not isinstance(opened, Operator):
        raise UsageError(f"{point.value}: expected it to return an Operator, found {type(opened).__name__}")
    return opened
