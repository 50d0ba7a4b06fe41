"""Translationese controls: paired changes against SciPy's own, what is left beyond them, and that intervals hold the truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binomtest, bootstrap
from synthetic import Part, Planted, right, write

from robustx.errors import RunError
from robustx.score.translationese import control


def run(folder: Path, **languages: Part) -> Path:
    return write(folder, Planted(dict(languages)))


def test_a_change_is_paired_and_its_interval_and_p_are_scipys(tmp_path: Path) -> None:
    human, machine = right(400, 0.7, 1), right(400, 0.6, 2)
    found = control(run(tmp_path / "human", hi=Part(human)), run(tmp_path / "machine", hi=Part(machine)))
    (step,) = found.steps
    assert (step.what, step.task, step.language, step.change.n) == ("human to machine", "xnli", "hi", 400)
    assert (step.before, step.after) == (pytest.approx(human.mean()), pytest.approx(machine.mean()))
    assert step.change.value == pytest.approx(machine.mean() - human.mean())
    low, high = bootstrap((machine - human,), np.mean, method="percentile", rng=1).confidence_interval
    assert (step.change.low, step.change.high) == (pytest.approx(low, abs=0.01), pytest.approx(high, abs=0.01))
    lost, won = int((human > machine).sum()), int((machine > human).sum())
    assert step.p == pytest.approx(binomtest(lost, lost + won).pvalue)
    assert found.beyond == {}


def test_rows_that_one_run_lacks_are_left_out(tmp_path: Path) -> None:
    base = right(60, 0.5, 1)
    some = np.arange(60) % 3 > 0
    machine = run(tmp_path / "machine", hi=Part(base, rows=some))
    (step,) = control(run(tmp_path / "human", hi=Part(base)), machine).steps
    assert (step.change.n, step.change.value, step.p) == (40, 0.0, 1.0)
    assert step.before == pytest.approx(base[some].mean())


def test_english_in_the_human_run_tells_the_language_apart_from_the_engine(tmp_path: Path) -> None:
    english, hindi, machine = (right(90, share, seed) for share, seed in ((0.8, 1), (0.7, 2), (0.6, 3)))
    human = run(tmp_path / "human", en=Part(english), hi=Part(hindi))
    steps = control(human, run(tmp_path / "machine", hi=Part(machine))).steps
    assert [step.what for step in steps] == ["English to human", "human to machine"]
    assert sum(step.change.value for step in steps) == pytest.approx(machine.mean() - english.mean())


def test_what_is_left_is_the_adversarial_change_less_the_controls(tmp_path: Path) -> None:
    human = run(tmp_path / "human", en=Part(right(300, 0.8, 1)), hi=Part(right(300, 0.75, 2)))
    machine = run(tmp_path / "machine", hi=Part(right(300, 0.7, 3)))
    english = run(tmp_path / "english", en=Part(right(200, 0.6, 4)))
    translated = run(tmp_path / "translated", hi=Part(right(200, 0.4, 5)), ar=Part(right(200, 0.4, 6)))
    found = control(human, machine, english, translated)
    first, second, hindi, arabic = found.steps
    left = found.beyond["xnli", "hi"]
    assert (hindi.what, arabic.language) == ("English to machine", "ar")
    assert left.value == pytest.approx(hindi.change.value - first.change.value - second.change.value)
    assert left.low < left.value < left.high
    assert found.beyond["xnli", "ar"].n == 0, "there is no control in Arabic"


def test_the_interval_of_what_is_left_holds_the_truth_as_often_as_it_says(tmp_path: Path) -> None:
    """Both sets lose 10 points by translation, so nothing is left; 60 worlds of 150 rows."""
    held = 0
    for world in range(60):
        folder = tmp_path / str(world)
        shares = {"human": ("hi", 0.7), "machine": ("hi", 0.6), "english": ("en", 0.5), "translated": ("hi", 0.4)}
        runs = [
            run(folder / name, **{code: Part(right(150, share, 7 * world + i))})
            for i, (name, (code, share)) in enumerate(shares.items())
        ]
        left = control(*runs).beyond["xnli", "hi"]
        held += left.low <= 0 <= left.high
    assert held >= 52, "a binomial of 60 at 0.95 falls below 52 three times in 1,000"


def test_runs_that_cannot_be_compared_are_errors(tmp_path: Path) -> None:
    hindi = run(tmp_path / "hi", hi=Part(right(9, 0.5, 1)))
    arabic = run(tmp_path / "ar", ar=Part(right(9, 0.5, 1)))
    other = write(tmp_path / "other", Planted({"hi": Part(right(9, 0.5, 1))}, facts={"model.fingerprint": "1" * 12}))
    with pytest.raises(RunError, match="no task and language in common"):
        control(hindi, arabic)
    with pytest.raises(RunError, match="of several checkpoints"):
        control(hindi, other)
    with pytest.raises(RunError, match="has no English"):
        control(hindi, hindi, hindi, hindi)
