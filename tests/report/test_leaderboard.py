"""The site of a leaderboard: what is in it, what is never in it, and that hostile names do nothing."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from entrants import ROBUST, entrant, sign
from synthetic import Part, Planted, right, write

from robustx.errors import RobustxError, RunError, UsageError
from robustx.report.leaderboard.site import build_site
from robustx.report.leaderboard.terminal import board_report
from robustx.report.leaderboard.words import _letters
from robustx.report.terminal import console
from robustx.score.submission import write_submission
from robustx.score.submit import submission_of

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "\u202eevil\u202c",
    "\x1b]0;owned\x07\x1b[31mred",
    '=HYPERLINK("http://e.org","x")',
    "\\input{/etc/passwd}$%&",
    "../../../escaped",
    "a: b\n- !!python/object:os.system",
    "|pipe|`code`",
    "{{ 7*7 }}{% raw %}",
    'quote" onmouseover="alert(1)',
]
BETTER = {code: (1.0, robust + 0.25) for code, (_, robust) in ROBUST.items()}
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Page(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.inside: list[str] = []
        self.bodies: dict[str, list[str]] = {}
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self.inside.append(tag)
            self.bodies.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.bodies[self.inside[-1]][-1] += data
        else:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three runs of one suite and one of another."""
    folder = tmp_path_factory.mktemp("runs")
    entrant(folder / "a", "lab/a", seed=1)
    entrant(folder / "b", "lab/b", seed=2)
    entrant(folder / "c", "lab/c", seed=3, languages=BETTER)
    entrant(folder / "d", "lab/d", seed=4, texts="other")
    return folder


@pytest.fixture(scope="module")
def site(runs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Their site."""
    out = tmp_path_factory.mktemp("out") / "site"
    build_site([runs], out)
    return out


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose every model has a hostile name, and whose flags say hostile things."""
    folder = tmp_path_factory.mktemp("hostile")
    for i, name in enumerate(HOSTILE):
        facts = {"suite.skipped": 1, "suite.skipped_first": [[name, 1, name]]}
        run = sign(Planted({"hi": Part(right(30, 0.8, i))}, {("hi", "typo", 0.1, 0): Part(right(30, 0.6, i))}), name)
        run.facts |= facts
        write_submission(submission_of(write(folder / "runs" / str(i), run)), folder / "files" / f"{i}.json")
    build_site([folder / "files"], folder / "site")
    return folder / "site"


def test_the_folder_has_every_file_and_a_page_a_model(site: Path) -> None:
    assert sorted(path.name for path in site.iterdir()) == [
        *("index.html", "leaderboard.csv", "leaderboard.json", "leaderboard.md", "leaderboard.tex"),
        *("models", "submissions"),
    ]
    assert len(list((site / "models").glob("lab-?-*.html"))) == 4
    assert {path.stem for path in (site / "models").iterdir()} == {
        path.stem for path in (site / "submissions").iterdir()
    }


def test_the_same_runs_make_the_same_bytes(runs: Path, site: Path, tmp_path: Path) -> None:
    """As folders or as the files that an earlier site holds."""
    build_site([site / "submissions"], tmp_path / "again")
    for path in site.rglob("*.*"):
        assert (tmp_path / "again" / path.relative_to(site)).read_bytes() == path.read_bytes()


def test_the_page_says_without_a_script_who_is_where(site: Path) -> None:
    text = " ".join(Page(site / "index.html").text.split())
    assert text.index("lab/c") < text.index("lab/a")
    assert "2–3" in text
    assert "Shown apart" in text
    assert "other texts: no example can be paired" in text
    assert text.index("Shown apart") < text.index("lab/d")


def test_runs_of_other_texts_are_in_no_table_together(site: Path) -> None:
    made = json.loads((site / "leaderboard.json").read_text(encoding="utf-8"))
    names = [[model["name"] for model in board["models"]] for board in made["boards"]]
    assert names == [["lab/a", "lab/b", "lab/c"], ["lab/d"]]
    assert made["boards"][0]["apart"] is None
    assert made["boards"][1]["apart"] == "other texts: no example can be paired"
    for table in re.split(r"^## ", (site / "leaderboard.md").read_text(encoding="utf-8"), flags=re.M)[1:]:
        assert ("lab/d" in table) != ("lab/c" in table)


def test_json_has_every_view_with_intervals_and_ranks(site: Path) -> None:
    board = json.loads((site / "leaderboard.json").read_text(encoding="utf-8"))["boards"][0]
    views = {(view["where"], view["attack"], view["severity"]): view["standing"] for view in board["views"]}
    standing = board["standings"][views["non-Latin", "all", "all"]]
    assert board["models"][standing["models"][0]]["name"] == "lab/c"
    assert (standing["rank_low"], standing["rank_high"]) == ([1, 2, 2], [1, 3, 3])
    assert standing["ties"] == [[0, 0], [1, 2]]
    for value, low, high in standing["score"] + standing["gap"]:
        assert low <= value <= high


def test_csv_markdown_and_latex_tell_the_same(site: Path) -> None:
    table = list(csv.DictReader((site / "leaderboard.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["model"] for row in table[:1]] == ["lab/c"]
    assert [(row["rank_low"], row["rank_high"], row["ties"]) for row in table[:3]] == [
        ("1", "1", "a"),
        ("2", "3", "b"),
        ("2", "3", "b"),
    ]
    shown = f"{float(table[0]['score']) * 100:.1f}"
    assert f"| 1 | a | lab/c | {shown} |" in (site / "leaderboard.md").read_text(encoding="utf-8")
    assert f"1 & a & lab/c & {shown} &" in (site / "leaderboard.tex").read_text(encoding="utf-8")


def test_a_models_page_has_its_signature_its_ranks_and_a_card(site: Path) -> None:
    (path,) = (site / "models").glob("lab-c-*.html")
    text = " ".join(Page(path).text.split())
    assert "model:lab/c@" in text
    assert "Rank 1 of 3" in text
    assert "Hindi" in text
    assert "model-index:" in text


def test_the_card_is_what_the_hub_reads(site: Path) -> None:
    from huggingface_hub.repocard_data import model_index_to_eval_results

    (path,) = (site / "models").glob("lab-c-*.html")
    block = Page(path).text.partition("model-index:")[2].partition("The submission")[0]
    name, results = model_index_to_eval_results(yaml.safe_load("model-index:" + block)["model-index"])
    assert name == "lab/c"
    board = json.loads((site / "leaderboard.json").read_text(encoding="utf-8"))["boards"][0]
    views = {(view["where"], view["attack"]): board["standings"][view["standing"]] for view in board["views"]}
    assert [result.metric_value for result in results] == [
        pytest.approx(100 * views["non-Latin", attack]["score"][0][0], abs=0.05) for attack in ("all", "clean")
    ]
    assert results[0].task_type == "text-classification"
    assert "95% interval" in results[0].metric_name


class TestPolicy:
    """Nothing is asked of any server, and the page says so."""

    def test_every_page_forbids_every_request(self, site: Path) -> None:
        for path in site.rglob("*.html"):
            page = Page(path)
            (policy,) = (
                one["content"] for one in page.all("meta") if one.get("http-equiv") == "Content-Security-Policy"
            )
            assert policy is not None
            assert policy.startswith("default-src 'none'; style-src 'sha256-")
            assert "unsafe" not in policy
            for kind, bodies in page.bodies.items():
                for body in bodies[-1:]:  # the last script; the one before it is data
                    digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
                    assert f"{kind}-src 'sha256-{digest}'" in policy

    def test_no_page_names_another_host_or_has_a_script_in_an_attribute(self, site: Path, hostile: Path) -> None:
        for path in [*site.rglob("*.html"), *hostile.rglob("*.html")]:
            for tag, attributes in Page(path).tags:
                assert tag not in ("img", "iframe", "object", "embed", "base")
                for name, value in attributes.items():
                    assert not name.startswith("on")
                    assert name != "style"
                    if name in ("href", "src", "action"):
                        assert value is not None
                        assert re.fullmatch(r"data:,|(\.\./)?[a-z./0-9-]+", value)


class TestHostileNames:
    def test_do_nothing_in_a_page(self, hostile: Path) -> None:
        page = Page(hostile / "index.html")
        assert [one.get("type") for one in page.all("script")] == ["application/json", None]
        assert len(page.all("bdi")) == len(HOSTILE)
        for path in hostile.rglob("*.html"):
            raw = path.read_text(encoding="utf-8")
            assert "<img" not in raw
            assert "<script>alert" not in raw
            assert not UNSEEN.search(raw)

    def test_are_shown_as_they_are(self, hostile: Path) -> None:
        text = Page(hostile / "index.html").text
        assert "<script>alert(1)</script>" in text
        assert "{{ 7*7 }}" in text
        assert "<RLO>evil<PDF>" in text

    def test_stay_in_the_folder(self, hostile: Path) -> None:
        assert not list(hostile.parent.glob("*escaped*"))
        names = [path.name for path in (hostile / "models").iterdir()]
        assert len(names) == len(HOSTILE)
        assert all(re.fullmatch(r"[a-z0-9-]+\.html", name) for name in names)

    def test_are_no_formula_no_markup_no_command(self, hostile: Path) -> None:
        for name in ("leaderboard.csv", "leaderboard.md", "leaderboard.tex", "leaderboard.json"):
            assert not UNSEEN.search((hostile / name).read_text(encoding="utf-8"))
        with (hostile / "leaderboard.csv").open(encoding="utf-8") as stream:
            cells = [cell for row in csv.reader(stream) for cell in row]
        assert not [cell for cell in cells if cell.startswith(tuple("=+@"))]
        assert not [cell for cell in cells if re.match(r"-(?![0-9.]+$)", cell)]
        assert r"\input{" not in (hostile / "leaderboard.tex").read_text(encoding="utf-8")
        lines = (hostile / "leaderboard.md").read_text(encoding="utf-8").splitlines()
        table = [line for line in lines if line.startswith("|")]
        assert len(table) == len(HOSTILE) + 2
        assert all(len(re.findall(r"(?<!\\)\|", line)) == 7 for line in table)
        assert not any("<" in line for line in table)

    def test_json_keeps_the_true_name(self, hostile: Path) -> None:
        made = json.loads((hostile / "leaderboard.json").read_text(encoding="utf-8"))
        assert {model["name"] for model in made["boards"][0]["models"]} >= {HOSTILE[0], HOSTILE[2], HOSTILE[7]}

    def test_do_nothing_in_a_card(self, hostile: Path) -> None:
        for path in (hostile / "models").iterdir():
            block = Page(path).text.partition("model-index:")[2].partition("The submission")[0]
            (card,) = yaml.safe_load("model-index:" + block)["model-index"]
            assert set(card) == {"name", "results"}

    def test_do_nothing_in_a_terminal(self, hostile: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        console().print(board_report(build_site([hostile / "submissions"], tmp_path / "site")))
        out = capsys.readouterr().out
        assert not UNSEEN.search(out)
        assert "<RLO>evil<PDF>" in out


class TestGiven:
    def test_an_unfinished_run_is_refused(self, tmp_path: Path) -> None:
        folder = entrant(tmp_path / "a", "a")
        facts = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        (folder / "run.json").write_text(json.dumps(facts | {"complete": False}), encoding="utf-8")
        with pytest.raises(RunError, match="unfinished"):
            build_site([folder], tmp_path / "site")
        assert not (tmp_path / "site").exists()

    @pytest.mark.parametrize("what", ["nothing", "empty"])
    def test_a_path_without_a_run_is_named(self, tmp_path: Path, what: str) -> None:
        (tmp_path / "empty").mkdir()
        with pytest.raises(RobustxError, match=what):
            build_site([tmp_path / what], tmp_path / "site")

    def test_a_folder_that_holds_something_else_is_left_alone(self, tmp_path: Path) -> None:
        entrant(tmp_path / "a", "a")
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "thesis.txt").write_text("mine")
        with pytest.raises(UsageError, match="holds no leaderboard"):
            build_site([tmp_path / "a"], tmp_path / "mine")

    def test_pages_of_models_that_left_are_removed_and_nothing_else(self, tmp_path: Path) -> None:
        for name in "ab":
            entrant(tmp_path / name, name)
        build_site([tmp_path / "a", tmp_path / "b"], tmp_path / "site")
        (tmp_path / "site" / "models" / "notes.txt").write_text("kept")
        build_site([tmp_path / "b"], tmp_path / "site")
        left = sorted(path.name for path in (tmp_path / "site" / "models").iterdir())
        assert len(left) == 2
        assert left[0].startswith("b-")
        assert left[1] == "notes.txt"


def test_tie_letters_go_on_after_z() -> None:
    assert [_letters(i) for i in (0, 25, 26, 27, 51, 52, 701, 702)] == ["a", "z", "aa", "ab", "az", "ba", "zz", "aaa"]
