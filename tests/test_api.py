"""The Python side: the few functions that ``import robustx`` offers."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import robustx
from robustx import api
from robustx.errors import CardError, DataError, RobustxError, RunError, UsageError
from robustx.model.checkpoint import Settings
from robustx.perturb.edits import apply

Folder = Callable[[str], Path]
CPU = Settings(device="cpu")
LINES = ["बिल्ली दरवाज़े के पास बैठी थी।", "", "उस सुबह 10:30 पर कोई नहीं आया।", "है"]


def test_perturb_is_the_function_whatever_was_imported_before() -> None:
    """A package of the same name lies beside it."""
    import robustx.perturb.edits
    from robustx import perturb

    assert robustx.perturb is perturb is api.perturb


class TestPerturb:
    def test_a_text_is_its_source_with_its_edits(self) -> None:
        made = list(robustx.perturb(LINES, "delete", "hi", severity=0.5))
        assert [one.source for one in made] == LINES
        assert [one.text for one in made] == [apply(one.source, one.edits) for one in made]
        assert made[0].text != LINES[0]
        assert made[1].text == ""

    def test_the_same_call_gives_the_same_texts_and_another_seed_or_draw_others(self) -> None:
        def texts(**more: int) -> list[str]:
            return [one.text for one in robustx.perturb(LINES * 5, "delete", "hi", severity=0.2, **more)]

        assert texts() == texts(seed=0, draw=0)
        assert texts() != texts(seed=1)
        assert texts() != texts(draw=1)

    @given(st.lists(st.sampled_from(LINES), min_size=1, max_size=6), st.data())
    def test_a_line_depends_on_no_other_line(self, lines: list[str], data: st.DataObject) -> None:
        at = data.draw(st.integers(0, len(lines) - 1))
        others = data.draw(st.lists(st.sampled_from(LINES), min_size=at, max_size=at))
        whole = list(robustx.perturb(lines, "transpose", "hi", severity=0.5))
        alone = list(robustx.perturb([*others, lines[at]], "transpose", "hi", severity=0.5))
        assert whole[at] == alone[at]

    def test_severity_zero_is_the_identity(self) -> None:
        assert [one.text for one in robustx.perturb(LINES, "delete", "hi", severity=0)] == LINES

    def test_a_lower_severity_s_edits_are_among_a_higher_one_s(self) -> None:
        low, high = (list(robustx.perturb(LINES, "delete", "hi", severity=severity)) for severity in (0.2, 0.6))
        for one, more in zip(low, high, strict=True):
            assert set(one.edits) <= set(more.edits)
        assert low != high

    def test_the_top_of_the_ladder_is_the_severity_where_none_is_given(self) -> None:
        ladder = robustx.load_attack("delete").card.ladder
        assert list(robustx.perturb(LINES, "delete", "hi")) == list(
            robustx.perturb(LINES, "delete", "hi", severity=ladder[-1])
        )

    def test_lines_are_taken_one_by_one(self) -> None:
        endless = iter(lambda: "कोई नहीं आया", None)
        assert next(robustx.perturb(endless, "delete", "hi")).source == "कोई नहीं आया"

    @pytest.mark.parametrize(
        ("attack", "language", "severity", "message"),
        [
            ("delet", "hi", None, 'no attack "delet".*Did you mean "delete"'),
            ("delete", "hin", None, 'no language "hin"'),
            ("homophone", "hi", None, "does not apply to hi"),
            ("delete", "hi", -0.1, "severity -0.1"),
            ("delete", "hi", 1.5, "severity 1.5"),
            ("delete", "hi", float("nan"), "severity nan"),
            ("invisible", "hi", float("inf"), "severity inf"),
            ("invisible", "hi", 1.5, "severity 1.5"),
        ],
    )
    def test_a_wrong_name_or_severity_is_refused(
        self, attack: str, language: str, severity: float | None, message: str
    ) -> None:
        with pytest.raises(UsageError, match=message):
            list(robustx.perturb(["कोई नहीं"], attack, language, severity=severity))


class TestPrepare:
    @pytest.mark.parametrize(
        ("changes", "kind", "message"),
        [
            ({"suite": "quik"}, UsageError, 'no suite "quik".*Did you mean "quick"'),
            ({"suite": "no/such.toml"}, UsageError, "no such card file"),
            ({"data": "no/such/folder"}, DataError, "no such folder"),
            ({"data": "mini,hub"}, UsageError, "names no source for xnli"),
            ({"languages": ["tlh"]}, UsageError, 'no language "tlh"'),
            ({"languages": ["sw"]}, UsageError, "suite quick has no language sw"),
            ({"limit": 0}, UsageError, "--limit 0"),
            ({"model": "demo:x"}, UsageError, 'no model "demo:x".*Demos: demo:direct, demo:anli'),
            ({"model": "./no-such-model"}, RobustxError, "no such folder"),
            ({"settings": Settings(dtype="int8")}, UsageError, "--dtype int8"),
        ],
    )
    def test_a_bad_setting_is_refused_before_anything_is_begun(
        self, checkpoint: Folder, tmp_path: Path, changes: dict[str, object], kind: type[RobustxError], message: str
    ) -> None:
        arguments = {
            "model": str(checkpoint("bert")),
            "suite": "quick",
            "out": tmp_path / "run",
            "settings": CPU,
        } | changes
        with pytest.raises(kind, match=message):
            api.prepare(**arguments)  # type: ignore[arg-type]
        assert not (tmp_path / "run").exists()

    def test_a_wrong_card_is_refused(self, checkpoint: Folder, tmp_path: Path) -> None:
        (tmp_path / "bad.toml").write_text("seeds = 1")
        with pytest.raises(CardError, match=r"bad\.toml: seeds: unknown key"):
            api.prepare(str(checkpoint("bert")), str(tmp_path / "bad.toml"))

    def test_a_built_suite_has_its_languages_and_rows(self, checkpoint: Folder, small_suite: Path) -> None:
        assert api.prepare(str(checkpoint("bert")), str(small_suite), settings=CPU).cells == 12
        for more in ({"languages": ["hi"]}, {"limit": 3}, {"look": True}):
            with pytest.raises(UsageError, match="is built already"):
                api.prepare(str(checkpoint("bert")), str(small_suite), settings=CPU, **more)  # type: ignore[arg-type]

    def test_the_cells_are_counted_before_they_are_built(
        self, checkpoint: Folder, small_card: Path, small_data: Path
    ) -> None:
        # clean, two severities in two draws, and one more attack, in two languages
        assert api.prepare(str(checkpoint("bert")), str(small_card), str(small_data), settings=CPU).cells == 2 * (
            1 + 4 + 1
        )


@pytest.mark.parametrize(
    ("suite", "model", "folder"),
    [
        ("quick", "demo:direct", "quick-demo-direct"),
        ("mine/cards/odd.toml", "models/xlm-r_base", "odd-xlm-r-base"),
        ("built/nonlatin", "org/name", "nonlatin-name"),
        ("quick", ".", "quick-."),
    ],
)
def test_a_run_is_kept_under_the_names_of_its_suite_and_model(suite: str, model: str, folder: str) -> None:
    assert api.default_out(suite, model) == Path("runs") / folder


def test_two_runs_are_compared_from_folders_or_as_they_are(
    checkpoint: Folder, small_card: Path, small_data: Path, tmp_path: Path
) -> None:
    runs = [
        robustx.attack(str(checkpoint(family)), str(small_card), str(small_data), out=tmp_path / family, settings=CPU)
        for family in ("bert", "byt5")
    ]
    by_run, by_name = robustx.compare(*runs), robustx.compare(*(str(run.folder) for run in runs))
    assert json.dumps(by_run.figures) == json.dumps(by_name.figures)
    assert (by_run.baseline, by_run.candidate) == tuple(run.folder for run in runs)
    assert by_run.verdict
    assert by_run.verdict in str(by_run.figures)
    assert robustx.scores(runs[0].folder)["signature"] == runs[0].signature
    with pytest.raises(RunError):
        robustx.compare(runs[0], tmp_path)


def test_the_tests_themselves_are_offline() -> None:
    assert os.environ["HF_HUB_OFFLINE"] == "1"
