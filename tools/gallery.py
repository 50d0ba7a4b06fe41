"""Writes docs/attacks.md and docs/attacks/FAMILY.md: every attack with an example in each script that it applies to.

python tools/gallery.py    (from the root of the repository, after a card or a table changed)
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, get_args

from robustx import api
from robustx.api import Perturbed
from robustx.perturb.attacks import Attack, AttackCard, all_attacks
from robustx.perturb.edits import Edit, apply
from robustx.report.escape import markdown
from robustx.tasks.sentences import languages_shown, sentences
from robustx.text.display import FIRST_STRONG_ISOLATE, POP_ISOLATE
from robustx.text.languages import language
from robustx.text.scripts import script_name
from robustx.text.words import word_spans

DOCS = Path("docs")
FAMILIES = get_args(AttackCard.model_fields["family"].annotation)
TITLES = {
    "typing": "Slips of the key",
    "spelling": "Spelling as people misspell",
    "look": "What looks alike",
    "marks": "Marks, composition and forms",
    "space": "Space and punctuation",
    "unseen": "What is not seen",
    "case": "Case and digits",
    "transliteration": "Other scripts",
    "mixing": "Mixed languages",
}
SENTENCES, LENGTH, SHOWN = 24, 90, 3
"""How many sentences of a language are tried, how long they may be, and how many edits are enough to be shown."""


class Example(NamedTuple):
    """A sentence before and after."""

    code: str
    made: Perturbed


def example(attack: Attack, codes: Iterable[str]) -> Example | None:
    """The first sentence in which enough edits are made, or else the one with the most; None where none is changed."""
    best: Example | None = None
    for code in codes:
        short = [text for text in sentences(code) if len(text) <= LENGTH][:SENTENCES]
        for made in api.perturb(short, attack, code):
            if len(made.edits) > (len(best.made.edits) if best else 0):
                best = Example(code, made)
                if len(made.edits) >= SHOWN:
                    return best
    return best


def examples(attack: Attack) -> dict[str, Example]:
    """An example by the name of the script, in every script that the attack applies to and changes a sentence of."""
    codes: dict[str, list[str]] = {}
    for code in languages_shown():
        if attack.applies_to(code):
            codes.setdefault(script_name(language(code).script), []).append(code)
    found = {script: example(attack, codes[script]) for script in sorted(codes)}
    return {script: one for script, one in found.items() if one is not None}


def regions(made: Perturbed) -> list[tuple[int, int]]:
    """(start, end) in the source of what was changed: whole words, and what stands between two."""
    words = word_spans(made.source)
    found: list[tuple[int, int]] = []
    for edit in made.edits:
        start, end = edit.start, edit.end
        for word in words:
            if word[0] <= start and end <= word[1]:
                start, end = word
                break
        if found and (start < found[-1][1] or start == found[-1][0]):
            start, end = min(start, found[-1][0]), max(end, found.pop()[1])
        found.append((start, end))
    return found


def changed(made: Perturbed) -> str:
    """The text under attack as Markdown, the words that were changed in bold."""
    out, at = [], 0
    for start, end in regions(made):
        inside = [edit for edit in made.edits if start <= edit.start and edit.end <= end]
        moved = [Edit(edit.start - start, edit.end - start, edit.replacement) for edit in inside]
        out += [markdown(made.source[at:start]), f"<b>{markdown(apply(made.source[start:end], moved))}</b>"]
        at = end
    return "".join(out) + markdown(made.source[at:])


def section(attack: Attack, found: dict[str, Example]) -> str:
    """An attack: what its card says, and its examples."""
    card = attack.card
    ladder = ", ".join(f"{severity:g}" for severity in card.ladder)
    proof = f"; `{card.normaliser}` gives the original back" if card.normaliser else ""
    lines = [f"## {card.id}", "", f"{_plain(card.summary)}.", ""]
    lines += [f"- Severity: {_plain(card.severity)} ({ladder})."]
    lines += [f"- Validity: {card.validity}{proof}."]
    lines += [f"- {_plain(caveat[0].upper() + caveat[1:])}." for caveat in card.caveats]
    lines += [f"- Source: {_plain(card.source)}.", "", "| script | | text | under attack |", "|---|---|---|---|"]
    for script, (code, made) in found.items():
        lines.append(f"| {script} | {code} | {_isolated(markdown(made.source))} | {_isolated(changed(made))} |")
    return "\n".join(lines) + "\n"


def index(families: dict[str, dict[Attack, dict[str, Example]]]) -> str:
    """All attacks by family, with where they are shown."""
    every = {script for attacks in families.values() for found in attacks.values() for script in found}
    count = sum(map(len, families.values()))
    lines = [
        "# Attacks",
        "",
        f"{count} attacks in {len(every)} scripts. Each family has a page that shows every attack in every script it applies to,",
        "as `robustx perturb` prints it at the top of the attack's ladder; these pages are made by `python tools/gallery.py`.",
        "`robustx attacks list` lists the attacks, and `robustx attacks show NAME` shows one in every language.",
        "",
        "Validity is *provable* where the original can be given back, *likely* where readers of the language still read the",
        "same, and *unchecked* where few of them would know the writing. See [concepts](concepts.md) and",
        "[footguns](footguns.md).",
    ]
    for family, attacks in families.items():
        lines += ["", f"## [{TITLES[family]}](attacks/{family}.md)", ""]
        lines += ["| attack | summary | validity | scripts |", "|---|---|---|---|"]
        for attack, found in attacks.items():
            link = f"[{attack.id}](attacks/{family}.md#{attack.id})"
            lines.append(
                f"| {link} | {_plain(attack.card.summary)} | {attack.card.validity} | {_scripts(found, every)} |"
            )
    return "\n".join(lines) + "\n"


def page(family: str, attacks: dict[Attack, dict[str, Example]]) -> str:
    """The page of a family."""
    head = [
        f"# {TITLES[family]}",
        "",
        "Made by `python tools/gallery.py`. The words that an attack changed are bold, and unseen characters are shown by",
        "name. [All attacks](../attacks.md)",
    ]
    return "\n".join(head) + "\n\n" + "\n".join(section(attack, found) for attack, found in attacks.items())


def main() -> None:
    """Write the index and a page for each family."""
    every = [(attack, examples(attack)) for attack in all_attacks()]
    families = {family: {a: found for a, found in every if a.card.family == family} for family in FAMILIES}
    families = {family: attacks for family, attacks in families.items() if attacks}
    (DOCS / "attacks").mkdir(exist_ok=True)
    (DOCS / "attacks.md").write_text(index(families), encoding="utf-8")
    for family, attacks in families.items():
        (DOCS / "attacks" / f"{family}.md").write_text(page(family, attacks), encoding="utf-8")


def _scripts(found: Iterable[str], every: set[str]) -> str:
    left = sorted(every.difference(found))
    if not left:
        return "all"
    return f"all but {', '.join(left)}" if len(left) < len(every) / 3 else ", ".join(found)


def _plain(text: str) -> str:
    """A card's prose, which is ours and has no markup, for a cell or a line."""
    return text.replace("|", "\\|").replace("<", "&lt;")


def _isolated(text: str) -> str:
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"


if __name__ == "__main__":
    main()
