"""Latin words in katakana and Devanagari: names as Japanese and Hindi write them, and the tool that makes the tables."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from attack_material import ATTACKS, SENTENCES

from robustx.perturb.operators.respell import Respell
from robustx.text.analysis import Text

ROOT = Path(__file__).parents[2]

# places and persons, as the encyclopedias of both languages have them
NAMES = {
    (
        "katakanise",
        "es",
    ): "Barcelona バルセロナ Habana アバナ Quito キト Guernica ゲルニカ Jorge ホルヘ Sevilla セビヤ Colombia コロンビア "
    "Zaragoza サラゴサ Guadalajara グアダラハラ Ecuador エクアドル y イ",
    (
        "katakanise",
        "sw",
    ): "Zanzibar ザンジバル safari サファリ Kiswahili キスワヒリ uhuru ウフル Nairobi ナイロビ Mombasa モンバサ Dodoma ドドマ "
    "ng'ombe ンゴンベ mtu ムトゥ",
    (
        "katakanise",
        "tr",
    ): "İstanbul イスタンブル Ankara アンカラ Topkapı トプカプ Erdoğan エルドアン Atatürk アタテュルク "
    "Diyarbakır ディヤルバクル Göreme ギョレメ hoca ホジャ dağ ダー",
    ("devanagarise", "es"): "Barcelona बार्सेलोना Sevilla सेबिया Quito कितो muy मुई Ecuador एकुआदोर ciudad सिउदाद hora ओरा",
    ("devanagarise", "sw"): "Nairobi नाइरोबी safari साफ़ारी Dodoma दोदोमा uhuru उहुरू shule शुले ng'ombe ङोम्बे kwa क्वा",
    ("devanagarise", "tr"): "Ankara आन्कारा İstanbul इस्तान्बुल Erdoğan एर्दोआन hoca होजा Şişli शिश्ली millet मिल्लेत",
}


@pytest.mark.parametrize(
    ("attack", "code", "name", "written"),
    [(*key, *pair) for key, line in NAMES.items() for pair in zip(line.split()[::2], line.split()[1::2], strict=True)],
)
def test_a_name_is_written_as_the_borrowing_language_writes_it(attack: str, code: str, name: str, written: str) -> None:
    operator = ATTACKS[attack].operator(code)
    assert isinstance(operator, Respell)
    assert [one.written for one in operator.spellings(name)] == [written]


@pytest.mark.parametrize("attack", ["katakanise", "devanagarise"])
@pytest.mark.parametrize("code", ["es", "sw", "tr"])
def test_every_word_of_a_language_can_be_written(attack: str, code: str) -> None:
    operator = ATTACKS[attack].operator(code)
    for sentence in SENTENCES[code][:-1]:
        text = Text(sentence, code)
        letters = [n for n, (start, _) in enumerate(text.spans) if text.source[start].isalpha()]
        assert all(operator.sites(text, n) for n in letters), sentence


def test_the_tool_makes_the_tables_that_lie_there(tmp_path: Path) -> None:
    subprocess.run([sys.executable, ROOT / "tools/loans.py", tmp_path], check=True)
    made = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.tsv"))
    assert len(made) == 6
    assert all((tmp_path / path).read_bytes() == (ROOT / "attacks/tables" / path).read_bytes() for path in made)
