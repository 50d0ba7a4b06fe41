"""What the attacks made is let go after each module: later tests should not carry it."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import attack_material
import pytest

from robustx.perturb.tables import read_table


@pytest.fixture(scope="module", autouse=True)
def _let_go() -> Iterator[None]:
    yield
    for cached in (attack_material.sampled, attack_material.offered, attack_material.text_of, read_table):
        cached.cache_clear()
    for attack in attack_material.ATTACKS.values():
        attack._operators.clear()
    gc.collect()
