"""What is resampled: shared examples, or clusters of the examples of languages that share none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from synthetic import Part, Planted, right, write

from robustx.score.scores import score_run
from robustx.score.table import read_tables
from robustx.score.units import units


def test_shared_uids_are_units() -> None:
    names, index = units({"hi": ["a", "b"], "en": ["b", "c"]})
    assert names == ("a", "b", "c")
    assert index["hi"]["b"] == index["en"]["b"] == 1


def test_languages_that_share_none_are_joined_rank_by_rank() -> None:
    names, index = units({"hi": ["h2", "h1", "h3"], "en": ["e1"]})
    assert names == ("e1 h1", "h2", "h3")
    assert (index["hi"]["h1"], index["en"]["e1"], index["hi"]["h3"]) == (0, 0, 2)
    assert units({"en": ["e1"], "hi": ["h3", "h1", "h2"]}) == (names, index)


def test_one_language_keeps_its_uids() -> None:
    assert units({"hi": ["b", "a"]})[0] == ("b", "a")


def test_intervals_of_separate_languages_are_those_of_independent_examples(tmp_path: Path) -> None:
    """The mean of two languages of n independent examples each has the spread of 2n examples."""
    n = 800
    folder = write(tmp_path / "run", Planted({"hi": Part(right(n, 0.6, 1)), "ar": Part(right(n, 0.6, 2))}))
    for code in ("hi", "ar"):
        path = folder / "cells" / f"xnli_{code}_clean_0_0.parquet"
        table = pq.read_table(path)
        pq.write_table(table.set_column(0, "uid", pa.array([f"{code}-{i}" for i in range(n)])), path)
    (table,) = read_tables(folder)
    assert len(table.uids) == n
    mean = score_run(folder)["tasks"]["xnli"]["groups"]["non-Latin"]["accuracy"]
    expected = 2 * 1.96 * np.sqrt(0.24 / (2 * n))
    assert abs((mean["high"] - mean["low"]) / expected - 1) < 0.1
