"""A ``Text`` is its grapheme clusters, and its words are made of whole ones."""

from __future__ import annotations

import unicodedata

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st
from text_material import LANGUAGES, SENTENCES, WILD

from robustx.text.analysis import _CLUSTER, _SIMPLE, Text

SIMPLE = [chr(point) for point in range(0x10000) if _SIMPLE.fullmatch(chr(point))]

# Unicode Standard Annex 29, table 1c and its test file, and the Unicode core specification, 12.1, 12.6 and 18.6
PUBLISHED = {
    "g̈": ["g̈"],
    "각": ["각"],
    "\u1100\u1161\u11a8": ["\u1100\u1161\u11a8"],
    "กำ": ["กำ"],
    "நி": ["நி"],
    "षि": ["षि"],
    "क्षि": ["क्षि"],
    "ch": ["c", "h"],
    "\r\n": ["\r\n"],
    "\n\u0308": ["\n", "\u0308"],
    " \u0308": [" \u0308"],
    "a\u200db": ["a\u200d", "b"],
    "👶🏿👶": ["👶🏿", "👶"],
    "🛑\u200d🛑": ["🛑\u200d🛑"],
    "a🇦🇧🇨b": ["a", "🇦🇧", "🇨", "b"],
}


@pytest.mark.parametrize("source", PUBLISHED, ids=ascii)
def test_clusters_are_those_that_uax_29_gives(source: str) -> None:
    assert Text(source, "en").clusters == PUBLISHED[source]


@given(WILD)
def test_clusters_joined_are_the_source(source: str) -> None:
    text = Text(source, "en")
    assert "".join(text.clusters) == source
    assert all(text.clusters)


@given(WILD)
def test_starts_are_where_clusters_begin(source: str) -> None:
    text = Text(source, "en")
    assert text.starts[0] == 0
    assert text.starts[-1] == len(source)
    ends = zip(text.starts, text.starts[1:], strict=False)
    assert [source[start:end] for start, end in ends] == text.clusters


@given(WILD)
def test_a_cluster_is_cut_nowhere_and_joined_only_before_a_mark(source: str) -> None:
    ours = dict(zip(Text(source, "my").starts, Text(source, "my").clusters, strict=False))
    plain = [match.start() for match in regex.finditer(r"\X", source)]
    assert set(ours) <= set(plain)
    for start in set(plain) - set(ours):
        assert unicodedata.category(source[start]).startswith("M")
        assert source[start - 1] not in "\r\n\u200b"


def test_what_the_fast_path_takes_never_joins_with_a_neighbour() -> None:
    """Grapheme_Cluster_Break is Other, or a whole Hangul syllable: no rule of UAX #29 but GB999 applies between them."""
    assert len(SIMPLE) > 30000
    assert [c for c in SIMPLE if not regex.fullmatch(r"\p{GCB=Other}|\p{GCB=LV}|\p{GCB=LVT}", c)] == []


@given(st.text(st.sampled_from(SIMPLE)))
def test_the_fast_path_gives_the_clusters_of_the_slow_one(source: str) -> None:
    assert _SIMPLE.fullmatch(source)
    assert Text(source, "en").clusters == _CLUSTER.findall(source)


@given(WILD)
def test_text_that_is_not_simple_never_takes_the_fast_path(source: str) -> None:
    assert Text(source, "en").clusters == _CLUSTER.findall(source)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_cluster_of_real_text_begins_with_a_mark(language: str) -> None:
    for sentence in SENTENCES[language]:
        for cluster in Text(sentence, language).clusters:
            assert not unicodedata.category(cluster[0]).startswith("M"), (sentence, cluster)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_real_text_begin_and_end_at_cluster_edges(language: str) -> None:
    for sentence in SENTENCES[language]:
        _assert_whole(Text(sentence, language))


@given(WILD, st.sampled_from(LANGUAGES))
@example("葛\U000e0100城市", "ja")
@example("あ\u3099い", "ja")
@example("ｶﾞｷﾞ", "ja")
@example("क\u200bि", "hi")
@example("aิb", "th")
@example("ၵႃႈ", "my")
@example("က္", "my")
@example("ក\u200cក", "km")
@example("a🏽", "en")
@example("it's\u200c", "en")
@example("\u0600١", "ar")
@example("👩\u200dℹ", "en")
def test_words_of_any_text_begin_and_end_at_cluster_edges(source: str, language: str) -> None:
    _assert_whole(Text(source, language))


@given(WILD)
def test_a_segmenter_that_cuts_clusters_is_set_right(source: str) -> None:
    single = [(i, i + 1) for i in range(len(source))]
    text = Text(source, "th", segmenter=lambda _: single)
    _assert_whole(text)
    assert "".join(text.word_text(i) for i in range(len(text.spans))) == source


@given(WILD)
def test_every_offset_of_a_word_leads_back_to_it(source: str) -> None:
    text = Text(source, "en")
    for word, (start, end) in enumerate(text.spans):
        assert {text.word_at(offset) for offset in range(start, end)} == {word}


def test_a_word_is_closed_where_any_of_it_is_protected() -> None:
    text = Text("one two three", "en", [(5, 6), (7, 8)])
    assert [text.is_open(word) for word in range(3)] == [True, False, True]


def test_a_span_that_only_touches_a_word_leaves_it_open() -> None:
    text = Text("天気予報", "ja", [(2, 2), (2, 3)])
    assert [text.word_text(word) for word in range(2)] == ["天気", "予報"]
    assert [text.is_open(word) for word in range(2)] == [True, False]


def _assert_whole(text: Text) -> None:
    edges = set(text.starts)
    last = 0
    for word, (start, end) in enumerate(text.spans):
        assert last <= start < end <= len(text.source)
        assert {start, end} <= edges
        first, stop = text.words[word]
        assert "".join(text.clusters[first:stop]) == text.source[start:end] == text.word_text(word)
        assert text.spans[word] == (start, end)
        last = end
