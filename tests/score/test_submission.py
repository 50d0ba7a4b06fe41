"""Submissions: the same run gives the same file, its figures are the run's, and what does not fit is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from entrants import entrant, sign
from synthetic import Part, Planted, right, simple, write

from robustx.errors import RunError
from robustx.score.claims import verify_submission
from robustx.score.packed import pack
from robustx.score.scores import score_run
from robustx.score.submission import Submission, read_submission, stacked, write_submission
from robustx.score.submit import submission_of

SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "submission.json"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The submission of a small run."""
    path = tmp_path / "one.json"
    write_submission(submission_of(entrant(tmp_path / "run", "lab/one")), path)
    return path


def edited(path: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    value = json.loads(path.read_text(encoding="utf-8"))
    change(value)
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def test_what_was_written_is_what_is_read(tmp_path: Path, file: Path) -> None:
    made = submission_of(tmp_path / "run")
    assert read_submission(file) == made
    assert made.text() == file.read_text(encoding="utf-8")
    assert verify_submission(file) == made


def test_its_figures_are_those_of_the_runs_own_report(tmp_path: Path) -> None:
    folder = entrant(tmp_path / "run", "one", n=97)
    task = submission_of(folder).tasks["xnli"]
    report = score_run(folder)["tasks"]["xnli"]
    for kind in ("languages", "groups"):
        for name, row in task.scores[kind].items():
            for figure, told in row.items():
                expected = report[kind][name][figure]
                assert told.value == pytest.approx(expected["value"])
                # ends differ by Monte Carlo error: the same examples are drawn in another order
                assert told.low == pytest.approx(expected["low"], abs=0.02)
                assert told.high == pytest.approx(expected["high"], abs=0.02)


def test_metrics_that_are_no_bits_are_kept_too(tmp_path: Path) -> None:
    """F1: numerators and denominators of their own."""
    n = 40
    rng = np.random.default_rng(0)
    totals = rng.integers(2, 9, n).astype(float)
    base, worse = (np.floor(totals * rng.random(n)) for _ in range(2))
    run = Planted({"hi": Part(base, denominator=totals)}, {("hi", "typo", 0.1, 0): Part(worse, denominator=totals)})
    folder = write(tmp_path / "run", sign(run, "f1"))
    made = submission_of(folder)
    assert made.tasks["xnli"].cells[0].denominator is not None
    task = json.loads(json.dumps(score_run(folder)["tasks"]["xnli"]["languages"]["hi"]))
    assert made.tasks["xnli"].scores["languages"]["hi"]["robust"].value == pytest.approx(task["robust"]["value"])
    path = tmp_path / "f1.json"
    write_submission(made, path)
    verify_submission(path)


def test_examples_stand_in_the_order_of_their_uids_whatever_the_order_of_the_run(tmp_path: Path) -> None:
    run = sign(simple(30, {"hi": (0.8, 0.6), "en": (0.9, 0.7)}), "one")
    forward = submission_of(write(tmp_path / "a", run))
    backward = submission_of(write(tmp_path / "b", run, order=lambda cells: cells[::-1]))
    keys = {(cell.language, cell.attack): cell for cell in backward.tasks["xnli"].cells}
    assert all(keys[cell.language, cell.attack] == cell for cell in forward.tasks["xnli"].cells)


def test_what_never_reached_the_model_is_not_judged(tmp_path: Path) -> None:
    n = 30
    reached = np.arange(n) < 20
    cell = Part(right(n, 0.5, 1), changed=np.arange(n) < 25, survived=reached)
    folder = write(
        tmp_path / "run", sign(Planted({"hi": Part(right(n, 0.9, 0))}, {("hi", "typo", 0.1, 0): cell}), "one")
    )
    stack = stacked(submission_of(folder).tasks["xnli"], "xnli")
    assert stack.mask.sum() == 20
    assert stack.robust.sum() == cell.right[reached].sum()


def test_a_local_path_does_not_leave_the_machine(tmp_path: Path) -> None:
    folder = entrant(tmp_path / "run", "one")
    facts = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    facts["model"]["name"] = "/home/somebody/secret/one"
    (folder / "run.json").write_text(json.dumps(facts), encoding="utf-8")
    assert submission_of(folder).model.name == "one"
    assert "somebody" not in submission_of(folder).text()


class TestVerify:
    def test_a_figure_that_was_raised(self, file: Path) -> None:
        def raise_it(value: dict[str, Any]) -> None:
            value["tasks"]["xnli"]["scores"]["groups"]["non-Latin"]["robust"]["value"] += 0.001

        with pytest.raises(RunError, match="groups non-Latin robust is claimed as .* its own numbers give"):
            verify_submission(edited(file, raise_it))

    def test_an_example_that_was_turned_right(self, file: Path) -> None:
        def turn(value: dict[str, Any]) -> None:
            value["tasks"]["xnli"]["cells"][0]["numerator"] = value["tasks"]["xnli"]["cells"][0]["reached"]

        with pytest.raises(RunError, match="its own numbers give"):
            verify_submission(edited(file, turn))

    def test_figures_that_were_left_out(self, file: Path) -> None:
        with pytest.raises(RunError, match="claims other figures"):
            verify_submission(edited(file, lambda value: value["tasks"]["xnli"]["scores"].pop("groups")))

    @pytest.mark.parametrize(
        ("part", "key", "other"),
        [
            ("model", "name", "another"),
            ("model", "max_length", 4),
            ("suite", "version", 2),
            ("suite", "content_sha256", "0" * 64),
        ],
    )
    def test_parts_that_the_signature_does_not_bear_out(self, file: Path, part: str, key: str, other: object) -> None:
        with pytest.raises(RunError, match="but its parts make"):
            verify_submission(edited(file, lambda value: value[part].update({key: other})))


def _first(value: dict[str, Any]) -> dict[str, Any]:
    cell: dict[str, Any] = value["tasks"]["xnli"]["cells"][0]
    return cell


WRONG: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "an unknown key": (lambda v: v.update(more=1), "more: Extra inputs"),
    "another schema": (lambda v: v.update(schema=2), "schema"),
    "another kind": (lambda v: v.update(kind="run"), "kind"),
    "no tasks": (lambda v: v.update(tasks={}), "tasks"),
    "a number as text": (lambda v: _first(v).update(severity="0.1"), "severity"),
    "a language that is markup": (lambda v: _first(v).update(language="<b>"), "language"),
    "a language without a clean cell": (lambda v: _first(v).update(language="th"), "without a clean cell"),
    "the same cell twice": (lambda v: v["tasks"]["xnli"]["cells"].append(dict(_first(v))), "stands there twice"),
    "more examples than bits": (lambda v: v["tasks"]["xnli"].update(examples=1000), "1000"),
    "more than fits a memory": (lambda v: v["tasks"]["xnli"].update(examples=9_000_000), "examples times cells"),
    "changes that are none": (lambda v: _first(v).update(changed=pack(np.zeros(60))), "did not change"),
    "more right than there are": (lambda v: _first(v).update(reached=pack(np.zeros(60))), "numerator beyond"),
    "negative sums": (lambda v: _first(v).update(numerator=pack(np.full(60, -0.5))), "numerator beyond"),
    "a name that goes on for ever": (lambda v: v["model"].update(name="x" * 10_000), "model.name"),
}


@pytest.mark.parametrize(("change", "said"), WRONG.values(), ids=WRONG)
def test_what_is_no_submission_is_refused_in_one_line_that_names_the_file(
    file: Path, change: Callable[[dict[str, Any]], object], said: str
) -> None:
    with pytest.raises(RunError, match=said) as refused:
        read_submission(edited(file, change))
    assert str(refused.value).startswith(f"{file}: ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("raw", [b"", b"[]", b"\xff\xfe", b"{" * 100_000, b'{"kind": "\\ud800"}', b"[" * 200_000])
def test_damaged_files_are_refused_too(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(raw)
    with pytest.raises(RunError, match="no submission"):
        read_submission(path)


def test_nan_is_no_figure(file: Path) -> None:
    with pytest.raises(RunError, match="no submission"):
        read_submission(edited(file, lambda value: _first(value).update(severity=float("nan"))))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"none\.json: cannot be read"):
        read_submission(tmp_path / "none.json")


def test_the_schema_in_the_docs_is_the_one_that_files_are_checked_against() -> None:
    wanted = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | Submission.model_json_schema(by_alias=True)
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == wanted
