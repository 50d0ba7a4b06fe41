"""The exceptions that robustx raises on purpose.

    RobustxError
    ├── UsageError            a wrong name, option or combination: nothing was begun
    │   └── MissingExtraError an optional package is needed and not installed
    ├── CardError             an attack or suite card, or a table beside it, is wrong
    ├── DataError             task data cannot be read as what it should be
    ├── CheckpointError       a model or its tokenizer cannot be used as it is
    ├── SuiteError            a built suite is damaged or is not what its manifest says
    └── RunError              a run folder is damaged, or two runs do not belong together

Every message names the file (and row or key), what was expected and what to do. The command line prints the message
and exits with 2; a library user catches ``RobustxError``.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class RobustxError(Exception):
    """Base of every error that robustx raises on purpose."""


class UsageError(RobustxError):
    """A wrong name, option or combination; nothing was begun."""


class MissingExtraError(UsageError):
    """An optional package is needed and not installed."""

    def __init__(self, purpose: str, package: str, extra: str) -> None:
        super().__init__(f"{purpose} needs {package}, which is not installed: pip install 'robustx[{extra}]'")


class CardError(RobustxError):
    """An attack or suite card, or a table beside it, is wrong."""


class DataError(RobustxError):
    """Task data cannot be read as what it should be."""


class CheckpointError(RobustxError):
    """A model or its tokenizer cannot be used as it is."""


class SuiteError(RobustxError):
    """A built suite is damaged or is not what its manifest says."""


class RunError(RobustxError):
    """A run folder is damaged, or two runs do not belong together."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``' Did you mean "x"?'`` for the nearest known name, or nothing."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f' Did you mean "{near[0]}"?' if near else ""
