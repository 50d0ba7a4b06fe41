"""The sample strategy on small texts, where every outcome can be counted."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path

import pytest
from attack_material import ATTACKS, PAIRS, WILD, every_edit
from hypothesis import given, settings
from hypothesis import strategies as st

from robustx.perturb.attacks import Attack, load_attack
from robustx.perturb.edits import apply
from robustx.perturb.sample import Place, amount, sample
from robustx.text.analysis import Text

HERE = Place(0, "u", "text")


@pytest.mark.parametrize(
    ("severity", "unit", "words", "expected"),
    [
        (0.0, "words", 10, 0),
        (0.01, "words", 10, 1),
        (0.1, "words", 10, 1),
        (0.15, "words", 10, 2),
        (0.24, "words", 10, 2),
        (1.0, "words", 10, 10),
        (0.0, "edits", 10, 0),
        (3.0, "edits", 1, 3),
    ],
)
def test_severity_is_a_share_of_words_rounded_half_up_or_a_count(
    severity: float, unit: str, words: int, expected: int
) -> None:
    assert amount(severity, unit, Text("ab " * words, "en")) == expected


def test_at_most_one_edit_a_word() -> None:
    text = Text("abc def ghi jkl", "en")
    (edits,) = sample(ATTACKS["delete"], text, HERE, [1.0], 1)
    assert sorted(text.word_at(edit.start) for edit in edits[0]) == [0, 1, 2, 3]


def test_a_text_that_cannot_be_changed_has_no_edits() -> None:
    for source in ("", " ", "a b c", "…", "\u0301"):
        assert sample(ATTACKS["delete"], Text(source, "en"), HERE, [0.0, 0.5, 1.0], 2) == [[[], [], []]] * 2


def test_no_draws_and_no_severities_make_nothing() -> None:
    text = Text("abc", "en")
    assert sample(ATTACKS["delete"], text, HERE, [0.5], 0) == []
    assert sample(ATTACKS["delete"], text, HERE, [], 2) == [[], []]


@pytest.mark.parametrize("uid", range(40))
def test_as_many_draws_as_there_are_first_edits_are_all_different(uid: int) -> None:
    """Three deletions can be made; chance alone would often meet one of them twice."""
    text = Text("abc", "en")
    draws = sample(ATTACKS["delete"], text, Place(0, str(uid), "text"), [1.0], 5)
    texts = [apply(text.source, edits) for (edits,) in draws]
    assert set(texts[:3]) == {"bc", "ac", "ab"}
    assert set(texts) == set(texts[:3])


@pytest.mark.parametrize("uid", range(40))
def test_the_rest_of_a_draw_goes_with_its_first_edit(uid: int) -> None:
    text = Text("ab cd", "en")
    draws = sample(ATTACKS["transpose"], text, Place(0, str(uid), "text"), [0.5, 1.0], 3)
    assert {apply(text.source, less) for less, _ in draws} == {"ba cd", "ab dc"}
    assert [apply(text.source, more) for _, more in draws] == ["ba dc"] * 3


def test_a_draw_does_not_depend_on_how_many_are_made() -> None:
    text = Text("abc def", "en")
    five = sample(ATTACKS["delete"], text, HERE, [0.5, 1.0], 5)
    assert sample(ATTACKS["delete"], text, HERE, [0.5, 1.0], 2) == five[:2]


@settings(max_examples=150)
@given(WILD, st.sampled_from(PAIRS), st.integers(1, 4))
def test_any_text_is_edited_as_promised(source: str, pair: tuple[str, str], draws: int) -> None:
    name, code = pair
    attack, text = ATTACKS[name], Text(source, code)
    severities = [0.0, 0.3, 0.6, 1.0] if attack.card.unit == "words" else [0.0, 1.0, 2.0, 9.0]
    offered = every_edit(attack.operator(code), text)
    made = sample(attack, text, HERE, severities, draws)
    assert len(made) == draws
    for levels in made:
        assert levels[0] == []
        assert bool(levels[-1]) == bool(offered)
        assert set(levels[-1]) <= {edit for _, _, edit in offered}
        for less, more in itertools.pairwise(levels):
            assert more[: len(less)] == less
        assert not levels[-1] or apply(source, levels[-1]).strip()
        if attack.card.unit == "words":
            assert len(levels[-1]) == min(amount(1.0, "words", text), len({word for word, _, _ in offered}))
    firsts = {apply(source, levels[-1][:1]) for levels in made}
    assert len(firsts) >= min(draws, len({apply(source, [edit]) for _, _, edit in offered}))


def test_every_word_and_every_edit_has_about_the_same_chance() -> None:
    """Chi-squared over 12 places, 11 degrees of freedom: 31.3 is its 0.999 quantile."""
    text = Text("abc def ghi jkl", "en")
    counts = Counter(
        sample(ATTACKS["delete"], text, Place(0, str(uid), "t"), [0.1], 1)[0][0][0].start for uid in range(2400)
    )
    assert len(counts) == 12
    assert sum((n - 200) ** 2 / 200 for n in counts.values()) < 31.3


def _by_count(folder: Path, operator: str) -> Attack:
    card = folder / "mine.toml"
    card.write_text(
        f'id = "mine"\nversion = 1\nsummary = "s"\nfamily = "typing"\noperator = "{operator}"\nunit = "edits"\n'
        'severity = "number of edits"\nladder = [1, 9]\nvalidity = "likely"\nsource = "me"\n',
        encoding="utf-8",
    )
    return load_attack(str(card))


def test_an_attack_by_count_never_empties_a_field(tmp_path: Path) -> None:
    attack = _by_count(tmp_path, "delete")
    for uid in range(20):
        (levels,) = sample(attack, Text("abc", "en"), Place(0, str(uid), "text"), [1, 2, 9], 1)
        assert [len(edits) for edits in levels] == [1, 2, 2]


def test_edits_by_count_never_overlap(tmp_path: Path) -> None:
    attack = _by_count(tmp_path, "transpose")
    for uid in range(20):
        (levels,) = sample(attack, Text("abcdefg hij", "en"), Place(0, str(uid), "text"), [9], 3)[:1]
        assert len(apply("abcdefg hij", levels[0])) == 11
