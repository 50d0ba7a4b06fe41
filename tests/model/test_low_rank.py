"""A checkpoint is its base plus a difference of low rank, and nothing that is not of low rank passes for one."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from robustx.errors import CheckpointError
from robustx.model import low_rank

WIDE, HIGH = 24, 16
LINEAR = "encoder.layer.0.dense"


def base(seed: int) -> dict[str, torch.Tensor]:
    torch.manual_seed(seed)
    return {
        f"{LINEAR}.weight": torch.randn(HIGH, WIDE),
        f"{LINEAR}.bias": torch.randn(HIGH),
        "encoder.norm.weight": torch.randn(WIDE),
    }


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), rank=st.integers(1, 8), size=st.floats(1e-3, 1.0))
def test_what_was_trained_comes_back(seed: int, rank: int, size: float) -> None:
    before = base(seed)
    trained = dict(before)
    trained[f"{LINEAR}.weight"] = before[f"{LINEAR}.weight"] + size * torch.randn(HIGH, rank) @ torch.randn(rank, WIDE)
    trained["classifier.weight"] = torch.randn(3, WIDE)
    kept = low_rank.difference(before, trained, rank)
    assert kept.keys() == {f"{LINEAR}.a", f"{LINEAR}.b", "classifier.weight"}
    assert kept[f"{LINEAR}.a"].shape == (rank, WIDE)
    assert all(tensor.dtype == torch.float16 for tensor in kept.values())
    made = low_rank.merge(before, kept)
    assert made.keys() == trained.keys()
    for name, tensor in made.items():
        change = (trained[name] - before[name]).norm() if name in before else trained[name].norm()
        torch.testing.assert_close(tensor, trained[name], atol=2e-3 * float(change) + 1e-6, rtol=0)


def test_what_was_not_trained_takes_no_room() -> None:
    assert low_rank.difference(base(1), base(1), 4) == {}


def test_a_change_of_a_higher_rank_is_an_error() -> None:
    before = base(1)
    trained = before | {f"{LINEAR}.weight": before[f"{LINEAR}.weight"] + torch.randn(HIGH, WIDE)}
    with pytest.raises(CheckpointError, match=r"dense\.weight was changed by more than a product of rank 4: \d"):
        low_rank.difference(before, trained, 4)


@pytest.mark.parametrize("name", ["encoder.norm.weight", f"{LINEAR}.bias"])
def test_a_trained_vector_is_an_error(name: str) -> None:
    before = base(1)
    with pytest.raises(CheckpointError, match="is no weight of a linear layer"):
        low_rank.difference(before, before | {name: before[name] + 1}, 4)


def test_another_base_is_an_error() -> None:
    before = base(1)
    trained = {name: tensor for name, tensor in before.items() if "norm" not in name}
    with pytest.raises(CheckpointError, match=r"has no encoder\.norm\.weight"):
        low_rank.difference(before, trained, 4)
