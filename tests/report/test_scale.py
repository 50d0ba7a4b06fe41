"""The scale of a chart: round, tight, and true to the values it places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robustx.report.html.scale import covering

SHARES = st.floats(-1, 1)


@given(st.lists(SHARES, min_size=1, max_size=20))
def test_a_scale_holds_all_its_values_with_few_round_ticks(values: list[float]) -> None:
    scale = covering(values)
    assert scale.low <= min(values) + 1e-9
    assert scale.high >= max(values) - 1e-9
    assert 2 <= len(scale.ticks) <= 9
    assert scale.ticks[0] == pytest.approx(scale.low)
    assert scale.ticks[-1] == pytest.approx(scale.high)
    assert scale.high - scale.low <= max(max(values) - min(values), 0.1) + 2 * scale.step + 1e-9


@given(st.lists(SHARES, min_size=2, max_size=20, unique=True))
def test_places_keep_the_order_of_values_and_lie_on_the_chart(values: list[float]) -> None:
    scale = covering(values)
    places = [scale.share(value) for value in sorted(values)]
    assert places == sorted(places)
    assert 0 <= places[0] <= places[-1] <= 1


def test_a_place_is_in_proportion() -> None:
    scale = covering([0.2, 0.8])
    assert (scale.low, scale.high) == pytest.approx((0.2, 0.8))
    assert [scale.at(value) for value in (0.2, 0.5, 0.8, 5.0)] == ["0.00%", "50.00%", "100.00%", "100.00%"]


def test_nothing_to_show_is_a_scale_too() -> None:
    assert covering([None, float("nan")]).ticks == pytest.approx([0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
