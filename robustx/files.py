"""Files written whole: into a temporary name beside the target, then renamed."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from robustx.errors import RobustxError


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A temporary path to write to; renamed to ``path`` when the block ends well, removed when it does not."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}.part")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield scratch
            scratch.replace(path)
        finally:
            scratch.unlink(missing_ok=True)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the system says of a full disk or a closed folder into one clear error."""
    try:
        yield
    except OSError as error:
        raise RobustxError(f"{path}: cannot be written: {error.strerror or error}") from error


def write_json(path: Path, value: Any) -> None:
    """Write a JSON file whole; keys keep their order, and what is no finite number becomes null."""
    with whole_file(path) as scratch:
        scratch.write_text(
            json.dumps(finite(value), ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8"
        )


def read_json(path: Path, kind: type[RobustxError], what: str) -> Any:
    """Read a JSON file.

    Raises:
        kind: the file is missing or damaged.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise kind(f"{path}: there is no such file; expected {what}") from error
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise kind(f"{path}: is damaged ({error}); expected {what}") from error


def finite(value: Any) -> Any:
    """A JSON value with null for every NaN and infinity, which JSON does not know."""
    if isinstance(value, dict):
        return {key: finite(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
