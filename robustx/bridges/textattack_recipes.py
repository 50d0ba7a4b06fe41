"""TextAttack's recipes as attacks (the extra ``textattack``).

Of a recipe's four parts the transformation and the constraints become an operator: every text that they allow after one
step is an edit. Its goal and its search are left out, for robustx samples, searches and enumerates itself.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

from robustx.bridges.resources import nothing_fetched, require
from robustx.bridges.rewriting import Rewriting, seeded
from robustx.bridges.textattack_package import imported
from robustx.errors import CardError, did_you_mean
from robustx.perturb.guests import GuestUse
from robustx.perturb.operators import Operator


def guest(use: GuestUse, language: str) -> Operator:
    """The operator of a recipe; ``language`` changes nothing, for a recipe treats all text alike.

    Raises:
        UsageError: TextAttack, or what the recipe needs, is not on this machine.
        CardError: there is no such recipe, or it does not take the options.
    """
    return Rewriting(Recipe(use))


class Recipe:
    """What a recipe's transformation and constraints allow after one step."""

    def __init__(self, use: GuestUse) -> None:
        textattack = imported(use.name)
        require(f"TextAttack's {use.name}", use.needs)
        self._use = use
        self.version = f"textattack {version('textattack')}"
        known = recipes()
        if use.name not in known:
            near = did_you_mean(use.name, known)
            raise CardError(f'name: TextAttack has no recipe "{use.name}".{near} Known: {", ".join(sorted(known))}')
        self._text = textattack.shared.AttackedText
        try:
            with nothing_fetched(), _quiet(textattack.shared.logger):
                self._attack = known[use.name].build(_NoVictim(), **use.options)
        except Exception as error:
            said = " ".join(str(error).split())[:200]
            raise CardError(f"TextAttack's {use.name} cannot be made: {type(error).__name__}: {said}") from error
        # where nothing is drawn a second call says the same
        self._calls = 1 if self._attack.use_transformation_cache else use.calls

    def rewrites(self, source: str) -> Iterator[str]:
        """Every text that one step may lead to, as often asked as the card says where the recipe draws."""
        original = self._text(source)
        for call in range(self._calls):
            self._attack.clear_cache()
            with seeded(self._use, source, call):
                made = self._attack.get_transformations(original, original_text=original)
            yield from (one.text for one in made)


def recipes() -> dict[str, Any]:
    """TextAttack's recipes by name."""
    textattack = imported("a recipe")
    module = textattack.attack_recipes
    base = module.AttackRecipe
    return {
        name: one
        for name, one in vars(module).items()
        if isinstance(one, type) and issubclass(one, base) and one is not base
    }


@contextmanager
def _quiet(logger: logging.Logger) -> Iterator[None]:
    """Nothing is said of a victim that is none, nor of how it is said."""
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            yield
    finally:
        logger.setLevel(level)


class _NoVictim:
    """Stands where a recipe wants a model: one step asks none."""

    model = None
