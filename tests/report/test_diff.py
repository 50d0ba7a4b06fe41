"""A field before and after an attack: isolated, marked, named, and shortened without losing an edit."""

from __future__ import annotations

import pytest
from page_material import parsed

from robustx.report.html.diff import ShownField, direction, shown_field
from robustx.score.flips import FieldDiff, pieces

PERSIAN = "می\u200cروم خانه"


def shown(text: str, *edits: tuple[int, int, str], language: str = "hi") -> ShownField:
    return shown_field(FieldDiff("premise", pieces(text, edits)), language)


def test_what_was_removed_is_marked_above_and_what_was_inserted_below() -> None:
    field = shown("good day", (0, 4, "bad"), language="en")
    assert parsed(field.clean).all("del")[0].text == "good"
    assert parsed(field.attacked).all("ins")[0].text == "bad"
    assert parsed(field.clean).text == "good day"
    assert parsed(field.attacked).text == "bad day"
    assert field.changed


def test_a_field_without_edits_is_not_changed() -> None:
    assert not shown("good day").changed


@pytest.mark.parametrize(
    ("language", "side"), [("ar", "rtl"), ("ur", "rtl"), ("he", "rtl"), ("hi", "ltr"), ("xx", "auto")]
)
def test_the_language_decides_the_direction(language: str, side: str) -> None:
    assert direction(language) == side
    (text,) = parsed(shown("a", language=language).clean).all("bdi", cls="text")
    assert text.attributes.get("lang") == (language if side != "auto" else None)


def test_an_unseen_character_that_an_attack_put_in_is_named() -> None:
    (chip,) = parsed(shown("नमस्ते", (1, 1, "\u200b")).attacked).all("bdi", cls="unseen")
    assert chip.text == "ZWSP"
    assert chip.attributes["title"] == "U+200B ZERO WIDTH SPACE"


def test_a_joiner_of_ordinary_spelling_is_left_alone_and_an_inserted_one_is_named() -> None:
    field = shown(PERSIAN, (4, 4, "\u200c"), language="fa")
    assert not parsed(field.clean).all("bdi", cls="unseen")
    assert "\u200c" in parsed(field.clean).text
    assert [chip.text for chip in parsed(field.attacked).all("bdi", cls="unseen")] == ["ZWNJ"]


def test_a_line_feed_between_tokens_is_left_alone_and_an_inserted_one_is_named() -> None:
    field = shown("Anna\nsings", (2, 2, "\n"), language="en")
    assert parsed(field.clean).text == "Anna\nsings"
    assert [chip.text for chip in parsed(field.attacked).all("bdi", cls="unseen")] == ["U+000A"]


def test_a_bidi_override_in_the_text_itself_is_named() -> None:
    assert parsed(shown("a\u202eb").clean).text == "aRLOb"


def test_a_lookalike_of_another_script_is_given_away() -> None:
    field = shown("sijui", (0, 1, "\u0455"), language="sw")
    assert [chip.text for chip in parsed(field.attacked).all("bdi", cls="unseen")] == ["U+0455"]
    assert parsed(field.attacked).all("ins")[0].attributes["title"] == "U+0455 CYRILLIC SMALL LETTER DZE"
    assert not parsed(shown("sijui", (0, 1, "z"), language="sw").attacked).all("bdi", cls="unseen")


def test_a_mark_that_was_dropped_stands_on_a_dotted_circle() -> None:
    assert parsed(shown("की", (1, 2, "")).clean).all("del")[0].text == "◌ी"


def test_a_long_field_is_shortened_between_its_edits_and_no_cluster_is_cut() -> None:
    text = "की " * 400
    field = shown(text, (600, 601, "X"), (900, 901, "Y"))
    assert field.shortened
    clean = parsed(field.clean).text
    assert len(clean) < 600
    assert [one.text for one in parsed(field.attacked).all("ins")] == ["X", "Y"]
    assert " … " in clean
    assert not any(part.startswith("ी") for part in clean.split(" … "))
    assert not shown("की " * 100, (0, 1, "X")).shortened
