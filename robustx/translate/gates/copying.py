"""Whether the engine gave back nothing, or what it was given."""

from __future__ import annotations

from difflib import SequenceMatcher

import regex

from robustx.text.words import word_spans
from robustx.translate.gates.pair import Figures, Pair

_LETTERS = regex.compile(r"[\p{L}\p{N}]")
_RUN = 3


def measure(pair: Pair) -> Figures:
    """``letters``: letters and digits of the target, for each of the source; ``copied``: what the target repeats of it.

    ``copied`` is the share of the target's words, case apart, that stand in runs of at least three words of the source
    in the same order (names of one or two words are no copy), or all of a target that is no longer than that.
    """
    source, target = _words(pair.source), _words(pair.target)
    held = len(_LETTERS.findall(pair.source))
    letters = len(_LETTERS.findall(pair.target)) / held if held else 1.0
    return {
        "letters": letters,
        "copied": _copied(source, target) if pair.source_language != pair.target_language else 0.0,
    }


def _words(text: str) -> list[str]:
    return [text[start:end].lower() for start, end in word_spans(text)]


def _copied(source: list[str], target: list[str]) -> float:
    if not target:
        return 0.0
    least = min(_RUN, len(source), len(target))
    blocks = SequenceMatcher(None, source, target, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size >= least) / len(target)
