"""Derive the tables that write Japanese words in kana and in romaji, from the words of UniDic.

Run by a maintainer: ``python tools/japanese_readings.py attacks/tables``. Needs unidic-lite.

A kanji, or two, are read as in the most frequent word that they write: alone, at the head of a compound and behind
another kanji apart, and before the okurigana that words of that reading have.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import regex
from japanese_romaji import LOAN, SYLLABLES, spellings
from unidic import LICENCE, SOURCE, Word, is_everyday, key, met, words

RARE = 10500
"""A word of one kanji may be unmet in the texts of UniDic, up to this cost."""
NAMED = 8000
"""Proper names are taken up to this cost: the best known places, for the most part."""
PARTICLES = "がはをにともでのかへや"
"""Kana that may be a particle behind a noun as well as the first of the okurigana."""
AFTER_NOUNS = "しすさせだなじっ"
"""Kana that often stand behind a noun and are no particle: of suru, da and na."""
DENIAL = "[なせれず]"
"""What stands behind the first okurigana of a verb that is no particle: -nai, -seru, -reru, -zu."""
EVERYDAY = {
    "私": "わたし", "日本": "にほん", "明日": "あした", "今日": "きょう", "昨日": "きのう", "何": "なに", "一人": "ひとり",
    "二人": "ふたり", "大人": "おとな", "家": "いえ", "方": "ほう", "他": "ほか", "上": "うえ", "下": "した", "中": "なか",
    "後": "あと", "前": "まえ", "町": "まち", "村": "むら", "市場": "いちば", "人気": "にんき", "一日": "いちにち",
    "間": "あいだ", "時": "とき", "物": "もの", "事": "こと", "者": "もの", "頭": "あたま", "角": "かど", "店": "みせ",
    "本": "ほん", "水": "みず", "音": "おと", "声": "こえ", "色": "いろ", "金": "かね", "夜": "よる", "朝": "あさ",
    "昼": "ひる", "年": "とし", "月": "つき", "日": "ひ", "火": "ひ", "木": "き", "山": "やま", "川": "かわ", "海": "うみ",
}  # fmt: skip
"""Words with two frequent readings, and the one of ordinary conversation."""
BEHIND = {
    "人": "にん", "日": "び", "月": "がつ", "年": "ねん", "分": "ぶん", "間": "かん", "中": "ちゅう", "上": "じょう",
    "物": "ぶつ", "者": "しゃ", "屋": "や", "所": "しょ", "度": "ど", "回": "かい", "本": "ほん", "目": "め", "大": "だい",
    "金": "きん", "時": "じ", "先": "さき", "力": "りょく", "家": "か", "員": "いん", "長": "ちょう", "国": "こく",
}  # fmt: skip
"""What kanji are read as behind other kanji and digits: suffixes and counters in their usual form."""
AHEAD = {"一": "いち", "六": "ろく", "八": "はち", "十": "じゅう", "大": "だい"}
"""What kanji are read as before others, where most words there have another form of it."""
IDIOMS = (
    ("間に", "まに", "", "[合]"),
    ("引っ", "ひっ", "", ""),
    ("酔っ", "よっ", "", ""),
    ("張", "ぱ", "[っ]", "[っらりるれろん]"),
    ("払", "ぱら", "[っ]", "[いうえおっわ]"),
)
"""Kanji and kana with a reading of their own behind or before certain characters (written, kana, after, before)."""
_KANJI = r"[\u4e00-\u9fff々]"
_PSEUDO = regex.compile(rf"({_KANJI}{{1,2}})([\u3041-\u3096]{{0,2}})")


class Readings(NamedTuple):
    """How a kanji is read at the head of a compound, at its end or behind a number, and with no kanji beside it."""

    head: str
    tail: str
    alone: str


class Row(NamedTuple):
    """Kanji, with or without okurigana, their reading, and what must stand around them."""

    written: str
    kana: str
    spoken: str
    after: str = ""
    before: str = ""


def frequent(every: list[Word]) -> dict[str, list[Word]]:
    """Words of one or two everyday kanji and at most two kana, the most frequent reading first."""
    known = met(every)
    kept: dict[str, list[Word]] = defaultdict(list)
    for word in every:
        match = _PSEUDO.fullmatch(word.written)
        if match and all(map(is_everyday, word.written)) and word.form[:2] not in ("語幹", "ク語"):
            if word.kind == "固有名詞" and word.cost >= NAMED:
                continue
            short = len(match[1]) == 1 and word.cost < RARE and word.kind != "固有名詞"
            if short or key(word) in known:
                kept[word.written].append(word)
    return {written: sorted(some, key=_rank) for written, some in kept.items()}


def _rank(word: Word) -> tuple[bool, int, str]:
    named = word.kind == "固有名詞"
    return EVERYDAY.get(word.written, word.kana) != word.kana, word.cost + 1500 * named, word.kana


def compounds(found: dict[str, list[Word]], kanji: dict[str, Readings], taken: dict[str, str]) -> Iterator[Row]:
    """Pairs of kanji that are words, and are not read as their parts are, whatever follows them."""
    for written, some in found.items():
        if regex.fullmatch(rf"{_KANJI}{{2}}", written):
            parts = [kanji.get(one) for one in written]
            inflects = set(taken.get(written[1], "")) & set(AFTER_NOUNS)
            if inflects or not all(parts) or some[0].kana != parts[0].head + parts[1].tail:
                yield Row(written, some[0].kana, some[0].spoken)


def stems(found: dict[str, list[Word]]) -> Iterator[Row]:
    """Kanji before okurigana: by the kana that follows; what is read otherwise before two of them, by both."""
    by_next: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    by_two: dict[tuple[str, str, str], str] = {}
    others: list[tuple[Row, tuple[str, str, str]]] = []
    for written, some in found.items():
        match, word = _PSEUDO.fullmatch(written), some[0]
        if match is None or not match[2] or not word.kana.endswith(match[2]) or word.kana == match[2]:
            continue
        kanji, tail = match.groups()
        reading = word.kana[: -len(tail)]
        if word.part not in ("動詞", "形容詞"):
            others.append((Row(written, word.kana, word.spoken), (kanji, tail[0], reading)))
        elif tail[0] not in PARTICLES:
            by_next[kanji, tail[0]].append((word.cost, reading))
        elif tail in ("か", "が"):
            yield Row(written, word.kana, word.kana, before=DENIAL)
        if len(tail) == 2 and word.part in ("動詞", "形容詞"):
            by_two[kanji, tail[0], tail[1]] = reading
    best = {both: min(some)[1] for both, some in by_next.items()}
    classes: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (kanji, following), reading in best.items():
        classes[kanji, reading].add(following)
    for (kanji, first, second), reading in by_two.items():
        if best.get((kanji, first)) != reading:
            classes[kanji + first, reading + first].add(second)
    for (written, reading), following in classes.items():
        yield Row(written, reading, reading, before=f"[{''.join(sorted(following))}]")
    yield from (row for row, (kanji, first, reading) in others if first not in classes.get((kanji, reading), ()))


def okurigana(rows: Iterable[Row]) -> dict[str, str]:
    """For a kanji, the kana before which it is the stem of a word."""
    found: dict[str, str] = defaultdict(str)
    for row in rows:
        if len(row.written) == 1:
            found[row.written] += row.before.strip("[]")
    return found


def single(every: list[Word], found: dict[str, list[Word]]) -> dict[str, Readings]:
    """How single kanji are read: at the head and end of most Sino-Japanese words of two, and as words."""
    every = [word for word in every if regex.fullmatch(rf"{_KANJI}{{1,2}}", word.written) and word.kind != "固有名詞"]
    pairs = [word for word in every if len(word.written) == 2 and word.origin == "漢"]
    head, tail = _parts(pairs, _sinojapanese(every, pairs))
    made = {}
    for kanji in sorted(head.keys() | tail.keys()):
        first, last = head[kanji] or tail[kanji], tail[kanji] or head[kanji]
        if first and is_everyday(kanji):
            behind = BEHIND.get(kanji) or last.most_common(1)[0][0]
            whole = [
                word for word in found.get(kanji, ()) if word.part not in ("接頭辞", "接尾辞") and word.kind != "数詞"
            ]
            alone = whole[0].kana if whole else behind
            made[kanji] = Readings(AHEAD.get(kanji) or first.most_common(1)[0][0], behind, alone)
    return made


def _sinojapanese(every: list[Word], pairs: list[Word]) -> dict[str, set[str]]:
    """Readings of single kanji: of those that are words, and what pairs with such a one leave for the other."""
    readings: dict[str, set[str]] = defaultdict(set)
    for word in every:
        if len(word.written) == 1:
            readings[word.written].add(word.kana)
    left: Counter[tuple[str, str]] = Counter()
    for word in pairs:
        first, last = word.written
        left.update((last, word.kana[len(one) :]) for one in readings[first] if word.kana.startswith(one))
        left.update((first, word.kana[: -len(one)]) for one in readings[last] if word.kana.endswith(one))
    for (kanji, reading), times in left.items():
        if times >= 3 and reading and reading[0] not in "ぁぃぅぇぉっゃゅょん":
            readings[kanji].add(reading)
    return readings


def _parts(pairs: list[Word], readings: dict[str, set[str]]) -> tuple[dict[str, Counter[str]], dict[str, Counter[str]]]:
    """How often each kanji has each reading at the head, and at the end, of a pair that its readings explain."""
    head: dict[str, Counter[str]] = defaultdict(Counter)
    tail: dict[str, Counter[str]] = defaultdict(Counter)
    for word in pairs:
        first, last = word.written
        for one in readings[first]:
            other = word.kana[len(one) :]
            if word.kana.startswith(one) and other in readings[last]:
                head[first][one] += 1
                tail[last][other] += 1
    return head, tail


def inside(kanji: dict[str, Readings], taken: dict[str, str]) -> Iterator[Row]:
    """Rows for single kanji by what stands beside them, as few as say it."""
    for written, read in kanji.items():
        stem = taken.get(written, "")
        if read.head == read.tail == read.alone:
            yield Row(written, read.head, "", before=f"[^{stem}]" if stem else "")
            continue
        yield Row(written, read.head, "", before=r"[\p{Han}]")
        ends = rf"[^\p{{Han}}{stem}]"
        if read.tail == read.alone:
            yield Row(written, read.tail, "", before=ends)
        else:
            yield Row(written, read.tail, "", r"[\p{Han}\p{Nd}]", ends)
            yield Row(written, read.alone, "", r"[^\p{Han}\p{Nd}]", ends)


def kana_rows() -> list[Row]:
    """Kana by the syllable, with what doubles or lengthens it; small ones never alone; particles as they are said."""
    made: list[Row] = []
    plain = [kana for kana in (*SYLLABLES[True], *LOAN) if kana != "ん"]
    for kana in dict.fromkeys(plain):
        takes_small = len(kana) == 1 and (SYLLABLES[True][kana][-1] == "i" or kana in "ふてでうとどつ")
        before = "[^ゃゅょぁぃぅぇぉャュョァィゥェォ]" if takes_small else ""
        for form in [kana, "っ" + kana] if SYLLABLES[True][kana][0] not in "aiueonm" else [kana]:
            long = [form + mark for mark in ("ー", "う") if mark == "ー" or SYLLABLES[True][kana][-1] in "ou"]
            for one in (form, *(long if kana not in "うをん" else [])):
                made += [Row(script(one), one, "", "", before if one == form else "") for script in (str, katakana)]
    return made


def katakana(kana: str) -> str:
    """Write hiragana as katakana."""
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in kana)


PARTICLE_ROWS = (
    *("は\twa\t[\\p{Han}\\p{Katakana}ー]\t\t3", "は\tha\t[\\p{Han}\\p{Katakana}ー]\t\t1"),
    *("へ\te\t[\\p{Han}\\p{Katakana}ー]\t\t2", "へ\the\t[\\p{Han}\\p{Katakana}ー]\t\t1"),
    *("を\to\t\t\t3", "を\two\t\t\t2", "には\tniwa\t\t\t3", "には\tniha\t\t\t1", "では\tdewa\t\t\t3", "では\tdeha\t\t\t1"),
    *("とは\ttowa\t\t\t3", "とは\ttoha\t\t\t1", "のは\tnowa\t\t\t3", "のは\tnoha\t\t\t1"),
    *("れは\trewa\t\t\t3", "れは\treha\t\t\t1", "っ\t\t\t[#]\t1", "ッ\t\t\t[#]\t1"),
    *(f"{n}\t{to}\t\t{before}\t{weight}" for n in "んン" for to, before, weight in (
        ("n", "[^あいうえおやゆよアイウエオヤユヨばびぶべぼぱぴぷぺぽまみむめもバビブベボパピプペポマミムメモ]", 1),
        ("n", "[ばびぶべぼぱぴぷぺぽまみむめもバビブベボパピプペポマミムメモ]", 3),
        ("m", "[ばびぶべぼぱぴぷぺぽまみむめもバビブベボパピプペポマミムメモ]", 1),
        ("n'", "[あいうえおやゆよアイウエオヤユヨ]", 1), ("n", "[あいうえおやゆよアイウエオヤユヨ]", 2),
    )),
    *(f"{small}\t{letter}\t\t[{''.join(following)}]\t1" for small, script in (("っ", str), ("ッ", katakana))
      for letter, kana in (("k", "かきくけこ"), ("s", "さしすせそ"), ("t", "たちつてと"), ("p", "ぱぴぷぺぽ"))
      for following in [script(kana)]),
)  # fmt: skip
"""Rows that no rule of the syllables gives: particles, the syllabic n, and a small tsu whose syllable is in the next word."""


def main() -> None:
    """Read the lexicon, write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("tables", type=Path, help="the folder attacks/tables")
    given = parser.parse_args()
    every = words()
    found = frequent(every)
    stemmed = list(stems(found))
    taken = okurigana(stemmed)
    kanji = single(every, found)
    idioms = [Row(one, kana, kana, after=after, before=before) for one, kana, after, before in IDIOMS]
    voiced = {(one.written, one.before) for one in idioms if one.after == "[っ]"}
    apart = [row._replace(after="[^っ]") if (row.written, row.before) in voiced else row for row in stemmed]
    rows = sorted({*compounds(found, kanji, taken), *apart, *inside(kanji, taken), *idioms})
    head = [f"# source: {SOURCE}; made by tools/japanese_readings.py", "# version: 1", f"# licence: {LICENCE}"]
    head.append("# context: text")
    path = given.tables / "kanji-to-kana" / "ja.tsv"
    path.parent.mkdir(exist_ok=True)
    kana = [f"{row.written}\t{row.kana}\t{row.after}\t{row.before}".rstrip("\t") for row in rows]
    path.write_text("\n".join([*head, "from\tto\tafter\tbefore", *kana]) + "\n", encoding="utf-8")
    latin, words_of_kanji = [], {row.written for row in rows}
    own = {row.split("\t")[0] for row in PARTICLE_ROWS if row.split("\t")[0] not in "はへ"}
    for row in [*(one for one in kana_rows() if one.written not in own), *rows]:
        after = r"[^\p{Han}\p{Katakana}ー]" if row.written in ("は", "へ") else row.after
        made = spellings(row.kana, row.spoken or None, kunrei=row.written not in words_of_kanji)
        for one, weight in made.items():
            weighed = f"\t{weight}" if len(made) > 1 else ""
            latin.append(f"{row.written}\t{one}\t{after}\t{row.before}{weighed}".rstrip("\t"))
    path = given.tables / "romaji" / "ja.tsv"
    path.parent.mkdir(exist_ok=True)
    body = ["# cover: all", "# apart: script", "from\tto\tafter\tbefore\tweight", *PARTICLE_ROWS, *latin]
    path.write_text("\n".join([*head, *body]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
