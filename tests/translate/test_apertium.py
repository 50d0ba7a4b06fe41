"""Apertium as a program that is called, that may die, hang or print nothing; and, where it is installed, as it is."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import pytest
from engine_material import program

from robustx.errors import UsageError
from robustx.translate.apertium import Apertium
from robustx.translate.engine import EngineError, Outcome
from robustx.translate.guard import translated

DIRECTIONS = (
    subprocess.run(["apertium", "-l"], capture_output=True, text=True, timeout=60, check=False).stdout.split()
    if shutil.which("apertium")
    else []
)
real = pytest.mark.skipif("urd-hin" not in DIRECTIONS, reason="apertium and apertium-urd-hin are not installed")


def test_each_text_is_answered_in_order(tmp_path: Path) -> None:
    engine = Apertium(program=program(tmp_path))
    assert engine.translate(["one", "two\nlines", "three"], "en", "hi") == [
        Outcome("ONE"),
        Outcome("TWO LINES"),
        Outcome("THREE"),
    ]


def test_a_program_that_is_not_there_is_an_error_that_says_how_to_get_it() -> None:
    with pytest.raises(UsageError, match="apt-get install apertium"):
        Apertium(program="no-such-apertium")


def test_a_pair_that_is_not_there_is_an_error_that_names_those_that_are(tmp_path: Path) -> None:
    engine = Apertium(program=program(tmp_path))
    engine.check("ur", "hi")
    with pytest.raises(
        UsageError, match="no pair from hi to ka is installed; there are eng-hin, urd-hin.*apertium-hin-kat"
    ):
        engine.check("hi", "ka")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("exit 0", "ended well and printed nothing"),
        ("exit 3", "ended with status 3"),
        ("echo no memory >&2; exit 1", "ended with status 1: no memory"),
        (r"printf 'one answer\n\n'; exit", "1 answers for 2 texts"),
        (r"printf '\377'; exit", "is not UTF-8"),
        ("sleep 60", "took more than 0.3 seconds"),
    ],
)
def test_a_call_that_comes_to_nothing_is_a_failure_with_its_reason(tmp_path: Path, fault: str, said: str) -> None:
    engine = Apertium(program=program(tmp_path, fault), seconds=0.3 if "sleep" in fault else 60)
    with pytest.raises(EngineError, match=said):
        engine.translate(["one", "two"], "en", "hi")


def test_a_text_that_kills_or_hangs_the_engine_is_marked_and_its_neighbours_are_translated(tmp_path: Path) -> None:
    engine = Apertium(program=program(tmp_path, 'if grep -q KILL "$text"; then exit 9; fi'))
    texts = ["one", "two", "KILL", "four", "five"]
    made = translated(engine, texts, "en", "hi")
    assert [one.text for one in made] == ["ONE", "TWO", "", "FOUR", "FIVE"]
    assert [one.problem is None for one in made] == [True, True, False, True, True]
    assert made[2].problem == "the engine failed twice: apertium ended with status 9: "

    hangs = Apertium(program=program(tmp_path, 'if grep -q HANG "$text"; then sleep 60; fi'), seconds=1)
    began = time.monotonic()
    made = translated(hangs, ["one", "HANG"], "en", "hi")
    assert [one.text for one in made] == ["ONE", ""]
    assert "took more than 1 seconds" in str(made[1].problem)
    assert time.monotonic() - began < 30


def test_an_empty_answer_is_marked(tmp_path: Path) -> None:
    engine = Apertium(program=program(tmp_path, 'sed -i s/silent// "$text"'))
    assert translated(engine, ["one", "silent"], "en", "hi")[1] == Outcome("", "the engine gave nothing")


@real
def test_real_urdu_becomes_hindi_whatever_stands_beside_it() -> None:
    texts = [
        "میں اس کے بارے میں نہیں سوچ رہی تھی۔",
        "وہ بہت آزاد ہے.",
        "میرے پاس 20 کتابیں ہیں اور U2 کی فلم بھی",
        "سب کھیت میں کام کرتے تھے",
        "ہم نے 5 میں سے دو الگ کیے تھے۔",
    ]
    engine = Apertium()
    together = translated(engine, texts, "ur", "hi")
    backwards = translated(engine, texts[::-1], "ur", "hi")[::-1]
    alone = [translated(engine, [text], "ur", "hi")[0] for text in texts]
    assert together == backwards == alone
    assert together[1] == Outcome("वो बहुत आज़ाद है.")
    assert all(one.problem is None for one in together)
    assert "20" in together[2].text


@real
def test_the_identity_names_program_pair_and_data() -> None:
    found = Apertium().identity("ur", "hi")
    assert found["direction"] == "urd-hin"
    assert found["version"][0].isdigit()
    assert len(found["data"]) == 16
    assert found == Apertium().identity("ur", "hi")
