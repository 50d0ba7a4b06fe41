"""Word spans in any script, without ``\\w``, which drops combining marks (UAX #29 in spirit; see docs/concepts.md).

Scripts that write no spaces are cut into pseudo-words of about the length of a word: two Han characters, a kanji run
with its okurigana, three Thai, Lao or Khmer orthographic units, two Burmese syllables. ``robustx.text.segment`` has
dictionary segmentation for where the extra ``segment`` is installed.
"""

from __future__ import annotations

import regex

_RUN = regex.compile(
    r"(?:[\p{L}\p{N}][\p{L}\p{M}\p{N}\p{Pc}\u00ad\u200c\u200d]*)"
    r"(?:['\u2019\u05f3\u05f4\u00b7][\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}\u00ad\u200c\u200d]*)*"
)
_KANA = r"\p{Hiragana}\p{Katakana}\u30fc\uff70\uff9e\uff9f"
_UNSPACED = regex.compile(rf"[\p{{Han}}{_KANA}\p{{Thai}}\p{{Lao}}\p{{Khmer}}\p{{Myanmar}}]")

# a consonant under thanthakhat is not read, so it goes with what it follows
_SILENT = r"(?:(?:[\u0e0e\u0e14\u0e15\u0e17](?=\u0e23\u0e4c))?[\u0e01-\u0e2e][\u0e34\u0e38]?\u0e4c)*"
_THAI = rf"[\u0e40-\u0e44]?[\u0e01-\u0e2e][\p{{M}}\u0e30\u0e32\u0e33\u0e45\u0e46\u0e2f]*{_SILENT}"
_LAO = r"[\u0ec0-\u0ec4]?[\u0e81-\u0eae\u0edc\u0edd][\p{M}\u0eb0\u0eb2\u0eb3\u0ebd\u0ec6]*"
_BURMESE_SYLLABLE = (
    r"[\u1000-\u102a\u103f](?:\u1039[\u1000-\u1021]|[\u102b-\u1038\u103b-\u103e\u103a]|[\u1000-\u1021]\u1037?\u103a)*"
)
_PSEUDO = regex.compile(
    rf"(?:(?:{_THAI}){{1,3}}"
    rf"|(?:{_LAO}){{1,3}}"
    rf"|(?:{_BURMESE_SYLLABLE}){{1,2}}"
    r"|(?:\p{Khmer}(?:\u17d2\p{Khmer}|\p{M})*){1,3}"
    r"|(?:\p{Han}\p{M}*){1,2}(?:\p{Hiragana}\p{M}*){0,2}"
    r"|(?:[\p{Katakana}\u30fc\uff70\uff9e\uff9f]\p{M}*)+"
    r"|\p{Hiragana}\p{M}*(?:[\p{Hiragana}\u30fc]\p{M}*){0,2}"
    r"|\X)[\p{M}\u200c\u200d]*"
)
_SPACED = regex.compile(
    rf"[^\p{{Han}}{_KANA}\p{{Thai}}\p{{Lao}}\p{{Khmer}}\p{{Myanmar}}]+"
    rf"|[\p{{Han}}{_KANA}\p{{Thai}}\p{{Lao}}\p{{Khmer}}\p{{Myanmar}}\p{{M}}\u200c\u200d]+"
)


def word_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of each word in code points, in order: letters and digits with all their marks, no punctuation.

    An end may lie inside a grapheme cluster that no orthography asks for; ``Text`` moves it to the cluster's end.
    """
    spans = [match.span() for match in _RUN.finditer(text)]
    if not _UNSPACED.search(text):
        return spans
    cut: list[tuple[int, int]] = []
    for start, end in spans:
        if not _UNSPACED.search(text, start, end):
            cut.append((start, end))
            continue
        for part in _SPACED.finditer(text, start, end):
            if _UNSPACED.match(part.group()[0]):
                cut.extend(piece.span() for piece in _PSEUDO.finditer(text, part.start(), part.end()))
            else:
                cut.extend(run.span() for run in _RUN.finditer(text, part.start(), part.end()))
    return cut
