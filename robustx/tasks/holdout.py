"""The hold-out rule: which rows of a training set may serve for testing, decided by their premise and nothing else.

All rows of one premise fall on the same side, in every language that the set was translated into, so that no premise of
the test was seen in training. Training must leave out the same rows.
"""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import NamedTuple

from robustx.errors import DataError

NAME = "holdout.toml"
"""The file, beside the training rows, that says the rule was kept."""


class Holdout(NamedTuple):
    """The rule: a share of all premises, chosen by a seed."""

    share: float
    seed: str

    def holds(self, premise: str) -> bool:
        """Whether the rows of a premise (as in the original language) are held out."""
        digest = hashlib.sha256(f"{self.seed}\n{premise.strip()}".encode("utf-8", "surrogatepass")).digest()
        return int.from_bytes(digest[:8], "big") < self.share * 2**64


def holdout(folder: Path) -> Holdout | None:
    """The rule of a folder, or None where it says none.

    Raises:
        DataError: ``holdout.toml`` is wrong.
    """
    path = folder / NAME
    return read_holdout(path) if path.is_file() else None


def read_holdout(path: Path) -> Holdout:
    """The rule that a file says.

    Raises:
        DataError: there is no such file, or it is wrong.
    """
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}; expected a hold-out rule, share = 0.1") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"{path}: is no TOML: {error}") from error
    share, seed = said.get("share"), said.get("seed", "")
    if not isinstance(share, float) or not 0 < share <= 1 or not isinstance(seed, str):
        raise DataError(f'{path}: expected share = 0.1 (above 0, at most 1.0) and, if you like, seed = "a word"')
    return Holdout(share, seed)
