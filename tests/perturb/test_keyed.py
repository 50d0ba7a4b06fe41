"""Keyed randomness: a number depends on its key and place, and on nothing else."""

from __future__ import annotations

import hashlib
from collections import Counter
from itertools import islice, permutations

from hypothesis import given
from hypothesis import strategies as st

from robustx.perturb.keyed import key_of, numbers, shuffled

PARTS = st.lists(st.text(max_size=4) | st.text("1:\x1f", max_size=4), max_size=4)


@given(PARTS, PARTS)
def test_two_lists_of_parts_share_a_key_only_where_they_are_equal(one: list[str], other: list[str]) -> None:
    assert (key_of(*one) == key_of(*other)) == (one == other)


def test_parts_are_not_run_together() -> None:
    assert len({key_of("ab", "c"), key_of("a", "bc"), key_of("abc"), key_of("ab", "c", ""), key_of("ab\x1f1:c")}) == 5


def test_a_key_is_blake2b_of_its_parts_with_their_lengths() -> None:
    """As the module says; so that another implementation can make the same texts."""
    assert key_of(7, "delete", "é") == hashlib.blake2b("1:7\x1f6:delete\x1f1:é".encode(), digest_size=16).digest()


def test_a_lone_surrogate_is_a_part_like_any_other() -> None:
    assert key_of("\ud800") != key_of("\ud801")


@given(st.text(max_size=3), st.integers(0, 99), st.integers(0, 9), st.integers(0, 40))
def test_numbers_are_the_same_however_many_are_read(part: str, draw: int, attempt: int, count: int) -> None:
    key = key_of(part)
    first = list(islice(numbers(key, draw, attempt), count))
    assert first == list(islice(numbers(key, draw, attempt), 64))[:count]
    assert all(0 <= number < 1 << 64 for number in first)


def test_keys_draws_attempts_and_places_give_different_numbers() -> None:
    found = [
        number
        for part in range(5)
        for draw in range(5)
        for attempt in range(5)
        for number in islice(numbers(key_of(part), draw, attempt), 20)
    ]
    assert len(set(found)) == len(found)


@given(st.integers(0, 30), st.integers(0, 99))
def test_shuffled_is_every_place_once(count: int, draw: int) -> None:
    assert sorted(place for place, _ in shuffled(numbers(key_of("x"), draw), count)) == list(range(count))


def test_shuffled_reads_one_number_a_place() -> None:
    chances = numbers(key_of("x"), 0)
    assert [place for place, _ in islice(shuffled(chances, 9), 4)] == [
        place for place, _ in shuffled(numbers(key_of("x"), 0), 9)
    ][:4]


def test_every_order_is_as_likely() -> None:
    """Chi-squared over the 24 orders of 4: 49.7 is its 0.999 quantile at 23 degrees of freedom."""
    orders = Counter(tuple(place for place, _ in shuffled(numbers(key_of("order"), draw), 4)) for draw in range(4800))
    assert set(orders) == set(permutations(range(4)))
    assert sum((n - 200) ** 2 / 200 for n in orders.values()) < 49.7


def test_the_number_that_comes_with_a_place_does_not_depend_on_the_place() -> None:
    """Chi-squared over 3 places by 5 choices: 36.1 is its 0.999 quantile at 14 degrees of freedom."""
    cells = Counter()
    for draw in range(3000):
        place, chance = next(shuffled(numbers(key_of("pair"), draw), 3))
        cells[place, chance % 5] += 1
    assert sum((cells[place, choice] - 200) ** 2 / 200 for place in range(3) for choice in range(5)) < 36.1
