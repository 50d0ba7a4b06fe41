"""Apertium (Forcada et al. 2011): rule-based translation by an installed program, without a model or a network.

Texts go through one pipeline a batch with an empty line between them, which its deformatter takes for the end of a
sentence: a text's translation does not depend on its neighbours. (With single line breaks, or ``-f line``, it does, or
loses its last full stop.)
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import product
from pathlib import Path

from robustx.errors import UsageError
from robustx.translate import codes
from robustx.translate.engine import EngineError, Outcome

_BETWEEN = "\n\n"
_LONGEST = 20_000


class Apertium:
    """The engine.

    Args:
        batch: texts a call.
        seconds: how long one call may take.
        program: the program's name or path.
    """

    name = "apertium"
    unit = "text"

    def __init__(self, batch: int = 256, seconds: float = 120.0, program: str = "apertium") -> None:
        self.batch, self._seconds = batch, seconds
        found = shutil.which(program)
        if found is None:
            raise UsageError(
                f"--engine apertium: there is no program {program} here. On Debian or Ubuntu: "
                "apt-get install apertium, and a pair such as apertium-urd-hin, apertium-eng-spa or apertium-mkd-bul"
            )
        self._program = found

    def check(self, source: str, target: str) -> None:
        """See ``Engine``."""
        self._direction(source, target)

    def identity(self, source: str, target: str) -> Mapping[str, str]:
        """The program's version and a digest of the pair's data files."""
        direction = self._direction(source, target)
        version = self._said("-V").split()[-1:] or ["?"]
        return {"engine": self.name, "version": version[0], "direction": direction, "data": _digest(direction)}

    def fits(self, text: str) -> bool:
        """Rules take texts of any length that robustx reads."""
        return len(text) <= _LONGEST

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[Outcome]:
        """See ``Engine``; words that the pair does not know are left as they are."""
        direction = self._direction(source, target)
        given = [" ".join(text.split()) for text in texts]
        made = self._piped(["-u", direction], _BETWEEN.join([*given, ""]))
        answers = made.split(_BETWEEN)
        if len(answers) != len(given) + 1:
            said = "nothing" if not made.strip() else f"{len(answers) - 1} answers for {len(given)} texts"
            raise EngineError(f"apertium {direction} ended well and printed {said}")
        return [Outcome(answer) for answer in answers[:-1]]

    def _direction(self, source: str, target: str) -> str:
        have = _directions(self._program)
        ways = product((*codes.names("iso639_3", source), source), (*codes.names("iso639_3", target), target))
        for one, other in ways:
            if f"{one}-{other}" in have:
                return f"{one}-{other}"
        pair = "-".join((*codes.names("iso639_3", source)[:1], *codes.names("iso639_3", target)[:1]))
        raise UsageError(
            f"--engine apertium: no pair from {source} to {target} is installed; there are {', '.join(have) or 'none'}. "
            f"Where one exists, it is a package such as apertium-{pair}: apt-cache search apertium-"
        )

    def _said(self, *arguments: str) -> str:
        return self._piped(list(arguments), "")

    def _piped(self, arguments: list[str], text: str) -> str:
        """Run the pipeline in a process group of its own, so that none of it outlives the time limit."""
        running = subprocess.Popen(
            [self._program, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            out, err = running.communicate(text.encode(), timeout=self._seconds)
        except subprocess.TimeoutExpired as error:
            raise EngineError(f"apertium took more than {self._seconds:g} seconds") from error
        finally:
            _end(running)
        if running.returncode:
            last = err.decode("utf-8", "replace").strip().splitlines()[-1:]
            raise EngineError(f"apertium ended with status {running.returncode}: {' '.join(last)[:200]}")
        try:
            return out.decode()
        except UnicodeDecodeError as error:
            raise EngineError(f"apertium printed what is not UTF-8: {error}") from error


def _end(running: subprocess.Popen[bytes]) -> None:
    if running.poll() is None:
        os.killpg(running.pid, signal.SIGKILL)
    for stream in (running.stdin, running.stdout, running.stderr):
        if stream is not None and not stream.closed:
            stream.close()
    running.wait()


@lru_cache(maxsize=4)
def _directions(program: str) -> tuple[str, ...]:
    made = subprocess.run([program, "-l"], capture_output=True, text=True, timeout=60, check=False)
    return tuple(made.stdout.split())


@lru_cache(maxsize=64)
def _digest(direction: str) -> str:
    """Over the pair's mode file and every data file that it names."""
    modes = Path(os.environ.get("APERTIUM_DATADIR", "/usr/share/apertium")) / "modes"
    mode = modes / f"{direction}.mode"
    if not mode.is_file():
        return "unknown"
    digest = hashlib.sha256(mode.read_bytes())
    for named in sorted(set(re.findall(r"/[^'\"\s|]+", mode.read_text(encoding="utf-8")))):
        if Path(named).is_file():
            digest.update(Path(named).read_bytes())
    return digest.hexdigest()[:16]
