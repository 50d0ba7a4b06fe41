"""The tables of typing: what a slip of Shift or the wrong layout makes of words that one can check by hand."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
import regex
from attack_material import ATTACKS, LANGUAGES, every_edit, offered, text_of

from robustx.perturb.edits import apply
from robustx.perturb.tables import read_table
from robustx.text.analysis import Text

ROOT = Path(__file__).parents[2]
XKB = Path("/usr/share/X11/xkb/symbols")
KEYSYMS = Path("/usr/include/X11/keysymdef.h")
XKB_FACTS = Path("/usr/share/pkgconfig/xkeyboard-config.pc")

WRONG_LAYOUT = ATTACKS["wrong-layout"]
# in Latin script the letters that layouts share stand in both, and jamo are put together again by an input method
REVERSIBLE = [
    code for code in LANGUAGES if WRONG_LAYOUT.applies_to(code) and code not in ("de", "es", "fr", "tr", "ko")
]
SHIFTED = [code for code in LANGUAGES if ATTACKS["shift"].applies_to(code)]
AS_TYPED = str.maketrans("’׳", "''")
"""What word processors write for the apostrophe that was typed."""


def made(attack: str, language: str, source: str) -> list[str]:
    text = Text(source, language)
    return [apply(source, [edit]) for _, _, edit in every_edit(ATTACKS[attack].operator(language), text)]


@pytest.mark.parametrize(
    ("language", "word", "typed"),
    [
        ("ru", "привет", "ghbdtn"),
        ("ru", "Ёжик", "~;br"),
        ("uk", "п’ять", "g`znm"),
        ("ko", "안녕", "dkssud"),
        ("ko", "읽었다", "dlfrdjTek"),
        ("he", "שלום", "akuo"),
        ("ar", "لأن", "Gk"),
        ("fa", "سلام", "sghl"),
        ("th", "สวัสดี", "l;ylfu"),
        ("el", "καλημέρα", "kalhm;era"),
        ("hi", "नमस्ते", "vcmdls"),
        ("bn", "ভারত", "Fhvk"),
        ("km", "ខ្ញុំ", "xjJ,"),
        ("si", "ප්‍රමාද", "m`udo"),
        ("de", "zwei", "ywei"),
        ("fr", "été", "2t2"),
        ("es", "niño", "ni;o"),
        ("tr", "kız", "kiz"),
    ],
)
def test_a_word_on_the_wrong_layout_is_what_its_keys_type_in_english(language: str, word: str, typed: str) -> None:
    text = Text(word, language)  # Thai is cut into more than one
    edits = [edit for _, _, edit in every_edit(WRONG_LAYOUT.operator(language), text)]
    assert apply(word, edits) == typed


def test_a_word_with_a_character_that_no_key_types_is_left_alone() -> None:
    assert made("wrong-layout", "ru", "привет naïve") == ["ghbdtn naïve"]


@pytest.mark.parametrize("code", ["en", "sw", "vi"])
def test_languages_that_are_typed_on_the_us_layout_have_no_wrong_one(code: str) -> None:
    assert not WRONG_LAYOUT.applies_to(code)


@pytest.mark.parametrize("code", REVERSIBLE)
def test_the_table_of_a_layout_read_backwards_gives_the_word_again(code: str) -> None:
    path = WRONG_LAYOUT.table_path(code)
    assert path
    table = read_table(path, code)
    assert table.facts["cover"] == "all"
    word_of: dict[str, str] = {}
    for source, (row,) in table.rows.items():
        assert row.anywhere
        word_of.setdefault(row.to, source)
    longest_first = re.compile("|".join(re.escape(typed) for typed in sorted(word_of, key=len, reverse=True)))
    for index in (0, -1):
        text = text_of(code, index)
        for _, _, edit in offered("wrong-layout", code, index):
            assert longest_first.sub("", edit.replacement) == ""
            read = longest_first.sub(lambda match: word_of[match[0]], edit.replacement)
            assert unicodedata.normalize("NFC", read) == text.source[edit.start : edit.end].translate(AS_TYPED)


@pytest.mark.parametrize(
    ("language", "word", "typed"),
    [
        ("ko", "가", {"까"}),
        ("ko", "했", {"햇", "헀"}),
        ("hi", "की", {"खी", "कई"}),
        ("th", "นก", {"นฏ"}),
        ("ka", "ცა", {"ჩა"}),
        ("km", "កា", {"គា"}),
        ("lo", "ຮັກ", {"ຣັກ"}),
        ("si", "කටු", {"ඛටු", "කඨු", "කටූ"}),
    ],
)
def test_a_slip_of_shift_types_the_other_letter_of_the_key(language: str, word: str, typed: set[str]) -> None:
    assert set(made("shift", language, word)) == typed


@pytest.mark.parametrize("code", SHIFTED)
def test_a_slip_of_shift_makes_no_capital(code: str) -> None:
    path = ATTACKS["shift"].table_path(code)
    assert path
    for source, rows in read_table(path, code).rows.items():
        assert source.casefold() not in [row.to.casefold() for row in rows]


@pytest.mark.parametrize("attack", ["keyboard", "shift"])
def test_a_slip_in_sinhala_leaves_no_joiner_behind(attack: str) -> None:
    found = made(attack, "si", "ප්‍රමාද විද්‍යාලය වාක්‍ය චක්‍ර ක්‍ය")
    assert found
    for text in found:
        assert not regex.search("(?<!\u0dca)\u200d|\u200d(?![\u0d9a-\u0dc6])", text), text


def test_the_tables_on_disk_are_those_that_the_tool_derives(tmp_path: Path) -> None:
    if not ((ROOT / "tools" / "keyboards").is_dir() and XKB.is_dir() and KEYSYMS.is_file() and XKB_FACTS.is_file()):
        pytest.skip("needs the repository with tools/, and the packages xkb-data and x11proto-dev")
    version = re.search(r"^Version: (\S+)", XKB_FACTS.read_text("utf-8"), re.MULTILINE)
    assert version
    if version[1] not in (ROOT / "attacks/tables/shift/hi.tsv").read_text("utf-8").splitlines()[0]:
        pytest.skip(f"the tables are of another xkeyboard-config than the {version[1]} of this machine")
    tables = ["keyboard", "shift", "layout", "letters"]
    options = ["--xkb", XKB, "--keysyms", KEYSYMS, "--xkb-version", version[1], "--out", tmp_path]
    command = [sys.executable, "-m", "tools.keyboards", *tables, *map(str, options)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    derived = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.tsv"))
    assert len(derived) > 90
    for path in derived:
        assert (tmp_path / path).read_bytes() == (ROOT / "attacks/tables" / path).read_bytes(), path
