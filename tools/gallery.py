"""Writes docs/attacks.md: every attack with one example in each of a few languages. Run after a card or table changed.

python tools/gallery.py > docs/attacks.md
"""

from __future__ import annotations

from robustx import api
from robustx.perturb.attacks import Attack, all_attacks
from robustx.tasks.base import SkipLog
from robustx.tasks.data import MINI
from robustx.tasks.registry import task
from robustx.text.display import visible

LANGUAGES = ("ar", "bg", "bn", "el", "he", "hi", "ja", "ka", "ko", "my", "ru", "ta", "th", "ur", "zh", "de", "en", "tr")
ROW = 4


def example(attack: Attack, language: str) -> str | None:
    """A table row: the text, the text under attack; or None where the attack does not apply or changes nothing."""
    if not attack.applies_to(language):
        return None
    rows = list(task("xnli").read(MINI, language, SkipLog()))
    for i in (*range(ROW, len(rows), 2), *range(0, ROW, 2)):
        made = next(api.perturb([rows[i].fields["hypothesis"]], attack, language))
        if made.edits:
            return f"| {language} | {visible(made.source)} | {visible(made.text)} |"
    return None


def main() -> None:
    """Print the page."""
    print("# Attacks\n")
    print(
        "Made by `python tools/gallery.py`; every example is what `robustx perturb` prints, at the top of the attack's ladder."
    )
    print("Unseen characters are shown by name. `robustx attacks show NAME` gives the card and more languages.\n")
    for attack in all_attacks():
        card = attack.card
        ladder = ", ".join(f"{severity:g}" for severity in card.ladder)
        print(f"## {card.id}\n\n{card.summary}. Severity: {card.severity} ({ladder}). Validity: {card.validity}.")
        print("".join(f"\n- {caveat}." for caveat in card.caveats))
        print(f"\nSource: {card.source}.\n\n| | text | under attack |\n|---|---|---|")
        print("\n".join(row for row in (example(attack, language) for language in LANGUAGES) if row), end="\n\n")


if __name__ == "__main__":
    main()
