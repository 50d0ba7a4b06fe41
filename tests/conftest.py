"""Fixtures of the whole test suite: an offline, single-threaded world, small data and tiny checkpoints."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings
from tiny import CARD, ROWS, make_checkpoint, write_rows

settings.register_profile("robustx", derandomize=True, deadline=None, database=None)
settings.load_profile("robustx")

_HOME = tempfile.mkdtemp(prefix="robustx-tests-")
os.environ["ROBUSTX_CACHE"] = str(Path(_HOME, "cache"))
os.environ["HF_HOME"] = str(Path(_HOME, "hf"))
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_DATASETS_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["NLTK_DATA"] = str(Path(__file__).parent / "nltk_data")


def pytest_sessionfinish() -> None:
    """Leave nothing behind."""
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Figures must not depend on how a matrix product is split."""
    import sys

    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)


@pytest.fixture(scope="session")
def small_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of twelve rows in each of two languages (the six pairs twice, the second time with a tail)."""
    folder = tmp_path_factory.mktemp("data")
    tails = {"en": " Or so they say.", "hi": " ऐसा वे कहते हैं।"}
    for language, rows in ROWS.items():
        more = [(premise + tails[language], hypothesis, gold) for premise, hypothesis, gold in rows]
        write_rows(folder, language, rows + more)
    return folder


@pytest.fixture(scope="session")
def small_card(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The card of a suite that is done in a second."""
    path = tmp_path_factory.mktemp("card") / "tiny.toml"
    path.write_text(CARD, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def small_suite(small_card: Path, small_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small suite, built."""
    from robustx import api
    from robustx.suite.build import build

    folder = tmp_path_factory.mktemp("suite") / "tiny"
    build(api.plan_suite(str(small_card), str(small_data)), folder)
    return folder


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a tiny checkpoint of a family, built when it is first asked for. Copy it before changing it."""
    import torch

    torch.set_num_threads(1)
    made: dict[str, Path] = {}

    def folder(family: str) -> Path:
        if family not in made:
            made[family] = make_checkpoint(tmp_path_factory.mktemp(family) / family, family)
        return made[family]

    return folder


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    """A data set as the hub keeps it, on this disk: one config and one split: three good rows, one without a label, one without a premise."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = tmp_path / "xnli-like"
    (folder / "hi").mkdir(parents=True)
    table = pa.table(
        {
            "premise": ["एक", "तीन", "पाँच", "सात", None],
            "hypothesis": ["दो", "चार", "छह", "आठ", "नौ"],
            "label": [0, 1, 2, -1, 0],
        }
    )
    pq.write_table(table, folder / "hi" / "test.parquet")
    (folder / "README.md").write_text(
        "---\nconfigs:\n- config_name: hi\n  data_files:\n  - split: test\n    path: hi/test.parquet\n---\n"
    )
    return folder
