"""The tables of Chinese, Japanese and Korean say what the standards say: their own examples, word by word."""

from __future__ import annotations

import pytest
from attack_material import ATTACKS

from robustx.perturb.edits import apply
from robustx.perturb.operators.respell import Respell
from robustx.perturb.tables import read_table
from robustx.text.analysis import Text

ASPIRATED_IN_NOUNS = {"묵호": "Mukho", "집현전": "Jiphyeonjeon"}


def spellings(attack: str, language: str, word: str) -> list[str]:
    operator = ATTACKS[attack].operator(language)
    assert isinstance(operator, Respell)
    return [one.written for one in operator.spellings(word)]


def written(attack: str, language: str, source: str) -> str:
    """The text with every word in its likeliest spelling."""
    operator = ATTACKS[attack].operator(language)
    text = Text(source, language)
    return apply(
        source, [operator.edits(text, site)[0] for w in range(len(text.spans)) for site in operator.sites(text, w)]
    )


@pytest.mark.parametrize(
    ("word", "roman"),
    {
        **{
            "구미": "Gumi",
            "영동": "Yeongdong",
            "백암": "Baegam",
            "옥천": "Okcheon",
            "합덕": "Hapdeok",
            "호법": "Hobeop",
        },
        **{
            "월곶": "Wolgot",
            "벚꽃": "beotkkot",
            "한밭": "Hanbat",
            "칠곡": "Chilgok",
            "임실": "Imsil",
            "대관령": "Daegwallyeong",
        },
        **{
            "백마": "Baengma",
            "종로": "Jongno",
            "왕십리": "Wangsimni",
            "별내": "Byeollae",
            "신라": "Silla",
            "울릉": "Ulleung",
        },
        **{"해돋이": "haedoji", "같이": "gachi", "맞히다": "machida", "좋고": "joko", "놓다": "nota", "잡혀": "japyeo"},
        **{
            "낳지": "nachi",
            "압구정": "Apgujeong",
            "낙동강": "Nakdonggang",
            "죽변": "Jukbyeon",
            "낙성대": "Nakseongdae",
        },
        **{
            "합정": "Hapjeong",
            "팔당": "Paldang",
            "샛별": "saetbyeol",
            "울산": "Ulsan",
            "제주도": "Jejudo",
            "광희문": "Gwanghuimun",
        },
    }.items(),
)
def test_romaja_spells_the_examples_of_the_revised_romanization(word: str, roman: str) -> None:
    """National Institute of Korean Language: the examples of chapters 2 and 3 that have no n-insertion."""
    assert spellings("romaja", "ko", word)[0] == roman.lower()


@pytest.mark.parametrize(("word", "roman"), ASPIRATED_IN_NOUNS.items())
def test_romaja_also_keeps_the_h_that_the_standard_keeps_in_nouns(word: str, roman: str) -> None:
    assert roman.lower() in spellings("romaja", "ko", word)


@pytest.mark.parametrize(
    ("word", "heard"),
    [
        ("먹어", "머거"),
        ("읽은", "일근"),
        ("값이", "갑씨"),
        ("좋아", "조아"),
        ("같이", "가치"),
        ("강아지", None),
        ("싫어", "시러"),
    ],
)
def test_liaison_moves_a_final_consonant_on(word: str, heard: str | None) -> None:
    assert spellings("liaison", "ko", word) == ([heard] if heard else [])


@pytest.mark.parametrize(
    ("word", "heard"),
    [
        ("국물", "궁물"),
        ("신라", "실라"),
        ("좋다", "조타"),
        ("학교", "학꾜"),
        ("입학", "이팍"),
        ("종로", "종노"),
        ("나무", None),
    ],
)
def test_assimilation_writes_consonants_as_they_sound_together(word: str, heard: str | None) -> None:
    assert spellings("assimilation", "ko", word) == ([heard] if heard else [])


@pytest.mark.parametrize(("word", "split"), [("안녕", "ㅇㅏㄴㄴㅕㅇ"), ("값", "ㄱㅏㅄ"), ("왜", "ㅇㅙ")])
def test_jamo_split_writes_the_letters_one_by_one(word: str, split: str) -> None:
    assert spellings("jamo-split", "ko", word) == [split]


@pytest.mark.parametrize(
    ("word", "roman"),
    {
        **{
            "しんぶん": {"shinbun", "shimbun"},
            "きゃく": {"kyaku"},
            "ちゃ": {"cha"},
            "じゅん": {"jun"},
            "マッチ": {"matchi"},
        },
        **{
            "ふつう": {"futsuu", "futsu", "futsū"},
            "学校": {"gakkou", "gakko", "gakkō"},
            "東京": {"toukyou", "tokyo", "tōkyō"},
        },
        **{
            "おばあ": {"obaa"},
            "しんいち": {"shin'ichi", "shinichi"},
            "ファン": {"fan"},
            "思う": {"omou"},
            "大阪": {"oosaka", "osaka"},
        },
    }.items(),
)
def test_romaji_spells_as_hepburn_does(word: str, roman: set[str]) -> None:
    assert roman <= set(spellings("romaji", "ja", word))


def test_romaji_reads_a_kanji_by_what_stands_beside_it() -> None:
    assert written("romaji", "ja", "日曜日に人は") == "nichiyoubini hitowa"
    assert (
        written("kanji-to-kana", "ja", "三人の大学生は日曜日に学校へ行った。")
        == "さんにんのだいがくせいはにちようびにがっこうへいった。"
    )


def test_romaji_leaves_a_word_alone_that_begins_with_a_small_kana() -> None:
    assert spellings("romaji", "ja", "ょう") == []


@pytest.mark.parametrize(
    ("word", "toneless", "toned"),
    [
        *[("银行", "yinhang", "yínháng"), ("重要", "zhongyao", "zhòngyào"), ("音乐", "yinyue", "yīnyuè")],
        *[("西安", "xi'an", "xī'ān"), ("女儿", "nv'er", "nǚ'ér"), ("我们", "women", "wǒmen")],
    ],
)
def test_pinyin_reads_a_word_as_a_whole(word: str, toneless: str, toned: str) -> None:
    assert spellings("pinyin", "zh", word)[0] == toneless
    assert spellings("pinyin-tones", "zh", word) == [toned]


def test_pinyin_parts_words_and_syllables_that_are_no_word() -> None:
    assert written("pinyin", "zh", "我们今天去。") == "women jintian qu。"
    assert written("pinyin", "zh-Hant", "我們喜歡音樂") == "women xihuan yinyue"


def test_zhuyin_writes_the_neutral_tone_before_the_syllable() -> None:
    assert spellings("zhuyin", "zh-Hant", "我們") == ["ㄨㄛˇ˙ㄇㄣ"]


@pytest.mark.parametrize(
    ("source", "made"),
    [("头发", "頭髮"), ("发展", "發展"), ("皇后", "皇后"), ("太阳后面", "太陽後面"), ("面包", "麵包")],
)
def test_traditional_picks_the_form_by_the_word(source: str, made: str) -> None:
    assert written("traditional", "zh", source) == made


def test_traditional_is_taken_back_by_simplifying_character_by_character() -> None:
    path = ATTACKS["traditional"].table_path("zh")
    assert path
    singles = {source: rows[0].to for source, rows in read_table(path, "zh").rows.items() if len(source) == 1}
    found = {to: spellings("simplified", "zh-Hant", to)[:1] for to in singles.values()}
    assert len(singles) > 2000
    assert {to: [source] for source, to in singles.items() if found[to]} == {
        to: one for to, one in found.items() if one
    }
