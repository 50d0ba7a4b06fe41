"""What holds for every command: examples in its help, nothing but JSON with --json, silence with --quiet, inert names."""

from __future__ import annotations

import csv
import json
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import typer
from command import Cli

from robustx.cli.main import app

sys.path.append(str(Path(__file__).parents[1] / "score"))
from entrants import entrant

HOSTILE = "=1+1|<img src=x onerror=alert(1)>\u202e\x1b[31m\x9b31m\x07&{x}\\input{y}\u200b"
"""Markup, a formula, a bidi override, two kinds of terminal escape, a bell, LaTeX, and a space that is not seen."""


def commands(command: Any = None, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command with the words that call it."""
    command = command or typer.main.get_command(app)
    if not hasattr(command, "commands"):
        yield words, command
        return
    for name, inner in command.commands.items():
        yield from commands(inner, (*words, name))


COMMANDS = dict(commands())


class World:
    """Two runs, a built suite, a submission, a checkpoint and cards, all of whose names are hostile."""

    def __init__(self, folder: Path, checkpoint: Path, small_suite: Path, small_card: Path, small_data: Path) -> None:
        self.folder, self.data = folder, small_data
        self.model = shutil.copytree(checkpoint, folder / HOSTILE)
        self.suite = shutil.copytree(small_suite, folder / f"suite{HOSTILE}")
        self.first = entrant(folder / f"a{HOSTILE}", HOSTILE, seed=1)
        self.second = entrant(folder / f"b{HOSTILE}", f"{HOSTILE}2", seed=2)
        self.twin = entrant(folder / f"c{HOSTILE}", HOSTILE, seed=3)
        self.own = folder / f"own{HOSTILE}.tsv"
        self.own.write_text("en\thi\nThe cat sat by the door.\tबिल्ली दरवाज़े के पास बैठी थी।\n", encoding="utf-8")
        self.cards = folder / f"cards{HOSTILE}"
        for kind in ("attacks", "suites", "recipes"):
            (self.cards / kind).mkdir(parents=True)
        said = json.dumps(HOSTILE).replace("\x9b", "\\u009b").replace("\u202e", "\\u202e")
        card = small_card.read_text(encoding="utf-8")
        mine = re.sub(r'summary = ".*"', lambda _: f"summary = {said}", card).replace('id = "invisible"', 'id = "mine"')
        (self.cards / "suites" / "tiny.toml").write_text(mine, encoding="utf-8")
        (self.cards / "recipes" / "toy.toml").write_text(self.recipe(said), encoding="utf-8")
        (self.cards / "attacks" / "mine.toml").write_text(ATTACK.replace("SAID", said), encoding="utf-8")

    def recipe(self, said: str) -> str:
        """Two steps of PAWS-X on two hostile sentences."""
        (self.folder / "pairs").mkdir()
        (self.folder / "pairs" / "train-en.tsv").write_text(f"{HOSTILE}\tb\t0\nc\td\t1\n" * 4, encoding="utf-8")
        base = json.dumps(str(self.model)).replace("\x9b", "\\u009b").replace("\u202e", "\\u202e")
        settings = "[settings]\nmax_steps = 2\nmax_length = 32\nbatch_size = 2\ndevice_batch = 2\neval_every = 1\n"
        head = f'id = "toy"\nversion = 1\nsummary = {said}\nbase = {base}\ntarget = "pawsx"\nseeds = [1]\n'
        return f'{head}{settings}[sources.pawsx]\ntrain = ["train-en.tsv"]\nheld_out = 2\n[[arms]]\nid = "direct"\n'

    def arguments(self, words: tuple[str, ...], out: Path) -> list[object]:
        """What to call a command with; it writes to ``out``."""
        own = ["--cards", self.cards]
        attack = ["--model", self.model, "--suite", "tiny", "--data", self.data, "--device", "cpu", "--out", out, *own]
        submission = out.with_name(f"{HOSTILE}.json")
        if words == ("submission", "verify"):
            from robustx.score.submission import write_submission
            from robustx.score.submit import submission_of

            write_submission(submission_of(self.first), submission)
        more: dict[tuple[str, ...], list[object]] = {
            ("attack",): [*attack, "--tables"],
            ("compare",): [self.first, self.second, "--tables", out / "tables", "--report", out / "page.html"],
            ("check",): [self.first, "--baseline", self.second, "--junit", out / "gate.xml", "--summary", out / "s.md"],
            ("leaderboard",): [self.first, self.second, "--out", out],
            ("perturb",): ["mine", "--language", "hi", *own],
            ("doctor",): [],
            ("translate",): ["--data", f"xnli={self.data}", "--to", "hi", "--engine", f"file:{self.own}", "--out", out],
            ("translationese",): [self.first, self.twin],
            ("train",): ["toy", "--data", self.folder / "pairs", "--out", out, *own],
            ("suite", "list"): own,
            ("suite", "show"): [self.suite],
            ("suite", "build"): ["tiny", "--data", self.data, "--out", out, *own],
            ("suite", "verify"): [self.suite],
            ("attacks", "list"): own,
            ("attacks", "show"): ["mine", *own],
            ("submission", "make"): [self.first, "--out", submission],
            ("submission", "verify"): [submission],
        }
        return [*words, *more[words]]


ATTACK = """id = "mine"
version = 1
summary = SAID
family = "unseen"
operator = "insert"
table = "mine.tsv"
unit = "edits"
severity = "number of edits"
ladder = [1.0, 2.0]
validity = "unchecked"
source = SAID
"""


@pytest.fixture(scope="module")
def world(
    tmp_path_factory: pytest.TempPathFactory,
    checkpoint: Callable[[str], Path],
    small_suite: Path,
    small_card: Path,
    small_data: Path,
) -> World:
    made = World(tmp_path_factory.mktemp("world"), checkpoint("bert"), small_suite, small_card, small_data)
    table = "# source: made up\n# licence: CC0-1.0\nto\tlanguages\twhere\nU+200B\t*\tany\n"
    (made.cards / "attacks" / "mine.tsv").write_text(table, encoding="utf-8")
    return made


LINES = f"बिल्ली दरवाज़े के पास बैठी थी {HOSTILE}\n".encode()
"""A hostile line, for commands that read standard input."""


def seen_through(text: str) -> set[str]:
    """Characters that a terminal obeys, or that reorder or hide, in a text; isolates around shown text may stand."""
    risky = {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")}
    return risky - {"\n", "\u2068", "\u2069"}


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help_has_examples_that_the_command_takes(cli: Cli, words: tuple[str, ...]) -> None:
    shown = cli(*words, "--help").out
    typed = [line.strip() for line in shown.partition("Example")[2].splitlines()[1:] if "robustx" in line]
    assert typed, shown
    for line in typed:
        name, *rest = shlex.split(line.partition("|")[2] or line.partition("<")[0])
        assert name == "robustx"
        assert tuple(rest[: len(words)]) == words
        COMMANDS[words].make_context("robustx", rest[len(words) :])


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_with_json_nothing_else_stands_on_standard_output(
    cli: Cli, world: World, tmp_path: Path, words: tuple[str, ...]
) -> None:
    ended = cli(*world.arguments(words, tmp_path / "out"), "--json", stdin=LINES)
    assert ended.status in (0, 1), ended.err
    value = json.loads(ended.out)
    assert value
    assert not seen_through(ended.out), "a terminal that is shown the JSON stays as it is"


@pytest.mark.parametrize(
    "words", [w for w in COMMANDS if any(p.name == "quiet" for p in COMMANDS[w].params)], ids=" ".join
)
def test_with_quiet_nothing_stands_on_standard_error(
    cli: Cli, world: World, tmp_path: Path, words: tuple[str, ...]
) -> None:
    ended = cli(*world.arguments(words, tmp_path / "out"), "--quiet")
    assert ended.status in (0, 1), ended.err
    assert ended.err == ""


def test_commands_that_take_time_or_write_can_be_quiet() -> None:
    quiet = {words for words, command in COMMANDS.items() if any(param.name == "quiet" for param in command.params)}
    assert quiet == set(COMMANDS) - {
        ("perturb",),
        ("doctor",),
        ("suite", "list"),
        ("suite", "show"),
        ("attacks", "list"),
        ("attacks", "show"),
    }


@pytest.mark.parametrize("words", [words for words in COMMANDS if words != ("perturb",)], ids=" ".join)
def test_hostile_names_are_inert_on_the_terminal_and_in_every_file(
    cli: Cli, world: World, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Lines of ``perturb`` are as they are: a pipe wants the characters themselves."""
    out = tmp_path / "out"
    ended = cli(*world.arguments(words, out))
    assert ended.status in (0, 1), ended.err
    assert not seen_through(ended.out + ended.err)
    for path in (path for path in out.rglob("*") if path.is_file()):
        _inert(path)


def _inert(path: Path) -> None:
    """A file that is meant to be read does nothing to who reads it."""
    if path.suffix in (".parquet", ".json", ".safetensors"):
        return
    text = path.read_text(encoding="utf-8")
    between = {"\t"} if path.suffix == ".tsv" else set()
    assert not seen_through(text) - {"\u200c", "\u200d"} - between, path
    if path.suffix in (".html", ".md", ".xml"):
        assert not re.search(r"(?<!\\)<img src=x", text), path
    if path.suffix == ".xml":
        ElementTree.fromstring(text)
    if path.suffix == ".csv":
        assert not any(cell.startswith(("=", "@")) for row in csv.reader(text.splitlines()) for cell in row), path
    if path.suffix == ".tex":
        assert "\\input{" not in text, path


@pytest.mark.parametrize(
    "words",
    [
        ("attack",),
        ("compare",),
        ("check",),
        ("leaderboard",),
        ("translate",),
        ("suite", "verify"),
        ("submission", "verify"),
    ],
    ids=" ".join,
)
def test_hostile_names_are_inert_in_errors(cli: Cli, tmp_path: Path, words: tuple[str, ...]) -> None:
    gone = tmp_path / HOSTILE
    more: dict[tuple[str, ...], list[object]] = {
        ("attack",): ["--model", gone],
        ("compare",): [gone, gone],
        ("check",): [gone, "--baseline", gone],
        ("translate",): ["--data", "xnli=x", "--to", "hi", "--engine", f"file:{gone}", "--out", tmp_path],
    }
    ended = cli(*words, *more.get(words, [gone]))
    assert (ended.status, ended.out) == (2, "")
    assert "<img src=x onerror=alert(1)><RLO><U+001B>" in ended.err
    assert not seen_through(ended.err)


def test_colours_are_for_terminals_and_can_be_refused() -> None:
    def shown(**more: str) -> bytes:
        plain = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
        theirs, ours = pty.openpty()
        command = [
            sys.executable,
            "-c",
            "from rich.text import Text; from robustx.report.terminal import console; console().print(Text('x', style='yellow'))",
        ]
        subprocess.run(command, stdout=ours, env=plain | {"TERM": "xterm-256color"} | more, check=True, timeout=60)
        os.close(ours)
        return os.read(theirs, 4096)

    assert b"\x1b[33m" in shown()
    assert b"\x1b[33m" not in shown(NO_COLOR="1")
