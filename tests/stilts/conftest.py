"""A tiny base for everything that trains, and one thread."""

from __future__ import annotations

from pathlib import Path

import pytest
from toys import make_base


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny encoder with its tokenizer."""
    import torch

    torch.set_num_threads(1)
    return make_base(tmp_path_factory.mktemp("base") / "base")
