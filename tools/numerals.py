"""Writes the rows of ``robustx/translate/gates/numerals.tsv`` that come from CLDR: numbers in words, by ICU's rules.

    python3 tools/numerals.py > rows.tsv

Needs PyICU (Debian: python3-icu), which nothing else here does. Rows of other sources in the table are left to the hand.
"""

from __future__ import annotations

import sys
from pathlib import Path

LANGUAGES = Path(__file__).parents[1] / "robustx" / "text" / "languages.tsv"
NUMBERS = (*range(1, 21), *range(30, 101, 10), 1000)


def rows(language: str) -> list[tuple[str, int, str]]:
    """(language, number, word) in every public rule set; none for a language that CLDR spells in English."""
    import icu

    rules = icu.RuleBasedNumberFormat(icu.URBNFRuleSetTag.SPELLOUT, icu.Locale(language))
    if language != "en" and rules.format(2) == "two":
        return []
    sets = [rules.getRuleSetName(at) for at in range(rules.getNumberOfRuleSetNames())]
    wanted = [name for name in sets if not any(part in name for part in ("year", "lenient", "verbose", "numbering-"))]
    found: dict[tuple[str, int, str], None] = {}
    for number in NUMBERS:
        for name in wanted:
            rules.setDefaultRuleSet(name)
            word = rules.format(number).replace("\u00ad", "").replace("\u200b", "").strip()
            if word.strip("-") == word and not any(one.isdigit() or one in "'=" for one in word):
                found[language, number, word] = None
    return list(found)


def main() -> None:
    """Print every row."""
    for line in LANGUAGES.read_text(encoding="utf-8").splitlines():
        if not line.startswith(("#", "code")):
            for row in rows(line.split("\t")[0]):
                sys.stdout.write("\t".join(map(str, row)) + "\n")


if __name__ == "__main__":
    main()
