"""Reading a data set through ``datasets``: rows in order, and one clear error for what cannot be reached."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from robustx.errors import DataError
from robustx.tasks.hub import hub_rows


def test_rows_come_in_order(hub: Path) -> None:
    assert [row["label"] for row in hub_rows(str(hub), "hi", "test")] == [0, 1, 2, -1, 0]


@pytest.mark.parametrize(("config", "split"), [("tlh", "test"), ("hi", "train")])
def test_a_config_or_split_that_is_not_there_is_one_error(hub: Path, config: str, split: str) -> None:
    with pytest.raises(DataError, match=rf"\({config}, {split}\) cannot be read from the hub"):
        list(hub_rows(str(hub), config, split))


def test_without_a_network_the_error_says_what_else_to_give() -> None:
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    with pytest.raises(DataError, match=r"no-one/no-such-data .*Without a network, give a folder: --data FOLDER"):
        list(hub_rows("no-one/no-such-data", "hi", "test"))


def test_a_file_that_breaks_off_while_it_is_streamed_is_one_error(hub: Path) -> None:
    path = hub / "hi" / "test.parquet"
    data = path.read_bytes()
    path.write_bytes(b"PAR1" + b"\0" * 40 + data[44:])
    with pytest.raises(DataError, match="cannot be read from the hub"):
        list(hub_rows(str(hub), "hi", "test"))


def test_a_loading_script_is_not_run(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    folder = tmp_path / "scripted"
    folder.mkdir()
    (folder / "scripted.py").write_text(f"from pathlib import Path\nPath({str(ran)!r}).touch()\n")
    with pytest.raises(DataError):
        list(hub_rows(str(folder), "hi", "test"))
    assert not ran.exists()
