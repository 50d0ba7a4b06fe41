"""What people see of a search and of a defence: page, terminal, tables and figures show the same, with intervals and inert."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from page_material import Element, parsed
from searched_material import change, searched_run, told

from robustx.report.figures import write_run_figures
from robustx.report.html.page import write_comparison_report, write_run_report
from robustx.report.table import as_csv, as_latex, as_markdown
from robustx.report.tables import comparison_tables, run_tables
from robustx.report.terminal import comparison_report, console, run_report
from robustx.report.words import points, signed
from robustx.score.compare import compare_runs
from robustx.score.scores import score_run

PROOF = {"strategy": "exhaustive", "certificate": True}


def page_of(folder: Path) -> Element:
    return parsed(write_run_report(folder, score_run(folder)).read_text(encoding="utf-8"))


def squeezed(text: str) -> str:
    return " ".join(text.split())


def printed(report: Any) -> str:
    shown = console()
    with shown.capture() as captured:
        shown.print(report)
    return captured.get()


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return told(tmp_path_factory.mktemp("bare") / "run", "lab/one", 0.3)


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return told(tmp_path_factory.mktemp("behind") / "run", "lab/one", 0.8, defence="strip-invisible")


@pytest.fixture(scope="module")
def proved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return told(tmp_path_factory.mktemp("proved") / "run", "lab/one", search=PROOF)


@pytest.fixture(scope="module")
def search(bare: Path) -> dict[str, Any]:
    made: dict[str, Any] = score_run(bare)["tasks"]["xnli"]["search"]
    return made


@pytest.fixture(scope="module")
def compared(bare: Path, behind: Path) -> dict[str, Any]:
    return compare_runs(bare, behind)


@pytest.fixture(scope="module")
def page(bare: Path) -> Element:
    return page_of(bare)


class TestThePage:
    def test_says_first_what_the_search_left(self, page: Element, search: dict[str, Any]) -> None:
        lead = squeezed(page.all("p", cls="lead")[0].text)
        for group, count in (("non-Latin", "2 non-Latin languages"), ("Latin", "1 Latin language")):
            last = search["groups"][group]["3"]
            fall = f"from {points(last['clean']['value'])} to {points(last['worst']['value'])}"
            assert f"A greedy search with at most 3 edits brings accuracy over {count} {fall} (95% interval" in lead
        assert "greedy search, at most 3 edits, 40 queries" in squeezed(page.all("p", cls="meta")[0].text)

    def test_has_every_budget_of_every_script_and_attack_with_its_interval(
        self, page: Element, search: dict[str, Any]
    ) -> None:
        (table,) = [t for t in page.all("table") if "worst text found with at most so many edits" in t.text]
        rows = [row for row in table.all("tr") if row.all("td")]
        expected = [
            (row["budgets"], row["queries"]) for scripts in search["attacks"].values() for row in scripts.values()
        ]
        for row, (budgets, queries) in zip(rows, expected, strict=False):
            figures = row.all("span", cls="figure")
            wanted = [budgets["3"]["clean"], *(budgets[b]["worst"] for b in "123")]
            assert [squeezed(one.text).split()[0] for one in figures] == [points(one["value"]) for one in wanted]
            assert all("95% interval" in one.attributes["title"] for one in figures)
            assert f"{queries:.0f}" in [squeezed(cell.text) for cell in row.all("td")]
        assert len(rows) == len(expected) + 2, "and two groups of languages"

    def test_draws_a_curve_a_script_and_attack_and_says_it_in_words(
        self, page: Element, search: dict[str, Any]
    ) -> None:
        panels = page.all("figure", cls="panel")
        assert len(panels) == 6
        row = search["attacks"]["swap"]["Deva"]["budgets"]
        panel = next(p for p in panels if squeezed(p.all("figcaption")[0].text) == "Devanagari")
        said = panel.all("desc")[0].text
        for budget in "123":
            assert f"{points(row[budget]['worst']['value'])} (" in said
        heights = [float(dot.attributes["cy"]) for dot in panel.all("circle")]
        values = [row["3"]["clean"]["value"], *(row[b]["worst"]["value"] for b in "123")]
        (low, high), (top, bottom) = (values[-1], values[0]), (heights[-1], heights[0])
        for value, height in zip(values, heights, strict=True):
            assert height == pytest.approx(top + (value - low) / (high - low) * (bottom - top), abs=0.15)
        assert len(panel.all("polygon")) == 1, "the band of intervals"

    def test_says_who_felled_what_and_what_stands(self, page: Element, search: dict[str, Any]) -> None:
        (table,) = [t for t in page.all("table") if "by what felled them" in t.text]
        rows = {
            squeezed(r.all("th")[0].text): [squeezed(c.text) for c in r.all("td")]
            for r in table.all("tr")
            if r.all("td")
        }
        for attack, scripts in search["attacks"].items():
            felled = [row["felled_by"][f"{attack} by greedy"] for row in scripts.values()]
            assert rows[f"{attack} by greedy"] == [str(count) for count in (*felled, sum(felled))]
            stand = [row["stand"] for row in scripts.values()]
            assert rows[f"stand under {attack}"] == [str(count) for count in (*stand, sum(stand))]

    def test_shows_certificates_with_both_bounds(self, proved: Path) -> None:
        made = score_run(proved)["tasks"]["xnli"]["search"]["attacks"]["swap"]["Arab"]["budgets"]["2"]["certificate"]
        (table,) = [t for t in page_of(proved).all("table") if "What the enumeration proves" in t.text]
        rows = {squeezed(r.all("th")[0].text) + " " + r.all("td")[0].text: r for r in table.all("tr") if r.all("td")}
        shown = squeezed(rows["swap Arabic 2"].text)
        assert made["low"] < made["high"]
        assert f"{points(made['low'])} to {points(made['high'])}" in shown
        assert f"{points(made['population'][0])} to {points(made['population'][1])}" in shown

    def test_names_the_characters_of_the_smallest_flips(self, page: Element) -> None:
        names = {squeezed(one.text) for one in page.all("dd", cls="names")}
        assert names == {
            "inserted U+200B ZERO WIDTH SPACE",
            "U+0644 ARABIC LETTER LAM became U+0430 CYRILLIC SMALL LETTER A",
        }

    def test_gives_the_command_that_repeats_it(self, behind: Path) -> None:
        command = page_of(behind).all("code")[0].text
        for part in ("--search greedy", "--budget 3", "--queries 40", "--defence strip-invisible"):
            assert part in command

    def test_of_a_plain_run_has_none_of_it(self, tmp_path: Path) -> None:
        from page_material import written

        text = page_of(written(tmp_path / "run")).text
        assert "Worst case by edits" not in text
        assert "--search" not in text

    def test_of_a_search_that_judged_too_few_still_stands(self, tmp_path: Path) -> None:
        text = squeezed(page_of(told(tmp_path / "run", n=6)).all("main")[0].text)
        assert "no attack changed enough examples" in squeezed(page_of(told(tmp_path / "b", n=6)).text)
        assert not re.search(r"\b(nan|None|inf)\b", text)


def _unrepeatable(folder: Path) -> None:
    change(folder, repeatable=False)


def _columns(folder: Path, cell: str, **values: Callable[[list[Any]], list[Any]]) -> None:
    path = folder / "cells" / f"xnli_hi_swap_{cell}_0.parquet"
    table = pq.read_table(path)
    for name, made in values.items():
        at = table.schema.get_field_index(name)
        table = table.set_column(at, name, pa.array(made(table[name].to_pylist()), table.schema.field(name).type))
    pq.write_table(table, path)


def _noise(folder: Path) -> None:
    _columns(folder, "3", felled_by=lambda labels: ["swap by noise" if label else "" for label in labels])


def _better(folder: Path) -> None:
    _columns(folder, "3", numerator=lambda old: [1.0] * len(old), fallen=lambda old: [False] * len(old))


def _before(folder: Path) -> None:
    _columns(folder, "3", felled_by=lambda labels: [""] * len(labels))


def _undone(folder: Path) -> None:
    for budget in "123":
        _columns(folder, budget, numerator=lambda old: [1.0] * len(old))


DOUBTS: dict[str, tuple[Callable[[Path], None], str]] = {
    "unrepeatable": (_unrepeatable, "other probabilities for the same batch the second time"),
    "noise": (_noise, "the search felled 0 examples and random noise"),
    "budget": (_better, "do better with 3 edits than with fewer"),
    "budget-0": (_before, "wrong in the search before any edit, and right in the clean cell"),
    "fall-undone": (_undone, "that the search saw were none when the same text was asked again"),
}


@pytest.mark.parametrize(("kind", "provoke", "said"), [(k, *v) for k, v in DOUBTS.items()], ids=DOUBTS)
def test_every_doubt_is_in_terminal_page_and_json_and_in_a_comparison(
    bare: Path, tmp_path: Path, kind: str, provoke: Callable[[Path], None], said: str
) -> None:
    folder = told(tmp_path / "run", "lab/one", 0.3)
    assert kind not in {flag["kind"] for flag in score_run(folder)["tasks"]["xnli"]["flags"]}
    provoke(folder)
    scores = score_run(folder)
    assert kind in {flag["kind"] for flag in json.loads(json.dumps(scores))["tasks"]["xnli"]["flags"]}
    assert said in squeezed(printed(run_report(scores)))
    flags = page_of(folder).all("ul", cls="flags")
    assert said in squeezed(" ".join(one.text for one in flags))
    both = compare_runs(bare, folder)["tasks"]["xnli"]["flags"]
    assert ("candidate", kind) in {(flag["run"], flag["kind"]) for flag in both}


class TestTables:
    def test_have_every_budget_in_full(self, bare: Path, search: dict[str, Any]) -> None:
        tables = {table.name: table for table in run_tables(score_run(bare))}
        rows = list(csv.DictReader(io.StringIO(as_csv(tables["xnli-worst"]), newline="")))
        mine = [row for row in rows if (row["attack"], row["script"]) == ("swap", "Arabic")]
        assert [row["edits"] for row in mine] == ["1", "2", "3"]
        for row in mine:
            one = search["attacks"]["swap"]["Arab"]["budgets"][row["edits"]]["worst"]
            assert [float(row[f"worst case{end}"]) for end in ("", " low", " high")] == [
                one[key] for key in ("value", "low", "high")
            ]
        felled = list(csv.DictReader(io.StringIO(as_csv(tables["xnli-felled"]), newline="")))
        assert sum(int(row["examples"]) for row in felled if row["felled by"] == "swap by greedy") == sum(
            row["felled_by"]["swap by greedy"] for row in search["attacks"]["swap"].values()
        )

    @pytest.mark.parametrize("name", ["=1+1", "<script>|\u202eevil", "\\input{x}&%\x1b[31m"])
    def test_are_inert(self, tmp_path: Path, name: str) -> None:
        folder = change(searched_run(tmp_path / "run", n=20), model={"name": name, "fingerprint": "0" * 12})
        _columns(folder, "3", felled_by=lambda labels: [name if label else "" for label in labels])
        for table in [t for t in run_tables(score_run(folder)) if t.name in ("xnli-worst", "xnli-felled")]:
            for text in (as_csv(table), as_markdown(table), as_latex(table)):
                assert not set(text) & {"\x1b", "\u202e"}
            assert not [
                c for row in csv.reader(io.StringIO(as_csv(table))) for c in row if c.startswith(("=", "@", "+"))
            ]
            assert "<script>" not in as_markdown(table)
            assert r"\input{" not in as_latex(table)
            lines = as_markdown(table).splitlines()[2:]
            assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {len(table.columns) + 1}


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "bidi\u202eevil", "\x1b[31m", "{{ 7*7 }}", '"><img src=x>']
)
def test_hostile_names_come_out_inert_in_page_and_terminal(tmp_path: Path, name: str) -> None:
    how = {"strategy": name, "budget": 3, "queries": 40, "certificate": False}
    folders = [told(tmp_path / part, "lab/one", defence=part, seed=0) for part in "ab"]
    for folder in folders:
        change(folder, search=how)
        settings = json.loads((folder / "run.json").read_text())["settings"]
        change(folder, settings=settings | {"defence": name + folder.name})
        _columns(folder, "3", felled_by=lambda labels: [name if label else "" for label in labels])
    both = compare_runs(*folders)
    write_comparison_report(tmp_path / "c.html", both, ("a", "b"))
    pages = [page_of(folders[0]), parsed((tmp_path / "c.html").read_text(encoding="utf-8"))]
    for made in pages:
        assert not {element.tag for element in made.all()} & {"script", "img"}
        assert not set(made.text) & {"\x1b", "\u202e"}
        assert "49" not in squeezed(made.all("header")[0].text)
    for text in (printed(run_report(score_run(folders[0]))), printed(comparison_report(both))):
        assert not set(text) & {"\x1b", "\u202e"}


class TestFigures:
    @pytest.fixture(autouse=True)
    def _matplotlib(self) -> None:
        pytest.importorskip("matplotlib", reason="matplotlib is not installed (pip install 'robustx[plot]')")

    def test_have_a_curve_by_edits_in_place_of_the_severities(self, bare: Path, tmp_path: Path) -> None:
        made = write_run_figures(score_run(bare), tmp_path / "figures")
        assert [path.name for path in made][-2:] == ["xnli-worst.svg", "xnli-worst.png"]
        assert "xnli-severity.svg" not in [path.name for path in made]
        for path in made:
            if path.suffix == ".svg":
                assert ElementTree.parse(path).getroot().tag.endswith("svg")
        again = write_run_figures(score_run(bare), tmp_path / "again")
        assert [path.read_bytes() for path in made] == [path.read_bytes() for path in again]

    def test_of_many_attacks_and_of_too_few_examples_are_drawn_too(self, tmp_path: Path) -> None:
        names = tuple(f"attack-{i}" for i in range(9))
        many = searched_run(tmp_path / "many", attacks=names, n=12, search={"budget": 1})
        few = searched_run(tmp_path / "few", n=6)
        for folder in (many, few):
            assert write_run_figures(score_run(folder), tmp_path / folder.name / "figures")


class TestAComparison:
    def test_is_of_the_texts_with_the_most_edits(self, compared: dict[str, Any], bare: Path, behind: Path) -> None:
        task = compared["tasks"]["xnli"]
        sides = [score_run(folder)["tasks"]["xnli"]["search"]["groups"] for folder in (bare, behind)]
        for group, row in task["groups"].items():
            for side, found in zip(("baseline", "candidate"), sides, strict=True):
                assert row["robust"][side]["value"] == pytest.approx(found[group]["3"]["worst"]["value"])
                for edits_ in "123":
                    one = task["search"]["groups"][group][edits_]["robust"][side]["value"]
                    assert one == pytest.approx(found[group][edits_]["worst"]["value"])
        assert {cell["severity"] for cell in task["cells"]} == {3}

    def test_says_what_the_defence_recovers_and_what_it_costs(self, compared: dict[str, Any], tmp_path: Path) -> None:
        row = compared["tasks"]["xnli"]["groups"]["non-Latin"]
        back, lost = points(row["robust"]["difference"]["value"]), points(abs(row["gap"]["baseline"]["value"]))
        said = f"Over non-Latin languages, strip-invisible recovers {back} of the {lost} points that the attacks cost"
        cost = f"moves the clean figure by {signed(row['clean']['difference']['value'])} points"
        page = parsed(write_comparison_report(tmp_path / "c.html", compared, ("a", "b")).read_text(encoding="utf-8"))
        for text in (squeezed(printed(comparison_report(compared))), squeezed(page.all("header")[0].text)):
            assert said in text
            assert cost in text

    def test_shows_both_worst_cases_at_every_budget(self, compared: dict[str, Any], tmp_path: Path) -> None:
        steps = compared["tasks"]["xnli"]["search"]["attacks"]["swap"]["Arab"]
        page = parsed(write_comparison_report(tmp_path / "c.html", compared, ("a", "b")).read_text(encoding="utf-8"))
        text = squeezed(page.all("main")[0].text)
        shown = squeezed(printed(comparison_report(compared)))
        for one in steps.values():
            sides = [points(one["robust"][side]["value"]) for side in ("baseline", "candidate")]
            assert " → ".join(sides) in text
            assert " > ".join(sides) in shown
        (table,) = [t for t in comparison_tables(compared) if t.name == "xnli-worst"]
        assert len(table.rows) == (6 + 2) * 3

    def test_of_two_models_says_nothing_of_a_defence(self, bare: Path, tmp_path: Path) -> None:
        other = compare_runs(bare, told(tmp_path / "other", "lab/two", 0.8, defence="nfkc"))
        assert "recovers" not in printed(comparison_report(other))
