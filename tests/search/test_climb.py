"""A climb: which texts it asks about, in what order, when there are fewer queries than edits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from copy import copy

import pytest
from hunting import Bigrams, field, hunted, space

from robustx.perturb.attacks import load_attack
from robustx.search.hunt import Stage, hunt
from robustx.search.space import Place, Probe, Space
from robustx.search.strategies.base import Limits, Strategy
from robustx.search.strategies.registry import STRATEGIES
from robustx.text.analysis import Text

ROW = field("en", Bigrams())[0]
TRANSPOSE, KEYBOARD = space("transpose", "en", ROW), space("keyboard", "en", ROW)


def asked(
    here: Space, budget: int, queries: int, loss: Callable[[Probe], float], strategy: str = "greedy"
) -> list[Probe]:
    """Every text that a strategy asks about, in order, where nothing ever falls."""
    made: list[Probe] = []
    steps = STRATEGIES[strategy].steps(here, Limits(budget, queries, b"key"))
    try:
        probes = next(steps)
        while True:
            made += probes
            probes = steps.send([loss(probe) for probe in probes])
    except StopIteration:
        return made


def flat(probe: Probe) -> float:
    return 0.0


def singles(here: Space, probes: list[Probe]) -> list[Place]:
    """The words of the single edits that were asked, in order."""
    return [here.places[probe.choice[0]] for probe in probes if probe.choice is not None and len(probe.choice) == 1]


class TestFewQueries:
    def test_go_to_edits_and_none_to_ranking(self) -> None:
        probes = asked(KEYBOARD, 1, 3 * len(KEYBOARD.words), flat)
        assert all(probe.choice is not None for probe in probes)
        assert len(probes) == 3 * len(KEYBOARD.words)

    def test_try_every_word_once_before_any_twice(self) -> None:
        words = singles(KEYBOARD, asked(KEYBOARD, 1, 3 * len(KEYBOARD.words), flat))
        first = words[: len(KEYBOARD.words)]
        assert set(first) == set(KEYBOARD.words)

    def test_then_go_to_the_words_that_were_hurt_most(self) -> None:
        weak = list(KEYBOARD.words)[2]
        hurt: Callable[[Probe], float] = lambda probe: float(KEYBOARD.places[(probe.choice or (0,))[0]] == weak)  # noqa: E731
        words = singles(KEYBOARD, asked(KEYBOARD, 1, 3 * len(KEYBOARD.words), hurt))
        often = Counter(words)
        assert often[weak] == max(often.values()) > 2

    def test_leave_some_for_every_budget(self) -> None:
        sizes = Counter(len(probe.choice or ()) for probe in asked(KEYBOARD, 4, 27, flat))
        assert sizes == {1: 18, 2: 6, 3: 2, 4: 1}

    @pytest.mark.parametrize("queries", [1, 2, 5])
    def test_are_never_overspent_on_many_budgets(self, queries: int) -> None:
        assert len(asked(KEYBOARD, 5, queries, flat)) == queries


class TestManyQueries:
    def test_rank_words_where_that_costs_a_quarter_at_most(self) -> None:
        words = len(KEYBOARD.words)
        probes = asked(KEYBOARD, 1, 4 * words, flat)
        assert [probe.choice for probe in probes[:words]] == [None] * words
        assert None not in [probe.choice for probe in probes[words:]]

    def test_never_where_there_is_less_than_four_times_as_much_to_try(self) -> None:
        here = space("transpose", "th", field("th", Bigrams())[0])
        assert 0 < len(here.members) < 4 * len(here.words)
        assert all(probe.choice for probe in asked(here, 2, 10_000, flat))

    def test_of_ranked_words_the_better_half_comes_first(self) -> None:
        words = list(KEYBOARD.words)
        lost = {probe.fields: at for at, place in enumerate(words) if (probe := KEYBOARD.without(place))}
        probes = asked(KEYBOARD, 1, 4 * len(words), lambda probe: float(lost.get(probe.fields, 0)))
        half = -(-len(words) // 2)
        assert set(singles(KEYBOARD, probes)[:half]) == set(words[-half:])

    def test_reach_every_single_edit(self) -> None:
        for here in (KEYBOARD, TRANSPOSE):
            found = [probe.choice for probe in asked(here, 1, 10_000, flat) if probe.choice]
            assert sorted(found) == [(i,) for i in range(len(here.members))]

    @pytest.mark.parametrize("strategy", ["greedy", "beam", "gradient"])
    def test_ask_no_text_of_a_size_twice(self, strategy: str) -> None:
        probes = asked(TRANSPOSE, 3, 10_000, lambda probe: float(len(probe.choice or ())), strategy)
        texts = Counter((len(probe.choice), probe.fields) for probe in probes if probe.choice)
        assert set(texts.values()) == {1}


def test_the_sets_of_a_climb_are_nested() -> None:
    """Each size extends the best of the size before."""
    loss: Callable[[Probe], float] = lambda probe: float(sum(probe.choice or (0,)))  # noqa: E731
    by_size: dict[int, list[Probe]] = {}
    for probe in asked(KEYBOARD, 4, 200, loss):
        if probe.choice:
            by_size.setdefault(len(probe.choice), []).append(probe)
    assert sorted(by_size) == [1, 2, 3, 4]
    for size in (2, 3, 4):
        best = max(by_size[size - 1], key=loss).choice or ()
        assert all(set(best) < set(probe.choice or ()) for probe in by_size[size])


def fallen(strategy: Strategy, attack: str, budget: int, queries: int) -> dict[int, int]:
    """How many examples fall at each budget."""
    found = [one for code in ("hi", "en", "th") for one in hunted(strategy, attack, code, budget, queries)]
    return {
        at: sum(one.worst[at] is not None and one.worst[at].reply.fallen for one in found)  # type: ignore[union-attr]
        for at in range(1, budget + 1)
    }


@pytest.mark.parametrize("attack", ["transpose", "keyboard"])
def test_one_climb_serves_every_budget(attack: str) -> None:
    """More edits never fell fewer; and what falls at the largest budget is no fewer than a search for one edit alone fells."""
    curve = fallen(STRATEGIES["greedy"], attack, 4, 40)
    assert list(curve.values()) == sorted(curve.values())
    assert curve[4] >= fallen(STRATEGIES["greedy"], attack, 1, 40)[1]
    assert curve[4] > curve[1] or curve[1] == 9


class TestTheKeyOfASearch:
    """Seed, attack and its version, language, strategy and example, and nothing else."""

    def first(self, here: Space, seed: int = 7, uid: str = ROW.uid, strategy: str = "random") -> list[Probe]:
        """The first texts that a hunt asks about."""
        stages = [Stage("transpose", STRATEGIES[strategy], 30)]
        return next(hunt(ROW._replace(uid=uid), stages, lambda _: here, 2, [2], seed))

    def newer(self) -> Space:
        """The space of the same attack where its card says another version."""
        attack = copy(load_attack("transpose"))
        attack.card = attack.card.model_copy(update={"version": attack.card.version + 1})
        texts = {name: Text(value, "en") for name, value in zip(("premise", "hypothesis"), ROW.fields, strict=True)}
        return Space(attack, {name: text.source for name, text in texts.items()}, texts)

    def test_is_the_same_for_the_same(self) -> None:
        assert self.first(TRANSPOSE) == self.first(space("transpose", "en", ROW))

    def test_has_all_of_these(self) -> None:
        every = [
            self.first(TRANSPOSE),
            self.first(TRANSPOSE, seed=8),
            self.first(TRANSPOSE, uid="another"),
            self.first(space("transpose", "de", ROW)),
            self.first(self.newer()),
        ]
        assert len({tuple(probes) for probes in every}) == len(every)
