"""The site's folder: gathering what was given, and writing every file of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from robustx import files
from robustx.errors import RunError, UsageError
from robustx.report.leaderboard import exports
from robustx.report.leaderboard.pages import Shown, index_page, model_page
from robustx.score.board import Board, Entry, boards
from robustx.score.submission import Submission, read_submission
from robustx.score.submit import submission_of

_OURS = re.compile(r"[a-z0-9-]+-[0-9a-f]{10}\.(html|json)")


def gathered(paths: Iterable[Path]) -> list[Submission]:
    """Submissions from run folders, submission files, and folders of either.

    Raises:
        RunError: a run or a submission is damaged or unfinished.
        UsageError: a path is none of these, or a folder holds none.
    """
    return [made for path in paths for made in _given(path)]


def build_site(paths: Iterable[Path], out: Path) -> list[Board]:
    """Write the site of some runs; pages of models that an earlier build wrote and this one does not are removed.

    Raises:
        RunError, UsageError: see ``gathered``; or ``out`` holds something else.
    """
    submissions = gathered(paths)
    if not submissions:
        raise UsageError("there is no run to show: give run folders, submission files, or folders of them")
    _check_out(out)
    made = boards(submissions)
    written = _write_models(made, out)
    for folder in (out / "models", out / "submissions"):
        for path in folder.iterdir():
            if path not in written and _OURS.fullmatch(path.name):
                path.unlink()
    _write(out / "leaderboard.csv", exports.as_csv(made))
    _write(out / "leaderboard.md", exports.as_markdown(made))
    _write(out / "leaderboard.tex", exports.as_latex(made))
    _write(out / "index.html", index_page(made))
    _write(out / "leaderboard.json", exports.as_json(made))
    return made


def _given(path: Path) -> list[Submission]:
    if path.is_file():
        return [read_submission(path)]
    if (path / "run.json").is_file():
        return [submission_of(path)]
    if not path.is_dir():
        raise RunError(
            f"{path}: there is no such run or submission; expected a run folder, a .json file, or a folder of them"
        )
    inside = sorted(child for child in path.iterdir() if child.suffix == ".json" or (child / "run.json").is_file())
    if not inside:
        raise UsageError(f"{path}: holds no run and no submission; expected run folders or .json files in it")
    return [made for child in inside for made in _given(child)]


def _check_out(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out}: is no folder; give another --out")
    visible = [child.name for child in out.iterdir() if not child.name.startswith(".")] if out.exists() else []
    if visible and not (out / "leaderboard.json").is_file():
        raise UsageError(f"{out}: is not empty and holds no leaderboard; give another --out")


def _write_models(made: list[Board], out: Path) -> set[Path]:
    on: dict[str, tuple[Entry, list[Shown]]] = {}
    for shown in map(Shown.of, made):
        for entry in shown.board.entries:
            on.setdefault(entry.slug, (entry, []))[1].append(shown)
    written = set()
    for slug, (entry, its) in on.items():
        page, data = out / "models" / f"{slug}.html", out / "submissions" / f"{slug}.json"
        _write(page, model_page(entry, its))
        _write(data, entry.submission.text())
        written |= {page, data}
    return written


def _write(path: Path, text: str) -> None:
    with files.whole_file(path) as scratch:
        scratch.write_text(text, encoding="utf-8")
