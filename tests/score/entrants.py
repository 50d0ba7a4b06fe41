"""Run folders that may enter a leaderboard: planted answers, and a signature that fits its parts."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from synthetic import Planted, simple, write

ROBUST = {"hi": (0.8, 0.6), "ar": (0.75, 0.6), "ru": (0.7, 0.5), "en": (0.9, 0.8)}


def sign(run: Planted, name: str, texts: str = "texts", suite: str = "planted", version: int = 1) -> Planted:
    """Give a planted run all that ``robustx attack`` says of model, suite and settings."""
    content = hashlib.sha256(texts.encode()).hexdigest()
    fingerprint = hashlib.sha256(name.encode()).hexdigest()
    signed = f"suite:{suite}@{version}|data:mini@1|rows:0a0b0c0d|seed:7|ops:01020304|texts:{content[:8]}"
    run.model = name
    run.facts |= {
        "suite.id": suite,
        "suite.version": version,
        "suite.signature": signed,
        "suite.content_sha256": content,
        "model.fingerprint": fingerprint,
        "model.tokenizer_fingerprint": fingerprint,
        "settings.dtype": "fp32",
        "signature": f"robustx|{signed}|model:{name}@{fingerprint[:8]}|tok:{fingerprint[:8]}|fp32|len:128|v:0",
    }
    return run


def entrant(folder: Path, name: str, n: int = 60, seed: int = 0, **more: Any) -> Path:
    """Write the run folder of a model with planted accuracy, over four languages and two attacks."""
    languages = more.pop("languages", ROBUST)
    return write(folder, sign(simple(n, languages, seed=seed), name, **more))
