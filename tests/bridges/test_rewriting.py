"""What a guest wrote anew becomes edits: exact, whole clusters, one a word, none on what is protected."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from robustx.bridges.rewriting import Rewriting, changes, seeded
from robustx.perturb.candidates import candidates
from robustx.perturb.edits import Edit, apply, clash
from robustx.perturb.guests import GuestUse
from robustx.text.analysis import Text

# letters, marks, a joiner, jamo, spaces and stops, so that clusters and words of all kinds come about
WRITTEN = st.text(alphabet="ab é字कत\u0941\u094d\u200dกิ가\u11a8 \n,.", max_size=24)


@given(WRITTEN, WRITTEN)
def test_all_edits_together_make_what_the_guest_wrote(source: str, rewritten: str) -> None:
    text = Text(source, "hi")
    edits = changes(text, rewritten)
    assert apply(source, edits) == (rewritten if rewritten.strip() else source)


@given(WRITTEN, WRITTEN)
def test_edits_are_apart_and_cut_at_clusters(source: str, rewritten: str) -> None:
    text = Text(source, "hi")
    edits = changes(text, rewritten)
    assert {offset for edit in edits for offset in (edit.start, edit.end)} <= set(text.starts)
    assert all(one.end <= other.start for one, other in pairwise(edits))


@pytest.mark.parametrize(
    ("source", "rewritten", "edits"),
    [
        ("the old mat", "the old mat", []),
        ("the old mat", "thw old mqt", [Edit(2, 3, "w"), Edit(9, 10, "q")]),
        ("the old mat", "the mat", [Edit(4, 8, "")]),
        ("the old mat", "the o ld mat", [Edit(5, 5, " ")]),
        # the vowel sign belongs to its consonant
        ("किताब", "कताब", [Edit(0, 2, "क")]),
        # one change over three words takes away from each
        ("ab cd ef", "x", [Edit(0, 3, "x"), Edit(3, 6, ""), Edit(6, 8, "")]),
        # words that only moved are one edit
        ("the old mat", "old the mat", [Edit(0, 7, "old the")]),
    ],
)
def test_changes(source: str, rewritten: str, edits: list[Edit]) -> None:
    assert changes(Text(source, "en"), rewritten) == edits


@pytest.mark.parametrize("rewritten", ["", "  ", "a\ud800", "a\x00"])
def test_what_is_no_text_is_no_change(rewritten: str) -> None:
    assert changes(Text("the old mat", "en"), rewritten) == []


class Louder:
    """A guest that raises every letter, and one that also shouts at the end."""

    version = "louder 1"

    def rewrites(self, source: str) -> Iterator[str]:
        yield source.upper()
        yield source.upper() + "!"


def test_each_change_is_an_edit_of_its_word() -> None:
    operator, text = Rewriting(Louder()), Text("the old mat", "en")
    assert operator.version == "louder 1"
    assert [operator.sites(text, word) for word in range(3)] == [[0], [4], [8]]
    assert operator.edits(text, 4) == [Edit(4, 7, "OLD")]
    assert operator.edits(text, 8) == [Edit(8, 11, "MAT"), Edit(8, 11, "MAT!")]


def test_what_is_protected_is_not_offered() -> None:
    text = Text("the old7 mat", "en", [(7, 8)])
    operator = Rewriting(Louder())
    assert [operator.sites(text, word) for word in range(3)] == [[0], [], [9]]


def test_a_text_without_words_is_left_alone() -> None:
    text = Text("...", "en")
    assert list(candidates(Rewriting(Louder()), text)) == []


def test_a_move_over_something_protected_is_not_offered() -> None:
    class Backwards:
        version = "1"

        def rewrites(self, source: str) -> Iterator[str]:
            yield " ".join(reversed(source.split()))

    assert Rewriting(Backwards()).sites(Text("a b c", "en"), 0) == [0]
    assert Rewriting(Backwards()).sites(Text("a b c", "en", [(2, 3)]), 0) == []


def test_edits_of_several_answers_may_clash_and_sampling_takes_only_what_fits() -> None:
    text = Text("the old mat", "en")
    operator = Rewriting(Louder())
    one, other = operator.edits(text, 8)
    assert clash(one, [other])


def drawn() -> tuple[float, float, float]:
    return random.random(), float(np.random.random()), float(torch.rand(()))


def test_chance_depends_on_guest_text_and_call_and_on_nothing_before() -> None:
    use = GuestUse(name="KeyboardAug", options={"lang": "de"})

    def within(use: GuestUse, source: str, call: int) -> tuple[float, float, float]:
        drawn()
        with seeded(use, source, call):
            return drawn()

    first = within(use, "a", 0)
    assert within(use, "a", 0) == first
    others = [
        within(use, "a", 1),
        within(use, "b", 0),
        within(GuestUse(name="OcrAug", options={"lang": "de"}), "a", 0),
        within(GuestUse(name="KeyboardAug"), "a", 0),
    ]
    assert len({first, *others}) == 5


def test_the_chance_of_others_goes_on_as_if_no_guest_had_been() -> None:
    random.seed(3)
    np.random.seed(3)
    torch.manual_seed(3)
    undisturbed = drawn(), drawn()
    random.seed(3)
    np.random.seed(3)
    torch.manual_seed(3)
    before = drawn()
    with pytest.raises(KeyError), seeded(GuestUse(name="x"), "a", 0):
        drawn()
        raise KeyError
    assert (before, drawn()) == undisturbed
