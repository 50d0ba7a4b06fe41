"""A checkpoint as a low-rank difference to its base: some megabytes in place of some hundred.

For every linear layer whose weight was changed by a product of low rank, the difference has ``NAME.a`` (rank x inputs) and
``NAME.b`` (outputs x rank); what the base has not, such as a head, it has whole (Hu et al. 2021, arXiv:2106.09685).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from robustx.errors import CheckpointError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

TOLERANCE = 1e-3
"""Share of a change, by its Frobenius norm, that a product of the stated rank may leave out."""


def merge(base: Mapping[str, Tensor], difference: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The base's tensors with each product added in fp32, and what the difference has whole; all else keeps the base's type."""
    made = dict(base)
    for name, tensor in difference.items():
        if name.endswith(".a"):
            layer = name.removesuffix(".a")
            product = difference[f"{layer}.b"].float() @ tensor.float()
            made[f"{layer}.weight"] = (made[f"{layer}.weight"].float() + product).contiguous()
        elif not name.endswith(".b"):
            made[name] = tensor.float().contiguous()
    return made


def difference(base: Mapping[str, Tensor], trained: Mapping[str, Tensor], rank: int) -> dict[str, Tensor]:
    """What ``merge`` adds to a base to make the trained tensors, in fp16.

    Raises:
        CheckpointError: something that the base has was changed by more than a product of this rank.
    """
    if lacks := sorted(base.keys() - trained.keys()):
        raise CheckpointError(f"the trained checkpoint has no {lacks[0]}: it was made of another base")
    made: dict[str, Tensor] = {}
    for name, tensor in trained.items():
        if name not in base:
            made[name] = tensor
            continue
        change = tensor.float() - base[name].float()
        if change.any():
            layer = name.removesuffix(".weight")
            made[f"{layer}.a"], made[f"{layer}.b"] = _factors(name, change, rank)
    return {name: tensor.half().contiguous() for name, tensor in made.items()}


def _factors(name: str, change: Tensor, rank: int) -> tuple[Tensor, Tensor]:
    """``a`` and ``b`` of one weight's change, of like size."""
    import torch

    if change.ndim != 2 or not name.endswith(".weight"):
        raise CheckpointError(f"{name} was trained, and is no weight of a linear layer")
    left, strength, right = torch.linalg.svd(change, full_matrices=False)
    lost = float(strength[rank:].norm() / strength.norm())
    if lost > TOLERANCE:
        raise CheckpointError(f"{name} was changed by more than a product of rank {rank}: {lost:.1%} would be lost")
    root = strength[:rank].sqrt()
    return root[:, None] * right[:rank], left[:, :rank] * root
