"""Cards: found by name or path, read strictly; and errors that say what, where and what was expected."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from pydantic import Field

from robustx import errors
from robustx.cards import Card, card_folder, card_paths, find_card, read_card
from robustx.errors import CardError, MissingExtraError, RobustxError, UsageError, did_you_mean


class Inner(Card):
    size: int


class Toy(Card):
    name: str
    count: int = Field(default=1, ge=1)
    inner: list[Inner] = []  # noqa: RUF012


def written(folder: Path, content: str, name: str = "toy.toml") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def test_a_card_is_read(tmp_path: Path) -> None:
    assert read_card(written(tmp_path, 'name = "क"\ncount = 2\n'), Toy) == Toy(name="क", count=2)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            'nane = "a"\nname = "b"',
            r'toy\.toml: nane: unknown key\. Did you mean "name"\? Known keys: name, count, inner',
        ),
        ("", r"toy\.toml: name: Field required"),
        ("name = 1", r"toy\.toml: name: .*string"),
        ('name = "a"\ncount = "2"', r"toy\.toml: count: .*integer"),
        ('name = "a"\ncount = 0', r"toy\.toml: count: .*greater than or equal to 1"),
        ('name = "a"\n[[inner]]\nsize = 1\n[[inner]]\nsize = "x"', r"toy\.toml: inner\[1\]\.size: .*integer"),
        ("name = 1\ncount = 0", r"toy\.toml: name: .*\(and 1 more\)"),
        ("name = ", r"toy\.toml: cannot be read as TOML"),
    ],
)
def test_a_wrong_key_or_value_is_one_error_that_names_file_and_key(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(CardError, match=message) as caught:
        read_card(written(tmp_path, content), Toy)
    assert "\n" not in str(caught.value)


def test_a_card_that_is_missing_or_not_utf_8_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CardError, match="cannot be read as TOML"):
        read_card(tmp_path / "no.toml", Toy)
    (tmp_path / "latin.toml").write_bytes(b'name = "\xe9"')
    with pytest.raises(CardError, match="cannot be read as TOML"):
        read_card(tmp_path / "latin.toml", Toy)


@pytest.mark.parametrize("kind", ["attacks", "suites"])
def test_the_cards_of_robustx_are_found_by_name(kind: str) -> None:
    known = card_paths(kind)
    assert known
    for name, path in known.items():
        assert path.parent == card_folder(kind)
        assert find_card(kind, name) == path


def test_a_users_card_comes_before_the_one_of_robustx(tmp_path: Path) -> None:
    (tmp_path / "attacks").mkdir()
    mine = written(tmp_path / "attacks", "", "delete.toml")
    assert find_card("attacks", "delete", tmp_path) == mine
    assert find_card("attacks", "transpose", tmp_path) == card_folder("attacks") / "transpose.toml"


@pytest.mark.parametrize("name", ["no-such-folder", "empty"])
def test_a_folder_without_cards_is_an_error_that_says_what_was_expected(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=rf"--cards .*{name}: expected a folder with attacks, suites or recipes in it"):
        card_paths("attacks", tmp_path / name)


def test_a_card_can_be_given_by_its_path(tmp_path: Path) -> None:
    path = written(tmp_path, "")
    assert find_card("attacks", str(path)) == path
    with pytest.raises(UsageError, match=r"no\.toml: there is no such card file"):
        find_card("attacks", str(tmp_path / "no.toml"))


def test_an_unknown_name_is_an_error_that_says_where_to_look() -> None:
    with pytest.raises(UsageError) as caught:
        find_card("attacks", "hommoglyph")
    assert str(caught.value) == (
        'there is no attack "hommoglyph". Did you mean "homoglyph"? '
        f"`robustx attacks list` shows all {len(card_paths('attacks'))}."
    )
    with pytest.raises(UsageError, match=r'there is no suite "zzz"\. `robustx suite list` shows all'):
        find_card("suites", "zzz")


def test_a_name_with_nothing_near_gets_no_guess() -> None:
    assert did_you_mean("zzzz", ["homoglyph"]) == ""
    assert did_you_mean("homoglyf", ["delete", "homoglyph"]) == ' Did you mean "homoglyph"?'


def test_every_error_of_robustx_is_a_robustx_error_and_stands_in_the_tree() -> None:
    own = [found for _, found in inspect.getmembers(errors, inspect.isclass) if found.__module__ == errors.__name__]
    assert len(own) > 3
    for found in own:
        assert issubclass(found, RobustxError)
        assert found.__name__ in (errors.__doc__ or "")


def test_a_missing_extra_says_what_to_install() -> None:
    message = str(MissingExtraError("Thai words", "pythainlp", "segment"))
    assert message == "Thai words needs pythainlp, which is not installed: pip install 'robustx[segment]'"
    assert issubclass(MissingExtraError, UsageError)
