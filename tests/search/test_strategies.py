"""What strategies find, held against trying everything; and what they may spend."""

from __future__ import annotations

import pytest
from hunting import Bigrams, brute, field, hunted, space

from robustx.perturb.keyed import numbers
from robustx.search.space import Probe
from robustx.search.strategies.base import Limits
from robustx.search.strategies.evolution import POPULATION, _first, _shares
from robustx.search.strategies.registry import NOISE, STRATEGIES

WHERE = [("transpose", "hi"), ("invisible", "th"), ("delete", "en")]
EVERY = [*STRATEGIES.values(), NOISE]


@pytest.mark.parametrize(("attack", "language"), WHERE)
def test_enumeration_finds_the_fewest_edits_that_flip(attack: str, language: str) -> None:
    victim = Bigrams()
    rows = field(language, victim)
    found = hunted(STRATEGIES["exhaustive"], attack, language, 2, 10_000, rows)
    flips = 0
    for row, one in zip(rows, found, strict=True):
        fewest, sets = brute(attack, language, row, 2, victim)
        for budget in (1, 2):
            worst = one.worst[budget]
            assert worst is not None
            assert worst.reply.fallen == (fewest is not None and fewest <= budget)
        if fewest is None:
            assert one.coverage is not None
            assert one.coverage.complete == 2
            assert one.queries <= sets
        else:
            flips += 1
            worst = one.worst[2]
            assert worst is not None
            assert len(worst.edits) == fewest
            assert one.coverage == (fewest - 1, 0, 0)
    assert flips, "a comparison in which nothing falls shows nothing"


@pytest.mark.parametrize("name", ["greedy", "beam"])
@pytest.mark.parametrize(("attack", "language"), WHERE)
def test_with_queries_for_every_edit_a_climb_is_exact_at_one_edit(name: str, attack: str, language: str) -> None:
    victim = Bigrams()
    rows = field(language, victim)
    for row, one in zip(rows, hunted(STRATEGIES[name], attack, language, 1, 10_000, rows), strict=True):
        worst = one.worst[1]
        assert worst is not None
        assert worst.reply.fallen == (brute(attack, language, row, 1, victim)[0] == 1)


@pytest.mark.parametrize("strategy", EVERY, ids=lambda one: one.name)
def test_no_search_finds_a_flip_where_there_is_none(strategy: object) -> None:
    victim = Bigrams()
    rows = field("hi", victim)
    for row, one in zip(rows, hunted(strategy, "transpose", "hi", 2, 200, rows), strict=True):  # type: ignore[arg-type]
        worst = one.worst[2]
        if worst is not None and worst.reply.fallen:
            fewest, _ = brute("transpose", "hi", row, 2, victim)
            assert fewest is not None
            assert len(worst.edits) >= fewest


@pytest.mark.parametrize("strategy", EVERY, ids=lambda one: one.name)
@pytest.mark.parametrize("queries", [3, 40, 130])
def test_no_strategy_asks_for_more_texts_than_it_may(strategy: object, queries: int) -> None:
    """But for an enumeration's single edits, which are always tried."""
    here = space("transpose", "hi", field("hi", Bigrams())[0])
    steps = strategy.steps(here, Limits(3, queries, b"key"))  # type: ignore[attr-defined]
    asked: set[tuple[str, ...]] = set()
    try:
        probes: list[Probe] = next(steps)
        while True:
            asked |= {probe.fields for probe in probes}
            assert all(probe.choice is None or len(probe.choice) <= 3 for probe in probes)
            probes = steps.send([float(len(probe.fields[0]) % 3) for probe in probes])
    except StopIteration:
        pass
    free = len(here.members) if strategy.name == "exhaustive" else 0  # type: ignore[attr-defined]
    assert len(asked) <= max(queries, free)
    assert asked


@pytest.mark.parametrize("strategy", EVERY, ids=lambda one: one.name)
def test_what_is_found_depends_on_no_other_example_and_no_order(strategy: object) -> None:
    rows = field("en", Bigrams())
    whole = hunted(strategy, "transpose", "en", 2, 60, rows)  # type: ignore[arg-type]
    back = hunted(strategy, "transpose", "en", 2, 60, rows[::-1])  # type: ignore[arg-type]
    assert back[::-1] == whole
    assert [hunted(strategy, "transpose", "en", 2, 60, [row])[0] for row in rows] == whole  # type: ignore[arg-type]


def falls(name: str, attack: str, budget: int, queries: int) -> int:
    found = [one for code in ("hi", "en", "th") for one in hunted(STRATEGIES[name], attack, code, budget, queries)]
    return sum(worst is not None and worst.reply.fallen for one in found for worst in [one.worst[budget]])


def test_more_queries_find_more() -> None:
    assert falls("greedy", "transpose", 3, 10) < falls("greedy", "transpose", 3, 1000)


def test_an_enumeration_that_does_not_fit_samples_and_says_so() -> None:
    steady = Bigrams(bias=1000)
    rows = field("en", steady)
    found = hunted(STRATEGIES["exhaustive"], "invisible", "en", 2, 300, rows, steady)
    sampled = [one.coverage for one in found if one.coverage is not None and one.coverage.complete == 1]
    assert sampled
    for coverage in sampled:
        assert 0 < coverage.tried < coverage.sets


def test_an_attack_that_has_nothing_to_change_is_complete_at_once() -> None:
    rows = [field("en", Bigrams())[0]._replace(fields=("12", "34"))]
    (one,) = hunted(STRATEGIES["exhaustive"], "transpose", "en", 2, 100, rows)
    assert one.worst == {1: None, 2: None}
    assert (one.queries, one.felled_by) == (0, "")
    assert one.coverage == (2, 0, 0)


class TestEvolution:
    def test_finds_no_less_than_chance_with_as_many_queries(self) -> None:
        assert falls("evolution", "invisible", 4, 320) >= falls("random", "invisible", 4, 320) > 0

    def test_the_first_population_covers_every_edit_evenly(self) -> None:
        genes = list(_first(Limits(3, 320, b"key"), POPULATION, _shares(numbers(b"key", 0))))
        for column in zip(*genes, strict=True):
            assert sorted(int(gene * POPULATION) for gene in column) == list(range(POPULATION))


def test_a_space_counts_its_sets() -> None:
    for attack, language in WHERE:
        here = space(attack, language, field(language, Bigrams())[1])
        for size in (1, 2):
            choices = list(here.choices(size))
            assert len(set(choices)) == len(choices) <= here.count(size)
        assert here.count(1) == len(here.members)
        if attack != "invisible":  # of which some stand at one place
            assert here.count(2) >= len(list(here.choices(2)))
