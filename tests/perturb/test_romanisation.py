"""Transliteration tables against the examples of their standards, spellings people are known to type, and their tools."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from attack_material import ATTACKS, SENTENCES, offered

from robustx.perturb.operators.respell import Respell
from robustx.perturb.tables import read_table

ROOT = Path(__file__).parents[2]
TOOLS, TABLES = ROOT / "tools", ROOT / "attacks" / "tables"

STANDARD = {
    # the resolution of 2010 gives these examples itself
    "uk": "Алушта Alushta Борщагівка Borshchahivka Вишгород Vyshhorod Гоща Hoshcha Ґалаґан Galagan Згорани Zghorany "
    "Єнакієве Yenakiieve Гаєвич Haievych Короп'є Koropie Знам’янка Znamianka Їжакевич Yizhakevych Кадиївка Kadyivka "
    "Йосипівка Yosypivka Стрий Stryi Олексій Oleksii Розгон Rozghon Феодосія Feodosiia Щербухи Shcherbukhy Яготин Yahotyn",
    "ru": "Щукин Shchukin Ельцин Yel’tsin Юрьев Yur’yev Подъездной Pod”yezdnoy ёлка yëlka Чехов Chekhov эхо ekho МОСКВА MOSKVA",
    "bg": "България Bulgaria София Sofia Търговище Targovishte Кърджали Kardzhali Трявна Tryavna Ямбол Yambol Синьо Sinyo",
    "kk": "Қазақстан Qazaqstan дүние dünie тиіс tiıs құқығы qūqyğy Ислам İslam Іле Ile Шымкент Şymkent жеңіс jeñıs",
    "el": "Ερμής Ermis Αυγή Avgi Ναύπλιο Nafplio Εύβοια Evvoia Άγγελος Angelos Μπάμπης Bampis Πειραιάς Peiraias "
    "Σφίγξ Sfinx Αϊβαλί Aivali ΑΘΗΝΑ ATHINA Ευτυχία Eftychia εύκολο efkolo",
    "ka": "თბილისი tbilisi წყალტუბო ts’q’alt’ubo ქუთაისი kutaisi ჭიათურა ch’iatura ზუგდიდი zugdidi ღვინო ghvino",
    "hy": "Երևան Yerevan Երեւան Yerevan Գյումրի Gyumri Վանաձոր Vanadzor Էջմիածին Ejmiatsin ոսկի voski ովքեր ovk’er ու u",
    "am": "አዲስ ādīs አበባ ābeba ኢትዮጵያ ītyop’ya ጎንደር gonder መቀሌ mek’elē መንግስት mengist ትምህርት timhirt ቋንቋ k’wank’wa",
    "ar": "كتاب ktāb الشمس al-shms مكتبة mktbah القاهرة al-qāhrah مصطفى mṣṭfá والكتاب wa-al-ktāb الله Allāh شكراً shkran",
    "fa": "ایران īrān خانه khānah خانه‌ها khānahʹhā می‌شود mīʹshūd راه rāh خواهر khvāhr آزادی āzādī و va ثضطظذژ s̱z̤ṭẓẕzh",
    "ur": "پاکستان pākstān لڑکا lṛkā میں mīṉ آواز āvāz ٹھیک ṭhīk اور aur ثضطظذژ s̱ẓt̤z̤ẕzh",
    "he": "שלום šlwm ירושלים yrwšlym ארץ ʾrṣ עברית ʿbryt חטף ḥṭp",
}
ATTESTED = {
    "ar": "مرحبا mar7aba صباح saba7 حبيبي 7abibi حبيبي habibi خالد 5aled طالبة taliba مدرسة madrasa عرب 3arab شكرا shakra",
    "fa": "سلام salam خوبی khubi دوست doost دوست dust ممنون mamnon می‌خواهم mikhaham شهر shahr همیشه hamishe",
    "he": "שלום shalom תודה toda בוקר boker טוב tov אהבה ahava ישראל israel לחם lechem ילדים yeladim",
    "ru": "что chto что 4to хорошо horosho хорошо xorosho спасибо spasibo ещё esche щас schas жизнь zhizn жизнь jizn",
    "uk": "дякую dyakuyu дякую diakuju що scho люблю lyublyu Київ Kyiv",
    "bg": "човек 4ovek обичам obi4am вода voda шест 6est ябълка qbylka ябълка yabalka",
    "kk": "рахмет rahmet рахмет rakhmet қазақ kazak қазақ qazaq жақсы zhaksy жақсы jaqsy",
    "el": "θάλασσα thalassa θάλασσα 8alassa καλημέρα kalimera καλημέρα kalhmera ευχαριστώ euxaristw ευχαριστώ efharisto "
    "ξέρω ksero ξέρω xerw και ke",
    "ka": "გამარჯობა gamarjoba როგორ rogor ხარ xar წყალი wyali მადლობა madloba",
    "hy": "բարև barev ինչպես inchpes շնորհակալություն shnorhakalutyun ջան jan",
    "am": "ሰላም selam አመሰግናለሁ amesegnalehu እንዴት endet ቡና buna ጥሩ tiru",
}
BACK = {
    "ru": "щука шука семья семя подъезд подезд экран екран красный красний",
    "uk": "здоров’я здоровя сильний силниі",
    "bg": "ъгъл агал синьо синйо",
    "kk": "қазақ казак үлкен улкен жеңіл женил",
    "el": "Ελλάδα Ελλαδα ζωή ζοι αυτοκίνητο αφτοκινιτο είμαι ιμε ουρανός ουρανος άγγελος αγκελος",
    "ka": "კატა ქათა წიგნი ციგნი",
    "hy": "թութ տուտ փոքր պոկր",
    "ar": "صباح سباه أعلم الم مدرسة مدرسا",
    "fa": "صابون سابون می‌روم میروم معلم مالم",
    "ur": "لڑکا لرکا ٹھیک تھیک میں مین",
    "he": "עברית אברית תורה טורה כתב קטב",
    "am": "ዓለም አለም መጽሐፍ መጽሀፍ ጠዋት ተዋት",
    "hi": "ठीक थिक लड़का लरका वर्षा वर्शा ज़रूरी जरुरी शक्ति शक्ती",
    "mr": "पाणी पानी शाळा शाला कवि कवी",
    "bn": "নদী নদি বাড়ি বারি যদি জদি চাঁদ চাদ",
    "gu": "પાણી પાની ટોપી તોપી",
    "pa": "ਪਾਣੀ ਪਾਨੀ ਹੱਥ ਹਥ ਘੋੜਾ ਘੋਰਾ",
    "or": "ପାଣି ପାନି ଭାଷା ଭାସା",
    "ta": "நேற்று நெட்ரு வீடு விடு கண் கன் பள்ளி பல்லி",
    "te": "నేను నెను రోజు రొజు కళ కల",
    "kn": "ಬೇಕು ಬೆಕು ಹಣ ಹನ",
    "ml": "വീട് വിട് കേരളം കെരലം പണം പനം",
    "si": "ගුණ ගුන භාෂාව බාශාව",
}
BY_SHAPE = {
    "ru": "батареи 6aTapeu здание 3gaHue человек 4eJIoBek яблоко R6JIoko жук *yk",
    "uk": "вільними BiJIbHuMu здоров’я 3gopoB'9",
    "bg": "дърво g'bpBo човек 4oBek",
    "el": "θάλασσα 8alassa ώρα wpa ξένη 3evn Χρήστος Xpnstos",
}
CYRILLIC = {
    "es": "Hernández Эрнандес guerra герра niño ниньо llave льяве acción аксьон jamón хамон noche ноче vergüenza вергуэнса",
    "de": "Schiller Шиллер Bach Бах Mozart Моцарт Stein Штайн Leipzig Лайпциг Heinrich Хайнрих über ибер Johann Йоханн",
    "tr": "İstanbul Истанбул çay чай Erdoğan Эрдоган güzel гюзель ağaç агач şehir шехир Yılmaz Йылмаз".replace(
        "ль", "л"
    ),
    "sw": "Kenya Кенья ng’ombe нгомбе jambo джамбо shule шуле nyumba ньюмба Yesu Есу",
}


def pairs(table: dict[str, str]) -> list[tuple[str, str, str]]:
    return [
        (code, word, written)
        for code, text in table.items()
        for word, written in zip(text.split()[::2], text.split()[1::2], strict=True)
    ]


def spellings(attack: str, code: str, word: str) -> list[str]:
    """How an attack may write a word, likeliest first."""
    operator = ATTACKS[attack].operator(code)
    assert isinstance(operator, Respell)
    return [one.written for one in operator.spellings(unicodedata.normalize("NFC", word))]


@pytest.mark.parametrize(("code", "word", "written"), pairs(STANDARD))
def test_a_standard_romanises_its_examples_in_one_way(code: str, word: str, written: str) -> None:
    assert spellings("romanise-standard", code, word) == [unicodedata.normalize("NFC", written)]


@pytest.mark.parametrize(("code", "word", "typed"), pairs(ATTESTED))
def test_what_people_type_is_among_the_spellings(code: str, word: str, typed: str) -> None:
    assert typed in spellings("romanise-attested", code, word)


@pytest.mark.parametrize(("code", "word", "returned"), pairs(BACK))
def test_a_word_comes_back_without_what_latin_letters_cannot_tell(code: str, word: str, returned: str) -> None:
    assert returned in spellings("round-trip", code, word)


@pytest.mark.parametrize(("code", "word", "drawn"), pairs(BY_SHAPE))
def test_a_word_is_drawn_with_latin_letters_and_digits(code: str, word: str, drawn: str) -> None:
    assert drawn in spellings("romanise-by-shape", code, word)


@pytest.mark.parametrize(("code", "word", "written"), pairs(CYRILLIC))
def test_names_are_written_in_cyrillic_as_russian_writes_them(code: str, word: str, written: str) -> None:
    assert spellings("cyrillise", code, word) == [written]


def test_a_word_that_a_standard_does_not_cover_is_left_alone() -> None:
    assert spellings("romanise-standard", "ru", "iPhoneа") == []
    assert spellings("romanise-standard", "he", "שָׁלוֹם") == []


@pytest.mark.parametrize("attack", ["romanise-standard", "romanise-attested"])
def test_almost_every_word_of_real_text_is_romanised_into_latin_letters_only(attack: str) -> None:
    for code in sorted(STANDARD):
        if not ATTACKS[attack].applies_to(code):
            continue
        texts = [unicodedata.normalize("NFC", sentence) for sentence in SENTENCES[code][:-1]]
        edits = [edit for i in range(len(texts)) for _, _, edit in offered(attack, code, i)]
        assert all(
            "LATIN" in unicodedata.name(c)
            for edit in edits
            for c in edit.replacement
            if c.isalpha() and c not in "ʹʼʻʾʿ"
        )
        reached = {(i, edit.start) for i in range(len(texts)) for _, _, edit in offered(attack, code, i)}
        words = sum(len(text.split()) for text in texts)
        assert len(reached) >= 0.85 * words, code  # the rest are protected negations and numbers


@pytest.mark.parametrize(
    ("attack", "word", "typed"),
    [
        ("telex", "Việt", ["Vieetj", "Vieejt"]),
        ("telex", "được", ["dduowcj", "dduowjc"]),
        ("telex", "mưa", ["muwa"]),
        ("vni", "Việt", ["Vie6t5", "Vie65t", "Viet65"]),
        ("vni", "người", ["nguo7i2", "nguo72i", "nguoi72"]),
        ("vni", "đi", ["d9i"]),
    ],
)
def test_vietnamese_stands_as_its_keys_were_typed(attack: str, word: str, typed: list[str]) -> None:
    assert sorted(spellings(attack, "vi", word)) == sorted(typed)


def test_vni_without_its_digits_is_vietnamese_without_its_marks() -> None:
    for i, text in enumerate(SENTENCES["vi"]):
        for _, _, edit in offered("vni", "vi", i):
            plain = unicodedata.normalize("NFD", text[edit.start : edit.end]).replace("đ", "d").replace("Đ", "D")
            assert "".join(c for c in edit.replacement if not c.isdigit()) == "".join(
                c for c in plain if not unicodedata.combining(c)
            )


@pytest.mark.parametrize("code", ["ar", "fa", "ur"])
def test_exchanged_yeh_and_kaf_map_back_to_the_word(code: str) -> None:
    table = read_table(TABLES / "yeh-kaf.tsv", code).rows
    back = {row.to: source for source, rows in table.items() for row in rows if row.where != "final"}
    final = {row.to: source for source, rows in table.items() for row in rows if row.where in ("final", "any")}
    words = [
        (text[e.start : e.end], e.replacement)
        for i, text in enumerate(SENTENCES[code])
        for _, _, e in offered("yeh-kaf", code, i)
    ]
    assert words
    for word, made in words:
        assert "".join(back.get(c, c) for c in made[:-1]) + final.get(made[-1], made[-1]) == word


@pytest.mark.parametrize(
    ("command", "made"),
    [
        (["fidel.py"], ["romanise-standard/am.tsv", "romanise-attested/am.tsv", "round-trip/am.tsv"]),
        (["vietnamese_input.py"], ["telex/vi.tsv", "vni/vi.tsv"]),
        *(
            (["abjads.py", "--letters", f"{TOOLS}/data/abjads/{code}.tsv"], [f"romanise-attested/{code}.tsv"])
            for code in ("ar", "fa", "he")
        ),
    ],
    ids=lambda value: Path(value[-1]).name,
)
def test_the_tools_make_the_tables_that_lie_there(command: list[str], made: list[str], tmp_path: Path) -> None:
    single = command[0] == "abjads.py"
    out = tmp_path / Path(made[0]).name if single else tmp_path
    subprocess.run([sys.executable, TOOLS / command[0], *command[1:], "--out", out], check=True)
    for name in made:
        path = out if single else tmp_path / name
        assert path.read_text(encoding="utf-8") == (TABLES / name).read_text(encoding="utf-8")
