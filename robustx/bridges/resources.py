"""What guests need besides their packages: looked for on this machine, never fetched."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from unittest import mock

from robustx.errors import CardError, UsageError, did_you_mean


def require(purpose: str, needs: Iterable[str]) -> None:
    """That all of it is there.

    Args:
        needs: each as ``kind:name``: ``nltk:corpora/wordnet``, ``module:tensorflow_hub``, ``hub:bert-base-uncased``,
            ``tfhub:ADDRESS``, ``textattack:FOLDER`` in TextAttack's cache.

    Raises:
        UsageError: something is missing; the message names all that is, and how to get it.
        CardError: a need of no known kind.
    """
    missing = []
    for need in needs:
        kind, _, name = need.partition(":")
        if kind not in _KINDS or not name:
            near = did_you_mean(kind, _KINDS)
            raise CardError(f'needs: expected kind:name, found "{need}".{near} Kinds: {", ".join(_KINDS)}')
        is_there, how = _KINDS[kind]
        if not is_there(name):
            missing.append(f"{name} ({how.format(name=name, id=name.rpartition('/')[2])})")
    if missing:
        raise UsageError(f"{purpose} needs what is not on this machine: {'; '.join(missing)}")


@contextmanager
def nothing_fetched() -> Iterator[None]:
    """NLTK's downloader does nothing: both guests call it, at import and while they are made, without being asked."""
    if find_spec("nltk") is None:
        yield
        return
    with mock.patch("nltk.download", return_value=False):
        yield


def textattack_cache() -> Path:
    """The folder where TextAttack looks for what it needs."""
    return Path(os.environ.get("TA_CACHE_DIR", Path("~/.cache/textattack").expanduser()))


def _nltk(name: str) -> bool:
    import nltk

    for path in (name, f"{name}.zip"):
        try:
            nltk.data.find(path)
        except LookupError:
            continue
        return True
    return False


def _hub(name: str) -> bool:
    from huggingface_hub import try_to_load_from_cache

    return Path(name).is_dir() or isinstance(try_to_load_from_cache(name, "config.json"), str)


def _tfhub(address: str) -> bool:
    # tensorflow_hub's own layout: a folder named by the SHA-1 of the address
    cache = os.environ.get("TFHUB_CACHE_DIR", str(Path(tempfile.gettempdir(), "tfhub_modules")))
    return Path(cache, hashlib.sha1(address.encode(), usedforsecurity=False).hexdigest()).is_dir()


_KINDS: dict[str, tuple[Callable[[str], bool], str]] = {
    "module": (lambda name: find_spec(name) is not None, "pip install {name}"),
    "nltk": (_nltk, "python -m nltk.downloader {id}, or a folder named by NLTK_DATA"),
    "hub": (_hub, "hf download {name}"),
    "tfhub": (_tfhub, "loaded once by tensorflow_hub, TFHUB_CACHE_DIR names the folder"),
    "textattack": (lambda name: (textattack_cache() / name).exists(), "downloaded by TextAttack itself"),
}
