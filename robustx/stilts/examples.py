"""Training examples, one class a family of tasks, and the fingerprint of a list of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from robustx.tasks.answers import Answer


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts with a class."""

    uid: str
    first: str
    second: str
    label: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Tagged:
    """A sentence with a tag for every token."""

    uid: str
    tokens: tuple[str, ...]
    tags: tuple[str, ...]
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Question:
    """A question on a context; without answers it cannot be answered (SQuAD 2.0)."""

    uid: str
    question: str
    context: str
    answers: tuple[Answer, ...]
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Choice:
    """A prompt with several endings, of which one (``label``, from 0) is right."""

    uid: str
    prompt: str
    endings: tuple[str, ...]
    label: int
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Passage:
    """Running text for masked language modelling."""

    uid: str
    text: str
    language: str


Example = Pair | Tagged | Question | Choice | Passage


def fingerprint(examples: Iterable[Example]) -> str:
    """SHA-256 over examples in order."""
    digest = hashlib.sha256()
    for example in examples:
        digest.update(json.dumps(asdict(example), ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()
