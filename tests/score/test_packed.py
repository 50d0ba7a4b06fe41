"""Packed numbers: nothing is lost, and nothing hostile unfolds."""

from __future__ import annotations

import base64
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from robustx.errors import RunError
from robustx.score.packed import pack, unpack


@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_a_bit_each_where_all_are_zero_or_one(bits: list[bool]) -> None:
    text = pack(np.array(bits))
    assert text.startswith("bits:")
    assert len(base64.b64decode(text[5:])) == -(-len(bits) // 8)
    assert unpack([text], len(bits)).tolist() == [[float(bit) for bit in bits]]


@given(st.lists(st.floats(0, 1000, width=32), min_size=1, max_size=40))
def test_other_numbers_come_back_as_they_were(values: list[float]) -> None:
    assert unpack([pack(np.array(values))], len(values)).tolist() == [values]


def test_rows_of_both_kinds_can_stand_together() -> None:
    rows = [np.array([0.0, 1.0, 1.0]), np.array([0.5, 2.0, 0.0])]
    assert unpack([pack(row) for row in rows], 3).tolist() == [row.tolist() for row in rows]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bits:",
        "bits:!!!!",
        "bits:AAAA",  # three bytes for three examples
        "bits:Hw==",  # a bit beyond the third
        "f32:AAAA",
        "f32:" + base64.b64encode(zlib.compress(np.ones(4, "<f4").tobytes())).decode(),
        "f32:" + base64.b64encode(zlib.compress(np.ones(2, "<f4").tobytes())).decode(),
        "f32:" + base64.b64encode(zlib.compress(np.array([np.nan, 0, 0], "<f4").tobytes())).decode(),
        "pickle:gASVBQAAAA==",
    ],
)
def test_what_is_not_three_packed_numbers_is_refused(text: str) -> None:
    with pytest.raises(RunError):
        unpack([text], 3)


def test_a_few_bytes_that_unfold_into_gigabytes_do_not() -> None:
    bomb = "f32:" + base64.b64encode(zlib.compress(b"\0" * 50_000_000, 9)).decode()
    assert len(bomb) < 100_000
    with pytest.raises(RunError, match="another number of floats"):
        unpack([bomb], 3)
