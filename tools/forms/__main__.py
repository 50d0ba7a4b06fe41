"""Write the tables of encoding forms. A maintainer runs this, from the repository's root, when Unicode has a new version.

python -m tools.forms --out attacks/tables
"""

import argparse
from pathlib import Path

from . import case, compatibility, digits, equivalents, presentation, punctuation


def main() -> None:
    """Write every table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the folder attacks/tables")
    out = parser.parse_args().out
    for module in (case, compatibility, digits, equivalents, presentation, punctuation):
        module.write_all(out)


if __name__ == "__main__":
    main()
