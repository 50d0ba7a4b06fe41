"""Training on noise: shares, keys, attacks that are kept for testing, and what must not be touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from robustx.errors import DataError, UsageError
from robustx.perturb.attacks import all_attacks
from robustx.stilts.examples import Choice, Pair, Question, Tagged
from robustx.stilts.noise import augmented, dictionary, noise_attacks
from robustx.stilts.read import Library, Split
from robustx.stilts.recipe import Arm, CodeMix, Noise
from robustx.tasks.answers import Answer
from robustx.tasks.base import SkipLog

SENTENCES = ["The quick brown fox jumps over the lazy dog.", "Nobody never said that 42 is not a prime number."]
PAIRS = [Pair(f"p{i}", SENTENCES[i % 2], SENTENCES[1 - i % 2], "neutral") for i in range(200)]


def changed(arm: Arm, examples: list[object] | None = None, seed: int = 1, data: str = "hub") -> list[object]:
    split = Split(list(examples if examples is not None else PAIRS), ("here",), SkipLog())
    return augmented(split, arm, seed, Library(data)).examples


def noisy(**given: object) -> Arm:
    return Arm(id="noisy", noise=Noise.model_validate({"attacks": ["keyboard"], **given}))


def test_a_share_of_the_rows_is_attacked_and_the_rest_is_as_it_was() -> None:
    made = changed(noisy(share=0.5))
    touched = sum(a != b for a, b in zip(made, PAIRS, strict=True))
    assert 70 < touched < 130
    assert [one.uid for one in made] == [one.uid for one in PAIRS]  # type: ignore[attr-defined]
    assert changed(noisy(share=1.0)) != made


def test_noise_is_keyed_by_seed_and_row_and_by_nothing_else() -> None:
    whole = changed(noisy())
    assert changed(noisy()) == whole
    assert changed(noisy(), list(PAIRS[50:60])) == whole[50:60]
    assert changed(noisy(), seed=2) != whole


def test_digits_and_negations_are_kept() -> None:
    for one, before in zip(changed(noisy(share=1.0, severity=1.0)), PAIRS, strict=True):
        kept, origin = (one.first, before.first) if "42" in before.first else (one.second, before.second)  # type: ignore[attr-defined]
        assert kept != origin
        assert {"42", "not", "never"} <= set(kept.split())


def test_one_attack_can_be_left_out_for_the_test() -> None:
    ids = [attack.id for attack in noise_attacks(Noise(leave_out=["keyboard"]))]
    english = sorted(attack.id for attack in all_attacks() if attack.applies_to("en"))
    assert ids == [name for name in english if name != "keyboard"]
    assert "keyboard" in english
    with pytest.raises(UsageError, match='no attack "keybord". Did you mean "keyboard"'):
        noise_attacks(Noise(leave_out=["keybord"]))
    with pytest.raises(UsageError, match="leaves no attack to train on"):
        noise_attacks(Noise(attacks=["keyboard"], leave_out=["keyboard"]))
    other = next(attack.id for attack in all_attacks() if not attack.applies_to("en"))
    with pytest.raises(UsageError, match=f"attack {other} does not apply to English"):
        noise_attacks(Noise(attacks=[other]))


def test_gold_survives_noise() -> None:
    context = "The statue is in Oslo, said everybody."
    question = Question("q", "Where is the bronze statue now?", context, (Answer("Oslo", context.index("Oslo")),))
    tags = ("DET", "ADJ", "NOUN", "VERB")
    sentence = Tagged("t", ("The", "yellow", "building", "collapsed"), tags)
    item = Choice("c", "Somebody walks into a kitchen", ("and cooks dinner", "and flies away"), 1)
    made = changed(noisy(share=1.0, severity=0.5), [question, sentence, item])
    assert made[0].context == context and made[0].question != question.question  # type: ignore[attr-defined]
    assert made[1].tags == tags and len(made[1].tokens) == 4 and made[1].tokens != sentence.tokens  # type: ignore[attr-defined]
    assert made[2].label == 1 and made[2] != item  # type: ignore[attr-defined]


def test_attacks_that_touch_spaces_leave_tokens_apart() -> None:
    sentence = Tagged("t", ("The", "yellow", "building"), ("DET", "ADJ", "NOUN"))
    for attack in all_attacks():
        if attack.applies_to("en"):
            (made,) = changed(noisy(attacks=[attack.id], share=1.0, severity=1.0), [sentence])
            assert len(made.tokens) == 3 and all(made.tokens)  # type: ignore[attr-defined]


def test_words_of_other_languages_are_mixed_in_from_word_lists(tmp_path: Path) -> None:
    (tmp_path / "en-ru.txt").write_text("fox лиса\ndog собака\nquick\tбыстрый\n", encoding="utf-8")
    (tmp_path / "en-hi.txt").write_text("fox लोमड़ी\n", encoding="utf-8")
    mix = CodeMix(dictionaries=["en-ru.txt", "en-hi.txt"], share=1.0, words=0.5)
    made = changed(Arm(id="mixed", code_mixed=mix), data=f"dictionaries={tmp_path}")
    texts = " ".join(f"{one.first} {one.second}" for one in made)  # type: ignore[attr-defined]
    assert {"лиса", "собака", "быстрый", "लोमड़ी"} <= set(texts.replace(".", "").split())
    swapped = texts.count("собака") / (texts.count("собака") + texts.count("dog"))
    assert 0.35 < swapped < 0.5, "half of those whose row drew a list that has the word: three in four"
    assert "brown" in texts and "бурый" not in texts


def test_a_word_list_that_is_none_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("# nothing\n\nword\n")
    with pytest.raises(DataError, match="has no pair of words"):
        dictionary(tmp_path / "empty.txt")
    with pytest.raises(UsageError, match="word lists lie in a folder: --data dictionaries=FOLDER"):
        changed(Arm(id="m", code_mixed=CodeMix(dictionaries=["x"])), data="hub")
