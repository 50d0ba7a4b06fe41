"""Rewriting rules: what is read, how they follow one another, and every way a rule can be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from robustx.errors import CardError
from robustx.perturb.operators.rewrite import Rewrite
from robustx.perturb.rules import read_rules
from robustx.text.analysis import Text

TOP = "# source: me\n# licence: CC0-1.0\n"


def written(folder: Path, body: str, top: str = TOP) -> Path:
    path = folder / "r.tsv"
    path.write_text(top + body, encoding="utf-8")
    return path


def rewritten(path: Path, source: str) -> list[str]:
    operator, text = Rewrite(read_rules(path)), Text(source, "en")
    sites = [site for word in range(len(text.spans)) for site in operator.sites(text, word)]
    return [edit.replacement for site in sites for edit in operator.edits(text, site)]


def test_rules_follow_one_another_and_see_what_the_ones_before_made(tmp_path: Path) -> None:
    path = written(tmp_path, "pattern\tto\n(a)(b?)\t\\2\\1\nba\tc\n[cd]$\tx\n")
    assert rewritten(path, "ab dab cad d") == ["x", "dx", "cax", "x"]


def test_a_word_that_the_rules_leave_alone_or_empty_has_no_edit(tmp_path: Path) -> None:
    path = written(tmp_path, "pattern\tto\nb+\t\n")
    assert rewritten(path, "aa bb ab") == ["a"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "expected a header row with the columns 'pattern' and 'to'"),
        ("from\tto\na\tb\n", "expected a header row with the columns 'pattern' and 'to'"),
        ("pattern\tto\n(a\tb\n", "line 4: missing \\)"),
        ("pattern\tto\n\tb\n", "line 4: expected a pattern"),
        ("pattern\tto\na\t\\1\n", "line 4: expected .* only groups that it has"),
        ("pattern\tto\na\tb\tc\n", "line 4: expected a pattern"),
    ],
)
def test_a_wrong_rule_is_an_error_that_names_file_and_line(tmp_path: Path, body: str, message: str) -> None:
    with pytest.raises(CardError, match=message) as caught:
        read_rules(written(tmp_path, body))
    assert "r.tsv" in str(caught.value)


def test_rules_say_where_they_are_from(tmp_path: Path) -> None:
    with pytest.raises(CardError, match="says nothing of its licence"):
        read_rules(written(tmp_path, "pattern\tto\na\tb\n", "# source: me\n"))
