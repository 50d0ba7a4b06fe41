"""Write the rules from Unicode to Zawgyi: ``python tools/zawgyi.py RABBIT.js TABLE.tsv``.

RABBIT.js is ``dist/rabbit.min.js`` of rabbit-node 1.0.4 (npm; Rabbit Converter, MIT), whose rules are taken over in
their order.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

HEAD = """\
# source: the rules of Rabbit Converter (rabbit-node 1.0.4, https://github.com/Rabbit-Converter), by tools/zawgyi.py
# version: 1
# licence: MIT
# note: rules in order, each over what the ones before it made
pattern\tto
"""


def rules(script: str) -> list[tuple[str, str]]:
    """The patterns and replacements of the first of the script's two lists, from Unicode to Zawgyi."""
    listed = script[: script.index("\u200b")]  # the other list begins with the zero-width space
    return [
        (pattern, re.sub(r"\$(\d)", r"\\\1", to)) for pattern, to in re.findall(r'\{from:"(.*?)",to:"(.+?)"\}', listed)
    ]


def main() -> None:
    """Read the script, write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("script", type=Path)
    parser.add_argument("table", type=Path)
    given = parser.parse_args()
    body = ["\t".join(rule) for rule in rules(given.script.read_text(encoding="utf-8"))]
    given.table.write_text(HEAD + "\n".join(body) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
