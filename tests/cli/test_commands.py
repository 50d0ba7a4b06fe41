"""The commands: what they print where, and how they end."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from command import Cli, Ended
from tiny import ROWS, make_checkpoint, write_rows

from robustx.cli.doctor import PURPOSES, packages
from robustx.suite.manifest import verify

Folder = Callable[[str], Path]
ROOT = Path(__file__).parents[2]
HINDI = "उस सुबह स्टेशन पर कोई नहीं आया।"


def script(*arguments: object, **more: Any) -> subprocess.Popen[bytes]:
    """Start ``robustx`` as a process of its own, which heeds an interrupt even where the tests run in the background."""
    heed = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    command = [sys.executable, "-c", f"{heed}; from robustx.cli.main import run; run()", *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)


class TestPerturb:
    def test_a_line_in_is_a_line_out(self, cli: Cli) -> None:
        lines = [HINDI, "", "  है  ", "no\u2028break\x0b\x85\rhere", "10:30", HINDI]
        ended = cli("perturb", "delete", "--language", "hi", stdin="\n".join(lines).encode() + b"\n")
        assert (ended.status, ended.err) == (0, "")
        made = ended.out.split("\n")
        assert len(made) == len(lines) + 1
        assert made[-1] == ""
        assert made[0] != HINDI
        assert (made[1], made[4]) == ("", "10:30")
        assert "\u2028" in made[3]
        assert "\r" in made[3]

    def test_a_last_line_without_an_end_counts(self, cli: Cli) -> None:
        ended = cli("perturb", "delete", "--language", "hi", "--severity", "0", stdin=HINDI.encode())
        assert ended == Ended(0, HINDI + "\n", "")

    def test_nothing_in_is_nothing_out(self, cli: Cli) -> None:
        assert cli("perturb", "delete", "--language", "hi") == Ended(0, "", "")

    def test_json_is_an_object_a_line(self, cli: Cli) -> None:
        ended = cli("perturb", "delete", "--language", "hi", "--json", stdin=f"{HINDI}\n{HINDI}\n".encode())
        made = [json.loads(line) for line in ended.out.splitlines()]
        assert [one["source"] for one in made] == [HINDI, HINDI]
        for one in made:
            text = one["source"]
            for edit in reversed(one["edits"]):
                text = text[: edit["start"]] + edit["replacement"] + text[edit["end"] :]
            assert text == one["text"] != HINDI

    def test_seed_and_draw_give_other_texts(self, cli: Cli) -> None:
        made = {
            cli("perturb", "delete", "--language", "hi", *more, stdin=(HINDI + "\n").encode() * 5).out
            for more in ([], ["--seed", "1"], ["--draw", "1"])
        }
        assert len(made) == 3

    def test_bytes_that_are_not_utf8_are_one_error_that_names_the_line(self, cli: Cli) -> None:
        ended = cli("perturb", "delete", "--language", "hi", stdin=HINDI.encode() + b"\n\xff\xfe\n")
        assert ended.status == 2
        assert ended.err == "robustx: line 2: is not UTF-8 (invalid start byte at byte 0)\n"
        assert ended.out.count("\n") == 1

    def test_a_reader_that_goes_away_is_no_error(self) -> None:
        process = script("perturb", "delete", "--language", "hi")
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        send = process.stdin
        for step in (lambda: send.write((HINDI + "\n").encode() * 2000), send.close):
            with contextlib.suppress(BrokenPipeError):
                step()
        assert process.stderr.read() == b""
        process.stderr.close()
        assert process.wait(60) in (0, 1)


class TestLists:
    @pytest.mark.parametrize("what", ["attacks", "suite"])
    def test_a_list_has_every_card(self, cli: Cli, what: str) -> None:
        raw = json.loads(cli(what, "list", "--json").out)
        names = {one["id"] for one in raw}
        assert names >= ({"delete", "invisible"} if what == "attacks" else {"quick", "nonlatin"})
        shown = cli(what, "list")
        assert shown.status == 0
        assert all(any(line.startswith(name) for line in shown.out.splitlines()) for name in names)

    def test_attacks_are_listed_by_language(self, cli: Cli) -> None:
        names = {
            code: {one["id"] for one in json.loads(cli("attacks", "list", "--json", "--language", code).out)}
            for code in ("hi", "zh")
        }
        assert "homophone" in names["zh"] - names["hi"]

    def test_an_attack_is_shown_with_examples(self, cli: Cli) -> None:
        shown = cli("attacks", "show", "homophone")
        assert shown.status == 0
        assert "\nzh  " in shown.out
        assert "\nhi  " not in shown.out
        assert json.loads(cli("attacks", "show", "homophone", "--json").out)["id"] == "homophone"

    def test_a_suite_is_shown_by_name_and_built(self, cli: Cli, small_suite: Path) -> None:
        assert "keyboard at 0.1, 0.2 x 3" in cli("suite", "show", "quick").out
        assert json.loads(cli("suite", "show", "quick", "--json").out)["seed"] == 7
        manifest = verify(small_suite)
        assert manifest.signature in cli("suite", "show", small_suite).out.replace("\n", "")
        assert json.loads(cli("suite", "show", small_suite, "--json").out)["signature"] == manifest.signature


class TestSuite:
    def test_a_suite_is_built_and_verified(self, cli: Cli, small_card: Path, tmp_path: Path) -> None:
        for code, rows in ROWS.items():
            write_rows(tmp_path / "data", code, rows)
        with (tmp_path / "data" / "test-hi.tsv").open("ab") as opened:
            opened.write(b"\xff\tx\tneutral\n")
        out = tmp_path / "suite"
        ended = cli("suite", "build", small_card, "--data", tmp_path / "data", "--out", out, "--language", "hi")
        assert ended.status == 0
        assert ended.out.replace("\n", "") == verify(out).signature
        assert "1 rows were passed over" in ended.err
        assert "test-hi.tsv row 7: not UTF-8" in ended.err
        assert "6 cells are what the manifest says" in cli("suite", "verify", out).out

    def test_several_suites_are_verified_at_once(self, cli: Cli, small_suite: Path, tmp_path: Path) -> None:
        copy = shutil.copytree(small_suite, tmp_path / "copy")
        ended = cli("suite", "verify", small_suite, copy)
        assert ended.status == 0
        assert ended.out.count("12 cells are what the manifest says") == 2
        (copy / "cells" / "xnli_hi_delete_0.4_0.parquet").unlink()
        assert cli("suite", "verify", small_suite, copy).status == 2

    def test_a_damaged_suite_is_refused(self, cli: Cli, small_suite: Path, tmp_path: Path) -> None:
        folder = shutil.copytree(small_suite, tmp_path / "suite")
        (folder / "cells" / "xnli_hi_delete_0.4_0.parquet").unlink()
        ended = cli("suite", "verify", folder)
        assert (ended.status, ended.out, ended.err.count("\n")) == (2, "", 1)
        assert "xnli_hi_delete_0.4_0.parquet" in ended.err


class TestAttack:
    def test_it_prints_figures_with_a_signature_and_keeps_a_run(
        self, cli: Cli, checkpoint: Folder, small_card: Path, small_data: Path, tmp_path: Path
    ) -> None:
        arguments = (
            "attack",
            "--model",
            checkpoint("bert"),
            "--suite",
            small_card,
            "--data",
            small_data,
            "--out",
            tmp_path / "run",
        )
        ended = cli(*arguments, "--device", "cpu")
        assert ended.status == 0
        facts = json.loads((tmp_path / "run" / "run.json").read_text())
        assert facts["signature"] in ended.out.replace("\n", "")
        assert "Hindi" in ended.out
        assert max(map(len, ended.out.splitlines())) <= 100
        assert "Traceback" not in ended.err
        # and again, as JSON and nothing else
        again = cli(*arguments, "--device", "cpu", "--json")
        assert again.status == 0
        assert json.loads(again.out)["signature"] == facts["signature"]

    def test_a_dry_run_says_what_would_be_done_and_does_nothing(
        self, cli: Cli, checkpoint: Folder, small_card: Path, small_data: Path, tmp_path: Path
    ) -> None:
        arguments = (
            "--model",
            checkpoint("bert"),
            "--suite",
            small_card,
            "--data",
            small_data,
            "--out",
            tmp_path / "run",
        )
        ended = cli("attack", *arguments, "--device", "cpu", "--dry-run")
        assert ended.status == 0
        assert "2 languages, 12 cells" in ended.out
        assert "at most 144 forward passes" in ended.out
        assert not (tmp_path / "run").exists()

    def test_two_runs_are_compared(self, cli: Cli, checkpoint: Folder, small_suite: Path, tmp_path: Path) -> None:
        for family in ("bert", "byt5"):
            ended = cli(
                "attack",
                "--model",
                checkpoint(family),
                "--suite",
                small_suite,
                "--out",
                tmp_path / family,
                "--device",
                "cpu",
            )
            assert ended.status == 0
        assert "tasks" in json.loads(cli("compare", tmp_path / "bert", tmp_path / "byt5", "--json").out)
        assert cli("compare", tmp_path / "bert", tmp_path / "byt5").status == 0


def damaged(folder: Path, how: str) -> Path:
    """A checkpoint spoilt in one way."""
    if how == "head":
        return make_checkpoint(folder.parent / "other", "bert", auto="TokenClassification")
    if how == "encoder":
        return make_checkpoint(folder.parent / "other", "bert", auto="")
    if how == "config":
        (folder / "config.json").unlink()
    elif how == "tokenizer":
        (folder / "tokenizer.json").unlink()
    elif how == "cut":
        path = folder / "model.safetensors"
        path.write_bytes(path.read_bytes()[:5000])
    elif how == "pickle":
        (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    elif how == "labels":
        config = json.loads((folder / "config.json").read_text())
        config |= {"id2label": {i: f"LABEL_{i}" for i in range(3)}, "label2id": {f"LABEL_{i}": i for i in range(3)}}
        (folder / "config.json").write_text(json.dumps(config))
    elif how == "outputs":
        return make_checkpoint(folder.parent / "other", "bert", labels=("entailment", "contradiction"))
    return folder


def one_line(ended: Ended) -> str:
    """The one line of an error, with nothing beside it."""
    assert ended.status == 2, ended
    assert ended.out == ""
    assert ended.err.count("\n") == 1, ended.err
    assert ended.err.startswith("robustx: ")
    return ended.err


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("config", "has no config.json"),
        ("head", "is a BertForTokenClassification"),
        ("encoder", "is a BertModel"),
        ("tokenizer", "has no tokenizer"),
        ("cut", "model.safetensors: is damaged"),
        ("pickle", "as a pickle"),
        ("labels", "--labels entailment,neutral,contradiction"),
        ("outputs", "2 outputs; the task has 3"),
    ],
)
def test_a_model_that_cannot_be_used_is_one_line_and_status_2(
    cli: Cli, checkpoint: Folder, small_card: Path, small_data: Path, tmp_path: Path, how: str, message: str
) -> None:
    folder = damaged(Path(shutil.copytree(checkpoint("bert"), tmp_path / "bert")), how)
    out = tmp_path / "run"
    ended = cli(
        "attack", "--model", folder, "--suite", small_card, "--data", small_data, "--out", out, "--device", "cpu"
    )
    err = ended.err
    if how in ("labels", "outputs"):  # found when the model is there: the line that says what is begun comes before
        first, err = err.split("\n", 1)
        assert first.endswith("once the model's speed is known")
    assert message in one_line(ended._replace(err=err))
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--model", "demo:x"], 'no model "demo:x"'),
        (["--model", "no/such/folder"], "no such folder"),
        (["--suite", "nonlatn"], 'Did you mean "nonlatin"?'),
        (["--suite", "quick", "--language", "hii"], 'no language "hii"'),
        (["--suite", "quick", "--language", "sw"], "has no language sw"),
        (["--data", "nowhere"], "no such folder"),
        (["--limit", "0"], "--limit 0"),
        (["--dtype", "fp8"], "--dtype fp8"),
        (["--device", "gpu"], "--device gpu"),
        (["--labels", "neutral,entailment,contradiction"], "leave --labels out"),
        (["--max-length", "9999"], "takes 8 to 128 tokens"),
    ],
)
def test_a_wrong_option_is_one_line_and_status_2(
    cli: Cli, checkpoint: Folder, tmp_path: Path, arguments: list[str], message: str
) -> None:
    defaults = ["--model", checkpoint("bert"), "--device", "cpu", "--out", tmp_path / "run"]
    ended = cli("attack", *defaults, *arguments)
    err = "\n".join(line for line in ended.err.split("\n") if not line.endswith("once the model's speed is known"))
    assert message in one_line(ended._replace(err=err))
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["perturb", "keybord", "--language", "hi"], 'Did you mean "keyboard"?'),
        (["perturb", "delete", "--language", "xx"], 'no language "xx"'),
        (["perturb", "delete", "--language", "hi", "--severity", "2"], "severity 2"),
        (["attacks", "show", "delet"], 'Did you mean "delete"?'),
        (["attacks", "list", "--language", "xx"], 'no language "xx"'),
        (["suite", "show", "quik"], 'Did you mean "quick"?'),
        (["suite", "verify", "nowhere"], "no such file"),
        (["suite", "build", "quik", "--out", "x"], 'Did you mean "quick"?'),
        (["compare", "nowhere", "nowhere"], "no such file"),
    ],
)
def test_a_wrong_name_is_one_line_and_status_2(
    cli: Cli, arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert message in one_line(cli(*arguments, stdin=HINDI.encode()))


def test_it_says_which_version_it_is(cli: Cli) -> None:
    assert cli("--version") == Ended(0, f"robustx {version('robustx')}\n", "")


def test_no_command_is_help_and_an_unknown_one_is_status_2(cli: Cli) -> None:
    assert "attack" in cli("--help").out
    assert cli("atack").status == 2
    assert cli("perturb", "delete").status == 2, "a language must be given"


def test_the_doctor_names_what_is_there_and_how_to_get_what_is_not(cli: Cli) -> None:
    found = json.loads(cli("doctor", "--json").out)
    assert found["python"].startswith(f"{sys.version_info[0]}.{sys.version_info[1]}")
    assert found["packages"]["torch"]["version"][0].isdigit()
    assert found["packages"]["torch"]["fits"] is True
    assert found["cache"] == os.environ["ROBUSTX_CACHE"]
    assert found["cards"]["attacks"]["count"] > 20
    # another test may have built it
    assert found["demo"]["built"] is (Path(found["cache"]) / "demo" / "base" / "model.safetensors").is_file()
    assert found["devices"][-1].startswith("cpu (")
    shown = cli("doctor").out
    for extra, one in found["extras"].items():
        assert f"{extra}: {one['for']}" in shown
        for name, package in one["packages"].items():
            line = next(line for line in shown[shown.index(f"{extra}: ") :].splitlines() if line.split()[:1] == [name])
            assert package["version"] is not None or line.endswith(f"missing: pip install 'robustx[{extra}]'")


def test_the_doctor_knows_what_every_extra_is_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(tomllib.loads(PURPOSES.read_text(encoding="utf-8"))) == set(project["optional-dependencies"])


def test_a_package_that_is_too_old_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    wants = ["numpy>=99", "no-such-package; extra == 'x'", "numpy<99; extra == 'x'"]
    monkeypatch.setattr("robustx.cli.doctor.metadata.requires", lambda _: wants)
    (one,) = packages(None).items()
    assert (one[0], one[1]["wanted"], one[1]["fits"]) == ("numpy", ">=99", False)
    assert {name: each["fits"] for name, each in packages("x").items()} == {"no-such-package": False, "numpy": True}


def test_an_interrupted_attack_ends_with_130_and_one_line(
    checkpoint: Folder, small_data: Path, small_card: Path, tmp_path: Path
) -> None:
    process = script(
        "attack",
        "--model",
        checkpoint("canine"),
        "--suite",
        small_card,
        "--data",
        small_data,
        "--out",
        tmp_path / "run",
        "--device",
        "cpu",
    )
    assert process.stderr is not None
    first = process.stderr.readline()
    assert b"12 cells" in first
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == b""
    assert b"Traceback" not in err
    assert err.splitlines()[-1] == b"robustx: interrupted; the same command takes it up again"
