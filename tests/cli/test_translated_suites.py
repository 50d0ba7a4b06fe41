"""Translated adversarial NLI all the way: translated by a parallel file, attacked on top, in two languages, beside a control."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from command import Cli

TEXTS = {
    "The river rose in spring.": "वसंत में नदी का पानी बढ़ गया।",
    "The water stood higher in spring.": "वसंत में पानी ऊपर खड़ा था।",
    "She sold the old house.": "उसने पुराना घर बेच दिया।",
    "The house is hers still.": "घर अब भी उसका है।",
    "They waited at the station.": "वे स्टेशन पर इंतज़ार करते रहे।",
    "The train was late.": "रेलगाड़ी देर से आई।",
}
PAIRS = list(zip(list(TEXTS)[::2], list(TEXTS)[1::2], ("e", "c", "n"), strict=True))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """ANLI's rounds and XNLI in English, XNLI's human Hindi, and a file of translations."""
    root = tmp_path_factory.mktemp("data")
    for part in ("R1", "R2", "R3"):
        (root / "anli" / part).mkdir(parents=True)
        rows = [
            {"uid": f"{part}-{i}", "context": first, "hypothesis": second, "label": label}
            for i, (first, second, label) in enumerate(PAIRS)
        ]
        (root / "anli" / part / "test.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (root / "xnli").mkdir()
    names = {"e": "entailment", "n": "neutral", "c": "contradiction"}
    for code, said in (("en", lambda text: text), ("hi", TEXTS.get)):
        lines = [f"{said(first)}\t{said(second)}\t{names[label]}\n" for first, second, label in PAIRS]
        (root / "xnli" / f"test-{code}.tsv").write_text("".join(lines), encoding="utf-8")
    own = "".join(f"{english}\t{hindi}\n" for english, hindi in TEXTS.items())
    (root / "own.tsv").write_text(f"en\thi\n{own}", encoding="utf-8")
    return root


def translate(cli: Cli, data: Path, name: str, out: Path, *more: str) -> None:
    engine = f"file:{data / 'own.tsv'}"
    asked = ["translate", "--data", f"{name}={data / name}", "--to", "hi", "--split", "test", "--engine", engine]
    ended = cli(*asked, "--out", str(out), *more)
    assert (ended.status, "3 kept, 0 doubtful, 0 rejected" in ended.out) == (0, True), ended.out + ended.err


def attack(cli: Cli, model: Path, suite: str, data: str, out: Path, language: str) -> list[dict[str, Any]]:
    asked = ["attack", "--model", str(model), "--suite", suite, "--data", data, "--language", language]
    ended = cli(*asked, "--device", "cpu", "--out", str(out))
    assert ended.status == 0, ended.err
    return [row for path in sorted((out / "cells").glob("*.parquet")) for row in pq.read_table(path).to_pylist()]


def test_noise_and_romanisation_lie_on_top_of_translated_rounds(
    cli: Cli, data: Path, checkpoint: Callable[[str], Path], tmp_path: Path
) -> None:
    translate(cli, data, "anli", tmp_path / "made")
    attack(cli, checkpoint("bert"), "translated-anli-noise", f"anli={tmp_path / 'made'}", tmp_path / "run", "hi")
    facts = json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))
    assert sorted(facts["tasks"]) == ["anli-r1", "anli-r2", "anli-r3"]
    ran = {cell["attack"] for cell in facts["cells"]}
    assert ran == {"clean", "keyboard", "delete", "romanise-standard", "romanise-attested"}
    for cell in facts["cells"]:
        rows = pq.read_table(tmp_path / "run" / "cells" / f"{cell['file']}.parquet").to_pylist()
        assert [row["uid"][:2] for row in rows] == [cell["task"][-2:].upper()] * 3
        if cell["attack"] == "romanise-standard":
            assert any(row["changed"] for row in rows)


def test_of_a_pair_in_two_languages_the_premise_alone_is_attacked(
    cli: Cli, data: Path, checkpoint: Callable[[str], Path], tmp_path: Path
) -> None:
    translate(cli, data, "anli", tmp_path / "made", "--fields", "premise")
    rows = attack(cli, checkpoint("bert"), "translated-anli-mixed", f"anli={tmp_path / 'made'}", tmp_path / "run", "hi")
    edits = [edit for row in rows for edit in row["edits"] or []]
    assert edits
    assert {edit["field"] for edit in edits} == {"premise"}


def test_control_and_adversarial_data_stand_side_by_side(
    cli: Cli, data: Path, checkpoint: Callable[[str], Path], tmp_path: Path
) -> None:
    model, runs = checkpoint("bert"), tmp_path / "runs"
    translate(cli, data, "anli", tmp_path / "made")
    translate(cli, data, "xnli", tmp_path / "control")
    attack(cli, model, "clean", f"xnli={data / 'xnli'}", runs / "human", "en,hi")
    attack(cli, model, "clean", f"xnli={tmp_path / 'control'}", runs / "machine", "hi")
    attack(cli, model, "translated-anli", f"anli={data / 'anli'}", runs / "anli", "en")
    attack(cli, model, "translated-anli", f"anli={tmp_path / 'made'}", runs / "anli-hi", "hi")
    asked = ["translationese", str(runs / "human"), str(runs / "machine")]
    more = ["--english", str(runs / "anli"), "--translated", str(runs / "anli-hi")]
    found = json.loads(cli(*asked, *more, "--json").out)
    assert [(one["task"], one["what"]) for one in found["steps"]] == [
        ("xnli", "English to human"),
        ("xnli", "human to machine"),
        *((f"anli-r{i}", "English to machine") for i in (1, 2, 3)),
    ]
    assert found["steps"][1]["change"] == {"value": 0.0, "low": 0.0, "high": 0.0, "n": 3}, "it is the human translation"
    assert [one["task"] for one in found["beyond"]] == ["anli-r1", "anli-r2", "anli-r3"]
    assert "beyond the control" in cli(*asked, *more).out
    assert cli(*asked, *more[:2]).status == 2
