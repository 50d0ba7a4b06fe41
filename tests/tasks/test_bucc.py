"""BUCC 2018: two collections and the pairs among them; whatever does not fit together is named and counted."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robustx.errors import DataError
from robustx.tasks.base import Example, SkipLog
from robustx.tasks.bucc import Bucc2018

BUCC = Bucc2018()
OWN = {"z1": "一", "z2": "二", "z3": "三", "z4": "四"}
ENGLISH = {"e1": "One.", "e2": "Two.", "e3": "Three.", "e9": "Nine."}


def write(
    folder: Path,
    gold: list[str],
    own: dict[str, str] = OWN,
    english: dict[str, str] = ENGLISH,
    split: str = "dev",
    more: str = "",
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for end, lines in (("zh", own), ("en", english)):
        text = "".join(f"{name}\t{sentence}\n" for name, sentence in lines.items())
        (folder / f"zh-en.{split}.{end}").write_text(text + (more if end == "zh" else ""), encoding="utf-8")
    (folder / f"zh-en.{split}.gold").write_text("".join(f"{line}\n" for line in gold), encoding="utf-8")
    return folder


def read(folder: Path) -> tuple[dict[str, Example], SkipLog]:
    skipped = SkipLog()
    found = list(BUCC.read(folder, "zh", skipped))
    made = {example.uid.removeprefix("bucc2018-zh/"): example for example in found}
    assert len(made) == len(found)
    return made, skipped


def test_a_pair_is_one_row_and_what_has_no_pair_stands_alone(tmp_path: Path) -> None:
    rows, skipped = read(write(tmp_path / "bucc2018", ["z2\te3"]).parent)
    assert dict(rows["z2"].fields) == {"source": "二", "target": "Three."}
    assert rows["z2"].gold == "bucc2018-zh/z2"
    assert (dict(rows["z1"].fields), rows["z1"].gold) == ({"source": "一", "target": ""}, "")
    assert (dict(rows["en/e1"].fields), rows["en/e1"].gold) == ({"source": "", "target": "One."}, "")
    assert set(rows) == {"z1", "z2", "z3", "z4", "en/e1", "en/e2", "en/e9"}
    assert skipped.count == 0


def test_a_sentence_with_two_translations_names_both_and_so_do_two_of_one(tmp_path: Path) -> None:
    rows, _ = read(write(tmp_path, ["z1\te1", "z1\te2", "z2\te1", "z3\te3"]))
    assert rows["z1"].fields["target"] == "One."
    assert rows["z1"].gold.split() == ["bucc2018-zh/z1", "bucc2018-zh/en/e2"]
    assert rows["en/e2"].fields["target"] == "Two."
    assert (rows["z2"].fields["target"], rows["z2"].gold) == ("", "bucc2018-zh/z1")


def test_the_first_rows_are_a_smaller_task_of_the_same_kind(tmp_path: Path) -> None:
    own = {f"z{i}": f"句{i}" for i in range(40)}
    english = {f"e{i}": f"Sentence {i}" for i in range(80)}
    rows, _ = read(write(tmp_path, [f"z{i}\te{i}" for i in range(20)], own, english))
    first = list(rows.values())[:50]
    assert sum(not one.fields["source"] for one in first) == 30
    assert first[0].fields["source"]


@pytest.mark.parametrize(
    ("lines", "path", "row", "reason"),
    [
        (["z1\te1", "z7\te2"], "zh-en.dev.gold", 2, "the id z7, which is not in zh-en.dev.zh"),
        (["z1\te1", "z2\te7"], "zh-en.dev.gold", 2, "the id e7, which is not in zh-en.dev.en"),
        (["z1\te1", "z1\te1"], "zh-en.dev.gold", 2, "the pair z1, e1 stands twice"),
        (["z1\te1", "z2 e2"], "zh-en.dev.gold", 2, "expected 2 tab-separated columns (id, id), found 1"),
    ],
)
def test_gold_that_does_not_fit_is_counted_and_named(
    tmp_path: Path, lines: list[str], path: str, row: int, reason: str
) -> None:
    rows, skipped = read(write(tmp_path, lines))
    assert [(one.path, one.row, one.reason) for one in skipped.first] == [(path, row, reason)]
    assert [one.gold for one in rows.values() if one.gold] == ["bucc2018-zh/z1"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("z1\t五\n", "the id z1 stands twice; the first is kept"),
        ("z5\t \n", "an empty text"),
        ("z5\n", "expected 2 tab-separated columns (id, sentence), found 1"),
        ("z 5\t五\n", 'the id "z 5"; expected one word'),
        ("\t五\n", 'the id ""; expected one word'),
    ],
)
def test_a_sentence_that_cannot_be_used_is_counted_and_named(tmp_path: Path, line: str, reason: str) -> None:
    rows, skipped = read(write(tmp_path, ["z1\te1"], more=line))
    assert [(one.path, one.row, one.reason) for one in skipped.first] == [("zh-en.dev.zh", 5, reason)]
    assert rows["z1"].fields["source"] == "一"


def test_gold_of_a_sentence_that_was_passed_over_is_counted_too(tmp_path: Path) -> None:
    _, skipped = read(write(tmp_path, ["z5\te1"], more="z5\t \n"))
    assert [(one.path, one.row) for one in skipped.first] == [("zh-en.dev.zh", 5), ("zh-en.dev.gold", 1)]


def test_a_file_whose_first_row_is_something_else_is_refused(tmp_path: Path) -> None:
    write(tmp_path, ["z1\te1"])
    (tmp_path / "zh-en.dev.en").write_text("One.\nTwo.\n")
    with pytest.raises(DataError, match=r"zh-en\.dev\.en: row 1: expected 2 tab-separated columns \(id, sentence\)"):
        read(tmp_path)


class TestWhichSplitIsRead:
    def test_test_where_it_has_its_gold(self, tmp_path: Path) -> None:
        write(tmp_path, ["z1\te1"], split="dev")
        write(tmp_path, ["z1\te1", "z2\te2"], split="test")
        assert sum(bool(one.gold) for one in read(tmp_path)[0].values()) == 2

    def test_dev_where_xtreme_took_the_gold_of_test_away(self, tmp_path: Path) -> None:
        write(tmp_path, ["z1\te1"], split="dev")
        (write(tmp_path, ["z1\te1", "z2\te2"], split="test") / "zh-en.test.gold").unlink()
        assert sum(bool(one.gold) for one in read(tmp_path)[0].values()) == 1

    @pytest.mark.parametrize("split", ["training", "sample"])
    def test_under_bucc_s_own_names(self, tmp_path: Path, split: str) -> None:
        write(tmp_path, ["z1\te1"], split=split)
        assert BUCC.available(tmp_path) == ["zh"]

    def test_none_without_gold(self, tmp_path: Path) -> None:
        (write(tmp_path, ["z1\te1"]) / "zh-en.dev.gold").unlink()
        assert BUCC.available(tmp_path) == []
        with pytest.raises(DataError, match=r"has no BUCC 2018 for zh with gold; expected zh-en\.test\.zh"):
            read(tmp_path)


def test_the_hub_is_refused_as_it_has_nothing_to_mine_in() -> None:
    with pytest.raises(DataError, match="hold the gold pairs alone.*bucc2018=FOLDER"):
        BUCC.read_hub("zh", SkipLog())


@given(st.integers(0, 999), st.integers(1, 12), st.integers(0, 12))
def test_f1_is_a_ratio_of_sums(seed: int, pairs: int, alone: int) -> None:
    """XTREME's ``bucc_f1``: the harmonic mean of precision and recall over sets of pairs."""
    chance = random.Random(seed)
    gold = [(f"s{chance.randrange(pairs)}", f"t{i}") for i in range(pairs)]
    sources = [f"s{i}" for i in range(pairs + alone)]
    answers = {source: chance.choice(["", *(f"t{i}" for i in range(pairs + alone))]) for source in sources}
    wanted = {source: " ".join(t for s, t in gold if s == source) for source in sources}
    sums = [BUCC.statistic(wanted[source], answers[source], "zh") for source in sources]
    ratio = sum(one.numerator for one in sums) / sum(one.denominator for one in sums)
    given_pairs = {(source, answer) for source, answer in answers.items() if answer}
    hits = len(given_pairs & set(gold))
    if hits:
        precision, recall = hits / len(given_pairs), hits / len(set(gold))
        assert ratio == pytest.approx(2 * precision * recall / (precision + recall), abs=1e-12)
    else:
        assert ratio == 0
