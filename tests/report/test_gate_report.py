"""A gate's findings as people and machines read them: they fit, they are inert, and they say what was found."""

from __future__ import annotations

import contextlib
import io
import unicodedata
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import RenderableType
from synthetic import Planted, right, simple, write

from robustx.errors import RobustxError
from robustx.report.gate import gate_report
from robustx.report.junit import junit, write_junit
from robustx.report.step_summary import append_step_summary, step_summary
from robustx.report.terminal import console
from robustx.score.finding import Gate, Side
from robustx.score.gate import check_runs

FOUR = {"hi": (0.7, 0.6), "th": (0.8, 0.7), "en": (0.8, 0.7), "sw": (0.7, 0.6)}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A baseline, and a candidate that lost in Thai and cannot be judged in Swahili."""
    root = tmp_path_factory.mktemp("gate")
    base, new = simple(200, FOUR), simple(200, FOUR)
    for key, part in new.cells.items():
        if key[0] == "th":
            new.cells[key] = replace(part, right=part.right * right(200, 0.7, 5))
        part.survived = key[0] != "sw"
    return write(root / "base", base), write(root / "new", Planted(new.clean, new.cells, model="new"))


@pytest.fixture(scope="module")
def gate(folders: tuple[Path, Path]) -> Gate:
    return check_runs(*folders)


def printed(report: RenderableType) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        console().print(report)
    return out.getvalue()


def line_of(text: str, start: str) -> str:
    """The first line that begins with these words."""
    return next(line for line in text.splitlines() if line.split()[: len(start.split())] == start.split())


def test_the_table_fits_a_hundred_columns_and_marks_what_fell(gate: Gate) -> None:
    text = printed(gate_report(gate))
    assert max(map(len, text.splitlines())) <= 100
    assert "…" not in text
    assert line_of(text, "th").split()[-1] == "FELL"
    assert "not judged" in line_of(text, "sw")
    assert "The gate did not hold" in text
    assert "robust accuracy of th: -" in " ".join(text.split())


def test_non_inferiority_says_what_was_not_shown(folders: tuple[Path, Path]) -> None:
    text = printed(gate_report(check_runs(*folders, mode="non-inferiority")))
    assert "NOT SHOWN" in line_of(text, "th")
    assert "…" not in text


def cases(gate: Gate) -> dict[str, ElementTree.Element]:
    root = ElementTree.fromstring(junit(gate))
    return {f"{case.get('classname')}[{case.get('name')}]": case for case in root.iter("testcase")}


def test_junit_has_a_case_a_finding_and_counts_that_add_up(gate: Gate) -> None:
    root = ElementTree.fromstring(junit(gate))
    made = cases(gate)
    assert len(made) == len(gate.findings)
    assert made["robustx.xnli.robust.language[th]"].find("failure") is not None
    assert made["robustx.xnli.robust.language[sw]"].find("skipped") is not None
    assert made["robustx.xnli.clean.language[th]"].find("failure") is None
    for name, tag in (("tests", "testcase"), ("failures", "failure"), ("skipped", "skipped")):
        assert int(root.get(name, "")) == len(list(root.iter(tag)))
        assert sum(int(suite.get(name, "")) for suite in root.iter("testsuite")) == int(root.get(name, ""))
    failure = made["robustx.xnli.robust.language[th]"].find("failure")
    assert failure is not None
    assert failure.get("message", "").startswith("robust accuracy of th: -")
    assert gate.verdict in "".join(root.itertext())


def test_a_gate_that_holds_has_no_failure(folders: tuple[Path, Path]) -> None:
    held = check_runs(folders[0], folders[0])
    assert not list(ElementTree.fromstring(junit(held)).iter("failure"))
    assert "### robustx check: held" in step_summary(held)


HOSTILE = [
    "\x00\x01\x1b[2J\x1b[31mred\x07\x08\x0b\x7f\x85\x9b31m",
    "quotes \"and\" 'more' & <script>alert(1)</script> ]]> <!-- &amp;",
    "bidi\u202eevil\u2066x\u200f",
    "lone \ud800 surrogate \udfff and \ufffe \uffff",
    "two\nlines\r\n| a | b |\n# head\u2028x\u2029",
    "`code` **bold** [link](javascript:x) ![i](http://x/y.png) <img src=x> ~~s~~ $$x$$ @who \\| &lt;",
    "[red]not markup[/red] :boom:",
    "مرحبا مدل",
]


def hostile(gate: Gate, name: str) -> Gate:
    """The same findings, with a name put wherever one comes from outside."""
    return replace(
        gate,
        verdict=f"verdict {name}",
        baseline=Side(name, name),
        candidate=Side(name, name),
        findings=tuple(replace(one, task=name, about=name) for one in gate.findings),
        warnings=(name,),
        flags=({"where": name, "kind": "chance", "text": name, "run": "baseline"},),
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_come_out_inert_in_xml(gate: Gate, name: str, tmp_path: Path) -> None:
    write_junit(tmp_path / "deep" / "report.xml", hostile(gate, name))
    root = ElementTree.fromstring((tmp_path / "deep" / "report.xml").read_bytes())
    assert {element.tag for element in root.iter()} <= {
        *("testsuites", "testsuite", "testcase", "properties", "property", "failure", "skipped", "system-out")
    }
    for element in root.iter():
        for text in (*element.attrib.values(), element.text or ""):
            assert all(unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Cn") or c == "\n" for c in text)
    assert len(list(root.iter("testcase"))) == len(gate.findings)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_come_out_inert_on_a_terminal(gate: Gate, name: str) -> None:
    text = printed(gate_report(hostile(gate, name)))
    assert all(unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Cn") or c in "\n\u2068\u2069" for c in text)
    assert text.count("\u2068") == text.count("\u2069") == 2
    assert max(map(len, text.translate({0x2068: None, 0x2069: None}).splitlines())) <= 100


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_come_out_inert_in_a_step_summary(gate: Gate, name: str, tmp_path: Path) -> None:
    plain, made = step_summary(hostile(gate, "plain")), step_summary(hostile(gate, name))
    assert made.count("\n") == plain.count("\n"), "a name ends no line"
    for one, other in zip(plain.splitlines(), made.splitlines(), strict=True):
        assert unescaped(other, "|") == unescaped(one, "|"), "nor a cell"
    for mark in "<`*_[]!~$@":
        assert unescaped(made, mark) == unescaped(plain, mark)
    append_step_summary(tmp_path / "summary.md", hostile(gate, name))


def unescaped(text: str, mark: str) -> int:
    """How often a mark stands where Markdown would heed it."""
    return text.replace("\\\\", "").replace(f"\\{mark}", "").count(mark)


def test_a_step_summary_is_added_to_what_is_there(gate: Gate, tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    path.write_text("# before\n", encoding="utf-8")
    append_step_summary(path, gate)
    text = path.read_text(encoding="utf-8")
    assert text == "# before\n" + step_summary(gate)
    assert "### robustx check: did not hold" in text
    assert "| th |" in text.split("<details>")[0], "what fell stands in sight"
    assert "| hi |" not in text.split("<details>")[0]
    assert f"All {len(gate.findings)} findings" in text
    with pytest.raises(RobustxError, match="cannot be written"):
        append_step_summary(tmp_path, gate)
