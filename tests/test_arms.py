"""Which runs of two arms belong together: by seed, and only where the checkpoints are a pair."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from robustx.arms import check_arms, paired_by_seed
from robustx.errors import CheckpointError, RunError
from robustx.stilts.lineage import Lineage

DIRECT = Lineage(
    recipe="r",
    recipe_version=1,
    recipe_sha256="0",
    arm="direct",
    seed=1,
    target="xnli",
    base="base",
    base_sha256="b",
    tokenizer_sha256="t",
    encoder_sha256="e",
    low_rank=None,
    phases=[],
    versions={},
)


def run(folder: Path, lineage: Lineage | dict[str, Any] | None) -> Path:
    """A run folder that says no more than whose it is."""
    folder.mkdir(parents=True)
    said = asdict(lineage) if isinstance(lineage, Lineage) else lineage
    model = {"name": "m"} | ({"lineage": said} if said else {})
    (folder / "run.json").write_text(json.dumps({"schema": 1, "model": model}))
    return folder


def test_two_runs_are_a_pair(tmp_path: Path) -> None:
    a, b = run(tmp_path / "a", None), run(tmp_path / "b", None)
    assert paired_by_seed(a, b) == [(a, b)]


def test_runs_of_two_arms_are_paired_by_the_seed_of_their_lineage(tmp_path: Path) -> None:
    for arm, names in (("direct", ("x", "y", "z")), ("anli", ("r", "q", "p"))):
        for name, seed in zip(names, (1, 2, 3), strict=True):
            run(tmp_path / arm / name, replace(DIRECT, arm=arm, seed=seed))
    pairs = paired_by_seed(tmp_path / "direct", tmp_path / "anli")
    assert [(a.name, b.name) for a, b in pairs] == [("x", "r"), ("y", "q"), ("z", "p")]


def test_without_a_lineage_the_folder_s_name_is_the_seed(tmp_path: Path) -> None:
    for arm in ("direct", "anli"):
        for name in ("seed-1", "seed-2"):
            run(tmp_path / arm / name, None)
    pairs = paired_by_seed(tmp_path / "direct", tmp_path / "anli")
    assert [(a.name, b.name) for a, b in pairs] == [("seed-1", "seed-1"), ("seed-2", "seed-2")]


def test_a_seed_without_its_counterpart_is_named(tmp_path: Path) -> None:
    for arm, names in (("direct", ("s1", "s2")), ("anli", ("s1", "s3"))):
        for name in names:
            run(tmp_path / arm / name, None)
    with pytest.raises(RunError, match="seed s2 is in one of them alone"):
        paired_by_seed(tmp_path / "direct", tmp_path / "anli")


def test_two_runs_of_one_seed_in_one_arm_are_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        run(tmp_path / "direct" / name, DIRECT)
    with pytest.raises(RunError, match="a and b are both of seed 1"):
        paired_by_seed(tmp_path / "direct", tmp_path / "direct")


def test_a_folder_without_runs_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(RunError, match="holds no run"):
        paired_by_seed(tmp_path / "empty", tmp_path / "empty")


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (replace(DIRECT, arm="anli"), None),
        (replace(DIRECT, arm="anli", base_sha256="c", base="other"), "not the same base: base and other"),
        (replace(DIRECT, arm="anli", target="pawsx"), "not the same target: xnli and pawsx"),
        (replace(DIRECT, arm="anli", seed=2), "not the same seed: 1 and 2"),
        (None, None),
    ],
)
def test_only_checkpoints_that_are_a_pair_of_arms_may_stand_side_by_side(
    tmp_path: Path, other: Lineage | None, reason: str | None
) -> None:
    a, b = run(tmp_path / "a", DIRECT), run(tmp_path / "b", other)
    if reason is None:
        check_arms(a, b)
    else:
        with pytest.raises(RunError, match=f"{reason}.*--unlike"):
            check_arms(a, b)


def test_a_damaged_lineage_is_one_error_that_names_the_run(tmp_path: Path) -> None:
    a, b = run(tmp_path / "a", DIRECT), run(tmp_path / "b", {"schema": 1, "phases": 3})
    with pytest.raises(CheckpointError, match="b: is damaged"):
        check_arms(a, b)
