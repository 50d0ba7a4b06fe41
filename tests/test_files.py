"""Files are written whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from robustx.errors import RobustxError, RunError
from robustx.files import read_json, whole_file, write_json


def test_a_file_appears_when_its_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file.txt"
    with whole_file(path) as scratch:
        scratch.write_text("new")
        assert not path.exists()
    assert path.read_text() == "new"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, OSError(28, "No space left on device")])
def test_what_goes_wrong_leaves_the_old_file_and_no_scraps(
    tmp_path: Path, error: BaseException | type[BaseException]
) -> None:
    path = tmp_path / "file.txt"
    path.write_text("old")
    with pytest.raises(BaseException) as caught, whole_file(path) as scratch:
        scratch.write_text("half")
        raise error
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    if isinstance(error, OSError):
        assert isinstance(caught.value, RobustxError)
        assert str(caught.value) == f"{path}: cannot be written: No space left on device"


def test_a_folder_that_cannot_be_made_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RobustxError, match="cannot be written"):
        write_json(tmp_path / "file" / "inside.json", {})


def test_json_keeps_its_order_and_its_letters(tmp_path: Path) -> None:
    value = {"b": 1, "a": ["हिन्दी", None, 0.1], "c": {"z": True, "y": "\u2028"}}
    write_json(tmp_path / "x.json", value)
    text = (tmp_path / "x.json").read_text(encoding="utf-8")
    assert list(json.loads(text).items()) == list(value.items())
    assert "हिन्दी" in text
    assert read_json(tmp_path / "x.json", RunError, "something") == value


def test_json_that_cannot_be_read_is_one_error_of_the_kind_asked_for(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"x\.json: there is no such file; expected a thing"):
        read_json(tmp_path / "x.json", RunError, "a thing")
    for data in (b"", b"{", b'{"a": 1', b"\xff", b"\x00"):
        (tmp_path / "x.json").write_bytes(data)
        with pytest.raises(RunError, match=r"x\.json: is damaged .*expected a thing"):
            read_json(tmp_path / "x.json", RunError, "a thing")
    with pytest.raises(RunError, match="is damaged"):
        read_json(tmp_path, RunError, "a thing")
