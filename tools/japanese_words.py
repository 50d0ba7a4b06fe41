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
NOUN = 6550
"""Nouns are taken up to this cost."""
VERB = 11000
"""Verbs and adjectives are, where their kanji are known to be mixed up."""
SAME_KUN = (  # noqa: SIM905 - a list of eighty quoted groups is harder to read
    "変代替換 暖温 早速 暑熱厚 固硬堅 計測量図 撮取採捕執 聞聴 会合遭 作造創 務努勤 治直 "
    "現表著 収納治修 進勧薦 冒犯侵 上挙揚 泊止留 見診 開空明 返帰 変返 備供 映写 移写 送贈 "
    "押推 踊躍 飼買 書描 架掛懸 欠書 超越 指差刺挿 覚冷 沈静鎮 絞締閉 住済澄 立建断絶 就着付 "
    "伝使 突着付 説解溶 整調 飛跳 尋訪 伸延 登昇上 乗載 初始 図計 放離 張貼 火灯 吹噴 震振 "
    "巻蒔 混交 周回 易優 敗破 病止 寄因 分別 沸湧 悲哀 荒粗 怖恐 柔軟 丸円 良善 探捜 誤謝 "
    "顧省 効利聞 切斬 触振 詰積 臭匂 遅送 後遅 "
).split()
"""Kanji of verbs and adjectives that are said alike (Agency for Cultural Affairs 2014, Iji dokun no kanji no tsukaiwake rei)."""
FORMS = frozenset(
    {"*", "終止形-一般", "連体形-一般", "連用形-一般", "連用形-促音便", "連用形-イ音便", "連用形-撥音便"}
    | {"未然形-一般", "仮定形-一般"}
)
"""Forms of everyday writing."""
SYLLABLES = "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをん"
SYLLABLES += "がぎぐげござじずぜぞだぢづでどばびぶべぼぱぴぷぺぽぁぃぅぇぉっゃゅょゔ"


def homophones(every: Iterable[Word], known: set[tuple[str, str, str, str]]) -> list[tuple[str, str]]:
    """Frequent words of the same kana, part of speech and inflection, which an input method offers for one another."""
    by_sound: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    lemma: dict[str, str] = {}
    for word in every:
        shape = STEM.get(word.part)
        if not shape or word.kind == "固有名詞" or word.form not in FORMS or key(word) not in known:
            continue
        everyday = word.cost < NOUN if word.part == "名詞" else word.cost < VERB
        if everyday and regex.fullmatch(shape, word.written) and all(map(is_everyday, word.written)):
            tail = "".join(regex.findall(r"[ぁ-ゖ]+$", word.written))
            costs = by_sound[word.part, word.conjugation, word.form, word.kana, tail]
            costs[word.written] = min(costs.get(word.written, word.cost), word.cost)
            lemma[word.written] = word.lemma
    found = set()
    for (part, *_), costs in by_sound.items():
        for source in costs:
            others = sorted((cost, other) for other, cost in costs.items() if other != source)
            if part == "名詞":
                fits = [other for _, other in others if lemma[other] != lemma[source]]
            else:
                fits = [other for _, other in others if any({source[0], other[0]} <= {*kun} for kun in SAME_KUN)]
            found |= {(source, other) for other in fits[:OTHERS] if not NUMBERS_AND_DENIALS & {*source, *other}}
    return sorted(found)


def okurigana(every: Iterable[Word], known: set[tuple[str, str, str, str]]) -> list[tuple[str, str]]:
    """Two spellings of one form of one word that have the same kanji and other okurigana."""
    spellings: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for word in every:
        if key(word) in known and len(word.written) <= 5 and word.form in FORMS and _plain(word):
            kanji = "".join(regex.findall(r"[\u4e00-\u9fff]", word.written))
            if kanji and word.kind != "固有名詞" and word.part in ("名詞", "動詞", "形容詞", "副詞"):
                stem = str(word.part == "形容詞" and "し" in word.written)
                sound = (word.lemma, word.part, word.conjugation, word.form, word.kana, stem)
                spellings[(*sound, kanji)].add(word.written)
    return sorted(
        (one, other)
        for some in spellings.values()
        for one in some
        for other in some
        if one != other
        and min(len(one), len(other)) > 1
        and regex.fullmatch(r"[\u4e00-\u9fff]{1,2}[ぁ-ゖ]{0,2}", one)
        and one[0] == other[0]
    )


def _plain(word: Word) -> bool:
    """Whether a word is of everyday kanji and of hiragana that is spelt as it is read."""
    tail = regex.findall(r"[ぁ-ゖ]*$", word.written)[0]
    modern = regex.fullmatch(r"[\u4e00-\u9fffぁ-ゖ]+", word.written) and word.kana.endswith(tail)
    return bool(modern) and all(map(is_everyday, word.written))


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
