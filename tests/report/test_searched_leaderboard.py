"""The leaderboard's site with searched and defended runs: apart, with the reason, by edits, and inert."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
import yaml
from entrants import entrant
from searched_material import searched_run
from test_leaderboard import HOSTILE, UNSEEN, Page

from robustx.report.leaderboard.site import build_site
from robustx.report.leaderboard.terminal import board_report
from robustx.report.terminal import console
from robustx.score.submission import write_submission
from robustx.score.submit import submission_of


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two plain runs, two searched ones, one behind a defence, and one with certificates."""
    folder = tmp_path_factory.mktemp("runs")
    for i, name in enumerate("ab"):
        entrant(folder / name, f"lab/{name}", seed=i)
    searched_run(folder / "c", "lab/c", 0.3)
    searched_run(folder / "d", "lab/d", 0.95, seed=1)
    searched_run(folder / "e", "lab/e", defence="nfkc")
    searched_run(folder / "f", "lab/f", search={"strategy": "exhaustive", "certificate": True})
    return folder


@pytest.fixture(scope="module")
def site(runs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out") / "site"
    build_site([runs], out)
    return out


def test_plain_runs_stand_first_and_the_others_apart_with_the_reason(site: Path) -> None:
    made = json.loads((site / "leaderboard.json").read_text(encoding="utf-8"))["boards"]
    names = [sorted(model["name"] for model in board["models"]) for board in made]
    assert names[:2] == [["lab/a", "lab/b"], ["lab/c", "lab/d"]]
    assert sorted(names[2:]) == [["lab/e"], ["lab/f"]]
    assert made[0]["search"] is made[0]["defence"] is made[0]["apart"] is None
    assert made[1]["search"] == {"strategy": "greedy", "budget": 3, "queries": 40, "certificate": False}
    assert made[1]["headline"] == {"where": "non-Latin", "attack": "all", "severity": "3"}
    text = " ".join(Page(site / "index.html").text.split())
    assert text.index("Shown apart") < text.index("lab/d")
    assert "searched for the worst case, so that the texts are each model's own" in text
    assert "behind nfkc" in text


def test_a_table_has_the_worst_case_at_every_number_of_edits(site: Path) -> None:
    board = json.loads((site / "leaderboard.json").read_text(encoding="utf-8"))["boards"][1]
    views = {
        (view["where"], view["attack"], view["severity"]): board["standings"][view["standing"]]
        for view in board["views"]
    }
    places = {model["name"]: i for i, model in enumerate(board["models"])}
    shown = []
    for edits in "123":
        standing = views["non-Latin", "all", edits]
        shown.append(f"{100 * standing['score'][standing['models'].index(places['lab/d'])][0]:.1f}")
    for name in ("leaderboard.md", "leaderboard.tex"):
        (line,) = [line for line in (site / name).read_text(encoding="utf-8").splitlines() if "lab/d" in line]
        cells = [cell.strip() for cell in re.split(r"[|&]", line.strip("| \\"))]
        assert cells[:6] == ["1", "a", "lab/d", *shown]
        assert cells[-1] == "30"
    assert f"lab/d{''.join(shown)}" in "".join(Page(site / "index.html").text.split())


def test_csv_has_a_row_a_model_and_number_of_edits(site: Path) -> None:
    table = list(csv.DictReader((site / "leaderboard.csv").read_text(encoding="utf-8").splitlines()))
    mine = [row for row in table if row["model"] == "lab/d"]
    assert [row["view"].partition("with ")[2] for row in mine] == [
        f"at most {n}" for n in ("1 edit", "2 edits", "3 edits")
    ]
    scores = [float(row["score"]) for row in mine]
    assert scores == sorted(scores, reverse=True)


def test_certificates_and_queries_are_told(site: Path) -> None:
    (line,) = [s for s in (site / "leaderboard.md").read_text(encoding="utf-8").splitlines() if "lab/f" in s]
    assert "| certified | queries |" in (site / "leaderboard.md").read_text(encoding="utf-8")
    assert float(line.split("|")[-3]) > 0
    (path,) = (site / "models").glob("lab-f-*.html")
    text = " ".join(Page(path).text.split())
    assert "exhaustive search, at most 3 edits, 40 queries" in text
    assert "30 texts were asked about an example that was right" in text
    assert "Certified, right under every set of edits" in text


def test_a_models_page_has_its_table_by_edits_and_a_card_that_says_how(site: Path) -> None:
    (path,) = (site / "models").glob("lab-e-*.html")
    text = " ".join(Page(path).text.split())
    assert "By edits" in text
    for edits in ("1 edit", "2 edits", "3 edits"):
        assert f"all attacks with at most {edits}" in text
    block = Page(path).text.partition("model-index:")[2].partition("The submission")[0]
    (card,) = yaml.safe_load("model-index:" + block)["model-index"]
    worst, clean = (metric["name"] for metric in card["results"][0]["metrics"])
    assert worst.startswith("Worst case, non-Latin languages, all attacks with at most 3 edits, greedy search")
    assert "behind nfkc" in worst
    assert "greedy" not in clean
    assert "behind nfkc" in clean


def test_the_same_site_comes_of_its_own_submissions(site: Path, tmp_path: Path) -> None:
    build_site([site / "submissions"], tmp_path / "again")
    for path in site.rglob("*.*"):
        assert (tmp_path / "again" / path.relative_to(site)).read_bytes() == path.read_bytes()


def test_a_site_of_searches_alone_begins_with_the_table_by_edits(tmp_path: Path) -> None:
    searched_run(tmp_path / "a", "lab/a")
    build_site([tmp_path / "a"], tmp_path / "site")
    text = " ".join(Page(tmp_path / "site" / "index.html").text.split())
    assert "Worst case by edits" in text
    assert "Edits at most" in text
    assert "Shown apart" not in text


def test_hostile_names_and_defences_do_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for i, name in enumerate(HOSTILE):
        folder = searched_run(tmp_path / "runs" / str(i), name, defence=name, n=20, seed=i, attacks=("swap",))
        write_submission(submission_of(folder), tmp_path / "files" / f"{i}.json")
    console().print(board_report(build_site([tmp_path / "files"], tmp_path / "site")))
    assert not UNSEEN.search(capsys.readouterr().out)
    for path in (tmp_path / "site").rglob("*.html"):
        raw = path.read_text(encoding="utf-8")
        assert "<img" not in raw
        assert "<script>alert" not in raw
        assert not UNSEEN.search(raw)
    for name in ("leaderboard.csv", "leaderboard.md", "leaderboard.tex", "leaderboard.json"):
        assert not UNSEEN.search((tmp_path / "site" / name).read_text(encoding="utf-8"))
    assert r"\input{" not in (tmp_path / "site" / "leaderboard.tex").read_text(encoding="utf-8")
    for path in (tmp_path / "site" / "models").iterdir():
        for block in Page(path).text.split("model-index:")[1:]:
            (card,) = yaml.safe_load("model-index:" + block.partition("The submission")[0])["model-index"]
            assert set(card) == {"name", "results"}
