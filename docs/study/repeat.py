"""Repeats the study of docs/study: trains its checkpoints, attacks them, compares the arms.

    python docs/study/repeat.py --data FOLDER --out study

FOLDER has ``xnli/``, ``anli/``, ``mnli/``, ``snli/`` and ``nli_train_en/`` in it, as recipes/study-nli.toml names them.
Stop it at any point; the same command goes on where it was. Arguments make it larger or smaller: what is reported was
made with those that are the default here.
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ARMS = ("direct", "anli", "snli-sample")
PAIRS = (("direct", "anli"), ("direct", "snli-sample"), ("snli-sample", "anli"))
LANGUAGES = "ar,bg,el,hi,ru,th,ur,zh,en,de,es,fr,tr,vi"


def commands(data: Path, out: Path, seeds: list[str], rows: dict[str, int]) -> Iterator[list[str]]:
    """Every command of the study in order."""
    yield ["train", "study-nli", "--data", str(data), "--out", str(out / "models"), "--seed", ",".join(seeds)]
    anli = ["--suite", "translated-anli", "--data", f"anli={data / 'anli'}", "--language", "en"]
    for seed in seeds:
        for arm in ARMS:
            model = str(out / "models" / arm / f"seed-{seed}" / "target")
            for suite, limit in rows.items():
                taken = ["--suite", suite, "--data", f"xnli={data / 'xnli'}", "--language", LANGUAGES]
                place = str(out / "runs" / suite / arm / f"seed-{seed}")
                run = ["--limit", str(limit), "--dtype", "bf16", "--out", place]
                yield ["attack", "--model", model, *taken, *run]
        step = str(out / "models" / "anli" / f"seed-{seed}" / "intermediate")
        run = ["--limit", "300", "--dtype", "bf16", "--out", str(out / "runs" / "anli-step" / f"seed-{seed}")]
        yield ["attack", "--model", step, *anli, *run]
    for suite in rows:
        for baseline, candidate in PAIRS:
            made = out / "compared" / suite / f"{baseline}-{candidate}"
            runs = [str(out / "runs" / suite / arm) for arm in (baseline, candidate)]
            yield [
                "compare",
                *runs,
                "--report",
                str(made / "comparison.html"),
                "--figures",
                str(made),
                "--tables",
                str(made),
            ]


def main() -> int:
    """Run the commands one after another; the first that fails ends it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("study"))
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--nonlatin", type=int, default=100, help="rows of XNLI test a language")
    parser.add_argument("--imperceptible", type=int, default=12, help="rows of XNLI test a language")
    given = parser.parse_args()
    rows = {"nonlatin": given.nonlatin, "imperceptible": given.imperceptible}
    for command in commands(given.data, given.out, given.seeds.split(","), rows):
        print(f"robustx {shlex.join(command)}", flush=True)
        if code := subprocess.run([sys.executable, "-m", "robustx", *command], check=False).returncode:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
