"""How long a leaderboard of many runs takes to build, and how large its page becomes: synthetic submissions, one process.

    python benchmarks/leaderboard.py --runs 1000 [--browser]

The submissions have the shape of `nonlatin` on `mini`: 24 languages, seven attacks, 96 source pairs; models find the same
pairs hard. They claim no figures (a site is made from the cells alone), so the size of one that does is told apart. With
--browser, Debian's Chromium opens the page, and the time until it is ready and that of a change of view are told.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import tempfile
import time
from pathlib import Path

import numpy as np

from robustx.report.leaderboard.site import build_site
from robustx.score.claims import claims, signature_of
from robustx.score.packed import pack
from robustx.score.submission import (
    Attacked,
    Clean,
    Language,
    Model,
    Submission,
    Suite,
    Task,
    read_submission,
    write_submission,
)

NON_LATIN = (
    "ar:Arab bg:Cyrl bn:Beng el:Grek fa:Arab he:Hebr hi:Deva ja:Jpan ka:Geor kk:Cyrl ko:Kore ml:Mlym mr:Deva my:Mymr"
)
MORE = "ru:Cyrl ta:Taml te:Telu th:Thai ur:Arab zh:Hans en:Latn de:Latn sw:Latn tr:Latn"
SCRIPTS = dict(pair.split(":") for pair in f"{NON_LATIN} {MORE}".split())
ATTACKS = ("keyboard", "lookalike", "homoglyph", "marks-dropped", "marks-confused", "homophone", "invisible")
PAIRS = 96


def submission(number: int, hard: np.ndarray, changed: dict[tuple[str, str], np.ndarray]) -> Submission:
    """A model of its own skill and sturdiness; ``hard`` is what all models find hard, [languages, pairs]."""
    rng = np.random.default_rng(number)
    skill, loss = rng.uniform(0.4, 0.85), rng.uniform(0.03, 0.25)
    clean, cells = {}, []
    for row, language in enumerate(SCRIPTS):
        own = np.where(rng.random(PAIRS) < 0.6, hard[row], rng.random(PAIRS))
        right = own < skill
        clean[language] = Clean(present=pack(np.ones(PAIRS)), numerator=pack(right))
        for attack in ATTACKS:
            touched = changed[language, attack]
            reached = touched & (rng.random(PAIRS) > 0.01)
            robust = reached & np.where(right, rng.random(PAIRS) > loss, rng.random(PAIRS) < loss / 3)
            packed = {"changed": pack(touched), "reached": pack(reached), "numerator": pack(robust)}
            cells.append(Attacked(language=language, attack=attack, severity=0.2, draw=0, **packed))
    uids = hashlib.sha256(b"pairs").hexdigest()
    task = Task(examples=PAIRS, uids_sha256=uids, clean=clean, cells=cells, flags=[], scores={})
    texts = hashlib.sha256(b"texts").hexdigest()
    suite = Suite(
        id="nonlatin",
        version=1,
        signature=f"suite:nonlatin@1|data:mini@1|rows:0|seed:7|ops:0|texts:{texts[:8]}",
        content_sha256=texts,
    )
    fingerprint = hashlib.sha256(str(number).encode()).hexdigest()
    name = f"lab-{number % 37}/model-{number:04d}"
    made = Submission(
        schema=1,
        signature="",
        robustx="0.1.0",
        suite=suite,
        model=Model(
            name=name, fingerprint=fingerprint, tokenizer_fingerprint=fingerprint, dtype="fp32", max_length=256
        ),
        languages={code: Language(name=code, script=script) for code, script in SCRIPTS.items()},
        tasks={"xnli": task},
    )
    return made.model_copy(update={"signature": signature_of(made)})


def write(folder: Path, runs: int) -> None:
    """The submissions of so many models."""
    rng = np.random.default_rng(0)
    shared = rng.random(PAIRS)
    hard = np.where(rng.random((len(SCRIPTS), PAIRS)) < 0.5, shared, rng.random((len(SCRIPTS), PAIRS)))
    changed = {(code, attack): rng.random(PAIRS) < rng.uniform(0.3, 1.4) for code in SCRIPTS for attack in ATTACKS}
    for number in range(runs):
        write_submission(submission(number, hard, changed), folder / f"{number:04d}.json")


def size_with_claims(folder: Path) -> int:
    """Bytes of a submission as `robustx submission make` writes it, with the figures it claims."""
    bare = read_submission(min(folder.iterdir()))
    task = bare.tasks["xnli"]
    full = bare.model_copy(
        update={"tasks": {"xnli": task.model_copy(update={"scores": claims(task, "xnli", SCRIPTS)})}}
    )
    return len(full.text().encode())


def in_browser(page: Path) -> str:
    """How long a page takes to be ready, and a change of view to be drawn, in milliseconds."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        tab = browser.new_page(viewport={"width": 1100, "height": 900})
        tab.goto(page.as_uri())
        ready = tab.evaluate("performance.getEntriesByType('navigation')[0].domComplete")
        change = """(choice) => { const began = performance.now(); const one = document.getElementById(choice[0]);
          one.value = choice[1]; one.dispatchEvent(new Event("change")); document.body.offsetHeight;
          return performance.now() - began; }"""
        changes = [
            tab.evaluate(change, one) for one in (("where", "language:hi"), ("attack", "keyboard"), ("where", "all"))
        ]
        sort = """() => { const began = performance.now(); document.querySelector("th[data-key=model] button").click();
          document.body.offsetHeight; return performance.now() - began; }"""
        changes.append(tab.evaluate(sort))
        browser.close()
    return f"ready after {ready:.0f} ms; change of view or order {min(changes):.0f} to {max(changes):.0f} ms"


def main() -> None:
    """Write submissions, build the site of them, and say what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--browser", action="store_true", help="also time the page in Chromium")
    parser.add_argument("--out", type=Path, help="keep the site here")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        given, out = Path(scratch, "given"), chosen.out or Path(scratch, "site")
        given.mkdir()
        write(given, chosen.runs)
        began, spent = time.perf_counter(), time.process_time()
        build_site([given], out)
        took, worked = time.perf_counter() - began, time.process_time() - spent
        page = (out / "index.html").stat().st_size
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        print(f"a submission: {size_with_claims(given) / 1000:.0f} kB")
        print(f"{chosen.runs:,} submissions: built in {took:.1f} s ({worked:.1f} s of processor)")
        print(f"index.html {page / 1e6:.2f} MB; peak memory {memory:.1f} GB")
        if chosen.browser:
            print(in_browser(out / "index.html"))


if __name__ == "__main__":
    main()
