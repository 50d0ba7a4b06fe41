"""The token tasks: files as XTREME and WikiANN have them, bad sentences counted and named, tokens kept apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robustx.errors import DataError
from robustx.tasks import tagging as module
from robustx.tasks.base import Example, SkipLog, Task
from robustx.tasks.panx import Panx
from robustx.tasks.registry import task
from robustx.tasks.udpos import Udpos

PANX, UDPOS = Panx(), Udpos()
GOOD = "Anna\tB-PER\nsings\tO\n\n"


def read(folder: Path, data: bytes | str, name: str = "test-hi.tsv", one: Task = PANX) -> tuple[list[Example], SkipLog]:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    skipped = SkipLog()
    return list(one.read(folder, "hi", skipped)), skipped


def test_a_sentence_is_one_text_with_a_token_a_line(tmp_path: Path) -> None:
    examples, skipped = read(tmp_path, "नई\tB-LOC\nदिल्ली\tI-LOC\n।\tO\n\nगंगा\tB-LOC\n")
    assert examples == [
        Example("panx-hi-1", "hi", {"sentence": "नई\nदिल्ली\n।"}, "B-LOC I-LOC O"),
        Example("panx-hi-2", "hi", {"sentence": "गंगा"}, "B-LOC"),
    ]
    assert skipped.count == 0


def test_tokens_stand_as_they_were_but_for_line_ends_and_tags_are_trimmed(tmp_path: Path) -> None:
    examples, _ = read(tmp_path, "\ufeffnew york\tB-LOC \r\n\u200cx\u00a0\tO\r\n".encode())
    assert examples[0].fields["sentence"].split("\n") == ["new york", "\u200cx\u00a0"]
    assert examples[0].gold == "B-LOC O"


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\u0085", "\x0b", "\x0c", "\x1c"])
def test_only_a_line_feed_ends_a_token(tmp_path: Path, mark: str) -> None:
    examples, skipped = read(tmp_path, f"one{mark}two\tB-LOC\n\n")
    assert [example.fields["sentence"] for example in examples] == [f"one{mark}two"]
    assert skipped.count == 0


def test_the_prefix_of_raw_wikiann_is_taken_off_where_every_token_has_it(tmp_path: Path) -> None:
    examples, _ = read(tmp_path, "hi:नई\tB-LOC\nhi:दिल्ली\tI-LOC\n\nhi:ok\tO\nen:so\tB-ORG\n", "hi-test")
    assert [example.fields["sentence"] for example in examples] == ["नई\nदिल्ली", "hi:ok\nen:so"]


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Anna\tB-PER\nsings\n", "2 tokens and 1 tags"),
        ("Anna\tB-PER\nsings\t \n", "2 tokens and 1 tags"),
        ("Anna\tB-PRE\n", 'the tag "B-PRE"; expected O, B-PER'),
        ("Anna\tB-PER\u200b\n", 'the tag "B-PER<ZWSP>"'),
        ("Anna\t" + "x" * 1000 + "\n", 'the tag "' + "x" * 40 + '"'),
        ("\tB-PER\nsings\tO\n", "a blank token"),
        (" \u00a0\tB-PER\nsings\tO\n", "a blank token"),
        ("\tB-PER\n", "an empty text"),
        ("hi:\tB-PER\nhi:x\tO\n", "a blank token"),
        ("Anna\tNNP\tB-PER\n", "line 4 has 3 columns"),
        (b"\xff\tB-PER\n", "line 4 is not UTF-8"),
        (b"ok\tO\nA\xed\xa0\x80\tB-PER\n", "line 5 is not UTF-8"),
        ("A\x00\tB-PER\n", "a NUL character"),
        ("x" * 30_000 + "\tO\n", "30,000 characters"),
        ("x\tO\n" * 10_001, "more than 10,000 tokens without a blank line"),
        ("\n", "an empty sentence"),
        (" \n", "1 tokens and 0 tags"),
    ],
)
def test_a_bad_sentence_is_counted_named_and_passed_over(tmp_path: Path, sentence: str | bytes, reason: str) -> None:
    bad = sentence.encode() if isinstance(sentence, str) else sentence
    examples, skipped = read(tmp_path, GOOD.encode() + bad + b"\n" * bool(bad.strip(b"\n")) + GOOD.encode())
    assert [example.uid for example in examples] == ["panx-hi-1", "panx-hi-3"]
    assert skipped.count == 1
    assert (skipped.first[0].path, skipped.first[0].row) == ("test-hi.tsv", 4)
    assert reason in skipped.first[0].reason


def test_blank_lines_at_the_end_make_no_sentence_and_at_the_beginning_each_makes_one(tmp_path: Path) -> None:
    examples, skipped = read(tmp_path, "\n\n" + GOOD + "\n\n\n")
    assert [example.uid for example in examples] == ["panx-hi-3"]
    assert [(row.row, row.reason) for row in skipped.first] == [(1, "an empty sentence"), (2, "an empty sentence")]


class TestWhichFileIsRead:
    def test_the_test_set_is_before_dev(self, tmp_path: Path) -> None:
        read(tmp_path, "dev\tB-LOC\n", "panx/dev-hi.tsv")
        assert PANX.file(tmp_path, "hi") == ("dev", tmp_path / "panx" / "dev-hi.tsv")
        read(tmp_path, "test\tB-LOC\n", "panx/test-hi.tsv")
        assert PANX.file(tmp_path, "hi") == ("test", tmp_path / "panx" / "test-hi.tsv")

    @pytest.mark.parametrize("stripped", ["Anna\nsings\n", "Anna\tO\nsings\tO\n", "B-PER\t\nB-LOC\t\n"])
    def test_a_test_set_whose_tags_xtreme_took_out_is_none(self, tmp_path: Path, stripped: str) -> None:
        read(tmp_path, GOOD, "dev-hi.tsv")
        examples, _ = read(tmp_path, stripped)
        assert [example.gold for example in examples] == ["B-PER O"]
        (tmp_path / "dev-hi.tsv").unlink()
        assert PANX.available(tmp_path) == []
        with pytest.raises(DataError, match=r"test-hi\.tsv: row 1: none of its lines has a panx tag; expected a token"):
            list(PANX.read(tmp_path, "hi", SkipLog()))

    @pytest.mark.parametrize(
        "name", ["test-hi.tsv", "panx/test-hi.tsv", "hi-test", "panx/hi-test", "hi/test", "dev-hi.tsv"]
    )
    def test_layouts_of_xtreme_and_wikiann_are_found(self, tmp_path: Path, name: str) -> None:
        examples, _ = read(tmp_path, GOOD, name)
        assert PANX.available(tmp_path) == ["hi"]
        assert len(examples) == 1

    def test_a_file_of_another_task_is_not_taken_for_this_one(self, tmp_path: Path) -> None:
        (tmp_path / "test-hi.tsv").write_text("A premise.\tA hypothesis.\tneutral\n")
        (tmp_path / "test-en.tsv").write_text("Anna\tPROPN\nsings\tVERB\n")
        assert PANX.available(tmp_path) == []
        assert UDPOS.available(tmp_path) == ["en"]

    def test_a_language_without_a_file_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(DataError, match=r"has no udpos data for hi; expected test-hi\.tsv or dev-hi\.tsv"):
            list(UDPOS.read(tmp_path, "hi", SkipLog()))


class TestFromTheHub:
    @pytest.fixture
    def data(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """Both configs as the hub keeps them, on this disk: a good sentence, and three bad ones."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        configs = []
        for config, column, good in (("PAN-X.hi", "ner_tags", [5, 6, 0]), ("udpos.Hindi", "pos_tags", [11, 11, 12])):
            (tmp_path / config).mkdir()
            tokens = [["नई", "दिल्ली", "।"], ["एक", "दो"], ["एक"], [], ["एक", ""]]
            table = pa.table({"tokens": tokens, column: [good, [0], [99], [], [0, 0]]})
            pq.write_table(table, tmp_path / config / "test.parquet")
            configs.append(
                f"- config_name: {config}\n  data_files:\n  - split: test\n    path: {config}/test.parquet\n"
            )
        (tmp_path / "README.md").write_text(f"---\nconfigs:\n{''.join(configs)}---\n")
        monkeypatch.setattr(module, "HUB_ID", str(tmp_path))
        return tmp_path

    @pytest.mark.parametrize(("one", "gold"), [(PANX, "B-LOC I-LOC O"), (UDPOS, "PROPN PROPN PUNCT")])
    def test_numbers_become_tags_and_bad_rows_are_passed_over(self, data: Path, one: Task, gold: str) -> None:
        skipped = SkipLog()
        examples = list(one.read_hub("hi", skipped))
        assert examples == [Example(f"{one.name}-hi-1", "hi", {"sentence": "नई\nदिल्ली\n।"}, gold)]
        reasons = [row.reason.split(";")[0] for row in skipped.first]
        assert reasons == [
            "2 tokens and 1 tags",
            'the tag "99"',
            "an empty sentence",
            "a blank token, or one with a line feed",
        ]

    def test_a_language_has_a_config_by_its_code_or_by_its_name(self) -> None:
        assert {code: UDPOS.hub_config(code) for code in ("he", "fa", "tl", "zh")} == {
            "he": "udpos.Hebrew",
            "fa": "udpos.Persian",
            "tl": "udpos.Tagalog",
            "zh": "udpos.Chinese",
        }
        assert PANX.hub_config("my") == "PAN-X.my"


def example(tokens: list[str], tags: list[str]) -> Example:
    return Example("u", "hi", {"sentence": "\n".join(tokens)}, " ".join(tags))


def test_what_stands_between_tokens_is_protected() -> None:
    one = example(["ab", "c", "d e"], ["O", "O", "O"])
    assert PANX.protected(one, "sentence") == [(2, 3), (4, 5)]


@pytest.mark.parametrize(
    ("edited", "carried"),
    [
        ("ab\nc", True),
        ("a b\n\u200b", True),
        ("abc", False),
        ("a\nb\nc", False),
        ("ab\n", False),
        ("ab\n \u3000", False),
        ("\nc", False),
    ],
)
def test_edited_tokens_carry_their_tags_where_they_are_as_many_and_none_is_blank(edited: str, carried: bool) -> None:
    assert PANX.carries(example(["ab", "c"], ["B-PER", "O"]), {"sentence": edited}) is carried


tokens = st.text(st.characters(codec="utf-8", exclude_characters="\t\n\r\x00\ufeff"), min_size=1).filter(str.strip)


@given(
    st.lists(st.lists(st.tuples(tokens, st.sampled_from(UDPOS.labels)), min_size=1, max_size=6), min_size=1, max_size=4)
)
def test_what_was_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, corpus: list[list[tuple[str, str]]]
) -> None:
    corpus[0].append(("so", "ADV"))  # a file of nothing but X is one whose tags were taken out
    folder = tmp_path_factory.mktemp("again")
    text = "\n".join("".join(f"{token}\t{tag}\n" for token, tag in sentence) for sentence in corpus)
    examples, skipped = read(folder, text, one=UDPOS)
    assert skipped.count == 0
    assert [list(zip(e.fields["sentence"].split("\n"), e.gold.split(" "), strict=True)) for e in examples] == corpus


def test_both_are_registered_and_say_what_a_guess_scores() -> None:
    for one in (task("panx"), task("udpos")):
        assert (one.head, one.metric, one.fields) == ("tagging", "F1", ("sentence",))
        assert 0 < one.chance < 0.1
