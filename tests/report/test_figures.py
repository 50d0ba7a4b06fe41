"""Figures for print: drawn in every case, the same each time, and inert."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from page_material import LANGUAGES, planted, written
from synthetic import Part, Planted, right, write

from robustx.errors import MissingExtraError
from robustx.report.figures import require_matplotlib, write_comparison_figures, write_run_figures
from robustx.score.compare import compare_runs
from robustx.score.scores import score_run


@pytest.fixture
def matplotlib() -> None:
    pytest.importorskip("matplotlib", reason="matplotlib is not installed (pip install 'robustx[plot]')")


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return score_run(written(tmp_path_factory.mktemp("run") / "a"))


def test_without_matplotlib_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'robustx\[plot\]'"):
        require_matplotlib()


@pytest.mark.usefixtures("matplotlib")
class TestDrawn:
    def test_a_run_has_three_figures_in_two_formats(self, scores: dict[str, Any], tmp_path: Path) -> None:
        made = write_run_figures(scores, tmp_path / "figures")
        names = [f"xnli-{what}.{end}" for what in ("languages", "attacks", "severity") for end in ("svg", "png")]
        assert [path.name for path in made] == names
        for path in made:
            if path.suffix == ".svg":
                assert ElementTree.parse(path).getroot().tag.endswith("svg")
            else:
                assert path.read_bytes().startswith(b"\x89PNG")
                assert path.stat().st_size < 300_000

    def test_the_same_figures_give_the_same_bytes(self, scores: dict[str, Any], tmp_path: Path) -> None:
        first, second = (write_run_figures(scores, tmp_path / name) for name in "ab")
        assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]

    def test_a_comparison_has_a_forest_plot(self, tmp_path: Path) -> None:
        runs = [written(tmp_path / name, seed) for seed, name in enumerate("ab")]
        made = write_comparison_figures(compare_runs(*runs), tmp_path / "figures")
        assert [path.name for path in made] == ["xnli-forest.svg", "xnli-forest.png"]

    def test_a_suite_without_attacks_and_a_language_without_figures_are_drawn(self, tmp_path: Path) -> None:
        clean = Planted({code: Part(right(60, 0.7, i)) for i, code in enumerate(("hi", "en"))})
        made = write_run_figures(score_run(write(tmp_path / "clean", clean)), tmp_path / "1")
        assert [path.name for path in made] == ["xnli-languages.svg", "xnli-languages.png"]
        run = planted()
        for part in run.cells.values():
            part.changed = False
        assert len(write_run_figures(score_run(write(tmp_path / "still", run)), tmp_path / "2")) == 4

    def test_hostile_names_are_drawn_as_plain_letters(self, tmp_path: Path) -> None:
        """A warning of a glyph that no font has would fail this test, as every warning does."""
        names = dict(
            zip(
                LANGUAGES,
                ["$x^2$", "हिन्दी", "<script>alert(1)</script>", "\x1b[31m\u202e\n", "%s {0}" * 40],
                strict=True,
            )
        )
        run = planted(facts={"languages": {code: {"name": name, "script": "Deva"} for code, name in names.items()}})
        scores = score_run(write(tmp_path / "run", run))
        task = scores["tasks"]["xnli"]
        task["attacks"] = {"$\\frac{$": task["attacks"]["typo"], "打字": task["attacks"]["unseen"]}
        scores["tasks"] = {"../../task": task}
        made = write_run_figures(scores, tmp_path / "figures")
        assert {path.parent for path in made} == {tmp_path / "figures"}
        assert all(re.fullmatch(r"task1-[a-z]+", path.stem) for path in made)
        for path in made:
            if path.suffix == ".svg":
                assert not [e for e in ElementTree.parse(path).iter() if e.tag.endswith("script")]
