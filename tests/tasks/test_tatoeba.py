"""Tatoeba: two files line by line, under LASER's names or XTREME's; what would hide a misalignment is refused."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from robustx.errors import DataError
from robustx.tasks import tatoeba as module
from robustx.tasks.base import Example, SkipLog
from robustx.tasks.tatoeba import Tatoeba

TATOEBA = Tatoeba()
OWN, ENGLISH = ["ერთი", "ორი", "სამი"], ["One.", "Two.", "Three."]


def write(
    folder: Path, own: list[str], english: list[str], stem: str = "tatoeba.kat-eng", ends: str = "kat eng"
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for end, lines in zip(ends.split(), (own, english), strict=True):
        (folder / f"{stem}.{end}").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def read(folder: Path) -> tuple[list[Example], SkipLog]:
    skipped = SkipLog()
    return list(TATOEBA.read(folder, "ka", skipped)), skipped


@pytest.mark.parametrize("names", [("tatoeba.kat-eng", "kat eng"), ("ka-en", "ka en")])
@pytest.mark.parametrize("below", ["", "tatoeba"])
def test_a_row_is_a_sentence_with_its_translation(tmp_path: Path, names: tuple[str, str], below: str) -> None:
    write(tmp_path / below, OWN, ENGLISH, *names)
    assert TATOEBA.available(tmp_path) == ["ka"]
    examples, skipped = read(tmp_path)
    assert examples[1] == Example("tatoeba-ka-2", "ka", {"source": "ორი", "target": "Two."}, "tatoeba-ka-2")
    assert (len(examples), skipped.count) == (3, 0)


@pytest.mark.parametrize(("own", "english"), [("  ", "Two."), ("ორი", ""), ("ორ\x00ი", "Two.")])
def test_a_line_that_is_empty_on_either_side_is_counted_and_the_others_stay_aligned(
    tmp_path: Path, own: str, english: str
) -> None:
    write(tmp_path, [OWN[0], own, OWN[2]], [ENGLISH[0], english, ENGLISH[2]])
    examples, skipped = read(tmp_path)
    assert [(one.uid, one.fields["target"]) for one in examples] == [
        ("tatoeba-ka-1", "One."),
        ("tatoeba-ka-3", "Three."),
    ]
    assert [(one.path, one.row) for one in skipped.first] == [("tatoeba.kat-eng.kat", 2)]


@pytest.mark.parametrize("side", ["kat", "eng"])
def test_a_line_that_is_not_utf_8_is_counted_where_it_stands(tmp_path: Path, side: str) -> None:
    write(tmp_path, OWN, ENGLISH)
    path = tmp_path / f"tatoeba.kat-eng.{side}"
    first, _, last, _ = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join((first, b"\xff", last)) + b"\n")
    examples, skipped = read(tmp_path)
    assert [one.uid for one in examples] == ["tatoeba-ka-1", "tatoeba-ka-3"]
    assert [(one.path, one.row) for one in skipped.first] == [(path.name, 2)]


def test_a_last_line_without_an_end_is_a_line(tmp_path: Path) -> None:
    write(tmp_path, OWN, ENGLISH)
    path = tmp_path / "tatoeba.kat-eng.eng"
    path.write_text(path.read_text().rstrip("\n"))
    assert len(read(tmp_path)[0]) == 3


def test_files_of_different_lengths_are_refused(tmp_path: Path) -> None:
    write(tmp_path, OWN, ENGLISH[:2])
    with pytest.raises(DataError, match=r"tatoeba\.kat-eng\.kat: has 3 lines and tatoeba\.kat-eng\.eng 2; expected"):
        read(tmp_path)


def test_an_english_side_that_xtreme_has_sorted_is_refused(tmp_path: Path) -> None:
    english = [f"Sentence {i:02}." for i in range(20)]
    write(tmp_path, [f"წინადადება {i}" for i in range(20)], english, "ka-en", "ka en")
    with pytest.raises(DataError, match=r"ka-en\.en: is in alphabetical order.*LASER"):
        read(tmp_path)
    write(tmp_path, [f"წინადადება {i}" for i in range(20)], english[::-1], "ka-en", "ka en")
    assert len(read(tmp_path)[0]) == 20


def test_laser_s_files_come_before_those_that_xtreme_has_sorted(tmp_path: Path) -> None:
    write(tmp_path, OWN, ENGLISH)
    write(tmp_path, OWN, sorted(ENGLISH), "ka-en", "ka en")
    assert [one.fields["target"] for one in read(tmp_path)[0]] == ENGLISH


def test_a_language_without_files_is_refused_with_their_names(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"expected tatoeba\.kat-eng\.kat and .*, or ka-en\.ka and ka-en\.en"):
        read(tmp_path)


def test_rows_come_from_the_hub_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "xtreme-like"
    (folder / "tatoeba.kat").mkdir(parents=True)
    rows = {"source_sentence": ["ერთი\n", "\n"], "target_sentence": ["One.\n", "Two.\n"]}
    pq.write_table(pa.table(rows), folder / "tatoeba.kat" / "validation.parquet")
    (folder / "README.md").write_text(
        "---\nconfigs:\n- config_name: tatoeba.kat\n  data_files:\n  - split: validation\n"
        "    path: tatoeba.kat/validation.parquet\n---\n"
    )
    monkeypatch.setattr(module, "HUB_ID", str(folder))
    skipped = SkipLog()
    assert [dict(one.fields) for one in TATOEBA.read_hub("ka", skipped)] == [{"source": "ერთი", "target": "One."}]
    assert [(one.row, one.reason) for one in skipped.first] == [(2, "an empty text")]
    with pytest.raises(DataError, match="no Tatoeba sentences for my"):
        list(TATOEBA.read_hub("my", skipped))


def test_accuracy_at_1_is_a_ratio_of_sums() -> None:
    assert TATOEBA.statistic("tatoeba-ka-1", "tatoeba-ka-1", "ka") == (1.0, 1.0)
    assert TATOEBA.statistic("tatoeba-ka-1", "tatoeba-ka-2", "ka") == (0.0, 1.0)
