"""Tables: what is read, for which language, and every way a row can be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
import regex

from robustx.cards import card_folder
from robustx.errors import CardError
from robustx.perturb.tables import Row, Table, is_jamo, is_mark, read_table

TOP = "# source: me\n# licence: CC0-1.0\n"
TABLES = sorted((card_folder("attacks") / "tables").rglob("*.tsv"))


def written(folder: Path, body: str, top: str = TOP) -> Path:
    path = folder / "t.tsv"
    path.write_text(top + body, encoding="utf-8")
    return path


def test_rows_are_gathered_by_what_they_replace(tmp_path: Path) -> None:
    path = written(tmp_path, "from\tto\twhere\na\tb\t\na\tc\tfinal\nx\t\n\n")
    assert read_table(path, "en") == Table(
        {"a": (Row("b", "any"), Row("c", "final")), "x": (Row("", "any"),)},
        "NFC",
        {"source": "me", "licence": "CC0-1.0"},
    )


def test_a_row_holds_for_the_languages_it_names_or_for_all(tmp_path: Path) -> None:
    path = written(tmp_path, "from\tto\tlanguages\na\t1\ten, sw\nb\t2\t*\nc\t3\t\n")
    assert set(read_table(path, "sw").rows) == {"a", "b", "c"}
    assert set(read_table(path, "hi").rows) == {"b", "c"}


def test_code_points_can_be_written_as_such(tmp_path: Path) -> None:
    path = written(tmp_path, "from\tto\nU+0915 U+094D\tU+0916\nक\tU+0917\n")
    assert read_table(path, "hi").rows == {"क्": (Row("ख", "any"),), "क": (Row("ग", "any"),)}


def test_a_row_said_twice_holds_once(tmp_path: Path) -> None:
    assert read_table(written(tmp_path, "from\tto\na\tb\na\tb\n"), "en").rows["a"] == (Row("b", "any"),)


def test_insertions_stand_under_the_empty_string_and_further_columns_are_for_readers(tmp_path: Path) -> None:
    assert read_table(written(tmp_path, "to\tname\nx\tthe letter\n"), "en").rows == {"": (Row("x", "any"),)}


def test_a_decomposed_table_says_so_and_may_hold_bare_marks(tmp_path: Path) -> None:
    path = written(tmp_path, "from\tto\nU+0065 U+0301\te\nU+3099\t\n", TOP + "# form: nfd\n")
    assert read_table(path, "fr").form == "NFD"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "has no rows; expected a header row with the column 'to'"),
        ("from\tinto\na\tb\n", "line 3: expected a header row with the column 'to'"),
        ("from\tto\na\ta\n", "line 4: 'a' would be replaced by itself"),
        ("from\tto\twhere\na\tb\tmiddle\n", "line 4: where is 'middle'; expected one of any, initial, medial, final"),
        ("from\tto\na\tb\tc\n", "line 4: expected at most 2 cells, found 3"),
        ("from\tto\nU+0065 U+0301\tx\n", "line 4: .* is not in NFC"),
        ("from\tto\nक\tU+093F\n", "line 4: .* would leave a mark without its base"),
        ("from\tto\n가\tU+1161\n", "line 4: .* would leave a mark without its base"),
        ("from\tto\nU+XY\tx\n", "line 4: expected code points as U\\+XXXX"),
        ("from\tto\na\tU+110000\n", "line 4: expected code points as U\\+XXXX"),
        ("from\tto\na\tU+D800\n", "line 4: expected code points as U\\+XXXX"),
    ],
)
def test_a_wrong_row_is_an_error_that_names_file_and_line(tmp_path: Path, body: str, message: str) -> None:
    with pytest.raises(CardError, match=message) as caught:
        read_table(written(tmp_path, body), "en")
    assert "t.tsv" in str(caught.value)


@pytest.mark.parametrize(
    ("sets", "before", "after"),
    [
        ("[b]", "xab", "xax"),
        ("[bc][#]", "xab", "xabb"),
        ("[^b][c]", "xaxc", "xabc"),
        ("[b][#][#]", "xab", "xabc"),
        (r"[\p{M}][d]", "xa\u0323d", "xad"),
        (r"[\S\s][d]", "xa\nd", "xad"),
    ],
)
def test_a_row_asks_as_many_code_points_as_it_has_sets(sets: str, before: str, after: str) -> None:
    row = Row("y", before=sets)
    assert row.between(before, 1, 2)
    assert not row.between(after, 1, 2)
    assert row.reach == max(1, sets.count("["))


def test_a_row_that_looks_back_reads_its_sets_from_left_to_right() -> None:
    row = Row("y", after="[#][bc]")
    assert row.between("ba", 1, 2)
    assert not row.between("bba", 2, 3)


@pytest.mark.parametrize("sets", ["b", "[b", "[b]c", "[]", "[b][", "[b]+", "([b])"])
def test_a_neighbour_that_is_no_set_is_an_error(tmp_path: Path, sets: str) -> None:
    with pytest.raises(CardError, match="line 4: before is .*expected a set of characters"):
        read_table(written(tmp_path, f"from\tto\tbefore\na\tx\t{sets}\n"), "en")


@pytest.mark.parametrize("fact", ["source", "licence"])
def test_a_table_says_where_it_is_from_and_under_what_licence(tmp_path: Path, fact: str) -> None:
    top = "".join(line for line in TOP.splitlines(keepends=True) if fact not in line)
    with pytest.raises(CardError, match=f"says nothing of its {fact}"):
        read_table(written(tmp_path, "to\nx\n", top), "en")


def test_an_unknown_form_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CardError, match="form is 'NFKD'"):
        read_table(written(tmp_path, "from\tto\na\tb\n", TOP + "# form: nfkd\n"), "en")


def test_a_file_that_is_missing_or_not_utf_8_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CardError, match=r"no\.tsv: cannot be read"):
        read_table(tmp_path / "no.tsv", "en")
    (tmp_path / "latin.tsv").write_bytes(TOP.encode() + b"from\tto\n\xe9\tx\n")
    with pytest.raises(CardError, match=r"latin\.tsv: cannot be read"):
        read_table(tmp_path / "latin.tsv", "en")


@pytest.mark.parametrize("path", TABLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_table_of_robustx_states_source_version_and_licence(path: Path) -> None:
    top = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    for fact in ("source", "version", "licence"):
        assert any(regex.match(rf"# {fact}: \S", line) for line in top), fact


def test_marks_are_the_categories_of_unicode_and_the_jamo_that_follow_another() -> None:
    """Hangul_Syllable_Type V or T, or General_Category M, by the tables of another library."""
    dependent = regex.compile(r"\p{M}|\p{Hangul_Syllable_Type=V}|\p{Hangul_Syllable_Type=T}")
    differ = [f"{point:04X}" for point in range(0xD800) if is_mark(chr(point)) != bool(dependent.match(chr(point)))]
    # unassigned at the ends of the blocks, or given a category after the Unicode of the oldest Python that robustx runs on
    assert [point for point in differ if is_jamo(chr(int(point, 16)))] == [
        f"{point:04X}" for point in range(0xD7C7, 0xD7CB)
    ]
    assert not is_mark("\u1100")
    assert not is_mark("각")
