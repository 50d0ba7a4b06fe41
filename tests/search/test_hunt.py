"""One hunt: stages in order, queries counted once, the smallest flip; and many in lock-step."""

from __future__ import annotations

from itertools import combinations

import pytest
from hunting import LABELS, Bigrams, field, hunted, space

from robustx.search.hunt import Hunt, Stage, hunt
from robustx.search.lockstep import LIVE, Remembering, search
from robustx.search.objective import Answer, LabelFlips
from robustx.search.smallest import SUBSETS, smallest
from robustx.search.space import Choice, Space
from robustx.search.strategies.registry import STRATEGIES
from robustx.suite.cells import CellRow


def reduced(here: Space, flips: Choice, falls: set[frozenset[int]]) -> Choice:
    """The reduction of a set, where some sets are known to flip."""
    from robustx.search.ledger import Reply

    steps = smallest(here, flips)
    try:
        probes = next(steps)
        while True:
            probes = steps.send([Reply(0.0, frozenset(probe.choice or ()) in falls, True) for probe in probes])
    except StopIteration as ended:
        choice: Choice = ended.value
        return choice


class TestTheSmallestFlip:
    HERE = space("transpose", "en", field("en", Bigrams())[0])

    def fitting(self, size: int) -> Choice:
        return next(self.HERE.choices(size))

    def test_is_one_of_the_fewest_edits_where_all_subsets_can_be_tried(self) -> None:
        flips = self.fitting(4)
        falls = {frozenset(flips), frozenset(flips[:3]), frozenset((flips[1], flips[3]))}
        assert reduced(self.HERE, flips, falls) == (flips[1], flips[3])

    def test_is_minimal_where_there_are_too_many(self) -> None:
        flips = self.fitting(7)
        assert 2 ** len(flips) - 2 > SUBSETS
        core = set(flips[2:5])
        falls = {frozenset(s) for size in range(1, 8) for s in combinations(flips, size) if core <= set(s)}
        assert set(reduced(self.HERE, flips, falls)) == core

    def test_is_the_set_itself_where_nothing_can_be_left_out(self) -> None:
        flips = self.fitting(3)
        assert reduced(self.HERE, flips, {frozenset(flips)}) == flips

    def test_of_a_single_edit_costs_nothing(self) -> None:
        (one,) = hunted(STRATEGIES["exhaustive"], "delete", "en", 1, rows=field("en", Bigrams())[:1])
        assert one.reducing == 0


@pytest.mark.parametrize("attack", ["invisible", "transpose"])
def test_no_edit_of_a_fall_can_be_left_out(attack: str) -> None:
    victim = Bigrams()
    falls = 0
    for language in ("hi", "en", "th"):
        rows = field(language, victim)
        for row, one in zip(rows, hunted(STRATEGIES["random"], attack, language, 4, 100, rows), strict=True):
            worst = one.worst[4]
            if worst is None or not worst.reply.fallen:
                continue
            falls += 1
            here = space(attack, language, row)
            choice = tuple(here.members.index(edit) for edit in worst.edits)
            for i in range(len(choice) if len(choice) > 1 else 0):
                probe = here.probe(choice[:i] + choice[i + 1 :])
                assert probe is not None
                assert victim.answers([row._replace(fields=probe.fields)])[0].prediction == row.gold
    assert falls


def stages_of(*names: str, attack: str = "transpose", queries: int = 50) -> list[Stage]:
    return [Stage(attack, STRATEGIES[name], queries) for name in names]


def run(rows: list[CellRow], stages: list[Stage], victim: Remembering, budget: int = 2) -> list[object]:
    def start(row: CellRow, clean: Answer) -> Hunt:
        return hunt(row, stages, lambda name: space(name, "en", row), budget, [budget], 7)

    return list(search(rows, victim.answers(rows), start, victim, LabelFlips(LABELS)))


def test_an_example_is_felled_by_the_first_stage_that_can_and_no_later_one_is_tried() -> None:
    rows = field("en", Bigrams())
    alone = {name: run(rows, stages_of(name), Remembering(Bigrams())) for name in ("random", "exhaustive")}
    both = run(rows, stages_of("random", "exhaustive"), Remembering(Bigrams()))
    for first, second, one in zip(alone["random"], alone["exhaustive"], both, strict=True):
        if first.felled_by:  # type: ignore[attr-defined]
            assert one == first
        else:
            assert one.felled_by == second.felled_by  # type: ignore[attr-defined]


def test_a_text_is_a_query_once_and_asked_of_the_model_once() -> None:
    victim = Bigrams()
    rows, asked = field("en", victim), Remembering(victim)
    stages = stages_of("exhaustive", "exhaustive", queries=30)
    (one,) = run(rows[:1], stages, asked, budget=1)
    before = victim.forwarded
    assert one == run(rows[:1], stages, asked, budget=1)[0]
    assert victim.forwarded == before, "the same hunt again is known by heart"
    assert one.queries <= len(space("transpose", "en", rows[0]).members)  # type: ignore[attr-defined]


def test_more_examples_than_are_searched_at_a_time_come_out_in_order() -> None:
    base = field("en", Bigrams())
    rows = [base[i % 3]._replace(uid=f"{i}") for i in range(LIVE + 40)]
    seen: list[int] = []
    victim = Remembering(Bigrams())

    def start(row: CellRow, clean: Answer) -> Hunt:
        return hunt(row, stages_of("random", queries=4), lambda name: space(name, "en", row), 1, [1], 7)

    found = search(rows, victim.answers(rows), start, victim, LabelFlips(LABELS), seen.append)
    assert len(found) == len(rows) == sum(seen)
    for i in (0, 70, LIVE + 39):
        (alone,) = search([rows[i]], victim.answers([rows[i]]), start, victim, LabelFlips(LABELS))
        assert found[i] == alone
