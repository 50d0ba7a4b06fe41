"""Measures: what an edit changes in each unit, and severities that are matched on one of them."""

from __future__ import annotations

import pytest
from attack_material import ATTACKS, LANGUAGES, SENTENCES, text_of

from robustx.errors import UsageError
from robustx.perturb.edits import Edit
from robustx.perturb.measure import UNITS, Amounts, Bytes, Clusters, Tokens, Words, amounts
from robustx.perturb.sample import Place, sample
from robustx.text.analysis import Text


@pytest.mark.parametrize(
    ("source", "edit", "words", "clusters", "bytes_"),
    [
        ("a cat sat", Edit(2, 5, "cta"), 1, 3, 3),
        ("a cat sat", Edit(5, 6, ""), 1, 1, 1),
        ("a cat sat", Edit(2, 9, "k"), 2, 7, 7),
        ("हिन्दी भाषा", Edit(0, 2, "ही"), 1, 1, 6),
        ("हिन्दी भाषा", Edit(0, 6, "hindi"), 1, 5, 18),
        ("한국어", Edit(0, 1, "항"), 1, 1, 3),
        ("ab", Edit(1, 1, "\u200b"), 1, 1, 3),
    ],
)
def test_an_edit_counts_by_what_it_replaces_or_writes_whichever_is_more(
    source: str, edit: Edit, words: int, clusters: int, bytes_: int
) -> None:
    text = Text(source, "en")
    assert [unit.changed(text, edit) for unit in (Words(), Clusters(), Bytes())] == [words, clusters, bytes_]


def test_tokens_count_by_those_that_went_or_came() -> None:
    measure = Tokens(lambda text: [ord(c) for c in text])
    text = Text("aab", "en")
    assert measure.total(text) == 3
    assert measure.changed(text, Edit(0, 1, "xy")) == 2
    assert measure.changed(text, Edit(0, 2, "")) == 2


def test_amounts_never_exceed_the_text() -> None:
    assert amounts(Text("ab c", "en"), [Edit(1, 1, "xyzxyz")]) == Amounts(2, 4, 4, 1, 4, 4)
    assert amounts(Text("ab c", "en"), []) == Amounts(2, 4, 4, 0, 0, 0)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("code", [code for code in LANGUAGES if len(SENTENCES[code]) > 2])
def test_a_matched_severity_comes_as_near_to_its_share_as_whole_edits_can(code: str, unit: str) -> None:
    measure = UNITS[unit]()
    shares = [0.0, 0.05, 0.1, 0.2]
    for i in range(len(SENTENCES[code]) - 1):
        text = text_of(code, i)
        (draw,) = sample(ATTACKS["duplicate"], text, Place(7, str(i), "text"), shares, 1, measure)
        every = draw[-1]
        assert draw[0] == []
        for share, edits in zip(shares[1:], draw[1:], strict=True):
            assert edits == every[: len(edits)]
            changed = sum(measure.changed(text, edit) for edit in edits)
            wanted = share * measure.total(text)
            last = measure.changed(text, edits[-1])
            assert len(edits) == 1 or changed - last / 2 <= wanted
            if len(edits) < len(every):
                assert changed + measure.changed(text, every[len(edits)]) / 2 > wanted


@pytest.mark.parametrize("code", ["hi", "zh", "en", "ru"])
def test_matched_on_words_is_what_cards_say(code: str) -> None:
    for i in range(4):
        text, place = text_of(code, i), Place(7, str(i), "text")
        plain = sample(ATTACKS["transpose"], text, place, [0.1, 0.4], 2)
        assert sample(ATTACKS["transpose"], text, place, [0.1, 0.4], 2, Words()) == plain


def test_a_measure_that_there_is_not_is_an_error() -> None:
    from robustx.api import measure_of

    with pytest.raises(UsageError, match="expected words, clusters, bytes or tokens:FILE"):
        measure_of("letters")
    with pytest.raises(UsageError, match=r"cannot be read as a tokenizer\.json"):
        measure_of("tokens:/nowhere")
