"""Any set of NLI: the layouts and columns of the sets there are, and the hold-out rule for training rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from robustx.errors import DataError
from robustx.tasks.base import Example, SkipLog
from robustx.tasks.holdout import Holdout
from robustx.tasks.nli_labels import nli_label
from robustx.tasks.registry import task

NLI = task("nli")


def read(root: Path, language: str) -> tuple[list[Example], SkipLog]:
    skipped = SkipLog()
    return list(NLI.read(root, language, skipped)), skipped


def lines(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


LAYOUTS = {
    # (file, language): text; each has the pair ("눈이 온다", "춥다") as neutral or its like
    "OCNLI": (
        "ocnli/test-zh.json",
        "zh",
        lines([{"level": "easy", "sentence1": "下雪", "sentence2": "冷", "label": "neutral", "id": 7}]),
    ),
    "KLUE": (
        "klue-nli-v1.1_test-ko.json",
        "ko",
        json.dumps([{"guid": "k7", "premise": "눈", "hypothesis": "춥다", "gold_label": "neutral"}]),
    ),
    "JNLI": (
        "ja/valid-v1.1.json",
        "ja",
        lines([{"sentence_pair_id": "7", "sentence1": "雪", "sentence2": "寒い", "label": "neutral"}]),
    ),
    "FarsTail": ("FarsTail/Test-fa.csv", "fa", "premise\thypothesis\tlabel\nبرف\tسرد\tn\n"),
    "IndicXNLI": ("forward/test/xnli_hi.json", "hi", json.dumps([{"premise": "बर्फ़", "hypothesis": "ठंड", "label": 1}])),
    "XTREME pseudo test": ("pseudo-test-set/en-ka-pseudo-translated.csv", "ka", "თოვს\tცივა\tneutral\n"),
    "XNLI": (
        "xnli.test.tsv",
        "ur",
        "language\tgold_label\tsentence1\tsentence2\npairID\tneutral\tx\ty\nur\tneutral\tبرف\tسرد\n",
    ),
    "AmericasNLI": ("test.tsv", "ay", "language\tpremise\thypothesis\tlabel\naym\tUta\tUta\tneutral\n"),
    "quoted": ("mine-ru.csv", "ru", 'text_a,text_b,label\n"снег, лёд",холодно,neutral\n'),
    "traditional": ("test-zh-Hant.tsv", "zh-Hant", "下雪\t很冷\tneutral\n"),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_set_is_read_as_it_comes(tmp_path: Path, name: str) -> None:
    file, language, text = LAYOUTS[name]
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text(text, encoding="utf-8")
    assert NLI.available(tmp_path) == [language]
    (example,), skipped = read(tmp_path, language)
    assert (example.gold, example.language, skipped.count) == ("neutral", language, 0)
    assert all(field.strip() for field in example.fields.values())
    assert set(example.fields) == {"premise", "hypothesis"}


def test_parquet_gives_class_numbers_their_own_names(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = ["contradiction", "entailment", "neutral"]
    features = {"info": {"features": {"label": {"names": names, "_type": "ClassLabel"}}}}
    table = pa.table({"premise": ["雪", "雨"], "hypothesis": ["寒い", "暑い"], "label": [2, 0]})
    table = table.replace_schema_metadata({"huggingface": json.dumps(features)})
    pq.write_table(table, tmp_path / "test-ja.parquet")
    assert [example.gold for example in read(tmp_path, "ja")[0]] == ["neutral", "contradiction"]


def test_test_files_come_before_dev_files_and_two_of_a_kind_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "dev-hi.tsv").write_text("dev\tdev\tneutral\n")
    (tmp_path / "test-hi.tsv").write_text("test\ttest\tneutral\n")
    assert read(tmp_path, "hi")[0][0].fields["premise"] == "test"
    (tmp_path / "other-test-hi.tsv").write_text("other\tother\tneutral\n")
    with pytest.raises(DataError, match=r"other-test-hi\.tsv and test-hi\.tsv both have hi"):
        read(tmp_path, "hi")


def test_bad_rows_are_counted_and_other_files_are_errors(tmp_path: Path) -> None:
    path = tmp_path / "test-hi.jsonl"
    good = {"id": 1, "premise": "p", "hypothesis": "h", "label": "-"}
    rows = [
        good,
        good | {"label": "e"},
        good | {"label": "c"},
        good | {"premise": None, "id": 2},
        good | {"label": True},
    ]
    path.write_text("{\n" + lines(rows) + "3\n")
    found, skipped = read(tmp_path, "hi")
    assert [(one.uid, one.gold) for one in found] == [("1", "entailment")]
    assert [(one.row, one.reason) for one in skipped.first] == [
        (1, "is no JSON (JSONDecodeError)"),
        (2, 'the label "-"; expected entailment, neutral, contradiction'),
        (4, "the uid 1 stands in an earlier row too"),
        (5, "an empty text"),
        (6, 'the label "True"; expected entailment, neutral, contradiction'),
        (7, "is no object"),
    ]
    path.write_text('{"question": "?"}\n')
    with pytest.raises(DataError, match="expected a column premise or sentence1.*it has question"):
        read(tmp_path, "hi")
    (tmp_path / "test-ru.parquet").write_bytes(b"PAR0")
    with pytest.raises(DataError, match="is no Parquet file"):
        read(tmp_path, "ru")
    with pytest.raises(DataError, match="has no NLI rows for ka"):
        read(tmp_path, "ka")


ORIGINALS = [f"Premise {i // 2}." for i in range(60)]


def training(folder: Path, language: str, tail: str) -> None:
    rows = [
        {
            "premise_original": premise,
            "hypothesis_original": f"Hypothesis {i}.",
            "premise": f"{premise} {tail}",
            "hypothesis": tail,
            "label": i % 3,
        }
        for i, premise in enumerate(ORIGINALS)
    ]
    (folder / f"{language}_anli-00000-of-00001.jsonl").write_text(lines(rows), encoding="utf-8")


def test_translated_training_rows_are_refused_until_some_were_held_out(tmp_path: Path) -> None:
    training(tmp_path, "hi", "हिंदी")
    training(tmp_path, "ar", "عربي")
    assert NLI.available(tmp_path) == ["ar", "hi"]
    with pytest.raises(DataError, match=r"these are training rows.*holdout\.toml"):
        read(tmp_path, "hi")
    (tmp_path / "holdout.toml").write_text("share = 0.3\n")
    hindi, _ = read(tmp_path, "hi")
    arabic, _ = read(tmp_path, "ar")
    assert 0 < len(hindi) < len(ORIGINALS)
    assert [one.uid for one in hindi] == [one.uid for one in arabic]
    held = {one.fields["premise"].rpartition(" ")[0] for one in hindi}
    rule = Holdout(0.3, "")
    assert held == {premise for premise in ORIGINALS if rule.holds(premise)}
    assert len(hindi) == 2 * len(held), "all rows of a premise are held out together"


def test_files_called_train_are_training_rows_too(tmp_path: Path) -> None:
    (tmp_path / "train-hi.tsv").write_text("a\tb\tneutral\n")
    with pytest.raises(DataError, match="these are training rows"):
        read(tmp_path, "hi")


@pytest.mark.parametrize("text", ["share = 2.0\n", "share = '1'\n", "seed = 'x'\n", "share = 0.1\nseed = 3\n", "{"])
def test_a_rule_that_is_none_is_an_error(tmp_path: Path, text: str) -> None:
    training(tmp_path, "hi", "हिंदी")
    (tmp_path / "holdout.toml").write_text(text)
    with pytest.raises(DataError, match=r"holdout\.toml"):
        read(tmp_path, "hi")


@settings(max_examples=20)
@given(st.floats(0.05, 0.95), st.text(max_size=8))
def test_the_rule_holds_out_about_its_share(share: float, seed: str) -> None:
    rule = Holdout(share, seed)
    held = sum(rule.holds(f"premise {i}") for i in range(400))
    assert abs(held / 400 - share) < 5 * (share * (1 - share) / 400) ** 0.5


def test_labels_are_known_by_all_their_names() -> None:
    assert [nli_label(said) for said in ("e", "N", " contradictory ", 0, "2", "entailment")] == [
        "entailment",
        "neutral",
        "contradiction",
        "entailment",
        "contradiction",
        "entailment",
    ]
    assert [nli_label(said) for said in (-1, 3, None, True, "-", "maybe", [])] == [None] * 7
