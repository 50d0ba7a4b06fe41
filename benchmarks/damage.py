"""What nlpaug and TextAttack break in text beside what they are meant to do, and what robustx breaks.

    python3 start.py guests doctor   # sets up .venv-guests
    .venv-guests/bin/python benchmarks/damage.py --data mini --texts 30

Premises of XNLI. nlpaug idle is its KeyboardAug told to change nothing at all: what is left is its tokenizer. Marks are
combining marks, an orphan has no letter to stand on. nlpaug answers each text eight times with about a third of its words
changed, TextAttack with every text that is one step away, robustx with one edit in eight draws: compare what is broken
per mark or character, not the words left untouched, across them.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from robustx import api
from robustx.bridges.damage import Damage, audit, damage
from robustx.perturb.attacks import load_attack
from robustx.tasks.base import SkipLog
from robustx.tasks.data import task_data
from robustx.tasks.registry import task

LANGUAGES = ["en", "ru", "ar", "hi", "th", "zh"]
GUESTS = ["nlpaug-keyboard", "nlpaug-random", "nlpaug-split", "textattack-deepwordbug", "textattack-pruthi"]
OURS = ["keyboard", "delete"]
DRAWS = 8
IDLE = """
[guest.options]
aug_char_min = 0
aug_word_min = 0
aug_char_p = 0.0
aug_word_p = 0.0
"""


def premises(data: str, language: str, count: int) -> list[str]:
    """The first premises of a language."""
    examples = task_data(data, task("xnli")).examples(language, SkipLog())
    return [example.fields["premise"] for example in islice(examples, count)]


def idle(folder: Path) -> str:
    """A card that calls nlpaug and asks it to change nothing."""
    card = load_attack("nlpaug-keyboard").path.read_text(encoding="utf-8")
    path = folder / "nlpaug-idle.toml"
    path.write_text(card.replace('"nlpaug-keyboard"', '"nlpaug-idle"') + IDLE, encoding="utf-8")
    return str(path)


def ours(name: str, texts: list[str], language: str) -> Damage:
    """One edit of an attack of robustx, in some draws."""
    made = Damage()
    for draw in range(DRAWS):
        for one in api.perturb(texts, name, language, severity=0.01, draw=draw):
            made = made.plus(damage(one.source, one.text, language))
    return made


def line(name: str, language: str, found: Damage) -> str:
    """One row of the table."""

    def share(part: int, whole: int) -> str:
        return f"{100 * part / whole:8.1f}" if whole else f"{'-':>8}"

    columns = [
        share(found.altered, found.texts),
        share(found.marks_lost, found.marks),
        share(found.orphans, found.marks),
        share(found.spaces, found.characters),
        share(found.foreign, found.characters),
        share(found.untouched, found.words),
    ]
    return f"{name:24}{language:4}" + "".join(columns)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default="mini")
    parser.add_argument("--texts", type=int, default=30)
    arguments = parser.parse_args()
    texts = {language: premises(arguments.data, language, arguments.texts) for language in LANGUAGES}
    print(f"XNLI ({arguments.data}), {arguments.texts} premises a language; shares in percent")
    print(f"{'':28}{'altered':>8}{'marks':>8}{'orphans':>8}{'spaces':>8}{'foreign':>8}{'words':>8}")
    print(f"{'':28}{'':>8}{'lost':>8}{'/marks':>8}{'/chars':>8}{'/chars':>8}{'kept':>8}")
    with tempfile.TemporaryDirectory() as folder:
        names = [idle(Path(folder)), *GUESTS]
        rows: list[tuple[str, Callable[[list[str], str], Damage]]] = []
        for name in names:
            attack = load_attack(name)
            rows.append((attack.id, lambda given, code, attack=attack: audit(attack, given, code)))  # type: ignore[misc]
        for name in OURS:
            rows.append((f"robustx {name}", lambda given, code, name=name: ours(name, given, code)))  # type: ignore[misc]
        for title, measure in rows:
            for language in LANGUAGES:
                print(line(title, language, measure(texts[language], language)), flush=True)


if __name__ == "__main__":
    main()
