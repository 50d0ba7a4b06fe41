"""The operator on the order of keys under a Korean keyboard, and what the input method composes of them."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise, takewhile
from typing import NamedTuple

import regex

from robustx.perturb.edits import Edit
from robustx.perturb.operators.base import Operator, kept
from robustx.perturb.tables import Table
from robustx.text.analysis import Text

_RUN = regex.compile("[\uac00-\ud7a3\u3131-\u3163]+")
_CONSONANTS = [chr(point) for point in range(0x3131, 0x314F)]
_VOWELS = [chr(point) for point in range(0x314F, 0x3164)]
_NO_CODAS = "ㄸㅃㅉ"


class _Block(NamedTuple):
    """A syllable as far as it is typed; each part is a letter or nothing."""

    onset: str = ""
    vowel: str = ""
    coda: str = ""


class TransposeKeys(Operator):
    """Strike two neighbouring keys of a Hangul word in the other order, and write what the input method makes of them.

    The keys are those of the two-set layout (KS X 5002), the standard's, with a key a letter; the table lists the letters
    that two keys make, ``from`` the letter ``to`` its keys. Letters are composed as they come: a consonant goes to the
    syllable before it while it can be, and on to the next one when a vowel follows; what no syllable takes stands alone.
    """

    def __init__(self, table: Table) -> None:
        self._keys = {letter: rows[0].to for letter, rows in table.rows.items()}
        self._joined = {keys: letter for letter, keys in self._keys.items()}
        # the order of the jamo of a syllable is that of the letters (Unicode Standard 3.12)
        self._onsets = [c for c in _CONSONANTS if c not in self._keys]
        self._codas = ["", *(c for c in _CONSONANTS if c not in _NO_CODAS)]
        self._slips = lru_cache(maxsize=65536)(self._make_slips)

    def sites(self, text: Text, word: int) -> list[int]:
        start, end = text.spans[word]
        return [start] if self._slips(text.source[start:end]) else []

    def edits(self, text: Text, site: int) -> list[Edit]:
        start, end = text.spans[text.word_at(site)]
        return kept(text, [_least(start, text.source[start:end], made) for made in self._slips(text.source[start:end])])

    def _make_slips(self, word: str) -> tuple[str, ...]:
        """The word with two neighbouring keys exchanged, for each pair of keys, without what comes to the same."""
        made: dict[str, None] = {}
        for run in _RUN.finditer(word):
            keys = self._typed(run.group())
            for at, (one, other) in enumerate(pairwise(keys)):
                shown = self._shown(keys[:at] + other + one + keys[at + 2 :])
                made[word[: run.start()] + shown + word[run.end() :]] = None
        return tuple(one for one in made if one != word)

    def _typed(self, run: str) -> str:
        """The keys of Hangul syllables and letters."""
        letters = "".join("".join(self._parted(c)) if c >= "\uac00" else c for c in run)
        return "".join(self._keys.get(letter, letter) for letter in letters)

    def _parted(self, syllable: str) -> _Block:
        rest, coda = divmod(ord(syllable) - 0xAC00, len(self._codas))
        onset, vowel = divmod(rest, len(_VOWELS))
        return _Block(self._onsets[onset], _VOWELS[vowel], self._codas[coda])

    def _shown(self, keys: str) -> str:
        """What the input method composes of keys."""
        blocks, open_block = [], _Block()
        for key in keys:
            *closed, open_block = self._with_vowel(open_block, key) if key in _VOWELS else self._with(open_block, key)
            blocks += closed
        return "".join(map(self._composed, [*blocks, open_block]))

    def _with(self, block: _Block, consonant: str) -> tuple[_Block, ...]:
        if block.coda:
            both = self._joined.get(block.coda + consonant)
            return (block._replace(coda=both),) if both else (block, _Block(consonant))
        if block.onset and block.vowel and consonant in self._codas:
            return (block._replace(coda=consonant),)
        return block, _Block(consonant)

    def _with_vowel(self, block: _Block, vowel: str) -> tuple[_Block, ...]:
        if block.coda:
            keys = self._keys.get(block.coda, block.coda)
            return block._replace(coda=keys[:-1]), _Block(keys[-1], vowel)
        if block.vowel:
            both = self._joined.get(block.vowel + vowel)
            return (block._replace(vowel=both),) if both else (block, _Block(vowel=vowel))
        return (block._replace(vowel=vowel),)

    def _composed(self, block: _Block) -> str:
        if not (block.onset and block.vowel):
            return block.onset + block.vowel
        syllable = self._onsets.index(block.onset) * len(_VOWELS) + _VOWELS.index(block.vowel)
        return chr(0xAC00 + syllable * len(self._codas) + self._codas.index(block.coda))


def _least(start: int, word: str, made: str) -> Edit:
    """The edit that makes one word of another, without the ends that they share."""
    head = _shared(word, made)
    tail = _shared(word[head:][::-1], made[head:][::-1])
    return Edit(start + head, start + len(word) - tail, made[head : len(made) - tail])


def _shared(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
