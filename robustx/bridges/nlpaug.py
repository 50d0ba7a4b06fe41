"""nlpaug's character and word augmenters as attacks (the extra ``nlpaug``).

A card names the class and its options; what the class draws is keyed, so that a text comes out the same whatever came
before it. Tried with nlpaug 1.1.11.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

from robustx.bridges.resources import nothing_fetched, require
from robustx.bridges.rewriting import Rewriting, seeded
from robustx.errors import CardError, MissingExtraError, UsageError, did_you_mean
from robustx.perturb.guests import GuestUse
from robustx.perturb.operators import Operator


def guest(use: GuestUse, language: str) -> Operator:
    """The operator of an augmenter; ``language`` changes nothing, a card's options do.

    Raises:
        UsageError: nlpaug, or what the augmenter needs, is not on this machine.
        CardError: there is no such augmenter, or it does not take the options.
    """
    return Rewriting(Augmented(use))


class Augmented:
    """What an augmenter makes of a text, asked as often as the card says."""

    def __init__(self, use: GuestUse) -> None:
        if find_spec("nlpaug") is None:
            raise MissingExtraError(use.name, "nlpaug", "nlpaug")
        require(use.name, use.needs)
        self._use = use
        self.version = f"nlpaug {version('nlpaug')}"
        known = augmenters()
        if use.name not in known:
            near = did_you_mean(use.name, known)
            raise CardError(f'name: nlpaug has no augmenter "{use.name}".{near} Known: {", ".join(sorted(known))}')
        self._augmenter = _in_order(_made(known[use.name], use))

    def rewrites(self, source: str) -> Iterator[str]:
        """As many texts as calls, less those where it failed or returned nothing."""
        for call in range(self._use.calls):
            with seeded(self._use, source, call), nothing_fetched():
                made = self._augmented(source)
            if made is not None:
                yield made

    def _augmented(self, source: str) -> str | None:
        try:
            made = self._augmenter.augment(source)
        except OSError as error:
            raise _missing(self._use, error) from error
        except Exception as error:  # what an augmenter cannot do to a text it says by all kinds of exceptions
            if type(error) is LookupError:  # NLTK's word for data that is not there
                raise _missing(self._use, error) from error
            return None
        found = made[0] if isinstance(made, list) and made else made
        return found if isinstance(found, str) else None


def augmenters() -> dict[str, Any]:
    """nlpaug's classes that augment characters and words, by name."""
    with nothing_fetched():
        from nlpaug.augmenter import char, word
    kinds = ((char, char.CharAugmenter), (word, word.WordAugmenter))
    return {
        name: one
        for module, base in kinds
        for name, one in vars(module).items()
        if isinstance(one, type) and issubclass(one, base) and one is not base
    }


def _made(augmenter: Any, use: GuestUse) -> Any:
    try:
        with nothing_fetched():
            return augmenter(**use.options)
    except (LookupError, OSError, ImportError) as error:
        raise _missing(use, error) from error
    except Exception as error:
        raise CardError(f"options: nlpaug's {use.name} does not take {use.options}: {error}") from error


def _in_order(augmenter: Any) -> Any:
    """Misspellings come to nlpaug through a set, so that their order hangs on the hash seed of the process."""
    words = getattr(getattr(augmenter, "model", None), "dict", None)
    if isinstance(words, dict):
        words |= {word: sorted(others) for word, others in words.items() if isinstance(others, list)}
    return augmenter


def _missing(use: GuestUse, error: Exception) -> UsageError:
    said = " ".join(str(error).split())[:200]
    return UsageError(f"nlpaug's {use.name} needs what is not on this machine: {type(error).__name__}: {said}")
