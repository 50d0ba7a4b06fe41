"""The report of a run and of a comparison: one page that fetches nothing, says what the figures say, and is inert."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from page_material import LANGUAGES, Element, parsed, planted, texts, written
from synthetic import Part, Planted, add_texts, right, write

from robustx.report.html.heat import legend, shade
from robustx.report.html.page import write_comparison_report, write_run_report
from robustx.report.words import points, signed
from robustx.score.compare import compare_runs
from robustx.score.scores import score_run


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    root = tmp_path_factory.mktemp("runs")
    return written(root / "a", 0, model="demo:direct"), written(root / "b", 1, model="demo:anli")


@pytest.fixture(scope="module")
def scores(folders: tuple[Path, Path]) -> dict[str, Any]:
    return score_run(folders[0])


@pytest.fixture(scope="module")
def run_page(folders: tuple[Path, Path], scores: dict[str, Any]) -> Element:
    return parsed(write_run_report(folders[0], scores).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def comparison(folders: tuple[Path, Path]) -> dict[str, Any]:
    return compare_runs(*folders)


@pytest.fixture(scope="module")
def comparison_page(folders: tuple[Path, Path], comparison: dict[str, Any], tmp_path_factory: Any) -> Element:
    path = tmp_path_factory.mktemp("page") / "comparison.html"
    return parsed(write_comparison_report(path, comparison, ("runs/direct", "runs/anli")).read_text(encoding="utf-8"))


@pytest.fixture(params=["run_page", "comparison_page"])
def page(request: pytest.FixtureRequest) -> Element:
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]


def squeezed(text: str) -> str:
    return " ".join(text.split())


def row_of(table: Element, name: str) -> Element:
    (row,) = [row for row in table.all("tr") if row.all("th") and squeezed(row.all("th")[0].text).startswith(name)]
    return row


class TestOneFile:
    def test_the_policy_lets_the_page_s_own_style_be_used_and_nothing_else(self, page: Element) -> None:
        (policy,) = [
            meta.attributes["content"]
            for meta in page.all("meta")
            if meta.attributes.get("http-equiv") == "Content-Security-Policy"
        ]
        (style,) = page.all("style")
        digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
        assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"

    def test_nothing_is_run_fetched_or_styled_beside_the_policy(self, page: Element) -> None:
        tags = {element.tag for element in page.all()}
        assert not tags & {"script", "img", "link", "iframe", "object", "embed", "form", "base", "image", "use"}
        for element in page.all():
            assert not [name for name in element.attributes if name.startswith("on") or name in ("style", "src")]
            assert element.attributes.get("href", "#").startswith("#")
        assert "url(" not in page.all("style")[0].text
        assert "@import" not in page.all("style")[0].text

    def test_the_same_run_gives_the_same_bytes(self, folders: tuple[Path, Path], scores: dict[str, Any]) -> None:
        first = write_run_report(folders[0], scores).read_bytes()
        assert write_run_report(folders[0], score_run(folders[0])).read_bytes() == first

    def test_no_number_that_is_none_is_shown(self, page: Element) -> None:
        assert not re.search(r"\b(nan|None|inf|Undefined)\b", " ".join(e.text for e in page.all("main")))


class TestForEveryReader:
    def test_landmarks_headings_and_the_language_are_there(self, page: Element) -> None:
        assert page.all("html")[0].attributes["lang"] == "en"
        for tag in ("header", "nav", "main", "footer", "h1"):
            assert len(page.all(tag)) == 1, tag
        assert page.all("head")[0].all("title")[0].text.startswith("robustx: demo:")
        levels = [int(e.tag[1]) for e in page.all() if re.fullmatch("h[1-6]", e.tag)]
        assert all(after - before <= 1 for before, after in pairwise(levels))

    def test_what_is_referred_to_is_there_once(self, page: Element) -> None:
        ids = [e.attributes["id"] for e in page.all() if "id" in e.attributes]
        assert len(ids) == len(set(ids))
        for element in page.all():
            wanted = element.attributes.get("aria-labelledby", "").split()
            wanted += [element.attributes["href"][1:]] if "href" in element.attributes else []
            assert set(wanted) <= set(ids)

    def test_tables_have_captions_headers_with_scopes_and_rows_of_one_width(self, page: Element) -> None:
        for table in page.all("table"):
            assert table.all("caption"), squeezed(table.text)[:80]
            assert all("scope" in th.attributes for th in table.all("th"))
            widths = {
                sum(int(c.attributes.get("colspan", 1)) for c in row.children if isinstance(c, Element))
                for body in table.all("tbody")
                for row in body.all("tr")
            }
            assert len(widths) == 1, squeezed(table.text)[:80]

    def test_charts_are_named_or_hidden_where_a_table_says_the_same(self, page: Element) -> None:
        outer = [svg for svg in page.all("svg") if svg.attributes.get("overflow") != "visible"]
        for svg in outer:
            named = svg.attributes.get("aria-label") or svg.attributes.get("aria-labelledby")
            assert svg.attributes.get("aria-hidden") == "true" or (svg.attributes["role"] == "img" and named)

    def test_what_scrolls_can_be_reached_by_keyboard(self, page: Element) -> None:
        scrolls = page.all("div", cls="scroll")
        assert scrolls
        for one in scrolls:
            assert one.attributes["tabindex"] == "0"
            assert one.attributes["aria-label"]


class TestRun:
    def test_the_headline_says_what_the_attacks_cost_over_each_group(
        self, run_page: Element, scores: dict[str, Any]
    ) -> None:
        lead = squeezed(run_page.all("p", cls="lead")[0].text)
        for name, row in scores["tasks"]["xnli"]["groups"].items():
            cost = points(abs(row["gap"]["value"]))
            assert f"Over {len(row['languages'])} {name} languages, the attacks cost {cost} points of accuracy" in lead

    def test_every_language_has_its_figures(self, run_page: Element, scores: dict[str, Any]) -> None:
        table = run_page.all("table", cls="strips")[0]
        for code, row in scores["tasks"]["xnli"]["languages"].items():
            shown = squeezed(row_of(table, scores["languages"][code]["name"]).text)
            for figure in ("clean", "robust", "accuracy"):
                assert points(row[figure]["value"]) in shown
            assert signed(row["gap"]["value"]) in shown
        assert "Latin script" in table.text

    def test_intervals_are_drawn_where_they_lie(self, run_page: Element, scores: dict[str, Any]) -> None:
        table = run_page.all("table", cls="strips")[0]
        rows = scores["tasks"]["xnli"]["languages"]
        places = {}
        for code in LANGUAGES:
            (line,) = row_of(table, scores["languages"][code]["name"]).all("line", cls="robust")
            places[code] = [float(line.attributes[end].rstrip("%")) for end in ("x1", "x2")]
        known = [(rows[c]["robust"][e], places[c][i]) for c in LANGUAGES for i, e in enumerate(("low", "high"))]
        (v0, p0), (v1, p1) = min(known), max(known)
        for value, place in known:
            assert place == pytest.approx(p0 + (value - v0) / (v1 - v0) * (p1 - p0), abs=0.05)

    def test_the_map_has_every_attack_and_language_in_its_colour(
        self, run_page: Element, scores: dict[str, Any]
    ) -> None:
        table = run_page.all("table", cls="heat")[0]
        task = scores["tasks"]["xnli"]
        for code, row in task["languages"].items():
            cells = row_of(table, scores["languages"][code]["name"]).all("td")
            for cell, one in zip(cells, row["attacks"].values(), strict=True):
                if one["used"]:
                    assert squeezed(cell.text) == signed(one["gap"]["value"])
                    assert cell.attributes["class"] == shade(one["gap"]["value"])
        assert squeezed(row_of(table, "Swahili").all("td")[1].text) == "few"

    def test_an_attack_with_several_severities_has_its_curve_in_words_too(self, run_page: Element) -> None:
        (panel,) = run_page.all("figure", cls="panel")
        assert squeezed(panel.all("figcaption")[0].text) == "typo"
        for severity in ("0.1", "0.2", "0.4"):
            assert f"at {severity}" in panel.all("desc")[0].text
        assert len(panel.all("polyline")) == 2

    def test_what_the_tokenizer_folded_is_counted(self, run_page: Element, scores: dict[str, Any]) -> None:
        audit = scores["tasks"]["xnli"]["languages"]["sw"]["audit"]
        (table,) = [t for t in run_page.all("table") if "By language, all attacks" in t.text]
        cells = [squeezed(td.text) for td in row_of(table, "Swahili").all("td")]
        assert cells[:3] == [str(audit["rows"]), str(audit["unchanged"]), str(audit["folded"])]
        assert audit["folded"] > 0

    def test_flags_stand_before_the_figures_they_spoil(self, run_page: Element) -> None:
        text = squeezed(run_page.all("main")[0].text)
        assert text.index("clean accuracy is not above chance") < text.index("Accuracy by language and script")
        assert "doubtful" in row_of(run_page.all("table", cls="strips")[0], "Hindi").attributes["class"]

    def test_flips_show_both_texts_isolated_in_their_direction(self, run_page: Element) -> None:
        flips = run_page.all("article", cls="flip")
        assert len(flips) == 24
        for flip in flips:
            for text in flip.all("bdi", cls="text"):
                assert text.attributes["dir"] == ("rtl" if text.attributes["lang"] == "ar" else "ltr")
        arabic = [flip for flip in flips if flip.text.strip().startswith("Arabic")]
        assert arabic
        assert squeezed(arabic[0].all("bdi", cls="text")[0].text) == texts("ar", 0)[0]

    def test_the_signature_and_the_command_are_there(self, run_page: Element, scores: dict[str, Any]) -> None:
        assert scores["signature"] in run_page.text
        command = run_page.all("code")[0].text
        assert command.startswith("robustx attack \\\n    --model demo:direct")
        assert "--language ar,hi,ru,en,sw" in command

    def test_a_suite_without_attacks_has_a_page_of_accuracies(self, tmp_path: Path) -> None:
        run = Planted({code: Part(right(60, 0.7, i)) for i, code in enumerate(("hi", "en"))})
        folder = add_texts(write(tmp_path / "run", run), texts, lambda *_: [])
        page = parsed(write_run_report(folder, score_run(folder)).read_text(encoding="utf-8"))
        assert "this suite attacks nothing" in page.all("p", cls="lead")[0].text
        assert len(page.all("table")) == 1

    def test_a_language_that_no_attack_changed_has_dashes(self, tmp_path: Path) -> None:
        run = planted()
        for key, part in run.cells.items():
            if key[0] == "en":
                part.changed = False
        folder = add_texts(write(tmp_path / "run", run), texts, lambda *_: [])
        page = parsed(write_run_report(folder, score_run(folder)).read_text(encoding="utf-8"))
        assert row_of(page.all("table", cls="strips")[0], "English").text.count("–") >= 3


class TestComparison:
    def test_the_verdict_is_the_headline(self, comparison_page: Element, comparison: dict[str, Any]) -> None:
        assert squeezed(comparison["tasks"]["xnli"]["verdict"]) in squeezed(comparison_page.all("header")[0].text)

    def test_the_forest_has_both_differences_of_every_language(
        self, comparison_page: Element, comparison: dict[str, Any]
    ) -> None:
        (forest,) = comparison_page.all("table", cls="forest")
        for code, row in comparison["tasks"]["xnli"]["languages"].items():
            line = row_of(forest, comparison["languages"][code]["name"])
            assert signed(row["robust"]["difference"]["value"]) in line.text
            assert signed(row["did"]["value"]) in line.text
            assert len(line.all("rect")) == 2
        assert len(row_of(forest, "contrast").all("path")) == 1

    def test_both_models_what_could_be_seen_and_both_signatures_are_there(
        self, comparison_page: Element, comparison: dict[str, Any]
    ) -> None:
        text = squeezed(comparison_page.text)
        for side in ("baseline", "candidate"):
            assert comparison[side]["signature"] in text
            assert comparison[side]["model"]["name"] in text
        for row in comparison["tasks"]["xnli"]["groups"].values():
            assert points(row["detectable"]["did"]) in text
        assert "robustx compare runs/direct runs/anli" in text


def test_every_size_of_change_has_a_colour_of_the_legend() -> None:
    names = {step.name for step in legend()}
    shades = [shade(i / 1000) for i in range(-500, 501)]
    assert set(shades) == names
    assert list(dict.fromkeys(shades)) == [step.name for step in legend()]
    assert shade(float("nan")) == shade(None) == "none"


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'--></style><b>bold",
    "{{ 7 * 7 }}{% raw %}",
    "bidi\u202eevil\u2066x",
    "\x1b[31mred\x07\x9b31m",
    "two\nlines\rback\u2028",
    "lone \ud800 half",
    "; rm -rf ~ $(reboot) `id`",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_come_out_inert_in_both_pages(tmp_path: Path, name: str) -> None:
    facts = {
        "model.name": name,
        "suite.id": name,
        "suite.data": {"xnli": name},
        "suite.skipped": 1,
        "suite.skipped_first": [[name, 1, name]],
        "settings": {"dtype": name, name: name},
        "versions": {name: name},
        "languages": {code: {"name": name, "script": name} for code in LANGUAGES},
    }
    runs = [written(tmp_path / part, seed, facts=facts) for seed, part in enumerate("ab")]
    scores = score_run(runs[0])
    task = scores["tasks"]["xnli"]
    task["attacks"] = {name: task["attacks"]["typo"]}
    task["flags"].append({"where": name, "kind": "chance", "text": name})
    made = [write_run_report(runs[0], scores)]
    made.append(write_comparison_report(tmp_path / "c.html", compare_runs(*runs), (name, name)))
    for path in made:
        source = path.read_text(encoding="utf-8")
        page = parsed(source)
        assert not page.all("script") + page.all("img") + page.all("b")
        assert not [e for e in page.all() if any(key.startswith("on") for key in e.attributes)]
        kept = {"\n", "\u200c", "\u200d"}
        assert {c for c in source if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs")} <= kept
        assert "49" not in page.all("h1")[0].text


@pytest.mark.parametrize("text", [*HOSTILE[:7], "", "\u0301only a mark"])
def test_hostile_texts_and_edits_come_out_inert(tmp_path: Path, text: str) -> None:
    run = Planted({"ar": Part(right(30, 1.0, 1))}, {("ar", "typo", 0.1, 0): Part(right(30, 0.0, 1))})
    edit = {"field": "premise", "start": 0, "end": len(text), "replacement": f"{text}!"}
    folder = add_texts(write(tmp_path / "run", run), lambda *_: (text, text), lambda *_: [edit])
    source = write_run_report(folder, score_run(folder)).read_text(encoding="utf-8")
    page = parsed(source)
    assert not page.all("script") + page.all("img") + page.all("b")
    assert {c for c in source if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")} <= {"\n"}
    assert len(page.all("article")) == 12 + 12
