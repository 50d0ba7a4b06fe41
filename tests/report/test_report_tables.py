"""Tables for computing, for a page and for a paper: the figures as they are, and nothing that a reader's program obeys."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from page_material import written

from robustx.report.table import Column, Table, as_csv, as_latex, as_markdown, write_tables
from robustx.report.tables import comparison_tables, run_tables, table_stem
from robustx.score.compare import compare_runs
from robustx.score.scores import score_run


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return score_run(written(tmp_path_factory.mktemp("run") / "a"))


@pytest.fixture(scope="module")
def tables(scores: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> list[Table]:
    root = tmp_path_factory.mktemp("runs")
    return run_tables(scores) + comparison_tables(compare_runs(written(root / "a"), written(root / "b", 1)))


def read(table: Table) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(as_csv(table), newline="")))


def test_every_part_of_a_run_and_a_comparison_is_a_table(tables: list[Table]) -> None:
    names = ["xnli-languages", "xnli-scripts", "xnli-attacks", "xnli-cells", "xnli-differences", "xnli-cells"]
    assert [table.name for table in tables] == names
    assert all(table.rows for table in tables)


def test_csv_has_the_figures_in_full_with_their_intervals(scores: dict[str, Any], tables: list[Table]) -> None:
    rows = {row["code"]: row for row in read(tables[0])}
    for code, one in scores["tasks"]["xnli"]["languages"].items():
        for what in ("accuracy", "clean", "robust", "gap"):
            assert float(rows[code][what]) == one[what]["value"]
            assert float(rows[code][f"{what} low"]) == one[what]["low"]
            assert float(rows[code][f"{what} high"]) == one[what]["high"]


def test_every_cell_is_in_the_table_of_cells(scores: dict[str, Any], tables: list[Table]) -> None:
    rows = read(tables[3])
    cells = scores["tasks"]["xnli"]["cells"]
    assert [(r["language"], r["attack"], float(r["severity"])) for r in rows] == [
        (c["language"], c["attack"], c["severity"]) for c in cells
    ]
    assert [r["judged"] for r in rows] == [str(c["judged"]) for c in cells]


def test_what_is_no_number_is_empty_in_csv_and_a_dash_for_a_reader() -> None:
    nothing = {"value": None, "low": float("nan"), "high": None}
    table = Table("t", "c", (Column("gap", "difference"), Column("p", "p")), ((nothing, float("nan")),))
    assert as_csv(table).splitlines()[1] == ",,,"
    assert as_markdown(table).splitlines()[-1] == "| – |  |"
    assert r"-- &  \\" in as_latex(table)


def test_markdown_and_latex_have_as_many_cells_in_every_row(tables: list[Table]) -> None:
    for table in tables:
        width = len(table.columns)
        lines = as_markdown(table).splitlines()[2:]
        assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {width + 1}
        body = [line for line in as_latex(table).splitlines() if line.endswith(r"\\")]
        assert len(body) == len(table.rows) + 1
        assert {len(re.findall(r"(?<!\\)&", line)) for line in body} == {width - 1}


def test_latex_sets_figures_as_mathematics_between_booktabs_rules() -> None:
    figure = {"value": -0.037, "low": -0.066, "high": -0.008}
    table = Table(
        "t",
        "50% of it",
        (Column("a", "text"), Column("gap", "difference"), Column("p", "p")),
        (("x_1", figure, 0.0001),),
    )
    tex = as_latex(table)
    assert r"x\_1 & $-3.7 \pm 2.9$ & $<.001$ \\" in tex
    assert r"\caption{50\% of it}" in tex
    assert [rule for rule in ("toprule", "midrule", "bottomrule") if f"\\{rule}" in tex] == [
        "toprule",
        "midrule",
        "bottomrule",
    ]


HOSTILE = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1",
    "-2+3",
    "|cell|",
    "a & b \\ $x$ {y} #1 ~ ^ %",
    "\x1b[31m",
    "<script>",
    "a\nb",
    "\u202eevil",
    "[x](javascript:1)",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_one_inert_cell_in_every_format(name: str) -> None:
    table = Table("t", name, (Column("name", "text"), Column("n", "count")), ((name, 1),))
    (row,) = read(table)
    assert row["n"] == "1"
    assert not row["name"].startswith(("=", "+", "-", "@", "\t"))
    for written_as in (as_csv(table), as_markdown(table), as_latex(table)):
        assert not set(written_as) & {"\x1b", "\u202e", "\t"}
    assert "<script>" not in as_markdown(table)
    assert len(re.findall(r"(?<!\\)\|", as_markdown(table).splitlines()[-1])) == 3
    cell = as_latex(table).split("\\midrule\n")[1].split(" & ")[0]
    assert not re.search(r"(?<!\\)[#$%&_^~]", cell.replace(r"\&", ""))
    assert cell.count("{") == cell.count("}")


@pytest.mark.parametrize(
    ("task", "stem"),
    [("xnli", "xnli"), ("udpos-x", "udpos-x"), ("../../etc", "task3"), ("a/b", "task3"), ("", "task3"), ("é", "task3")],
)
def test_a_task_s_name_cannot_lead_out_of_the_folder(task: str, stem: str) -> None:
    assert table_stem(task, 3) == stem


def test_each_table_is_written_three_times(tables: list[Table], tmp_path: Path) -> None:
    made = write_tables(tables[:2], tmp_path / "tables")
    assert sorted(path.name for path in made) == [
        f"xnli-{what}.{end}" for what in ("languages", "scripts") for end in ("csv", "md", "tex")
    ]
    assert made[0].read_bytes() == as_csv(tables[0]).encode()
