"""``--engine``: an engine by its specification."""

from __future__ import annotations

from pathlib import Path

from robustx.errors import UsageError, did_you_mean
from robustx.translate.engine import Engine
from robustx.translate.families import FAMILIES
from robustx.translate.neural import Decoding

EXPECTED = (
    "apertium, nllb:MODEL, m2m100:MODEL, madlad:MODEL, opus-mt:MODEL, ctranslate2:FAMILY:FOLDER or file:PARALLEL "
    "(MODEL is a folder or a hub id)"
)


def engine(specification: str, decoding: Decoding) -> Engine:
    """The engine that a specification names; models are not loaded yet, tokenizers are.

    Raises:
        UsageError: there is no such engine, or it is not installed.
        CheckpointError, DataError: its model or file cannot be used.
    """
    kind, _, rest = specification.partition(":")
    if kind == "apertium" and not rest:
        from robustx.translate.apertium import Apertium

        return Apertium(seconds=decoding.seconds)
    if kind == "file" and rest:
        from robustx.translate.parallel import Parallel

        return Parallel(Path(rest))
    if kind in FAMILIES and rest:
        from robustx.translate.neural import Neural

        return Neural(kind, rest, decoding)
    if kind == "ctranslate2":
        from robustx.translate.ct2 import CTranslate2

        family, _, folder = rest.partition(":")
        if family in FAMILIES and folder:
            return CTranslate2(family, Path(folder), decoding)
    near = did_you_mean(kind, ("apertium", "file", "ctranslate2", *FAMILIES))
    raise UsageError(f"--engine {specification}: expected {EXPECTED}.{near}")
