"""Code-mixing by dictionary: the words of the shipped lists, and a list of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from attack_material import ATTACKS, MINI
from hypothesis import given
from hypothesis import strategies as st

from robustx.cards import card_folder
from robustx.perturb.attacks import load_attack
from robustx.perturb.edits import apply
from robustx.perturb.sample import Place, sample
from robustx.perturb.tables import read_table
from robustx.text.analysis import Text

LANGUAGES = sorted(path.stem for path in (card_folder("attacks") / "tables" / "code-mixed").glob("*.tsv"))


def mixed(sentence: str, code: str, attack: str = "code-mixed") -> str:
    """The sentence with every word that the dictionary knows exchanged."""
    text = Text(sentence, code)
    ((edits,),) = sample(load_attack(attack), text, Place(1, "one", "text"), [1.0], 1)
    return apply(sentence, edits)


@pytest.mark.parametrize(
    ("code", "sentence", "expected"),
    [
        ("hi", "मेरा परिवार रविवार को बाज़ार जाता है।", "मेरा family Sunday को market जाता है।"),
        ("ur", "میرا خاندان اتوار کو بازار جاتا ہے۔", "میرا family Sunday کو market جاتا ہے۔"),
        ("bn", "আমার পরিবার রবিবার বাজার যায়।", "আমার family Sunday market যায়।"),
        ("mr", "ही समस्या सोपी नाही.", "ही problem सोपी नाही."),
        ("ta", "எங்கள் குடும்பம் இந்தியா", "எங்கள் family India"),
        ("te", "ఇది మా కుటుంబం", "ఇది మా family"),
        ("ko", "학교에서 친구가 책을 읽는다.", "school에서 friend가 book을 읽는다."),
        ("ko", "친구들과 학교장", "친구들과 학교장"),
        ("ja", "このホテルのサービスは良い。", "このhotelのserviceは良い。"),
    ],
)
def test_known_words_are_said_in_english(code: str, sentence: str, expected: str) -> None:
    assert mixed(sentence, code) == expected


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_dictionary_has_a_word_of_one_text_in_five(code: str) -> None:
    rows = [line.split("\t") for line in (MINI / f"test-{code}.tsv").read_text(encoding="utf-8").splitlines()]
    operator = ATTACKS["code-mixed"].operator(code)
    texts = [Text(source, code) for source in {cell for row in rows for cell in row[:2]}]
    reached = sum(any(operator.sites(text, n) for n in range(len(text.spans))) for text in texts)
    assert reached >= 0.2 * len(texts)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_dictionary_has_one_english_word_for_each_of_its_words(code: str) -> None:
    table = read_table(card_folder("attacks") / "tables" / "code-mixed" / f"{code}.tsv", code)
    assert all(len(rows) == 1 and rows[0].to.isascii() for rows in table.rows.values())
    assert len(table.rows) >= 90


@given(word=st.text(st.sampled_from("абвгшкол"), min_size=1, max_size=8))
def test_a_dictionary_of_ones_own_touches_only_its_words(tmp_path_factory: pytest.TempPathFactory, word: str) -> None:
    folder: Path = tmp_path_factory.getbasetemp() / "own"
    if not folder.exists():
        (folder / "tables").mkdir(parents=True)
        head = "# source: the reader\n# licence: CC0-1.0\nfrom\tto\twhere\n"
        (folder / "tables" / "ru.tsv").write_text(head + "школа\tschool\twhole\n", encoding="utf-8")
        card = ATTACKS["code-mixed"].path.read_text(encoding="utf-8")
        card = card.replace('"code-mixed"', '"my-mix"').replace("tables/code-mixed/", "tables/")
        (folder / "my-mix.toml").write_text(card, encoding="utf-8")
    own = str(folder / "my-mix.toml")
    assert mixed(f"Новая школа, {word}", "ru", own) == f"Новая school, {'school' if word == 'школа' else word}"
