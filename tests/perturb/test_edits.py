"""Edits: applied together, found to clash, and followed by offsets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robustx.perturb.edits import Edit, apply, clash, remap


@st.composite
def sources_with_edits(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    """A text and edits of it that do not clash, in any order."""
    source = draw(st.text("abcक\u0301天", min_size=1, max_size=20))
    cuts = sorted(draw(st.lists(st.integers(0, len(source)), max_size=8)))
    spans = zip(cuts[::2], cuts[1::2], strict=False)
    found: list[Edit] = []
    for start, end in spans:
        edit = Edit(start, end, draw(st.text("xyz", max_size=3)))
        if not clash(edit, found):
            found.append(edit)
    return source, draw(st.permutations(found))


@given(sources_with_edits())
def test_edits_applied_together_are_those_applied_one_by_one_from_the_end(case: tuple[str, list[Edit]]) -> None:
    source, edits = case
    one_by_one = source
    for start, end, replacement in sorted(edits, reverse=True):
        one_by_one = one_by_one[:start] + replacement + one_by_one[end:]
    assert apply(source, edits) == one_by_one


@given(sources_with_edits())
def test_an_offset_outside_every_edit_still_points_at_its_character(case: tuple[str, list[Edit]]) -> None:
    source, edits = case
    made = apply(source, edits)
    for offset, character in enumerate(source):
        if not any(edit.start <= offset < edit.end for edit in edits):
            assert made[remap(offset, edits)] == character
    assert remap(len(source), edits) == len(made)


def test_an_offset_inside_an_edit_goes_to_its_end() -> None:
    assert remap(3, [Edit(1, 5, "xy")]) == 3
    assert remap(1, [Edit(1, 5, "xy")]) == 1
    assert remap(5, [Edit(1, 5, "xy")]) == 3


@given(sources_with_edits())
def test_remapping_keeps_the_order_of_offsets(case: tuple[str, list[Edit]]) -> None:
    source, edits = case
    moved = [remap(offset, edits) for offset in range(len(source) + 1)]
    assert moved == sorted(moved)


def test_no_edits_change_nothing() -> None:
    assert apply("a\u0301\r\n", []) == "a\u0301\r\n"


@pytest.mark.parametrize(
    "edits", [[Edit(0, 2, "x"), Edit(1, 3, "y")], [Edit(0, 9, "x")], [Edit(2, 1, "x")], [Edit(-1, 1, "x")]]
)
def test_edits_that_overlap_or_leave_the_text_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="overlaps another or leaves the text"):
        apply("abc", edits)


@pytest.mark.parametrize(
    ("edit", "other", "expected"),
    [
        (Edit(0, 2, ""), Edit(1, 3, ""), True),
        (Edit(1, 2, ""), Edit(0, 3, ""), True),
        (Edit(0, 2, ""), Edit(2, 3, ""), False),
        (Edit(2, 2, "x"), Edit(2, 3, ""), True),
        (Edit(2, 2, "x"), Edit(1, 2, ""), True),
        (Edit(2, 2, "x"), Edit(2, 2, "y"), True),
        (Edit(2, 2, "x"), Edit(1, 3, ""), True),
        (Edit(2, 2, "x"), Edit(3, 3, "y"), False),
    ],
)
def test_edits_clash_where_they_overlap_or_insert_at_an_end(edit: Edit, other: Edit, expected: bool) -> None:
    assert clash(edit, [other]) is expected
    assert clash(other, [edit]) is expected
    assert not clash(edit, [])
