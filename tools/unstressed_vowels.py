"""Derive the Russian table of unstressed vowels: where о is heard as а, е and я as и, and people write what they hear.

Run by a maintainer, once: ``python tools/unstressed_vowels.py attacks/tables``. Needs wordfreq (word frequencies) and
espeakng-loader, whose eSpeak NG marks the stress of every word (its dictionary of Russian is a large one).

An operator does not know where the stress lies, so each vowel is taken with its neighbours: a context is kept if at
least ``UNSTRESSED`` of its uses in the ``WORDS`` most frequent words, weighted by the root of their frequency, carry no
stress. Contexts are a letter on each side, or up to three where one does not tell; ``^`` and ``$`` are the ends of the word.
"""

from __future__ import annotations

import argparse
import ctypes
import re
from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import version
from itertools import product
from pathlib import Path

import espeakng_loader
from wordfreq import top_n_list, word_frequency

WORDS = 40_000
UNSTRESSED = 0.8
REACH = 3
"""How many letters to each side a context has at most."""
TIMES = 5
"""A context counts if as many of the words have it."""
HEARD = {"о": "а", "а": "о", "е": "и", "и": "е", "я": "е"}
"""What is written for an unstressed vowel: what is heard (о as а, е as и), and the same turned about."""
AFTER_HARD = frozenset("жшц")
"""After these и and е are heard as ы, and жи, ши is what every school teaches: no и for е here."""
SOFT_ONLY = frozenset("чщ")
VOWELS = "аеёиоуыэюя"
_PHONEMES = re.compile("[aɑʌoɵɛeɪiɨyuʊʉəæ]")
_STRESS = "ˈ"
_UTF8, _IPA, _SYNCHRONOUS = 1, 2, 2


class Voice:
    """eSpeak NG's Russian voice, asked for phonemes only."""

    def __init__(self) -> None:
        """Load the library and its dictionaries."""
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        self._library.espeak_TextToPhonemes.restype = ctypes.c_char_p
        self._library.espeak_Initialize(_SYNCHRONOUS, 0, str(espeakng_loader.get_data_path()).encode(), 0)
        if self._library.espeak_SetVoiceByName(b"ru"):
            raise SystemExit("eSpeak NG has no Russian voice")

    def stressed(self, word: str) -> int | None:
        """The place in the word of the stressed vowel; None if phonemes and letters do not match."""
        kept = ctypes.create_string_buffer(word.encode())
        text = ctypes.c_void_p(ctypes.addressof(kept))
        ipa = self._library.espeak_TextToPhonemes(ctypes.byref(text), _UTF8, _IPA).decode()
        places = [i for i, letter in enumerate(word) if letter in VOWELS]
        if ipa.count(_STRESS) != 1 or len(_PHONEMES.findall(ipa)) != len(places):
            return None
        return places[len(_PHONEMES.findall(ipa[: ipa.index(_STRESS)]))]


def contexts(bounded: str, i: int) -> list[str]:
    """The contexts of a vowel, coarse to fine, its place marked by brackets."""
    return [
        f"{bounded[max(0, i - left) : i]}[{bounded[i]}]{bounded[i + 1 : i + 1 + right]}"
        for left, right in product(range(1, REACH + 1), repeat=2)
    ]


def unstressed() -> Iterator[str]:
    """The contexts to keep: none that a coarser one holds."""
    voice = Voice()
    weight: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    times: defaultdict[str, int] = defaultdict(int)
    for word in top_n_list("ru", WORDS):
        if not re.fullmatch("[а-яё]+", word) or not set(word) & set(VOWELS):
            continue
        stress = voice.stressed(word)
        if stress is None or "ё" in word:
            continue
        for i, letter in enumerate(word):
            if letter in HEARD:
                for context in set(contexts(f"^{word}$", i + 1)):
                    weight[context][i == stress] += word_frequency(word, "ru") ** 0.5
                    times[context] += 1
    good = {c for c, (quiet, loud) in weight.items() if times[c] >= TIMES and quiet >= UNSTRESSED * (quiet + loud)}
    for context in sorted(good):
        left, vowel, right = re.split(r"[\[\]]", context)
        coarser = {f"{left[-a:]}[{vowel}]{right[:b]}" for a, b in product(range(1, REACH + 1), repeat=2)} - {context}
        if not coarser & good and makes_sense(left, vowel):
            yield context


def makes_sense(left: str, vowel: str) -> bool:
    """Whether what is heard after these letters can be spelt so, and не- and ни- deny as they did."""
    if left == "^н" and vowel in "еи":
        return False
    if vowel in "еи" and left[-1:] in AFTER_HARD | {"^"} | set(VOWELS):
        return False
    return not (vowel in "оа" and left[-1:] in SOFT_ONLY | AFTER_HARD)


def rows(context: str, words: frozenset[str]) -> Iterator[str]:
    """The rows of a context; a word's first letter is written as a capital too.

    A row that is a whole word (кот) holds only inside of longer ones, and one with не or ни not at the beginning.
    """
    left, vowel, right = re.split(r"[\[\]]", context)
    before, after = left.lstrip("^"), right.rstrip("$")
    source, target = before + vowel + after, before + HEARD[vowel] + after
    places = [("initial" if left.startswith("^") else "final" if right.endswith("$") else "any", "", "")]
    if source in words:
        inside = {
            "initial": [("initial", "", "[^#]")],
            "final": [("final", "[^#]", "")],
            "any": [("initial", "", "[^#]"), ("any", "[^#]", "")],
        }
        places = inside[places[0][0]]
    if left == "н" and vowel in "еи":
        places = [(where, "[^#]", before) for where, _, before in places if where != "initial"]
    for where, after_set, before_set in places:
        yield "\t".join((source, target, where, after_set, before_set)).rstrip()
        if where == "initial":
            yield "\t".join((source.capitalize(), target.capitalize(), where, after_set, before_set)).rstrip()


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("tables", type=Path, help="the folder attacks/tables")
    path = parser.parse_args().tables / "unstressed-vowels" / "ru.tsv"
    words = frozenset(top_n_list("ru", WORDS))
    made = sorted({row for context in unstressed() for row in rows(context, words)})
    head = [
        f"# source: contexts counted by tools/unstressed_vowels.py: stress by eSpeak NG (espeakng-loader "
        f"{version('espeakng-loader')}), frequencies by wordfreq {version('wordfreq')}",
        "# version: 2",
        "# licence: CC0-1.0",
        f"# note: contexts of which at least {UNSTRESSED:.0%} carry no stress in the {WORDS:,} most frequent words",
        "from\tto\twhere\tafter\tbefore",
    ]
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([*head, *made]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
