"""TextAttack's package, imported so that it fetches nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from robustx.bridges.resources import nothing_fetched, require, textattack_cache
from robustx.errors import MissingExtraError, UsageError


def imported(purpose: str) -> Any:
    """The package. Its import reads NLTK's English stop words and takes some seconds.

    Raises:
        MissingExtraError: it is not installed.
        UsageError: the stop words are not there, or a package that it needs is of another version.
    """
    if find_spec("textattack") is None:
        raise MissingExtraError(purpose, "textattack", "textattack")
    require("TextAttack", ["nltk:corpora/stopwords"])
    parallel = os.environ.get("TOKENIZERS_PARALLELISM")
    try:
        with nothing_fetched(), _as_if_downloaded(textattack_cache() / "post_install_check_3"):
            return import_module("textattack")
    except ImportError as error:
        raise UsageError(
            f"TextAttack cannot be imported here: {error}; install under constraints-guests.txt"
        ) from error
    finally:
        if parallel is not None:
            os.environ["TOKENIZERS_PARALLELISM"] = parallel


@contextmanager
def _as_if_downloaded(mark: Path) -> Iterator[None]:
    """Where TextAttack leaves a mark once it has downloaded NLTK's data; only its own import may leave it for good."""
    there = mark.exists()
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()
    try:
        yield
    finally:
        if not there:
            mark.unlink(missing_ok=True)
