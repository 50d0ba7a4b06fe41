"""``demo:direct`` and ``demo:anli``: the two checkpoints that come with robustx, kept as low-rank differences to ``demo:base``.

The base is multilingual-e5-small, dequantised from 4 bits (``robustx.model.demo_base``). A checkpoint is put together
once, as a plain Hugging Face folder in the cache, and is then loaded like any other.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path

from robustx.errors import CheckpointError, UsageError, did_you_mean
from robustx.model import demo_base, low_rank

_ARMS = Path(__file__).with_name("demo_checkpoints")
_LABELS = ("entailment", "neutral", "contradiction")
NAMES = ("demo:direct", "demo:anli", "demo:base")
LINEAGE = "lineage.json"


def is_demo(reference: str) -> bool:
    """Whether a model reference asks for a demo checkpoint.

    Raises:
        UsageError: it begins with ``demo:`` and names none.
    """
    if not reference.startswith("demo:"):
        return False
    if reference not in NAMES:
        raise UsageError(f'there is no model "{reference}".{did_you_mean(reference, NAMES)} Demos: {", ".join(NAMES)}')
    return True


def cache_folder() -> Path:
    """Where robustx keeps what it can make again: ``ROBUSTX_CACHE``, or ``robustx`` in the user's cache folder."""
    if given := os.environ.get("ROBUSTX_CACHE"):
        return Path(given)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "robustx"


def state() -> dict[str, bool]:
    """What is there of the demo checkpoints: their base's two packages, and the base as it was built in the cache."""
    return {"packages": demo_base.obtainable(), "built": demo_base.is_built(cache_folder() / "demo" / "base")}


def materialise(name: str) -> Path:
    """The folder of a demo checkpoint, put together if it is not there yet (some seconds, about 290 MB)."""
    import hashlib

    if name == "demo:base":
        return demo_base.build(cache_folder() / "demo" / "base")
    arm = _ARMS / name.removeprefix("demo:")
    difference = arm / "difference.safetensors"
    if not difference.is_file():
        raise CheckpointError(f"{difference}: is missing; {name} comes with robustx: install it again")
    version = hashlib.sha256(difference.read_bytes()).hexdigest()[:12]
    folder = cache_folder() / "demo" / f"{arm.name}-{version}"
    if (folder / "model.safetensors").is_file():
        return folder
    base = demo_base.build(cache_folder() / "demo" / "base")
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        made = Path(scratch) / "checkpoint"
        made.mkdir()
        _merge(base, difference, made / "model.safetensors")
        if (arm / LINEAGE).is_file():
            shutil.copyfile(arm / LINEAGE, made / LINEAGE)
        config = json.loads((base / "config.json").read_text())
        config |= {
            "architectures": ["BertForSequenceClassification"],
            "id2label": dict(enumerate(_LABELS)),
            "label2id": {label: i for i, label in enumerate(_LABELS)},
        }
        (made / "config.json").write_text(json.dumps(config, indent=1))
        for file in ("tokenizer.json", "tokenizer_config.json"):
            shutil.copyfile(base / file, made / file)
        try:
            made.replace(folder)
        except OSError:
            if not (folder / "model.safetensors").is_file():  # not another process that was quicker
                raise
    return folder


def folder_of(reference: str) -> Path:
    """Where a checkpoint's files lie, if it is a folder or a demo; a hub id gives a path that is not there."""
    return materialise(reference) if is_demo(reference) else Path(reference)


def _merge(base: Path, difference: Path, out: Path) -> None:
    from safetensors.torch import load_file, save_file

    state = {f"bert.{name}": tensor for name, tensor in load_file(base / "model.safetensors").items()}
    save_file(low_rank.merge(state, load_file(difference)), out, metadata={"format": "pt"})
