"""What each operator offers on text one can check by hand, and what none of them may do to any text."""

from __future__ import annotations

import itertools
import math
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

import pytest
import regex
from attack_material import ATTACKS, LANGUAGES, PAIRS, SENTENCES, WILD, every_edit, orphans, sampled, text_of
from bidi import get_display
from hypothesis import example, given, settings
from hypothesis import strategies as st

from robustx.perturb.edits import Edit, apply
from robustx.perturb.normalisers import strip_ignorable
from robustx.perturb.operators import PLAIN, Operator, chosen, make_operator
from robustx.perturb.protection import always_protected
from robustx.perturb.tables import Row, Table
from robustx.text.analysis import Text


def table(rows: dict[str, list[str]], form: str = "NFC", where: str = "any") -> Table:
    return Table({source: tuple(Row(to, where) for to in found) for source, found in rows.items()}, form, {})


def results(operator: Operator, source: str, language: str = "en") -> list[str]:
    return [apply(source, [edit]) for _, _, edit in every_edit(operator, Text(source, language))]


TRANSPOSE, DELETE, DUPLICATE = (make_operator(name, None) for name in ("transpose", "delete", "duplicate"))


def test_transpose_swaps_neighbours_that_differ() -> None:
    assert results(TRANSPOSE, "abb c") == ["bab c"]


def test_transpose_moves_a_consonant_with_its_signs_and_conjuncts() -> None:
    assert results(TRANSPOSE, "हिन्दी", "hi") == ["न्दीहि"]


def test_delete_leaves_out_one_of_equal_neighbours_and_spares_single_clusters() -> None:
    assert results(DELETE, "abb c") == ["bb c", "ab c"]
    assert results(DELETE, "कि", "hi") == []


def test_delete_takes_one_of_a_run_that_goes_over_two_pseudo_words() -> None:
    assert results(DELETE, "我奶奶是", "zh") == ["奶奶是", "我奶是", "我奶奶"]


def test_duplicate_types_a_cluster_twice() -> None:
    assert results(DUPLICATE, "abb") == ["aabb", "abbb"]
    assert results(DUPLICATE, "கை", "ta") == ["கைகை"]
    assert results(DUPLICATE, "我奶奶是", "zh") == ["我我奶奶是", "我奶奶奶是", "我奶奶是是"]


def test_shuffle_keeps_the_first_and_the_last_and_makes_every_other_order_once() -> None:
    operator = make_operator("shuffle", None)
    assert results(operator, "abbcd") == ["abcbd", "acbbd"]
    assert results(operator, "abc abbc abcd") == ["abc abbc acbd"]
    assert len(results(operator, "xabcdefghy")) == 119
    assert all(made[:2] == "xa" and made[-3:] == "ghy" for made in results(operator, "xabcdefghy"))


def test_insert_puts_a_string_between_two_clusters_of_a_word() -> None:
    assert results(make_operator("insert", table({"": ["x", "b"]})), "abc d") == ["axbc d", "abxc d", "abbc d"]


def test_insert_stands_where_its_row_allows() -> None:
    row = Row("-", after="[^a]", before="[^c]")
    operator = make_operator("insert", Table({"": (row,)}, "NFC", {}))
    assert results(operator, "abcde") == ["abc-de", "abcd-e"]


def test_a_gap_is_between_two_words_or_after_the_last() -> None:
    operator = make_operator("gap", table({" ": [""], ".": ["", "。"], ", ": ["،"]}))
    assert results(operator, "a b, c.\n") == ["ab, c.\n", "a b،c.\n", "a b, c\n", "a b, c。\n"]
    assert results(operator, "a ") == []


def test_mistype_types_a_letter_and_a_backspace_and_no_mark() -> None:
    operator = make_operator("mistype", table({"": ["x", "\u093f", "ab"]}))
    assert results(operator, "ab c") == ["ax\u0008b c"]


def test_equivalent_writes_what_nfc_takes_for_the_same() -> None:
    operator = make_operator("equivalent", table({"क\u093c": ["\u0958"], "Ω": ["\u2126"]}, "ANY"))
    assert results(operator, "क\u093cलक\u093c", "hi") == ["\u0958लक\u093c", "क\u093cल\u0958"]
    with pytest.raises(ValueError, match="not canonically equivalent"):
        make_operator("equivalent", table({"a": ["b"]}, "ANY"))


REORDER = make_operator("reorder", None)


def displayed(text: str, base: str | None) -> str:
    """What the Unicode Bidirectional Algorithm displays, left to right, without what is never seen."""
    return str(regex.sub(r"\p{Default_Ignorable_Code_Point}", "", get_display(text, base_dir=base)))


@pytest.mark.parametrize("base", ["L", "R", None])
@pytest.mark.parametrize("code", LANGUAGES)
def test_reordered_text_is_displayed_as_before_in_either_paragraph_and_in_the_one_that_it_asks_for(
    code: str, base: str | None
) -> None:
    for i in (0, 1, -1)[: len(SENTENCES[code])]:
        text = text_of(code, i)
        before = displayed(text.source, base)
        made = [apply(text.source, [edit]) for _, _, edit in every_edit(REORDER, text)]
        many = sampled("bidi-reordered", code)[i][1]
        made += [apply(text.source, edits) for draw in many for edits in draw]
        assert len(made) > len(many)
        assert {displayed(one, base) for one in made} == {before}


def test_reordering_without_its_controls_is_in_the_other_order() -> None:
    assert [strip_ignorable(made) for made in results(REORDER, "abc")] == ["bac", "acb"]


def test_letters_that_join_are_reordered_together_and_conjuncts_are_not_parted() -> None:
    assert [strip_ignorable(made) for made in results(REORDER, "دارم", "fa")] == ["ادرم", "درام", "دامر"]
    assert results(REORDER, "بيت", "ar") == []
    assert [strip_ignorable(made) for made in results(REORDER, "ಪಕ್ಷಿ", "kn")] == ["ಕ್ಷಿಪ"]


def test_digits_and_apostrophes_inside_a_word_are_not_reordered() -> None:
    assert [strip_ignorable(made) for made in results(REORDER, "l'an1b")] == ["l'na1b"]


def test_substitute_replaces_where_the_table_says_and_reads_past_no_word_end() -> None:
    operator = make_operator("substitute", table({"a": ["e"], "bc": ["k"], "c d": ["x"]}))
    assert results(operator, "abc da") == ["ebc da", "ak da", "abc de"]


@pytest.mark.parametrize(
    ("where", "expected"),
    [("initial", ["xaa"]), ("medial", ["axa"]), ("final", ["aax"]), ("any", ["xaa", "axa", "aax"])],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_row_holds_at_its_place_in_the_word(form: str, where: str, expected: list[str]) -> None:
    assert results(make_operator("substitute", table({"a": ["x"]}, form, where)), "aaa") == expected


def test_substitute_never_empties_a_word_or_a_field() -> None:
    operator = make_operator("substitute", table({"ء": [""], "ab": [""]}))
    assert results(operator, "ء", "ar") == []
    assert results(operator, "ab abc") == ["ab c"]


def test_substitute_leaves_no_mark_on_a_space_on_punctuation_or_on_nothing() -> None:
    operator = make_operator("substitute", table({"ء": [""]}))
    assert results(operator, "ءَب", "ar") == []
    assert results(operator, "ب ءَب", "ar") == []
    assert results(operator, "«ءَب»", "ar") == []
    assert results(operator, "بءَ", "ar") == ["بَ"]
    assert results(make_operator("substitute", table({"ب": ["-"]})), "بَب", "ar") == ["بَ-"]


def test_substitute_keeps_nfc_text_in_nfc() -> None:
    """Replacing q by e before an acute accent would make the two parts of é."""
    operator = make_operator("substitute", table({"q": ["e", "x"]}))
    assert results(operator, "aq\u0301") == ["ax\u0301"]


def test_a_decomposed_table_reaches_inside_a_syllable_or_a_letter() -> None:
    assert results(make_operator("substitute", table({"\u1161": ["\u1165"]}, "NFD")), "각나", "ko") == ["걱나", "각너"]
    assert results(make_operator("substitute", table({"\u3099": [""]}, "NFD")), "がぎか", "ja") == ["かぎか", "がきか"]
    assert results(make_operator("substitute", table({"\u0301": ["", "\u0300"]}, "NFD")), "tế", "vi") == ["tê", "tề"]


def test_a_decomposed_table_never_takes_the_base_from_under_its_marks() -> None:
    assert results(make_operator("substitute", table({"\u1100": [""], "か": [""]}, "NFD")), "가각", "ko") == []
    assert results(make_operator("substitute", table({"か": [""]}, "NFD")), "あが", "ja") == []


@pytest.mark.parametrize(
    ("name", "code"), [pair for pair in PAIRS if pair[1] == "ko" and "nfc" not in ATTACKS[pair[0]].card.exempt]
)
def test_no_edit_leaves_a_part_of_a_hangul_syllable(name: str, code: str) -> None:
    """Every modern syllable, between two others."""
    operator = ATTACKS[name].operator(code)
    for first in range(0xAC00, 0xD7A4, 40):
        source = "가" + "".join(map(chr, range(first, min(first + 40, 0xD7A4), 3))) + "힣"
        for _, _, edit in every_edit(operator, Text(source, "ko")):
            assert not [c for c in edit.replacement if "\u1100" <= c <= "\u11ff"], edit


def weighed(rows: dict[str, list[Row]], **facts: str) -> Table:
    return Table({source: tuple(found) for source, found in rows.items()}, "NFC", facts)


def test_respell_writes_a_whole_word_by_the_longest_rows() -> None:
    operator = make_operator("respell", table({"ш": ["sh"], "щ": ["shch"], "а": ["a"], "аш": ["A"]}))
    assert results(operator, "ша аша щук", "ru") == ["sha аша щук", "ша Aa щук", "ша аша shchук"]


def test_respell_leaves_a_word_alone_that_its_table_does_not_cover_whole() -> None:
    rows = {"ш": [Row("sh")], "а": [Row("a")]}
    assert results(make_operator("respell", weighed(rows, cover="all")), "ша шук", "ru") == ["sha шук"]


def test_respell_gives_the_likeliest_spellings_first_and_with_their_shares() -> None:
    rows = {"к": [Row("k", weight=3), Row("c")], "о": [Row("o", weight=4), Row("a", weight=1, before="[т]")]}
    operator = make_operator("respell", weighed(rows))
    assert results(operator, "ко", "ru") == ["ko", "co"]
    text = Text("кот", "ru")
    edits = operator.edits(text, operator.sites(text, 0)[0])
    assert [edit.replacement for edit in edits] == ["koт", "coт", "kaт", "caт"]
    picked = [chosen(edits, n << 20).replacement for n in range(4096)]
    assert [round(picked.count(e.replacement) / 4096, 2) for e in edits] == [0.6, 0.2, 0.15, 0.05]


def test_respell_keeps_the_best_twenty_of_many_spellings() -> None:
    rows = {"a": [Row("x", weight=9), Row("y")]}
    found = results(make_operator("respell", weighed(rows)), "aaaaaaaa")
    assert (len(found), found[0], found[1]) == (20, "xxxxxxxx", "xxxxxxxy")


def test_respell_adds_up_the_ways_that_lead_to_one_spelling() -> None:
    rows = {"a": [Row("x", weight=2), Row("xy", weight=3)], "b": [Row("yz"), Row("z")]}
    operator = make_operator("respell", weighed(rows))
    text = Text("ab", "en")
    edits = operator.edits(text, 0)
    picked = [chosen(edits, n << 20).replacement for n in range(4096)]
    assert [(e.replacement, round(picked.count(e.replacement) / 4096, 1)) for e in edits] == [
        ("xyz", 0.5), ("xyyz", 0.3), ("xz", 0.2),
    ]  # fmt: skip


def test_respell_keeps_what_an_exhaustive_search_finds_likeliest() -> None:
    rows = {
        c: [Row(c.upper(), weight=5), Row(c * 2, weight=3 - n / 7), Row(c + "e", weight=1 + n / 9)]
        for n, c in enumerate("abcd")
    }
    ways = [[(row.to, row.weight / sum(r.weight for r in found)) for row in found] for found in rows.values()]
    every = [("".join(to for to, _ in way), math.prod(share for _, share in way)) for way in itertools.product(*ways)]
    best = [written for written, _ in sorted(every, key=lambda one: (-round(one[1], 15), one[0]))[:20]]
    assert results(make_operator("respell", weighed(rows)), "abcd") == best


def test_respell_folds_case_where_the_table_says_so() -> None:
    operator = make_operator("respell", weighed({"ш": [Row("sh")], "а": [Row("a")]}, case="fold"))
    assert results(operator, "Ша ША ша", "ru") == ["Sha ША ша", "Ша SHA ша", "Ша ША sha"]


def test_respell_on_the_decomposition_reaches_over_syllables() -> None:
    """Liaison: a final consonant moves into the empty onset of the next syllable."""
    operator = make_operator("respell", table({"\u11a8\u110b": ["\u1100"]}, "NFD"))
    assert results(operator, "먹어", "ko") == ["머거"]


def test_respell_sees_the_letters_beside_a_pseudo_word_where_the_table_says_so() -> None:
    rows = {"日": [Row("bi", after=r"[\p{Han}]"), Row("hi", after=r"[^\p{Han}]")]}
    inside, outside = (make_operator("respell", weighed(rows, context=found)) for found in ("word", "text"))
    assert results(inside, "日曜日", "ja") == ["hi曜日", "日曜hi"]
    assert results(outside, "日曜日", "ja") == ["hi曜日", "日曜bi"]
    assert results(outside, "日曜、日", "ja") == ["hi曜、日", "日曜、hi"]


def test_respell_parts_a_word_from_the_one_it_runs_on_into_where_the_table_says_so() -> None:
    rows = {"天": [Row("tian")], "は": [Row("wa")]}
    by_word, by_script = (make_operator("respell", weighed(rows, apart=found)) for found in ("word", "script"))
    assert results(by_word, "天天天天。", "zh") == ["tiantian 天天。", "天天tiantian。"]
    assert results(by_script, "天天天は天", "ja") == ["tiantian天は天", "天天tianwa 天", "天天天はtian"]


def test_a_row_looks_at_what_stands_before_and_after() -> None:
    rows = {"a": [Row("x", after="[#b]"), Row("y", before="[^c#]"), Row("z", where="whole")]}
    assert results(make_operator("substitute", weighed(rows)), "abaca a") == [
        "xbaca a", "ybaca a", "abxca a", "abaca x", "abaca z",
    ]  # fmt: skip


def test_a_gap_between_two_open_words_is_replaced() -> None:
    operator = make_operator("gap", table({" ": ["", "\u00a0"], ", ": [","]}))
    assert results(operator, "ab c, de.  f") == ["abc, de.  f", "ab\u00a0c, de.  f", "ab c,de.  f"]
    text = Text("ab c de", "en", [(3, 4)])
    assert every_edit(operator, text) == []


def test_decompose_writes_the_same_in_other_code_points() -> None:
    assert results(make_operator("decompose", None), "é각") == ["e\u0301각", "é\u1100\u1161\u11a8"]


def test_digits_keep_their_value_and_those_of_an_address_are_left_alone() -> None:
    operator = make_operator("digits", table({str(d): [chr(0x0966 + d)] for d in range(10)}))
    source = "1984 में x10 https://example.org/10"
    text = Text(source, "hi", always_protected(source))
    assert [apply(source, [edit]) for _, _, edit in every_edit(operator, text)] == [
        source.replace("1984", "१९८४"), source.replace("x10", "x१०"),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="not the same digit"):
        make_operator("digits", table({"1": ["२"]}))


def test_protected_words_have_no_sites_that_are_used() -> None:
    text = Text("ab cd", "en", [(0, 1)])
    assert [edit for _, _, edit in every_edit(TRANSPOSE, text)] == [Edit(3, 5, "dc")]


@settings(max_examples=200)
@given(WILD, st.sampled_from(sorted(PLAIN)))
@example("\u0301ab", "delete")
@example("aᅡ", "transpose")
@example("a\u1161b", "delete")
@example("q\r\n\u0301b", "delete")
@example("\ud7cb\u064eሰ\ud7b0\u0e48", "duplicate")
@example("aー\u11a8가", "transpose")
def test_plain_operators_keep_any_text_well_formed(source: str, name: str) -> None:
    _assert_sound(make_operator(name, None), Text(source, "en"), ["nfc"] if name == "decompose" else [])


@settings(max_examples=300)
@given(WILD, st.sampled_from(PAIRS))
@example("ءَ", ("marks-dropped", "ar"))
@example("a\u1161", ("homoglyph", "en"))
@example("क\u11a8", ("insert", "ko"))
def test_every_attack_keeps_any_text_well_formed(source: str, pair: tuple[str, str]) -> None:
    name, code = pair
    _assert_sound(ATTACKS[name].operator(code), Text(source, code), ATTACKS[name].card.exempt)


@settings(max_examples=200)
@given(WILD, st.sampled_from(sorted(PLAIN)), st.sampled_from(["en", "zh", "my"]))
@example("天天天天", "delete", "zh")
@example("bb bb", "duplicate", "en")
def test_two_sites_or_edits_of_a_plain_operator_never_make_one_text(source: str, name: str, code: str) -> None:
    made = results(make_operator(name, None), source, code)
    assert len(made) == len(set(made))


@settings(max_examples=200)
@given(
    WILD,
    st.lists(st.sampled_from(["a", "b", "天", "か", "क", "가", "\u200b", "\u200c", "\u200d"]), min_size=1, unique=True),
)
@example("a\u200d\u200cb", ["\u200c", "\u200d"])
def test_two_insertions_of_single_clusters_never_make_one_text(source: str, strings: list[str]) -> None:
    made = results(make_operator("insert", table({"": strings})), source)
    assert len(made) == len(set(made))


@given(WILD, st.sampled_from(PAIRS))
def test_operators_have_no_memory(source: str, pair: tuple[str, str]) -> None:
    name, code = pair
    operator, text = ATTACKS[name].operator(code), Text(source, code)
    first = every_edit(operator, text)
    every_edit(operator, Text("another text à côté", code))
    assert every_edit(operator, Text(source, code)) == first


def test_insertions_can_be_counted_and_picked_without_being_listed() -> None:
    operator, text = make_operator("insert", table({"": ["x", "y", "z"]})), Text("ab", "en")
    (site,) = operator.sites(text, 0)
    edits = operator.edits(text, site)
    assert len(edits) == 3
    assert [edits[i] for i in range(3)] == list(edits) == list(edits[:])
    with pytest.raises(IndexError):
        edits[3]


def _assert_sound(operator: Operator, text: Text, exempt: Sequence[str]) -> None:
    before, normal = orphans(text.source), unicodedata.is_normalized("NFC", text.source) and "nfc" not in exempt
    for word, _, edit in every_edit(operator, text):
        start, end = text.spans[word]
        if "gaps" in exempt:
            start, end = end, text.spans[word + 1][0] if word + 1 < len(text.spans) else len(text.source)
        assert start <= edit.start <= edit.end <= end
        made = apply(text.source, [edit])
        assert made != text.source
        assert made.strip()
        assert orphans(made) <= before, (text.source, edit)
        if normal:
            assert unicodedata.is_normalized("NFC", made), (text.source, edit)
    assert all(a <= b for a, b in pairwise(word for word, _, _ in every_edit(operator, text)))


@pytest.mark.parametrize(
    ("typed", "shown"),
    {
        "하": ["ㅏㅎ"],
        "과": ["ㅗ가", "가ㅗ"],
        "값": ["ㅏㄱㅂㅅ", "ㄱ밧", "갓ㅂ"],
        "하늘": ["ㅏㅎ늘", "ㅎ나ㅡㄹ", "하ㅡㄴㄹ", "한르"],
        "있어": ["ㅣㅇㅆ어", "ㅇ씨어", "잉써", "이썽"],
        "값이": ["ㅏㄱㅂㅅ이", "ㄱ밧이", "갓ㅂ이", "갑ㅇ시", "갑싱"],
        "ㅋㅋ": [],
    }.items(),
)
def test_keys_struck_in_the_other_order_are_composed_as_they_come(typed: str, shown: list[str]) -> None:
    assert results(ATTACKS["jamo-order"].operator("ko"), typed, "ko") == shown


@pytest.mark.parametrize("sentence", SENTENCES["ko"])
def test_keys_in_the_other_order_are_the_same_keys(sentence: str) -> None:
    def keys(text: str) -> list[str]:
        """The letters of a text by their Unicode names, whose compounds are told from the marks of their parts."""
        letters = [unicodedata.name(c, "").split(" ")[-1] for c in unicodedata.normalize("NFD", text)]
        compounds = {"WA": "O-A", "WAE": "O-AE", "OE": "O-I", "WEO": "U-EO", "WE": "U-E", "WI": "U-I", "YI": "EU-I"}
        return sorted(key for letter in letters for key in compounds.get(letter, letter).split("-"))

    found = results(ATTACKS["jamo-order"].operator("ko"), sentence, "ko")
    assert found
    assert all(keys(made) == keys(sentence) for made in found)
