"""Writes ``robustx/translate/gates/length.tsv``: how long languages are beside English, from human translations.

    python tools/translation_lengths.py --xnli DIR --tatoeba DIR

DIR: XNLI's development files (dev-LANGUAGE.tsv), and LASER's Tatoeba pairs (tatoeba.CODE-eng.CODE, .eng), which stand in
for the languages that XNLI has not. Only the two figures a language go into the table, none of the texts.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from robustx.text.analysis import clusters_in
from robustx.text.languages import languages

TABLE = Path(__file__).parents[1] / "robustx" / "translate" / "gates" / "length.tsv"
_XNLI = ("ar", "bg", "de", "el", "es", "fr", "hi", "ru", "sw", "th", "tr", "ur", "vi", "zh")
_TATOEBA = {
    "af": "afr", "am": "amh", "bn": "ben", "et": "est", "eu": "eus", "fa": "pes", "fi": "fin", "he": "heb", "hu": "hun",
    "hy": "hye", "id": "ind", "it": "ita", "ja": "jpn", "jv": "jav", "ka": "kat", "kk": "kaz", "km": "khm", "ko": "kor",
    "ml": "mal", "mr": "mar", "ms": "zsm", "nl": "nld", "pt": "por", "ta": "tam", "te": "tel", "tl": "tgl", "uk": "ukr",
}  # fmt: skip


def fitted(english: Sequence[str], target: Sequence[str]) -> tuple[float, float]:
    """Ratio and spread."""
    source, made = (np.array([clusters_in(text.strip()) for text in texts]) for texts in (english, target))
    ratio = made.sum() / source.sum()
    deviation = np.quantile(np.abs(made - ratio * source) / np.sqrt(source), 0.6827)
    return float(ratio), float(deviation**2)


def lines(path: Path) -> list[str]:
    """The lines of a file; a line separator inside a text ends none."""
    return path.read_text(encoding="utf-8").rstrip("\n").split("\n")


def xnli(folder: Path, language: str) -> list[str]:
    """Every hypothesis, and every premise where its English text first stands."""
    rows = [line.split("\t")[:2] for line in lines(folder / f"dev-{language}.tsv")]
    first: dict[str, int] = {}
    for at, line in enumerate(lines(folder / "dev-en.tsv")):
        first.setdefault(line.split("\t")[0], at)
    return [text for at, row in enumerate(rows) for text in (row if at in set(first.values()) else row[1:])]


def main() -> None:
    """Measure, and write the table under the facts at its top."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--xnli", type=Path, required=True)
    parser.add_argument("--tatoeba", type=Path, required=True)
    given = parser.parse_args()
    english = xnli(given.xnli, "en")
    rows = {"en": (1.0, 0.0, len(english), "-")}
    for code in _XNLI:
        rows[code] = (*fitted(english, xnli(given.xnli, code)), len(english), "XNLI dev")
    for code, name in _TATOEBA.items():
        if code in languages():
            source, target = (lines(given.tatoeba / f"tatoeba.{name}-eng.{end}") for end in ("eng", name))
            rows[code] = (*fitted(source, target), len(source), "Tatoeba")
    body = [f"{code}\t{row[0]:.3f}\t{row[1]:.3f}\t{row[2]}\t{row[3]}\n" for code, row in sorted(rows.items())]
    head = [line + "\n" for line in lines(TABLE) if line.startswith(("#", "language\t"))]
    TABLE.write_text("".join([*head, *body]), encoding="utf-8")


if __name__ == "__main__":
    main()
