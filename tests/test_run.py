"""A run: every family goes the whole way, and a run that was broken off ends with the bytes of one that was not."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tiny import FAMILIES, LABELS, ROWS

from robustx import api
from robustx.errors import CheckpointError, RobustxError, RunError, SuiteError, UsageError
from robustx.model.checkpoint import Settings
from robustx.model.models import load_models
from robustx.run import Run, read_run, run_suite
from robustx.suite.cells import Cell, read_cell
from robustx.suite.manifest import cell_path, read_manifest
from robustx.tasks.registry import task

Folder = Callable[[str], Path]
CPU = Settings(device="cpu")


def files(folder: Path) -> dict[str, bytes]:
    """Every file that is seen in a folder; a name that begins with a dot is scrap of a killed process."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {
        str(path): (folder / path).read_bytes()
        for path in paths
        if not any(part.startswith(".") for part in path.parts)
    }


@pytest.fixture(scope="module")
def whole(checkpoint: Folder, small_card: Path, small_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run that nothing went wrong with."""
    out = tmp_path_factory.mktemp("whole") / "run"
    return api.attack(str(checkpoint("bert")), str(small_card), str(small_data), out=out, settings=CPU)


def column(run: Run, cell: str, name: str) -> list[object]:
    return list(pq.read_table(run.folder / "cells" / f"{cell}.parquet")[name].to_pylist())


@pytest.mark.parametrize("family", FAMILIES)
def test_a_checkpoint_of_every_family_goes_the_whole_way(
    checkpoint: Folder, family: str, small_card: Path, small_data: Path, tmp_path: Path
) -> None:
    run = api.attack(str(checkpoint(family)), str(small_card), str(small_data), out=tmp_path / "run", settings=CPU)
    assert run.facts["complete"]
    assert run.facts["repeatable"]
    assert len(run.facts["cells"]) == 12
    for cell in run.facts["cells"]:
        table = pq.read_table(run.folder / "cells" / f"{cell['file']}.parquet").to_pydict()
        assert len(table["uid"]) == cell["rows"] == 12
        for gold, label, chances, numerator in zip(
            table["gold"], table["prediction"], table["probabilities"], table["numerator"], strict=True
        ):
            assert sum(chances) == pytest.approx(1, abs=1e-5)
            assert label == LABELS[chances.index(max(chances))]
            assert numerator == (gold == label)
    figures = json.loads((run.folder / "scores.json").read_text())["tasks"]["xnli"]["languages"]
    for code in ("hi", "en"):
        right = column(run, f"xnli_{code}_clean_0_0", "numerator")
        assert figures[code]["accuracy"]["value"] == pytest.approx(sum(right) / 12)  # type: ignore[arg-type]


def test_a_run_says_what_was_run(whole: Run) -> None:
    assert whole.signature.startswith("robustx|suite:tiny@1|data:folder|rows:")
    for part in ("|seed:3|", "|ops:", "|texts:", "|model:bert@", "|tok:", "|fp32|", "|len:128|", "|v:"):
        assert part in whole.signature
    assert whole.facts["settings"]["device"] == "cpu"
    assert whole.facts["batching"] == {"least": 256, "most": 1024, "call_cost": 24}
    assert whole.facts["languages"]["hi"] == {"name": "Hindi", "script": "Deva"}
    assert whole.facts["model"]["fast_tokenizer"]
    assert read_run(whole.folder) == whole


def test_a_cell_holds_the_edits_and_the_audit_of_its_rows(whole: Run) -> None:
    manifest = read_manifest(whole.folder / "suite")
    cell = Cell("xnli", "hi", "delete", 0.4, 0)
    rows = list(read_cell(cell_path(whole.folder / "suite", cell), manifest.fields["xnli"]))
    assert column(whole, cell.name, "uid") == [row.uid for row in rows]
    assert column(whole, cell.name, "changed") == [bool(row.edits) for row in rows]
    assert column(whole, cell.name, "changed_clusters") == [row.amounts.changed_clusters for row in rows]
    assert column(whole, cell.name, "verdict") == ["likely"] * 12
    edits = [[{"field": name, **edit._asdict()} for name, edit in row.edits] for row in rows]
    assert column(whole, cell.name, "edits") == edits
    # this tokenizer drops what cannot be seen: each of these was changed, and none reached the model
    assert column(whole, "xnli_hi_invisible_2_0", "changed") == [True] * 12
    assert column(whole, "xnli_hi_invisible_2_0", "survived") == [False] * 12
    assert column(whole, "xnli_hi_clean_0_0", "premise")[:6] == [premise for premise, _, _ in ROWS["hi"]]


def test_two_runs_are_the_same_byte_for_byte(
    whole: Run, checkpoint: Folder, small_card: Path, small_data: Path, tmp_path: Path
) -> None:
    api.attack(str(checkpoint("bert")), str(small_card), str(small_data), out=tmp_path / "again", settings=CPU)
    assert files(tmp_path / "again") == files(whole.folder)
    assert len(files(whole.folder)) == 12 + 12 + 1 + 3


# the calls of os.replace: 1 the manifest, 2 run.json, 3 to 14 the cells, 15 run.json again, 16 scores.json, 17 report.html
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("moment", [1, 2, 3, 4, 9, 14, 15, 16, 17])
def test_a_run_that_is_killed_is_taken_up_again_and_ends_with_the_same_bytes(
    moment: int, whole: Run, checkpoint: Folder, small_card: Path, small_data: Path, tmp_path: Path
) -> None:
    def attack() -> Run:
        return api.attack(str(checkpoint("bert")), str(small_card), str(small_data), out=tmp_path / "run", settings=CPU)

    child = os.fork()
    if child == 0:
        calls, replace = 0, os.replace

        def killing(source: Path, target: Path) -> None:
            nonlocal calls
            calls += 1
            if calls == moment:
                os.kill(os.getpid(), signal.SIGKILL)
            replace(source, target)

        os.replace = killing  # type: ignore[assignment]
        try:
            attack()
        finally:
            os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    done = files(tmp_path / "run") if (tmp_path / "run").exists() else {}
    assert len([name for name in done if name.startswith("cells/")]) == min(12, max(0, moment - 3))
    if moment < 16:
        with pytest.raises(RunError):
            api.scores(tmp_path / "run")
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "run" / "cells").glob("*.parquet")}
    assert attack().facts == whole.facts
    assert files(tmp_path / "run") == files(whole.folder)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept, "what was done is not done again"


def test_a_run_that_was_interrupted_is_refused_by_score_and_compare(whole: Run, tmp_path: Path) -> None:
    folder = shutil.copytree(whole.folder, tmp_path / "run")
    (folder / "run.json").write_text(json.dumps(whole.facts | {"complete": False}))
    for use in (lambda: api.scores(folder), lambda: api.compare(whole, folder)):
        with pytest.raises(RunError, match=r"(?i)unfinished|not finished|not complete|incomplete|interrupted"):
            use()


class TestAFolderThatHoldsSomethingElse:
    def test_another_suite(self, whole: Run, checkpoint: Folder, small_card: Path, small_data: Path) -> None:
        before = files(whole.folder)
        with pytest.raises(RunError, match=r"holds another suite .* give another --out"):
            api.attack(
                str(checkpoint("bert")), str(small_card), str(small_data), limit=3, out=whole.folder, settings=CPU
            )
        assert files(whole.folder) == before

    def test_another_model(self, whole: Run, checkpoint: Folder, small_card: Path, small_data: Path) -> None:
        before = files(whole.folder)
        with pytest.raises(RunError, match=r"holds another run .* give another --out"):
            api.attack(str(checkpoint("byt5")), str(small_card), str(small_data), out=whole.folder, settings=CPU)
        assert files(whole.folder) == before

    def test_other_settings(self, whole: Run, checkpoint: Folder, small_card: Path, small_data: Path) -> None:
        for settings in (Settings("cpu", max_length=64), Settings("cpu", labels=",".join(LABELS))):
            with pytest.raises(RunError, match="holds another run"):
                api.attack(
                    str(checkpoint("bert")), str(small_card), str(small_data), out=whole.folder, settings=settings
                )

    def test_something_that_is_no_run(
        self, checkpoint: Folder, small_card: Path, small_data: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "thesis.tex").write_text("")
        with pytest.raises(UsageError, match="is not empty and holds no run"):
            api.prepare(str(checkpoint("bert")), str(small_card), str(small_data), out=tmp_path)
        with pytest.raises(UsageError, match="is no folder"):
            api.prepare(str(checkpoint("bert")), str(small_card), str(small_data), out=tmp_path / "thesis.tex")


class TestBeforeAnyLongWork:
    def test_a_model_that_cannot_be_used_costs_no_building_of_a_suite(
        self, checkpoint: Folder, small_card: Path, small_data: Path, tmp_path: Path
    ) -> None:
        folder = shutil.copytree(checkpoint("bert"), tmp_path / "unnamed")
        config = json.loads((folder / "config.json").read_text())
        config |= {"id2label": {i: f"LABEL_{i}" for i in range(3)}, "label2id": {f"LABEL_{i}": i for i in range(3)}}
        (folder / "config.json").write_text(json.dumps(config))
        with pytest.raises(CheckpointError, match="--labels entailment,neutral,contradiction"):
            api.attack(str(folder), str(small_card), str(small_data), out=tmp_path / "run", settings=CPU)
        assert not (tmp_path / "run").exists()
        labels = Settings("cpu", labels=",".join(LABELS))
        run = api.attack(str(folder), str(small_card), str(small_data), limit=2, out=tmp_path / "run", settings=labels)
        assert run.facts["settings"]["labels"] == ",".join(LABELS)

    def test_a_built_suite_with_an_edited_cell_is_refused(
        self, checkpoint: Folder, small_suite: Path, tmp_path: Path
    ) -> None:
        suite = shutil.copytree(small_suite, tmp_path / "suite")
        path = cell_path(suite, Cell("xnli", "hi", "delete", 0.4, 1))
        pq.write_table(pq.read_table(path).slice(1), path)
        with pytest.raises(SuiteError, match="expected 12 rows"):
            api.attack(str(checkpoint("bert")), str(suite), out=tmp_path / "run", settings=CPU)
        assert not (tmp_path / "run").exists()

    def test_a_suite_that_was_damaged_since_the_run_was_broken_off_is_refused(
        self, whole: Run, checkpoint: Folder, small_card: Path, small_data: Path, tmp_path: Path
    ) -> None:
        folder = shutil.copytree(whole.folder, tmp_path / "run")
        path = cell_path(folder / "suite", Cell("xnli", "hi", "delete", 0.4, 1))
        path.write_bytes(path.read_bytes()[:-10])
        with pytest.raises(SuiteError, match="cannot be read as a cell"):
            api.attack(str(checkpoint("bert")), str(small_card), str(small_data), out=folder, settings=CPU)


def test_a_built_suite_gives_the_same_cells_as_its_card(
    whole: Run, checkpoint: Folder, small_suite: Path, tmp_path: Path
) -> None:
    run = run_suite(load_models(str(checkpoint("bert")), CPU, [task("xnli")]), small_suite, tmp_path / "run")
    assert run.signature == whole.signature
    assert files(run.folder / "cells") == files(whole.folder / "cells")


def test_a_damaged_clean_cell_is_one_error(
    whole: Run, checkpoint: Folder, small_card: Path, small_data: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(whole.folder, tmp_path / "run")
    (folder / "cells" / "xnli_hi_clean_0_0.parquet").write_bytes(b"PAR1")
    (folder / "cells" / "xnli_hi_delete_0.1_0.parquet").unlink()
    with pytest.raises(RunError, match=r"xnli_hi_clean_0_0\.parquet: is damaged .*remove it"):
        api.attack(str(checkpoint("bert")), str(small_card), str(small_data), out=folder, settings=CPU)


def test_a_full_disk_leaves_no_half_file_and_is_one_error(
    whole: Run, checkpoint: Folder, small_card: Path, small_data: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(whole.folder, tmp_path / "run")
    gone = [folder / "cells" / f"xnli_en_delete_0.4_{draw}.parquet" for draw in (0, 1)]
    for path in gone:
        path.unlink()
    before = files(folder)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1500, hard))
    try:
        with pytest.raises(RobustxError, match=r"xnli_en_delete_0\.4_0\.parquet: cannot be written: .*too large"):
            api.attack(str(checkpoint("bert")), str(small_card), str(small_data), out=folder, settings=CPU)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert files(folder) == before
    assert not list((folder / "cells").glob(".*"))
    api.attack(str(checkpoint("bert")), str(small_card), str(small_data), out=folder, settings=CPU)
    assert files(folder) == files(whole.folder)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"schema": 99}'])
def test_a_folder_that_is_no_run_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(RunError, match="a folder that `robustx attack` made"):
        read_run(tmp_path)
    (tmp_path / "run.json").write_bytes(data)
    with pytest.raises(RunError, match=r"run\.json: "):
        read_run(tmp_path)


def test_a_watcher_is_told_of_every_row_once(checkpoint: Folder, small_suite: Path, tmp_path: Path) -> None:
    class Tally:
        total = kept = done = 0

        def begin(self, total: int, kept: int) -> None:
            self.total, self.kept = total, kept

        def advance(self, cell: Cell, rows: int) -> None:
            self.done += rows

    tally = Tally()
    api.attack(str(checkpoint("bert")), str(small_suite), out=tmp_path / "run", settings=CPU, watcher=tally)
    assert (tally.total, tally.kept, tally.done) == (12 * 12, 0, 12 * 12)
    for path in list((tmp_path / "run" / "cells").iterdir())[:5]:
        path.unlink()
    again = Tally()
    api.attack(str(checkpoint("bert")), str(small_suite), out=tmp_path / "run", settings=CPU, watcher=again)
    assert (again.total, again.kept, again.done) == (12 * 12, 7 * 12, 5 * 12)
