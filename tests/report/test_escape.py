"""Hostile text comes out inert, wherever it is printed."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from robustx.report.escape import csv_cell, json_in_html, latex, markdown, shown_in_markdown, yaml_string

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]")
ANY = st.text(st.characters(), max_size=40)


@pytest.mark.parametrize("made", [csv_cell, latex, markdown, yaml_string])
@given(text=ANY)
def test_no_control_no_bidi_control_and_no_line_end_comes_out(made: object, text: str) -> None:
    assert callable(made)
    assert not CONTROL.search(made(text))


@pytest.mark.parametrize("made", [csv_cell, latex, markdown, yaml_string])
def test_escape_sequences_of_a_terminal_are_named(made: object) -> None:
    assert callable(made)
    shown = made("\x1b[31mred\x9b2J\x07")
    assert "\x1b" not in shown
    assert "U+001B" in shown


@given(ANY)
def test_a_cell_of_a_spreadsheet_is_never_a_formula(text: str) -> None:
    cell = csv_cell(text)
    assert not cell.lstrip().startswith(tuple("=+-@＝＋－＠\t\r"))
    out = io.StringIO()
    csv.writer(out).writerow([cell, "next"])
    assert next(csv.reader(io.StringIO(out.getvalue()))) == [cell, "next"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', " =1", "＝1", "\t=1"])
def test_formulas_are_quoted(text: str) -> None:
    assert csv_cell(text).startswith(("'", "<"))


def test_ordinary_names_stay_as_they_are() -> None:
    assert csv_cell("xlm-roberta-large") == "xlm-roberta-large"
    assert csv_cell("हिन्दी मॉडल") == "हिन्दी मॉडल"
    assert latex("XLM-R नमस्ते") == "XLM-R नमस्ते"
    assert markdown("xlm-roberta-large 1.5") == "xlm-roberta-large 1.5"


@given(ANY)
def test_latex_has_no_command_but_those_of_its_escapes(text: str) -> None:
    known = r"\\(text[a-z]+\{\}|[{}$&#%_])"
    rest = re.sub(known, "", latex(text))
    assert not set(rest) & set("\\{}$&#%_^~\"`'")


def test_latex_names_every_special_character() -> None:
    assert latex(r"\input{/etc/passwd} 50% of $x_1^2$ & #~") == (
        r"\textbackslash{}input\{/etc/passwd\} 50\% of \$x\_1\textasciicircum{}2\$ \& \#\textasciitilde{}"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>alert(1)</script>", r"&lt;script&gt;alert\(1\)&lt;/script&gt;"),
        ("a|b", r"a\|b"),
        ("![x](http://e.org)", r"\!\[x\]\(http\://e.org\)"),
        ("www.e.org", r"www\.e.org"),
        ("**bold** `code` ~~x~~ $y$", r"\*\*bold\*\* \`code\` \~\~x\~\~ \$y\$"),
        ("&lt;", "&amp;lt;"),
        ("one\ntwo", "one&lt;U+000A&gt;two"),
    ],
)
def test_markdown_has_no_markup_left(text: str, shown: str) -> None:
    assert markdown(text) == shown


def test_what_is_shown_already_keeps_its_isolates_in_markdown() -> None:
    assert shown_in_markdown("\u2068a|b\\c<d>\u2069") == "\u2068a\\|b\\\\c&lt;d&gt;\u2069"
    assert shown_in_markdown("zh-Hans 0.1") == "zh-Hans 0.1"


@given(ANY)
def test_yaml_reads_back_one_string(text: str) -> None:
    read = yaml.safe_load(f"name: {yaml_string(text)}\nnext: 1\n")
    assert set(read) == {"name", "next"}
    assert isinstance(read["name"], str)


@pytest.mark.parametrize("text", ["yes", "1.0", "null", "a: b", "- x", "!!python/object:os.system", "&a *a", "'\"\\"])
def test_yaml_of_a_plain_text_is_that_text(text: str) -> None:
    assert yaml.safe_load(yaml_string(text)) == text


@given(ANY)
def test_json_in_a_page_reads_back_and_cannot_end_its_element(text: str) -> None:
    raw = json_in_html({"name": f"</script><!--{text}"})
    assert not set(raw) & set("<>&\u2028\u2029")
    assert json.loads(raw)["name"] == f"</script><!--{text}"
