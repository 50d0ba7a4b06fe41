"""Derive the Japanese tables of homophones, okurigana and swapped kana, from the words of UniDic.

Run by a maintainer: ``python tools/japanese_words.py attacks/tables``. Needs unidic-lite.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import regex
from japanese_readings import katakana
from unidic import LICENCE, SOURCE, Word, is_everyday, key, met, words

OTHERS = 4
"""At most so many homophones of a word, the most frequent first."""
STEM = {"名詞": r"[\u4e00-\u9fff]{2}", "動詞": r"[\u4e00-\u9fff][ぁ-ゖ]{1,2}", "形容詞": r"[\u4e00-\u9fff][ぁ-ゖ]{1,2}"}
NUMBERS_AND_DENIALS = frozenset("一二三四五六七八九十百千万億零〇不未無非否勿")
COST = {"名詞": 6700, "動詞": 8300, "形容詞": 8000}
SYLLABLES = "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをん"
SYLLABLES += "がぎぐげござじずぜぞだぢづでどばびぶべぼぱぴぷぺぽぁぃぅぇぉっゃゅょゔ"


def homophones(every: Iterable[Word], known: set[tuple[str, str, str, str]]) -> list[tuple[str, str]]:
    """Frequent words of the same kana, part of speech and inflection, which an input method offers for one another."""
    by_sound: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    for word in every:
        shape = STEM.get(word.part)
        if not shape or word.kind == "固有名詞" or word.cost >= COST[word.part] or key(word) not in known:
            continue
        if regex.fullmatch(shape, word.written) and all(map(is_everyday, word.written)):
            tail = "".join(regex.findall(r"[ぁ-ゖ]+$", word.written))
            costs = by_sound[word.part, word.conjugation, word.form, word.kana, tail]
            costs[word.written] = min(costs.get(word.written, word.cost), word.cost)
    found = set()
    for costs in by_sound.values():
        for source in costs:
            others = sorted((cost, other) for other, cost in costs.items() if other != source)[:OTHERS]
            found |= {(source, other) for _, other in others if not NUMBERS_AND_DENIALS & {*source, *other}}
    return sorted(found)


def okurigana(every: Iterable[Word], known: set[tuple[str, str, str, str]]) -> list[tuple[str, str]]:
    """Two spellings of one form of one word that have the same kanji and other okurigana."""
    spellings: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for word in every:
        if key(word) in known and len(word.written) <= 5 and all(map(is_everyday, word.written)):
            kanji = "".join(regex.findall(r"[\u4e00-\u9fff]", word.written))
            if kanji and word.kind != "固有名詞" and word.part in ("名詞", "動詞", "形容詞", "副詞"):
                sound = (word.lemma, word.part, word.conjugation, word.form, word.kana)
                spellings[(*sound, kanji)].add(word.written)
    return sorted(
        (one, other)
        for some in spellings.values()
        for one in some
        for other in some
        if one != other and regex.fullmatch(r"[\u4e00-\u9fff]{1,2}[ぁ-ゖ]{0,2}", one) and one[0] == other[0]
    )


def unambiguous(rows: list[tuple[str, str]], every: Iterable[Word]) -> list[tuple[str, str]]:
    """The rows whose source is a spelling of no other frequent word (行った is of iku as of okonau)."""
    best: dict[str, tuple[int, str]] = {}
    for word in every:
        best[word.written] = min(best.get(word.written, (word.cost, word.lemma)), (word.cost, word.lemma))
    lemmas: dict[str, set[str]] = defaultdict(set)
    for word in every:
        if word.cost < best[word.written][0] + 3000:
            lemmas[word.written].add(word.kana)
    return [(one, other) for one, other in rows if len(lemmas[one]) == 1 and len(lemmas[other]) == 1]


def kana_swapped() -> list[tuple[str, str]]:
    """Every kana in the other syllabary; a long-vowel mark goes with the katakana before it."""
    found = [(kana, katakana(kana)) for kana in SYLLABLES]
    found += [(other, kana) for kana, other in found]
    return found + [(other + "ー", kana + "ー") for other, kana in found if other > "ゟ" and kana not in "っん"]


def write(path: Path, facts: list[str], rows: list[tuple[str, str]]) -> None:
    """Write a table: its facts, then its rows."""
    path.parent.mkdir(exist_ok=True)
    body = [f"{source}\t{to}" for source, to in rows]
    path.write_text("\n".join([*(f"# {fact}" for fact in facts), "from\tto", *body]) + "\n", encoding="utf-8")


def main() -> None:
    """Read the lexicon, write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("tables", type=Path, help="the folder attacks/tables")
    given = parser.parse_args()
    every = words()
    known = met(every)
    facts = [f"source: {SOURCE}; made by tools/japanese_words.py", "version: 1", f"licence: {LICENCE}"]
    what = f"note: words of the same kana and part of speech; at most {OTHERS} for a word, the most frequent first"
    kept = "note: words that deny or count are neither replaced nor put in"
    write(given.tables / "homophone" / "ja.tsv", [*facts, what, kept], homophones(every, known))
    same = "note: spellings of the same word and form with the same kanji, both found in the texts of UniDic"
    write(given.tables / "okurigana" / "ja.tsv", [*facts, same], unambiguous(okurigana(every, known), every))
    swapped = ["source: the gojuon order of Unicode's kana blocks; made by tools/japanese_words.py", "version: 1"]
    swapped += ["licence: CC0-1.0", "cover: all"]
    write(given.tables / "kana-swapped" / "ja.tsv", swapped, kana_swapped())


if __name__ == "__main__":
    main()
