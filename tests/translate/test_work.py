"""From texts to translations: what is sent to an engine, what is kept, and what a killed run does when it is called again."""

from __future__ import annotations

from pathlib import Path

import pytest
from engine_material import Capitals

from robustx.errors import RobustxError
from robustx.translate.engine import Engine, Outcome
from robustx.translate.store import Store, store_of
from robustx.translate.work import do, plan

TEXTS = [f"{'long ' * (i % 5)}text {i}." for i in range(18)]


def store(folder: Path, engine: Engine) -> Store:
    return store_of(engine, folder, "en", "hi")


def parts(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_each_distinct_text_is_sent_once_longest_first(tmp_path: Path) -> None:
    engine = Capitals()
    made = do(plan(engine, [*TEXTS, *TEXTS], "en", "hi", store(tmp_path, engine)))
    assert made == {text: Outcome(text.upper()) for text in TEXTS}
    sent = [text for batch in engine.seen for text in batch]
    assert sorted(sent) == sorted(TEXTS)
    assert [len(text) for text in sent] == sorted(map(len, TEXTS), reverse=True)


@pytest.mark.parametrize("batches", range(5))
def test_a_run_that_was_killed_goes_on_and_ends_with_the_same_bytes(tmp_path: Path, batches: int) -> None:
    whole = Capitals()
    do(plan(whole, TEXTS, "en", "hi", store(tmp_path / "whole", whole)))
    first, second = Capitals(dies_after=batches), Capitals()
    with pytest.raises(KeyboardInterrupt):
        do(plan(first, TEXTS, "en", "hi", store(tmp_path / "killed", first)))
    made = do(plan(second, TEXTS, "en", "hi", store(tmp_path / "killed", second)))
    assert made == {text: Outcome(text.upper()) for text in TEXTS}
    assert [*first.seen, *second.seen] == whole.seen
    assert parts(tmp_path / "killed") == parts(tmp_path / "whole")


def test_more_rows_ask_the_engine_for_what_is_new_only(tmp_path: Path) -> None:
    first, second = Capitals(), Capitals()
    do(plan(first, TEXTS[:7], "en", "hi", store(tmp_path, first)))
    work = plan(second, TEXTS, "en", "hi", store(tmp_path, second))
    assert work.left == len(TEXTS) - 7
    assert len(do(work)) == len(TEXTS)
    assert sorted(text for batch in second.seen for text in batch) == sorted(TEXTS[7:])


def test_another_identity_shares_nothing(tmp_path: Path) -> None:
    engine = Capitals()
    do(plan(engine, TEXTS, "en", "hi", store(tmp_path, engine)))
    assert plan(engine, TEXTS, "en", "ar", store_of(engine, tmp_path, "en", "ar")).left == len(TEXTS)


@pytest.mark.parametrize(
    "damage", [b"{", b'{"source": 3}\n', b"\xff\n", b"[]\n", b'{"source": "a", "text": "b", "problem": 1}\n']
)
def test_a_damaged_part_is_made_again(tmp_path: Path, damage: bytes) -> None:
    engine = Capitals()
    do(plan(engine, TEXTS, "en", "hi", store(tmp_path, engine)))
    before = parts(tmp_path)
    victim = next(path for path in tmp_path.rglob("*.jsonl"))
    victim.write_bytes(damage)
    do(plan(engine, TEXTS, "en", "hi", store(tmp_path, engine)))
    assert parts(tmp_path) == before


def test_an_engine_for_sentences_is_given_sentences_and_its_answers_are_joined(tmp_path: Path) -> None:
    engine = Capitals(unit="sentence")
    made = do(plan(engine, ["It fell. Nobody saw it.", "It fell."], "en", "zh", store(tmp_path, engine)))
    assert made["It fell. Nobody saw it."] == Outcome("IT FELL.NOBODY SAW IT.")
    assert engine.seen == [["Nobody saw it.", "It fell."]]


def test_a_text_that_is_too_long_goes_in_sentences_and_a_sentence_that_is_counts_as_failed(tmp_path: Path) -> None:
    engine = Capitals(longest=20)
    text, hopeless = "It fell. Nobody saw it fall.", "It fell. Nobody at all ever saw it fall."
    made = do(plan(engine, [text, hopeless], "en", "hi", store(tmp_path, engine)))
    assert made[text] == Outcome("IT FELL. NOBODY SAW IT FALL.")
    assert made[hopeless] == Outcome(
        "IT FELL.", "1 of 2 sentences: a sentence of 31 characters is longer than the engine takes"
    )


def test_a_batch_that_fails_is_tried_twice_then_halved_and_one_text_is_marked(tmp_path: Path) -> None:
    engine = Capitals(bad="text 3.")
    made = do(plan(engine, TEXTS, "en", "hi", store(tmp_path, engine)))
    failed = {text: one.problem for text, one in made.items() if one.problem}
    assert list(failed.values()) == ["the engine failed twice: out of memory"]
    assert all("text 3." in text for text in failed)
    calls = [batch for batch in engine.seen if any("text 3." in text for text in batch)]
    assert [len(batch) for batch in calls] == [4, 4, 2, 2, 1, 1]


def test_an_engine_that_fails_on_everything_ends_the_run_and_leaves_no_mark(tmp_path: Path) -> None:
    engine = Capitals(batch=8, bad="text")
    with pytest.raises(RobustxError, match="none of 8 texts could be translated; the last: .*out of memory"):
        do(plan(engine, TEXTS, "en", "hi", store(tmp_path, engine)))
    assert parts(tmp_path) == {}
