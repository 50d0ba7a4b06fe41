"""Writes docs/likeness.md: how alike texts still look under every attack, by script. Run after a card or table changed.

python tools/likeness.py > docs/likeness.md

Needs the extra ``look``.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import fmean

from robustx.perturb.attacks import Attack, all_attacks
from robustx.perturb.likeness import seen
from robustx.perturb.protection import always_protected
from robustx.perturb.sample import Place, sample
from robustx.tasks.base import SkipLog
from robustx.tasks.data import MINI
from robustx.tasks.registry import task
from robustx.text.analysis import Text, clusters_in
from robustx.text.languages import language
from robustx.text.look import EM, Look

TEXTS = 24
SEED = 7


def texts(code: str) -> list[Text]:
    """The first premises of the mini data in a language, each once."""
    every = dict.fromkeys(row.fields["premise"] for row in task("xnli").read(MINI, code, SkipLog()))
    return [Text(source, code, always_protected(source)) for source in list(every)[:TEXTS]]


def under(attack: Attack, code: str, chosen: list[Text], look: Look) -> list[float]:
    """Likeness of every text that an attack changes at the top of its ladder."""
    top = [attack.card.ladder[-1]]
    edits = [sample(attack, text, Place(SEED, f"{i}", "text"), top, 1)[0][0] for i, text in enumerate(chosen)]
    return [seen(text, made, look).likeness for text, made in zip(chosen, edits, strict=True) if made]


def strangers(code: str, chosen: list[Text], look: Look) -> list[float]:
    """Likeness of every word to another of as many clusters, half the list of such words away."""
    script = language(code).script
    by_length: dict[int, list[str]] = {}
    for word in sorted({text.word_text(i) for text in chosen for i in range(len(text.spans))}):
        by_length.setdefault(clusters_in(word), []).append(word)
    return [
        look.likeness(word, words[(i + len(words) // 2) % len(words)], script)
        for words in by_length.values()
        if len(words) > 1
        for i, word in enumerate(words)
    ]


Means = dict[str, float]
"""Mean likeness by script."""


def measured(look: Look) -> dict[str, Means]:
    """Mean likeness under every attack, and of unrelated words, in every script that is touched."""
    every = {code: texts(code) for code in task("xnli").available(MINI)}
    made = {}
    for attack in all_attacks():
        found = {code: under(attack, code, each, look) for code, each in every.items() if attack.applies_to(code)}
        made[f"{attack.id} ({attack.card.ladder[-1]:g})"] = means(found)
    made[STRANGERS] = means({code: strangers(code, each, look) for code, each in every.items()})
    return made


def means(values: dict[str, list[float]]) -> Means:
    """By script, over the languages that are written in it."""
    pooled: dict[str, list[float]] = {}
    for code, one in values.items():
        pooled.setdefault(language(code).script, []).extend(one)
    return {script: fmean(one) for script, one in pooled.items() if one}


def says(table: dict[str, Means]) -> Iterator[str]:
    """What the table says, a sentence each."""
    by_attack = {name.split(" (")[0]: values for name, values in table.items()}
    for near in ("homoglyph", "lookalike"):
        shared = by_attack[near].keys() & by_attack["keyboard"].keys()
        nearer = [script for script in shared if by_attack[near][script] > by_attack["keyboard"][script]]
        yield f"`{near}` is nearer to the clean text than `keyboard` in {len(nearer)} of {len(shared)} scripts."
    visible = [f"{script} ({value:.2f})" for script, value in sorted(by_attack["invisible"].items()) if value < 0.995]
    yield f"`invisible` is seen in {', '.join(visible) or 'no script'}" + (
        ", where some of its characters change how letters join." if visible else "."
    )
    gone = {name: fmean(values.values()) for name, values in by_attack.items() if values and name != STRANGERS}
    least = sorted(gone, key=gone.__getitem__)[:5]
    yield f"The least alike, on the mean over scripts: {', '.join(f'`{name}` {gone[name]:.2f}' for name in least)}."


STRANGERS = "*another word*"
INTRODUCTION = f"""# How alike the texts still look

Made by `python tools/likeness.py`: the mean likeness of the texts that an attack changes, out of the first {TEXTS} premises of
each language of the mini data, at the top of the attack's ladder (in brackets). 1 is the same drawing.

Likeness is the soft Dice overlap of the ink of the words before and after, drawn at {EM} pixels an em and aligned column by
column, averaged over the width of the text (`robustx/text/look.py` has the definition and its sources). It knows ink and no
meaning: a dot or a mark that makes another letter is little ink, and two unrelated words share much (the last row, of words
with as many characters). So compare attacks within a script, and a script's figures with its last row. `--look` records it
for every row of a suite.
"""


def main() -> None:
    """Print the page."""
    look = Look()
    table = measured(look)
    scripts = sorted({script for values in table.values() for script in values})
    print(INTRODUCTION)
    print(*says(table), sep="\n")
    print(f"\n| attack | {' | '.join(scripts)} |\n|---|{'---:|' * len(scripts)}")
    for name, values in table.items():
        cells = [f"{values[script]:.2f}" if script in values else "" for script in scripts]
        if values:
            print(f"| {name} | {' | '.join(cells)} |")
    print("\nDrawn with " + ", ".join(f"{name} {version}" for name, version in look.versions().items()) + ".")


if __name__ == "__main__":
    main()
